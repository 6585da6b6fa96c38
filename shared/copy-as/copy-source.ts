import type { CodecName } from '../collection.ts';
import { type FieldSortKey, type Place, type QueryValue, type Rule } from '../query.ts';
import { printPlace } from '../query-text/print-where.ts';

/** What is copied as a program: a query, and where its records are. */
export interface CopySource {
  /** Null finds every record. */
  readonly where: Rule | null;
  readonly sort: readonly FieldSortKey[];
  readonly bucket: string;
  /** Ends with `/` or is empty. */
  readonly prefix: string;
  readonly codec: CodecName;
  /** URL of the server; null for AWS. */
  readonly endpoint: string | null;
  readonly region: string;
  readonly pathStyle: boolean;
}

/** A language that cannot say what is asked, in a sentence. */
export class CannotSay extends Error {}

/** Where the value of a place is: in the body at a path, or beside it. */
export type Located =
  | { readonly in: 'body'; readonly path: readonly (string | number)[] }
  | { readonly in: 'id' | 'key' | 'size' | 'last_modified' };

/** @param language as it stands in a sentence */
export function locate(place: Place, codec: CodecName, language: string): Located {
  if ('tag' in place) throw new CannotSay(`${language} cannot see the tags of an object: ${printPlace(place)}.`);
  if ('object' in place) {
    const { object } = place;
    if (object === 'key' || object === 'size' || object === 'last_modified') return { in: object };
    throw new CannotSay(`${language} cannot see this of an object: ${printPlace(place)}.`);
  }
  if ('path' in place) return { in: 'body', path: bodyPath(place.path, codec) };
  if (place.field === 'id') return { in: 'id' };
  const names = place.field.split('.');
  const isPart = names.length > 1;
  if (isPart && names[0] === 'metadata' && codec === 'dataknobs') return { in: 'body', path: names };
  return { in: 'body', path: bodyPath(isPart && names[0] === 'fields' ? names.slice(1) : names, codec) };
}

/** dataknobs keeps each field's value beside its type. */
function bodyPath(path: readonly (string | number)[], codec: CodecName): readonly (string | number)[] {
  const [first = '', ...rest] = path;
  return codec === 'dataknobs' ? ['fields', first, 'value', ...rest] : path;
}

/** Doubles hold no integer beyond 2^53 exactly, and programs that read JSON hold doubles. */
export function isBeyondDoubles(value: QueryValue): boolean {
  return typeof value === 'bigint' || (typeof value === 'number' && !Number.isFinite(value));
}

/** A word of a POSIX shell: nothing inside single quotes means anything but the quote itself. */
export function shellWord(text: string): string {
  return /^[A-Za-z0-9_./:=@%+-]+$/.test(text) ? text : `'${text.replaceAll("'", `'\\''`)}'`;
}

export function isDateLike(value: QueryValue): boolean {
  return typeof value === 'string' && /^\d{4}-\d\d-\d\d/.test(value);
}
