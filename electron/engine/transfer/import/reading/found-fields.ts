import { containerText } from './value-text.ts';
import { isJsonInteger, isJsonNumber } from './json-number.ts';
import { resolveMembers } from '../../../../../shared/json/find-node.ts';
import type { JsonNode } from '../../../../../shared/json/node.ts';
import type { CsvReading, FoundField, ImportType } from '../../../../../shared/import.ts';

const MOST_EXAMPLES = 3;
const LONGEST_EXAMPLE = 80;
/** Names of one source that are looked at; more are imported all the same. */
const MOST_FIELDS = 1_000;

/** What one cell could be, from the narrowest. */
type Fit = 'integer' | 'number' | 'boolean' | 'json' | 'string';

/**
 * The fields of CSV by a look at its first rows. A column has a type where all of its values are of it; numbers among words
 * are words, and a number with a leading zero or a plus is one too, so that nothing of it is lost. Where quotes tell texts
 * from values, a column that has both is read value by value.
 */
export function foundColumns(
  columns: readonly string[],
  rows: readonly (readonly string[])[],
  { quotedAreTexts }: Pick<CsvReading, 'quotedAreTexts'>,
): readonly FoundField[] {
  return columns.map((source, cell) => {
    const values = rows.map((row) => row[cell] ?? '').filter((value) => value !== '');
    return {
      source,
      type: columnType(values, quotedAreTexts),
      missing: rows.length - values.length,
      examples: examplesOf(values.map((value) => (value.startsWith('"') ? value.slice(1) : value))),
    };
  });
}

function columnType(values: readonly string[], quotedAreTexts: boolean): ImportType {
  const fits = new Set<Fit>();
  let hasQuotedValue = false;
  let hasBareValue = false;
  for (const value of values) {
    const isQuoted = value.startsWith('"');
    const text = isQuoted ? value.slice(1) : value;
    if (text === '' || (!isQuoted && text === 'null')) continue;
    const fit = fitOf(text);
    if (isQuoted && quotedAreTexts && fit !== 'json') {
      // Needlessly in quotes: whoever wrote it tells a text from a value by them.
      if (fit !== 'string') hasQuotedValue = true;
      fits.add('string');
    } else {
      if (fit !== 'string' && fit !== 'json') hasBareValue = true;
      fits.add(fit);
    }
  }
  const [only] = fits;
  if (fits.size === 0) return 'string';
  if (fits.size === 1 && only !== undefined) return only;
  if (fits.size === 2 && fits.has('integer') && fits.has('number')) return 'number';
  return hasQuotedValue && hasBareValue ? 'auto' : 'string';
}

function fitOf(text: string): Fit {
  if (isJsonInteger(text)) return 'integer';
  if (isJsonNumber(text)) return 'number';
  if (/^(?:true|false)$/i.test(text)) return 'boolean';
  return containerText(text) === null ? 'string' : 'json';
}

/** The top-level fields of objects; their values say themselves what they are. */
export function foundMembers(
  rows: readonly { readonly text: string; readonly root: JsonNode }[],
): readonly FoundField[] {
  const values = new Map<string, string[]>();
  for (const { text, root } of rows) {
    if (root.kind !== 'object') continue;
    for (const { name, value } of resolveMembers(root)) {
      const known = values.get(name);
      const written = text.slice(value.start, value.end);
      if (known !== undefined) known.push(written);
      else if (values.size < MOST_FIELDS) values.set(name, [written]);
    }
  }
  return Array.from(values, ([source, written]) => ({
    source,
    type: 'auto' as const,
    missing: rows.length - written.length,
    examples: examplesOf(written),
  }));
}

function examplesOf(values: readonly string[]): readonly string[] {
  const examples = new Set<string>();
  for (const value of values) {
    examples.add(value.length > LONGEST_EXAMPLE ? `${value.slice(0, LONGEST_EXAMPLE)}…` : value);
    if (examples.size === MOST_EXAMPLES) break;
  }
  return [...examples];
}
