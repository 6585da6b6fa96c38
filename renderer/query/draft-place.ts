import type { FieldKind, FieldSummary } from '../../shared/page.ts';
import type { ObjectFact, Place } from '../../shared/query.ts';
import { parsePlaceText } from '../../shared/query-text/parse-place.ts';
import { printPlace } from '../../shared/query-text/print-where.ts';
import { QueryTextError } from '../../shared/query-text/query-text-error.ts';

/** Every field at once, where a word is looked for. */
export interface EveryField {
  readonly any: true;
}

/** Where a condition of a draft looks. */
export type DraftPlace = Place | EveryField;

export const EVERY_FIELD: EveryField = { any: true };
const EVERY_FIELD_TEXT = '@any';

export function isEveryField(place: DraftPlace | null): place is EveryField {
  return place !== null && 'any' in place;
}

/** A place as the text form has it; the same text for the same place, and `placeOfText` reads it back. */
export function placeText(place: DraftPlace): string {
  return isEveryField(place) ? EVERY_FIELD_TEXT : printPlace(place);
}

/** What was typed as a place: what is none of the text form is the name of a field. */
export function placeOfText(text: string): DraftPlace {
  if (text.toLowerCase() === EVERY_FIELD_TEXT) return EVERY_FIELD;
  try {
    return parsePlaceText(text);
  } catch (error) {
    if (error instanceof QueryTextError) return { field: text };
    throw error;
  }
}

/** A place as people see it: a field by its bare name. */
export function placeName(place: DraftPlace | null): string {
  if (place === null) return 'field';
  if (isEveryField(place)) return 'any field';
  return 'field' in place ? place.field : printPlace(place);
}

/** What S3 says of an object always has one kind. */
export const FACT_KINDS: Readonly<Record<ObjectFact, FieldKind>> = {
  key: 'string',
  size: 'number',
  etag: 'string',
  last_modified: 'date',
  storage_class: 'string',
  version: 'string',
};

/** How a field that was found is named: as dataknobs does it, or by its path where that cannot. */
export function placeOfField({ field, path }: FieldSummary): Place {
  return field === null ? { path } : { field };
}

/** What was found in the data of a place; undefined of one that nobody has seen. */
export function fieldAt(place: DraftPlace | null, fields: readonly FieldSummary[]): FieldSummary | undefined {
  if (place === null || isEveryField(place) || 'object' in place || 'tag' in place) return undefined;
  const { path } = 'path' in place ? place : { path: null };
  if (path === null) return fields.find(({ field }) => 'field' in place && field === place.field);
  return fields.find((each) => each.path.length === path.length && each.path.every((name, at) => name === path[at]));
}

/** The kind that most values of a place have; null where nobody has seen one. */
export function kindOfPlace(place: DraftPlace, fields: readonly FieldSummary[]): FieldKind | null {
  if (isEveryField(place) || 'tag' in place) return 'string';
  if ('object' in place) return FACT_KINDS[place.object];
  if ('field' in place && place.field === 'id') return 'string';
  return fieldAt(place, fields)?.kind ?? null;
}
