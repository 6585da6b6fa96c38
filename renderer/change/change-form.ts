import { JsonSyntaxError } from '../../shared/json/json-syntax-error.ts';
import { readJson } from '../../shared/json/read-json.ts';
import type { FieldSummary } from '../../shared/page.ts';
import type { BulkChange, BulkEdit, Conversion, RecordEdit, Tag, TagChange } from '../../shared/record.ts';
import { tagProblems, tooManyTags } from '../../shared/tag-limits.ts';
import { jsonOf, valueProblem, type EditKind } from '../record/value-kind.ts';
import { pathOf } from './field-path.ts';

/** What is typed into the dialog; what is not of the chosen kind is kept, and left out of the job. */
export interface ChangeForm {
  readonly what: 'fields' | 'patch' | 'tags' | 'content-type';
  readonly fields: readonly FieldChange[];
  readonly patchForm: 'merge' | 'operations';
  readonly patch: string;
  readonly tagForm: 'add' | 'remove' | 'replace';
  readonly tags: readonly Tag[];
  /** Keys, with commas between them: S3 allows none in a key. */
  readonly removedTags: string;
  readonly contentType: string;
}

export interface FieldChange {
  /** Stays while lines come and go around it. */
  readonly id: number;
  readonly action: 'set' | 'remove' | 'rename' | 'convert';
  readonly part: RecordEdit['part'];
  readonly name: string;
  readonly value: TypedValue;
  readonly rename: string;
  readonly convert: Conversion;
}

export interface TypedValue {
  readonly kind: EditKind;
  /** JSON text; null while what was typed is no value. */
  readonly text: string | null;
  readonly problem: string | null;
}

export function emptyValue(kind: EditKind): TypedValue {
  const typed = kind === 'boolean' ? 'true' : '';
  const problem = valueProblem(kind, typed);
  return { kind, text: problem === null ? jsonOf(kind, typed) : null, problem };
}

export function newFieldChange(id: number): FieldChange {
  return {
    id,
    action: 'set',
    part: 'fields',
    name: '',
    value: emptyValue('string'),
    rename: '',
    convert: 'number',
  };
}

export const FIRST_FORM: ChangeForm = {
  what: 'fields',
  fields: [newFieldChange(0)],
  patchForm: 'merge',
  patch: '',
  tagForm: 'add',
  tags: [{ key: '', value: '' }],
  removedTags: '',
  contentType: 'application/json',
};

/** What a job of the form is asked for, besides the records. */
export type ChangeTask =
  | ({ readonly kind: 'update' } & BulkChange)
  | { readonly kind: 'tag'; readonly change: TagChange };

/** The task, or why there is none yet, in a sentence. */
export type Asked = { readonly task: ChangeTask } | { readonly missing: string };

/** `known`: the fields that the records have, by which a name with dots is read. */
export function taskOf(form: ChangeForm, known: readonly FieldSummary[]): Asked {
  switch (form.what) {
    case 'fields': {
      const missing = form.fields.map(fieldProblem).find((problem) => problem !== null);
      if (missing !== undefined) return { missing };
      return { task: { kind: 'update', edits: form.fields.map((change) => editOf(change, known)) } };
    }
    case 'patch': {
      const missing = patchProblem(form.patch, form.patchForm);
      if (missing !== null) return { missing };
      const patch = form.patchForm === 'merge' ? { merge: form.patch } : { operations: form.patch };
      return { task: { kind: 'update', edits: [], patch } };
    }
    case 'tags':
      return tagTask(form);
    case 'content-type': {
      const contentType = form.contentType.trim();
      if (!/^[^\s/;]+\/[^\s/;]+(\s*;.*)?$/.test(contentType))
        return { missing: 'A content type is written like application/json' };
      return { task: { kind: 'update', edits: [], contentType } };
    }
  }
}

function fieldProblem({ action, part, name, value, rename }: FieldChange): string | null {
  if (name === '') return part === 'fields' ? 'Choose a field first' : 'Name a metadata entry first';
  if (action === 'set') return value.problem;
  return action === 'rename' && rename === '' ? `Say what ${name} is to be called` : null;
}

function editOf({ action, part, name, value, rename, convert }: FieldChange, known: readonly FieldSummary[]): BulkEdit {
  const path = part === 'fields' ? pathOf(name, known) : [name];
  switch (action) {
    case 'set':
      return { part, path, text: value.text ?? 'null' };
    case 'remove':
      return { part, path, text: null };
    case 'rename':
      return { part, path, rename };
    case 'convert':
      return { part, path, convert };
  }
}

/** Whether it is a patch at all; what is wrong with one of its operations the engine says. */
function patchProblem(text: string, form: ChangeForm['patchForm']): string | null {
  if (text.trim() === '') return 'Write the patch first';
  try {
    const { kind } = readJson(text);
    if (form === 'merge' && kind !== 'object') return 'A merge patch is a JSON object';
    return form === 'operations' && kind !== 'array' ? 'A JSON Patch is a list of operations' : null;
  } catch (error) {
    if (error instanceof JsonSyntaxError) return `Line ${error.line}, column ${error.column}: ${error.message}`;
    throw error;
  }
}

function tagTask({ tagForm, tags, removedTags }: ChangeForm): Asked {
  if (tagForm === 'remove') {
    const remove = [...new Set(removedTags.split(',').map((key) => key.trim()))].filter((key) => key !== '');
    if (remove.length === 0) return { missing: 'Name the tags that go' };
    return { task: { kind: 'tag', change: { add: [], remove } } };
  }
  const missing = tagProblems(tags)[0]?.message ?? tooManyTags(tags);
  if (missing !== null) return { missing };
  if (tagForm === 'replace') return { task: { kind: 'tag', change: { replace: tags } } };
  if (tags.length === 0) return { missing: 'Add a tag first' };
  return { task: { kind: 'tag', change: { add: tags, remove: [] } } };
}
