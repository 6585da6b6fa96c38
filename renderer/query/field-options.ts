import type { FieldKind, FieldSummary } from '../../shared/page.ts';
import { OBJECT_FACTS, type ObjectFact } from '../../shared/query.ts';
import type { Option } from '../ui/option.ts';
import { glyphClass, glyphIcon, glyphWord } from '../ui/TypeGlyph.tsx';
import {
  EVERY_FIELD,
  FACT_KINDS,
  fieldAt,
  isEveryField,
  placeName,
  placeOfField,
  placeText,
  type DraftPlace,
} from './draft-place.ts';

/** Values of options that are no place themselves: they ask for one. */
export const OTHER_PATH = 'other path';
export const OTHER_TAG = 'other tag';

const FIELDS = 'Fields';
const OBJECT = 'Object';
const TAGS = 'Tags';

const FACT_WORDS: Readonly<Record<ObjectFact, string>> = {
  key: 'whole key',
  size: 'bytes',
  etag: 'ETag',
  last_modified: 'last modified',
  storage_class: 'storage class',
  version: 'version id',
};

const TAG_LOOK = { icon: glyphIcon('tag'), iconClassName: glyphClass('tag') };

/** Where a condition can look: what was found in the data, what S3 says of an object, tags that are asked already. */
export function placeOptions(
  fields: readonly FieldSummary[],
  chosen: DraftPlace | null,
  tags: readonly string[],
): readonly Option[] {
  const isOther = chosen !== null && !isEveryField(chosen) && 'path' in chosen && fieldAt(chosen, fields) === undefined;
  return [
    optionOf({ field: 'id' }, FIELDS, { icon: glyphIcon('id'), iconClassName: glyphClass('id'), detail: 'id' }),
    ...fields.map((summary) =>
      optionOf(placeOfField(summary), FIELDS, { ...lookOf(summary.kind), detail: fieldDetail(summary) }),
    ),
    ...(isOther ? [optionOf(chosen, FIELDS, { detail: 'path' })] : []),
    optionOf(EVERY_FIELD, FIELDS, { icon: 'search', detail: 'a word anywhere' }),
    { value: OTHER_PATH, label: 'Other path…', icon: 'brackets', detail: 'into lists, odd names', group: FIELDS },
    ...OBJECT_FACTS.map((object) =>
      optionOf({ object }, OBJECT, { ...lookOf(FACT_KINDS[object]), detail: FACT_WORDS[object] }),
    ),
    ...tags.map((tag) => optionOf({ tag }, TAGS, { ...TAG_LOOK, detail: 'tag' })),
    { value: OTHER_TAG, label: 'A tag…', ...TAG_LOOK, detail: 'by its name', group: TAGS },
  ];
}

function optionOf(place: DraftPlace, group: string, look: Partial<Option>): Option {
  return { value: placeText(place), label: placeName(place), group, ...look };
}

function lookOf(kind: FieldKind): Pick<Option, 'icon' | 'iconClassName'> {
  return { icon: glyphIcon(kind), iconClassName: glyphClass(kind) };
}

/** The kind that most values have, and how many records lack one. */
function fieldDetail({ kind, kinds, missing }: FieldSummary): string {
  const records = Object.values(kinds).reduce((sum, count) => sum + count, 0) + missing;
  const share = records === 0 ? 0 : Math.round((missing / records) * 100);
  return share === 0 ? glyphWord(kind) : `${glyphWord(kind)}, missing in ${share} %`;
}
