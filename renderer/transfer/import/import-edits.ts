import type {
  FoundField,
  GivenReading,
  ImportField,
  ImportInspection,
  ImportSettings,
  ImportType,
  OnConflict,
} from '../../../shared/import.ts';
import type { Tag } from '../../../shared/record.ts';
import { storageRuleProblem, type StorageRule } from '../../../shared/storage-rules.ts';
import { MAXIMUM_TAGS } from '../../../shared/tag-limits.ts';
import {
  encryptionKeyProblem,
  encryptionOf,
  INHERITED_ENCRYPTION,
  type EncryptionChoice,
} from '../../storage/encryption-choice.ts';

/** What a person changed of how a source is imported; all else is as it was found. Texts are as they were typed. */
export interface ImportEdits extends EncryptionChoice {
  readonly reading: GivenReading;
  /** By the name in the source. */
  readonly fields: ReadonlyMap<string, FieldEdit>;
  /** Names in the source. */
  readonly tags: readonly string[];
  /** Null: as found. */
  readonly key: string | null;
  /** `name=value, name=value` */
  readonly metadata: string;
  readonly storageRules: readonly StorageRule[];
  /** Of rows that no rule is true of; null: as the collection says. */
  readonly storageClass: string | null;
  readonly onConflict: OnConflict;
  /** Digits, or empty for never. */
  readonly stopAfter: string;
}

export interface FieldEdit {
  readonly included?: boolean;
  /** Names with dots between, or the name in the source. */
  readonly path?: string;
  readonly type?: ImportType;
}

export const NO_EDITS: ImportEdits = {
  reading: {},
  fields: new Map(),
  tags: [],
  key: null,
  metadata: '',
  storageRules: [],
  storageClass: null,
  ...INHERITED_ENCRYPTION,
  onConflict: 'fail',
  stopAfter: '',
};

/** A field of the source as it will be imported. */
export interface EditedField extends FoundField {
  readonly included: boolean;
  /** As typed. */
  readonly path: string;
  /** Its value also becomes a tag. */
  readonly isTag: boolean;
  readonly changed: boolean;
}

export function editedFields({ fields }: ImportInspection, edits: ImportEdits): readonly EditedField[] {
  return fields.map((field) => {
    const { included = true, path = field.source, type = field.type } = edits.fields.get(field.source) ?? {};
    const changed = !included || path !== field.source || type !== field.type;
    return { ...field, included, path, type, changed, isTag: edits.tags.includes(field.source) };
  });
}

export function editField(edits: ImportEdits, source: string, change: FieldEdit): ImportEdits {
  const fields = new Map(edits.fields);
  fields.set(source, { ...fields.get(source), ...change });
  // What is left out is in no record, and so no tag of one.
  const tags = change.included === false ? edits.tags.filter((tag) => tag !== source) : edits.tags;
  return { ...edits, fields, tags };
}

export function toggleTag(edits: ImportEdits, source: string, isTag: boolean): ImportEdits {
  const others = edits.tags.filter((tag) => tag !== source);
  return { ...edits, tags: isTag ? [...others, source] : others };
}

export type ImportProblems = Readonly<
  Partial<Record<'fields' | 'key' | 'tags' | 'metadata' | 'storageRules' | 'encryptionKey' | 'stopAfter', string>>
>;

export function importProblems(inspection: ImportInspection, edits: ImportEdits): ImportProblems {
  const problems: Partial<Record<keyof ImportProblems, string>> = {};
  const fields = editedFields(inspection, edits).filter(({ included }) => included);
  if (inspection.fields.length > 0 && fields.length === 0) problems.fields = 'No field is imported. Choose one.';
  const nameless = fields.find(({ path }) => path.split('.').some((part) => part.trim() === ''));
  if (nameless !== undefined) problems.fields = `The field of ${nameless.source} has no name.`;
  const paths = fields.map(({ path, source }) => pathOf(path, source).join('\0'));
  const twice = fields.find((_, place) => paths.indexOf(paths[place] ?? '') !== place);
  if (twice !== undefined) problems.fields = `Two of them become the field ${twice.path}. Rename one, or leave it out.`;
  const outer = fields.find((_, place) => paths.some((other) => other.startsWith(`${paths[place] ?? ''}\0`)));
  if (outer !== undefined) problems.fields = `${outer.path} would be a value and hold fields. Rename one of them.`;
  if ((edits.key ?? inspection.settings.key).trim() === '') problems.key = 'A key is missing.';
  if (edits.tags.length > MAXIMUM_TAGS) problems.tags = `S3 allows ${MAXIMUM_TAGS} tags an object.`;
  if (metadataOf(edits.metadata) === null) problems.metadata = 'Write it as name=value, with commas between.';
  if (edits.storageRules.some(({ where }) => storageRuleProblem(where) !== null)) {
    problems.storageRules = 'A rule for the storage class is none';
  }
  const keyProblem = encryptionKeyProblem(edits);
  if (keyProblem !== null) problems.encryptionKey = keyProblem;
  if (edits.stopAfter !== '' && !/^[1-9]\d{0,8}$/.test(edits.stopAfter)) {
    problems.stopAfter = 'A whole number of rows, or empty.';
  }
  return problems;
}

/** Only for what has no problems. */
export function settingsOf(inspection: ImportInspection, edits: ImportEdits): ImportSettings {
  const { settings } = inspection;
  const fields = editedFields(inspection, edits);
  return {
    ...settings,
    fields: fieldsOf(settings, fields),
    key: edits.key ?? settings.key,
    tags: fields.flatMap(({ isTag, path, source }) => {
      const [name = source, ...further] = pathOf(path, source);
      return isTag && further.length === 0 ? [name] : [];
    }),
    userMetadata: metadataOf(edits.metadata) ?? [],
    ...(edits.storageRules.length === 0 ? {} : { storageRules: edits.storageRules }),
    storageClass: edits.storageClass,
    encryption: encryptionOf(edits),
    onConflict: edits.onConflict,
    stopAfter: edits.stopAfter === '' ? null : Number(edits.stopAfter),
  };
}

/** All of them as they are where nobody changed one: what later rows have beside them is imported too. */
function fieldsOf({ fields }: ImportSettings, edited: readonly EditedField[]): readonly ImportField[] | null {
  if (fields === null && !edited.some(({ changed }) => changed)) return null;
  return edited
    .filter(({ included }) => included)
    .map(({ source, path, type }) => ({ source, path: pathOf(path, source), type }));
}

/** A name with dots that is as in the source is one name. */
export function pathOf(path: string, source: string): readonly string[] {
  return path === source ? [source] : path.split('.').map((part) => part.trim());
}

/** Null for what is none. */
function metadataOf(text: string): readonly Tag[] | null {
  if (text.trim() === '') return [];
  const entries = text.split(',').map((part) => /^\s*([^=\s]+)\s*=\s*(.*?)\s*$/.exec(part));
  const tags = entries.flatMap((entry): Tag[] =>
    entry === null ? [] : [{ key: entry[1] ?? '', value: entry[2] ?? '' }],
  );
  return tags.length === entries.length ? tags : null;
}
