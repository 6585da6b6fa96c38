import { readFileSync } from 'node:fs';
import type { JsonNode } from '../../../../shared/json/node.ts';
import { readJson } from '../../../../shared/json/read-json.ts';
import type { KeyedRecord } from './query-table.ts';

const folder = new URL('../../../fixtures/dataknobs/oracle/', import.meta.url);

export interface OracleQuery {
  readonly id: string;
  readonly kind: string;
  /** JSON text, with the digits of the file. */
  readonly query: string;
  readonly expect: OracleAnswer;
}

export interface OracleAnswer {
  readonly ids: readonly string[];
  readonly n: number;
  readonly order: 'set' | 'total' | 'ties' | 'key';
  readonly groups?: readonly (readonly string[])[];
}

export function oracleRecords(): KeyedRecord[] {
  const lines = readFileSync(new URL('records.ndjson', folder), 'utf8').split('\n');
  return lines
    .filter((line) => line !== '')
    .map((line) => {
      const { key, body }: { key: string; body: string } = JSON.parse(line);
      return dataknobsRecord(key, key.slice('records/'.length, -'.json'.length), readJson(body));
    });
}

/** A body of dataknobs' second wire format. */
export function dataknobsRecord(key: string, id: string, body: JsonNode): KeyedRecord {
  const fields = membersOf(member(body, 'fields'));
  return {
    key,
    id,
    fields: fields.map(({ name, value }) => ({ name, value: member(value, 'value') ?? value })),
    metadata: membersOf(member(body, 'metadata')),
  };
}

function member(node: JsonNode | undefined, name: string): JsonNode | undefined {
  return membersOf(node).findLast((one) => one.name === name)?.value;
}

function membersOf(node: JsonNode | undefined): readonly { readonly name: string; readonly value: JsonNode }[] {
  return node?.kind === 'object' ? node.members : [];
}

export function oracleQueries(): OracleQuery[] {
  const text = readFileSync(new URL('queries.open.json', folder), 'utf8');
  const parsed: { id: string; kind: string; expect: OracleAnswer }[] = JSON.parse(text);
  return parsed.map(({ id, kind, expect }, index) => ({ id, kind, expect, query: queryText(text, index) }));
}

export interface ExcludedQuery {
  readonly kind: string;
  readonly query: string;
}

export function excludedQueries(): ExcludedQuery[] {
  const text = readFileSync(new URL('excluded.json', folder), 'utf8');
  const parsed: { kind: string }[] = JSON.parse(text);
  return parsed.map(({ kind }, index) => ({ kind, query: queryText(text, index) }));
}

let kept: { readonly text: string; readonly root: JsonNode } | null = null;

function queryText(text: string, index: number): string {
  if (kept?.text !== text) kept = { text, root: readJson(text) };
  const { root } = kept;
  const query = root.kind === 'array' ? member(root.items[index], 'query') : undefined;
  if (query === undefined) throw new Error(`Query ${index} of the oracle is missing.`);
  return text.slice(query.start, query.end);
}

/** What is wrong with an answer; null where it is the oracle's. */
export function differenceFrom(expect: OracleAnswer, ids: readonly string[]): string | null {
  if (ids.length !== expect.n) return `${ids.length} rows instead of ${expect.n}`;
  switch (expect.order) {
    case 'set':
      return isSame([...ids].toSorted(), [...expect.ids].toSorted()) ? null : 'other rows';
    case 'total':
    // Ours is the listing's order inside of ties too, which is what the asynchronous client gives.
    case 'key':
      return isSame(ids, expect.ids) ? null : 'another order';
    case 'ties': {
      let next = 0;
      for (const group of expect.groups ?? []) {
        const part = ids.slice(next, next + group.length);
        if (!isSame([...part].toSorted(), [...group].toSorted())) return `another group at row ${next}`;
        next += group.length;
      }
      return isSame(ids, expect.ids) ? null : 'another order inside of ties';
    }
  }
}

function isSame(left: readonly string[], right: readonly string[]): boolean {
  return left.length === right.length && left.every((value, index) => value === right[index]);
}
