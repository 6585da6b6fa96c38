import {
  appliedRule,
  isAny,
  isGroup,
  type PlaceCondition,
  type Query,
  type QueryValue,
  type Rule,
} from '../../../../shared/query.ts';
import { conjuncts } from './tag-places.ts';

/** Listing below more prefixes than this is not narrow any more. */
const MOST_PREFIXES = 20;
/** Ways to write the letters of a pattern, which is of any case. */
const MOST_SPELLINGS = 8;

/**
 * Prefixes of keys below one of which every record lies that the query can find: none lies below another. Null where its
 * conditions do not say. `prefix` is the collection's.
 */
export function keyPrefixes({ where }: Query, prefix: string): readonly string[] | null {
  const applied = where === undefined ? null : appliedRule(where);
  const found = applied === null ? null : prefixesOf(applied, prefix);
  if (found === null) return null;
  const apart = found.filter(
    (one, place) => !found.some((other, at) => one.startsWith(other) && (one !== other || at < place)),
  );
  return apart.length > MOST_PREFIXES || apart.includes(prefix) ? null : apart;
}

function prefixesOf(rule: Rule, prefix: string): readonly string[] | null {
  if (!isGroup(rule)) return isAny(rule) ? null : prefixesOfCondition(rule, prefix);
  if (rule.not === true) return null;
  if (rule.combinator === 'and') {
    const each = conjuncts(rule).map((inner) => (inner === rule ? null : prefixesOf(inner, prefix)));
    return each.reduce<readonly string[] | null>((best, found) => narrower(best, found), null);
  }
  if (rule.rules.length === 0) return null;
  const each = rule.rules.map((inner) => prefixesOf(inner, prefix));
  return each.some((found) => found === null) ? null : each.flatMap((found) => found ?? []);
}

function narrower(a: readonly string[] | null, b: readonly string[] | null): readonly string[] | null {
  if (a === null || b === null) return a ?? b;
  if (a.length !== b.length) return a.length < b.length ? a : b;
  return shortest(b) > shortest(a) ? b : a;
}

function shortest(prefixes: readonly string[]): number {
  return Math.min(...prefixes.map(({ length }) => length));
}

/** An id is what stands behind the prefix, without a final `.json`: its beginning is that of the key. */
function prefixesOfCondition(condition: PlaceCondition, prefix: string): readonly string[] | null {
  const isId = 'field' in condition && condition.field === 'id';
  const isKey = 'object' in condition && condition.object === 'key';
  if (!isId && !isKey) return null;
  const starts = startsOf(condition);
  if (starts === null || starts.length === 0) return null;
  // Half a surrogate pair is in no key, and in no request.
  if (starts.some((start) => /\p{Surrogate}/u.test(start))) return null;
  if (isId) return starts.map((start) => prefix + start);
  return starts.every((start) => start.startsWith(prefix)) ? starts : null;
}

/** What the text begins with where the condition is true. */
function startsOf({ operator, value = null }: PlaceCondition): readonly string[] | null {
  if (operator === 'in') return Array.isArray(value) && value.every(isText) ? value : null;
  if (typeof value !== 'string') return null;
  if (operator === '=' || operator === 'starts_with') return [value];
  return operator === 'like' ? spellings(value) : null;
}

function isText(value: QueryValue): value is string {
  return typeof value === 'string';
}

/** Other characters that are the same letter in any case. */
const ALSO: Readonly<Record<string, readonly string[]>> = { i: ['\u0130', '\u0131'], k: ['\u212A'], s: ['\u017F'] };

/** Every way to write what a pattern begins with, as far as there are few; other alphabets end it. */
function spellings(pattern: string): readonly string[] {
  let written: readonly string[] = [''];
  for (const character of pattern) {
    if (character === '%' || character === '_' || character > '\u007F') break;
    const lower = character.toLowerCase();
    const upper = character.toUpperCase();
    const ways = lower === upper ? [character] : [lower, upper, ...(ALSO[lower] ?? [])];
    if (written.length * ways.length > MOST_SPELLINGS) break;
    written = written.flatMap((start) => ways.map((way) => start + way));
  }
  return written;
}
