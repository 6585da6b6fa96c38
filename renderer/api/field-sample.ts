import { readJson } from '../../shared/json/read-json.ts';
import type { JsonNode } from '../../shared/json/node.ts';
import type { ResultRow } from '../../shared/page.ts';
import type { Operator, Place } from '../../shared/query.ts';
import { call } from './call.ts';

/** Records that are looked at. */
const LOOKED = 400;
/** Values of them that are shown. */
const SHOWN = 60;

/** How a query names a field, and where it is in a record. */
export interface SampledField {
  readonly place: Place;
  /** Names, and positions in lists; null is the id. */
  readonly path: readonly (string | number)[] | null;
}

/** Some texts that a field has, each once. */
export interface FieldSample {
  readonly values: readonly SampleValue[];
  /** Records that were looked at, and whether these are all that have a value. */
  readonly looked: number;
  readonly whole: boolean;
}

export interface SampleValue {
  readonly text: string;
  /** A record that has it. */
  readonly record: string;
}

export interface PatternCondition {
  readonly place: Place;
  readonly operator: Operator;
  readonly pattern: string;
}

/** What a pattern finds among all records that the index holds. */
export interface PatternMatches {
  readonly total: number;
  readonly of: number;
  /** Those of the sample's records whose value it fits. */
  readonly records: ReadonlySet<string>;
}

/** Texts of a field out of the index, as old as it is: no request is sent for a look. */
export async function readFieldSample(
  collection: string,
  field: SampledField,
  signal: AbortSignal,
): Promise<FieldSample> {
  const where = { ...field.place, operator: 'exists' };
  const query = JSON.stringify({ where, select: field.path?.slice(0, 1) ?? [], limit: LOOKED });
  return withResult(collection, query, signal, async (opened) => {
    const rows: ResultRow[] = [];
    while (rows.length < opened.total) {
      const more = await call(
        'query:rows',
        { result: opened.result, from: rows.length, count: LOOKED - rows.length },
        signal,
      );
      if (more.length === 0) break;
      rows.push(...more);
    }
    return { values: sampleOf(rows, field), looked: rows.length, whole: opened.total < LOOKED };
  });
}

/** Distinct texts of the field; what is no text fits no pattern. */
export function sampleOf(rows: readonly ResultRow[], field: SampledField): readonly SampleValue[] {
  const found = new Map<string, string>();
  for (const row of rows) {
    const text = textAt(row, field);
    if (text !== null && !found.has(text)) found.set(text, row.id);
    if (found.size === SHOWN) break;
  }
  return [...found].map(([text, record]) => ({ text, record }));
}

/**
 * Asks the index itself, so that a match here is one in the query: the page's own regular expressions mean other things.
 * Throws `invalid-query`, with the column, or `pattern-refused`.
 */
export async function readPatternMatches(
  collection: string,
  { place, operator, pattern }: PatternCondition,
  sample: FieldSample,
  signal: AbortSignal,
): Promise<PatternMatches> {
  const condition = { ...place, operator, value: pattern };
  const among = { field: 'id', operator: 'in', value: sample.values.map(({ record }) => record) };
  const both = JSON.stringify({ where: { combinator: 'and', rules: [condition, among] } });
  const [all, records] = await Promise.all([
    withResult(collection, JSON.stringify({ where: condition }), signal, (opened) =>
      Promise.resolve({ total: opened.total, of: opened.records }),
    ),
    withResult(collection, both, signal, async (opened) => {
      if (opened.total === 0) return [];
      const page = await call('query:page', { result: opened.result, from: 0, count: SHOWN }, signal);
      return page.ids;
    }),
  ]);
  return { ...all, records: new Set(records) };
}

async function withResult<T>(
  collection: string,
  query: string,
  signal: AbortSignal,
  read: (opened: { readonly result: string; readonly total: number; readonly records: number }) => Promise<T>,
): Promise<T> {
  const opened = await call('query:open', { collection, query, freshness: 'held' }, signal);
  try {
    return await read(opened);
  } finally {
    await call('query:close', { result: opened.result });
  }
}

function textAt({ id, fields, metadata }: ResultRow, { path }: SampledField): string | null {
  if (path === null) return id;
  const found = fields === null ? null : textIn(fields, path);
  return found === null && path[0] === 'metadata' && metadata !== null ? textIn(metadata, path.slice(1)) : found;
}

function textIn(json: string, path: readonly (string | number)[]): string | null {
  let node: JsonNode | undefined = readJson(json);
  for (const step of path) node = node === undefined ? undefined : childOf(node, step);
  return node?.kind === 'string' ? node.value : null;
}

function childOf(node: JsonNode, step: string | number): JsonNode | undefined {
  if (typeof step === 'number') return node.kind === 'array' ? node.items[step] : undefined;
  return node.kind === 'object' ? node.members.findLast((member) => member.name === step)?.value : undefined;
}
