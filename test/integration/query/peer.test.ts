import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';
import { compareTexts } from '../../../electron/engine/index/query/compare-values.ts';
import { parseQuery } from '../../../electron/engine/index/query/parse-query.ts';
import { readJson } from '../../../shared/json/read-json.ts';
import { DATAKNOBS_OPERATORS, type Query } from '../../../shared/query.ts';
import { queryJson } from '../../../shared/query-text/query-json.ts';
import { dataknobsRecord } from './support/oracle.ts';
import { QueryTable } from './support/query-table.ts';
import { FIELDS, ODD_VALUES, randomQueries, readValue, seeded } from './support/random-queries.ts';

const python = process.env['DIPPER_TEST_PYTHON'];
const QUERIES = process.env['DIPPER_TEST_LONG'] === '1' ? 5_000 : 200;

interface PeerAnswer {
  readonly ids: readonly string[];
  readonly sorted: boolean;
}

async function askPeer(executable: string, lines: readonly string[]): Promise<PeerAnswer[]> {
  const script = fileURLToPath(new URL('support/peer.py', import.meta.url));
  const peer = spawn(executable, [script], { stdio: ['pipe', 'pipe', 'inherit'] });
  const ended = once(peer, 'close');
  peer.stdin.end(lines.map((line) => `${line}\n`).join(''));
  const answers: PeerAnswer[] = [];
  for await (const line of createInterface({ input: peer.stdout })) {
    const answer: PeerAnswer = JSON.parse(line);
    answers.push(answer);
  }
  expect(await ended).toEqual([0, null]);
  return answers;
}

// The library's LIKE does not match across newlines, and takes `.` and `\` for a pattern's: see the oracle's excluded queries.
const values = [...ODD_VALUES, 'NaN', 'Infinity', '-Infinity', '[NaN]'].filter((value) => value !== '"a\\nb"');
const LIKES = ['a%', '%b', 'A_B', '%', '_', '', '%σ%', 'k', 'ﬀ', 'Ä', '_%_', '2024%', '%%b', 'ß', '%Σ'];
const PATTERNS = [
  'a',
  '^a',
  'b$',
  '^$',
  '\\d',
  '\\w\\b',
  '\\bb',
  '(?i)A',
  '[^a]',
  'a.b',
  '^(?!.*b)',
  '\\W',
  'x|b$',
  '(?i)ς',
  '\\s',
  '(?<!a)b',
];

test(
  `${QUERIES} random queries over random records find what dataknobs-data finds`,
  { timeout: 600_000 },
  async (context) => {
    if (python === undefined) return context.skip('DIPPER_TEST_PYTHON names no Python with dataknobs-data');
    const random = randomQueries(seeded(411), {
      values,
      fields: FIELDS,
      patterns: PATTERNS,
      likes: LIKES,
      operators: DATAKNOBS_OPERATORS,
      read: readValue,
    });
    const bodies = Array.from({ length: 300 }, (_, index) => ({ id: `r${index}`, body: random.body() })).toSorted(
      (left, right) => compareTexts(left.id, right.id),
    );
    const records = bodies.map(({ id, body }) => dataknobsRecord(`${id}.json`, id, readJson(body)));
    const queries: Query[] = Array.from({ length: QUERIES }, () => random.query());
    const answers = await askPeer(python, [JSON.stringify(bodies), ...queries.map(queryJson)]);
    const table = await QueryTable.of(records, ({ path }) => path.join('') !== 'b');
    const sorted = answers.filter((answer) => answer.sorted).length;
    try {
      for (const [index, query] of queries.entries()) {
        const text = queryJson(query);
        const answer = answers[index];
        if (answer === undefined) throw new Error(`No answer to query ${index}.`);
        const parsed = parseQuery(text);
        const ids = await table.ids(answer.sorted ? parsed : { ...parsed, limit: null, offset: null });
        if (answer.sorted) expect(ids, text).toEqual(answer.ids);
        else expect(ids.toSorted(), text).toEqual([...answer.ids].toSorted());
      }
    } finally {
      table.close();
    }
    expect(sorted).toBeGreaterThan(QUERIES / 2);
  },
);
