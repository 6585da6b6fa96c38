import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { JsonNode } from '../../../shared/json/node.ts';
import { readJson } from '../../../shared/json/read-json.ts';
import { AppFailure } from '../../../shared/result.ts';
import { type IndexWorld, startIndexWorld } from './support/index-world.ts';

const ORACLE = join(import.meta.dirname, '../../fixtures/dataknobs/oracle');

interface Expected {
  readonly ids: readonly string[];
  readonly n: number;
  readonly order: 'set' | 'total' | 'ties' | 'key';
  readonly groups?: readonly (readonly string[])[];
  /** For projections: `{ "fields": …, … }` a row. */
  readonly rows?: readonly unknown[];
}

interface Question {
  readonly id: string;
  /** As it stands in the file: its numbers have more digits than a double. */
  readonly query: string;
  readonly expect: Expected;
}

let world: IndexWorld;
beforeAll(async () => {
  world = await startIndexWorld();
  const lines = (await readFile(join(ORACLE, 'records.ndjson'), 'utf8')).trim().split('\n');
  for (const line of lines) {
    const { key, body }: { key: string; body: string } = JSON.parse(line);
    await world.put(key, body);
  }
});
afterAll(() => world.stop());

test('all queries of the oracle have its answers through the index, but the patterns that are refused by name', async () => {
  const source = world.source('records', { codec: 'dataknobs' });
  const refused = new Map(Object.entries(await readRefused()));
  const wrong: string[] = [];
  for (const { id, query, expect: expected } of await readQuestions()) {
    const answer = await answerOf(source, query);
    if (refused.has(id)) {
      if (answer !== 'pattern-refused') wrong.push(`${id}: is on the list of refused patterns and was answered`);
    } else if (typeof answer === 'string') {
      wrong.push(`${id}: ${answer}`);
    } else if (!isAsExpected(answer, expected)) {
      wrong.push(`${id}: ${String(answer.length)} rows, expected ${String(expected.n)}`);
    }
  }
  expect(wrong).toEqual([]);
});

async function answerOf(source: ReturnType<IndexWorld['source']>, query: string): Promise<readonly string[] | string> {
  try {
    const opened = await world.indexes.open(source, query, 'complete', new AbortController().signal);
    const page = await world.indexes.page(opened.result, 0, 1_000);
    await world.indexes.close(opened.result);
    const { total } = await world.indexes.count(source, query, 'complete', new AbortController().signal);
    const counts = [opened.total, total];
    return counts.every((count) => count === page.ids.length)
      ? page.ids
      : `totals ${counts.join(' and ')}, rows ${String(page.ids.length)}`;
  } catch (error) {
    if (error instanceof AppFailure) return error.error.code;
    throw error;
  }
}

/** `key`: a window that cuts a tie; listing order decides, as in the library's own asynchronous client. */
function isAsExpected(ids: readonly string[], { ids: expected, n, order, groups }: Expected): boolean {
  if (ids.length !== n) return false;
  switch (order) {
    case 'set':
      return isSame(ids.toSorted(), expected.toSorted());
    case 'total':
    case 'key':
      return isSame(ids, expected);
    case 'ties': {
      let from = 0;
      return (groups ?? []).every((group) => {
        const window = ids.slice(from, from + group.length);
        from += group.length;
        return isSame(window.toSorted(), group.toSorted());
      });
    }
  }
}

function isSame(left: readonly string[], right: readonly string[]): boolean {
  return left.length === right.length && left.every((value, row) => value === right[row]);
}

async function readRefused(): Promise<Record<string, unknown>> {
  const text = await readFile(join(import.meta.dirname, '../query/refused-patterns.json'), 'utf8');
  const refused: Record<string, unknown> = JSON.parse(text);
  return refused;
}

async function readQuestions(): Promise<readonly Question[]> {
  const text = await readFile(join(ORACLE, 'queries.open.json'), 'utf8');
  const root = readJson(text);
  if (root.kind !== 'array') throw new Error('The oracle is no list.');
  return root.items.map((item): Question => {
    const id: string = JSON.parse(slice(text, member(item, 'id')));
    const expected: Expected = JSON.parse(slice(text, member(item, 'expect')));
    return { id, query: slice(text, member(item, 'query')), expect: expected };
  });
}

function member(node: JsonNode, name: string): JsonNode {
  const found = node.kind === 'object' ? node.members.find((each) => each.name === name) : undefined;
  if (found === undefined) throw new Error(`The oracle has no ${name}.`);
  return found.value;
}

function slice(text: string, { start, end }: JsonNode): string {
  return text.slice(start, end);
}
