import { execFile } from 'node:child_process';
import { writeFile, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, describe, expect, test } from 'vitest';
import { ruleTest } from '../../../electron/engine/index/query/evaluate.ts';
import { decodeDataknobs } from '../../../electron/engine/records/dataknobs-codec.ts';
import { copyAs } from '../../../shared/copy-as/copy-as.ts';
import { readJson } from '../../../shared/json/read-json.ts';
import { parseWhere } from '../../../shared/query-text/parse-where.ts';
import { BUCKET, startRecordHarness } from './record-harness.ts';

const python = process.env['DIPPER_TEST_PYTHON'];
const PREFIX = 'copied/';

const { sandbox, putBySdk, stop } = await startRecordHarness();
const folder = await mkdtemp(join(tmpdir(), 'dipper-copied-python-'));

afterAll(async () => {
  await stop();
  await rm(folder, { recursive: true });
});

const FIELDS: Readonly<Record<string, unknown>> = {
  'a/1': { rating: 8.5, title: 'Zoë’s "war" \\ 😀', genre: 'Drama', crew: { 'x y': 1 }, on: true },
  'a/2': { rating: 8, title: 'WAR and peace', genre: 'Comedy', tags: ['x'] },
  b: { rating: -3, title: '', genre: 'Drama', id: 'own', big: 9_007_199_254_740_991 },
  c: { title: 'abc', genre: 'War', on: false },
};

const WHERES = [
  '',
  'rating >= 8',
  'rating > 8 and genre = "Drama" and on = true',
  'genre in ("Drama", "War") and id not in ("b")',
  'rating exists and (title like "%war%" or not (genre = "Drama" or rating between -5 and 8))',
  'title = "Zoë’s \\"war\\" \\\\ 😀" or title regex "^\\\\w+$"',
  'crew["x y"] = 1 or fields.id = "own" or ["id"] = "own"',
  'tags = ["x"] or big > 9007199254740990.0 or title starts_with "ab" /* and genre = "x" */',
  'on not exists and (and) and not (or)',
  'rating not between 8 and 9 or genre != "War"',
];

/** One process: most of a program's time is the library's import. */
const RUN_ALL = `
import sys
for place in range(int(sys.argv[2])):
    exec(open(f"{sys.argv[1]}/{place}.py").read(), {})
    print("end of the program")
`;

describe.skipIf(python === undefined)('a query that is copied as dataknobs Python', () => {
  test('runs as it stands and finds what Dipper finds', async () => {
    for (const [id, fields] of Object.entries(FIELDS)) await putBySdk(`${PREFIX}${id}.json`, bodyOf(id, fields));
    for (const [place, where] of WHERES.entries()) {
      const copied = copyAs('python', {
        where: parseWhere(where),
        sort: [{ field: 'id', direction: 'desc' }],
        bucket: BUCKET,
        prefix: PREFIX,
        codec: 'dataknobs',
        endpoint: sandbox.endpoint,
        region: sandbox.region,
        pathStyle: true,
      });
      if ('refused' in copied) throw new Error(copied.refused);
      await writeFile(join(folder, `${place}.py`), copied.text);
    }
    const { stdout } = await promisify(execFile)(python ?? '', ['-c', RUN_ALL, folder, String(WHERES.length)], {
      env: { ...process.env, AWS_ACCESS_KEY_ID: sandbox.accessKeyId, AWS_SECRET_ACCESS_KEY: sandbox.secretAccessKey },
    });
    const answers = stdout.split('end of the program\n').slice(0, -1);
    const ids = answers.map((lines) =>
      lines.split('\n').flatMap((line) => (line === '' ? [] : [line.slice(0, line.indexOf(' {'))])),
    );
    expect(Object.fromEntries(ids.map((found, place) => [WHERES[place], found]))).toEqual(
      Object.fromEntries(WHERES.map((where) => [where, expected(where)])),
    );
  });
});

function bodyOf(id: string, fields: unknown): string {
  const typed = Object.entries(fields ?? {}).map(([name, value]: [string, unknown]) => [
    name,
    {
      name,
      value,
      type: typeof value === 'object' ? 'json' : typeof value === 'string' ? 'string' : 'float',
      metadata: {},
    },
  ]);
  return JSON.stringify({ fields: Object.fromEntries(typed), id, metadata: {} });
}

function expected(where: string): readonly string[] {
  const isFound = ruleTest(parseWhere(where));
  const found = Object.entries(FIELDS).filter(([id, given]) => {
    const body = bodyOf(id, given);
    const { fields, metadata } = decodeDataknobs(body, readJson(body));
    return isFound({ id, fields, metadata });
  });
  return found.map(([id]) => id).toReversed();
}
