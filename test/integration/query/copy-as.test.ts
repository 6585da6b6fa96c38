import { execFile } from 'node:child_process';
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { promisify } from 'node:util';
import { DuckDBInstance } from '@duckdb/node-api';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { ruleTest } from '../../../electron/engine/index/query/evaluate.ts';
import { decodeDataknobs } from '../../../electron/engine/records/dataknobs-codec.ts';
import { decodePlain } from '../../../electron/engine/records/plain-codec.ts';
import { copyAs, type CopyLanguage } from '../../../shared/copy-as/copy-as.ts';
import type { CopySource } from '../../../shared/copy-as/copy-source.ts';
import { readJson } from '../../../shared/json/read-json.ts';
import { parseWhere } from '../../../shared/query-text/parse-where.ts';

const run = promisify(execFile);

const FIELDS: Readonly<Record<string, unknown>> = {
  'a/1': { rating: 8.5, title: "Zoë's war", genre: 'Drama', tags: ['x', 1], crew: { 'x.y': 'a"b\\c', n: 1 }, on: true },
  'a/2': { rating: 8, title: 'WAR\nand peace', genre: 'Comedy', tags: [], crew: {}, day: '2024-05-01' },
  'a/3': { rating: '8', title: '', genre: null, tags: [[1], 'y'], crew: { n: null }, day: '2023-12-31' },
  b: { rating: -3, title: 'a.c [b] (x)', genre: 'Drama', tags: ['y'], id: 'own', on: false, day: '2024-05-02' },
  c: { rating: null, title: '50 % $HOME `x`', tags: 'x', 'odd name': 'yes', on: 'true' },
  'd%20e': { rating: [8], title: 'abc', genre: 'War', tags: { 0: 'x' }, 'odd name': 2 },
};

const WHERES = [
  'rating >= 8',
  'rating > 8 or rating < 0',
  'not rating >= 8',
  'rating = 8 and rating != 9',
  'rating != 8',
  'rating = "8" or on = true or on = 0',
  'genre in ("Drama", "War") and genre not in ("War")',
  'rating in (8, "8", null) or rating not in (8)',
  'genre not exists',
  'genre exists and not (title like "%war%" or rating between 8 and 9)',
  'rating not between 8 and 9',
  `title = "Zoë's war" or title = "a.c [b] (x)"`,
  'title like "%WAR%"',
  'title like "a.c [_] (%)" or title like "" or title not like "%r%"',
  'title starts_with "a" and title ends_with "c"',
  'title contains "$HOME `x`" or title contains "\'"',
  'title regex "^[a-z]+$"',
  'tags[0] = "x" or crew["x.y"] = "a\\"b\\\\c" or `tags.0` = "x"',
  '`odd name` = "yes" or `odd name` = 2',
  'crew.n exists or fields.id = "own"',
  'id = "b" or id starts_with "a/" and not id ends_with "3"',
  'tags any_of ("y", 1) or tags all_of ("x", 1)',
  'tags all_of ()',
  'tags is_empty or title is_empty or crew is_empty',
  'tags length = 1 or title length > 9 or crew length >= 2',
  'rating type_is string or rating type_is list or genre type_is null or on type_is boolean',
  'day >= "2024-01-01" and day < "2024-05-02"',
  '(and)',
  '(or)',
  '(rating >= 8 and (genre = "Drama" or (genre = "Comedy" and not tags is_empty))) or title > "a"',
];

let folder = '';

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'dipper-copy-as-'));
});

afterAll(() => rm(folder, { recursive: true }));

function sourceOf(where: string, codec: CopySource['codec']): CopySource {
  return {
    where: parseWhere(where),
    sort: [{ field: 'rating', direction: 'desc' }],
    bucket: 'my-bucket',
    prefix: 'my records/',
    codec,
    endpoint: 'http://127.0.0.1:9000',
    region: 'us-east-1',
    pathStyle: true,
  };
}

function bodyOf(id: string, codec: CopySource['codec']): string {
  const fields = Object.entries(FIELDS[id] ?? {});
  if (codec === 'plain') return JSON.stringify(Object.fromEntries(fields));
  const typed = fields.map(([name, value]) => [name, { name, value, type: 'string', metadata: {} }]);
  return JSON.stringify({ fields: Object.fromEntries(typed), id, metadata: {} });
}

function expected(where: string, codec: CopySource['codec']): readonly string[] {
  const isFound = ruleTest(parseWhere(where));
  return Object.keys(FIELDS).filter((id) => {
    const body = bodyOf(id, codec);
    const { fields, metadata } = (codec === 'plain' ? decodePlain : decodeDataknobs)(body, readJson(body));
    return isFound({ id, fields, metadata });
  });
}

async function writeRecords(codec: CopySource['codec']): Promise<string> {
  const place = await mkdtemp(join(folder, 'place-'));
  for (const id of Object.keys(FIELDS)) {
    const path = join(place, 'records', `${id}.json`);
    await mkdir(dirname(path), { recursive: true });
    await writeFile(path, bodyOf(id, codec));
  }
  return place;
}

function textOf(language: CopyLanguage, source: CopySource): string {
  const copied = copyAs(language, source);
  if ('refused' in copied) throw new Error(copied.refused);
  return copied.text;
}

describe.each(['plain', 'dataknobs'] as const)('a query over records of the codec %s', (codec) => {
  test('finds as DuckDB SQL what it finds in Dipper', async () => {
    const place = await writeRecords(codec);
    const database = await DuckDBInstance.create(':memory:');
    const connection = await database.connect();
    try {
      for (const where of WHERES) {
        // Files in place of S3, which needs an extension from the net; all else as it stands.
        const text = textOf('duckdb', { ...sourceOf(where, codec), bucket: 'B', prefix: '' })
          .replaceAll(/^(?:INSTALL|LOAD|CREATE OR REPLACE SECRET).*$/gm, '')
          .replace("'s3://B/", () => `'${place}/records/`)
          .replaceAll(/substr\(filename, \d+\)/g, `substr(filename, ${place.length + '/records/'.length + 1})`);
        const rows = (await connection.runAndReadAll(text)).getRowObjectsJson();
        expect(rows.map(({ id }) => (typeof id === 'string' ? id : '')).toSorted(), where).toEqual(
          expected(where, codec),
        );
      }
    } finally {
      connection.closeSync();
      database.closeSync();
    }
  });

  test('finds as a line of the shell with jq what it finds in Dipper', async (context) => {
    if (!(await hasJq())) return context.skip('there is no jq');
    const place = await writeRecords(codec);
    for (const where of WHERES) {
      const lines = textOf('shell', sourceOf(where, codec)).split('\n');
      const script = lines.filter((line) => !line.startsWith('aws ')).join('\n');
      const { stdout } = await run('sh', ['-c', script], { cwd: place });
      const ids = stdout.split('\n').flatMap((line) => (line === '' ? [] : [String(JSON.parse(line).id)]));
      expect(ids.toSorted(), where).toEqual(expected(where, codec));
    }
  });
});

async function hasJq(): Promise<boolean> {
  try {
    await run('jq', ['--version']);
    return true;
  } catch {
    return false;
  }
}
