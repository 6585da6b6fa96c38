import { mkdtemp, mkdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { DuckDBInstance } from '@duckdb/node-api';
import { Zstd } from '@hpcc-js/wasm-zstd';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { inspectSource } from '../../../electron/engine/transfer/import/reading/inspect-source.ts';
import { ImportReader } from '../../../electron/engine/transfer/import/reading/import-reader.ts';
import { cellRows } from '../../../electron/engine/transfer/import/reading/cell-rows.ts';
import { jsonRows } from '../../../electron/engine/transfer/import/reading/json-rows.ts';
import { lineRows } from '../../../electron/engine/transfer/import/reading/line-rows.ts';
import type { SourceRow } from '../../../electron/engine/transfer/import/reading/source-row.ts';
import type { GivenReading, ImportInspection, ImportSettings } from '../../../shared/import.ts';

let folder: string;
let count = 0;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'dipper-import-'));
});

afterAll(() => rm(folder, { recursive: true, force: true }));

async function fileOf(name: string, content: string | Uint8Array): Promise<string> {
  count += 1;
  const path = join(folder, `${count}-${name}`);
  await writeFile(path, content);
  return path;
}

async function inspect(
  name: string,
  content: string | Uint8Array,
  given: GivenReading = {},
): Promise<ImportInspection> {
  return inspectSource({ path: await fileOf(name, content) }, name, given, 'plain');
}

const PLACE = { bucket: 'b', prefix: 'p/', codec: 'plain', keyTemplate: '{id}.json' } as const;
const MINTING = { job: 'job', startedAt: Date.UTC(2026, 0, 2) };

/** Records of a file as it was found, with changes: their texts, and sentences of those that are bad. */
async function imported(
  name: string,
  content: string | Uint8Array,
  changes: Partial<ImportSettings> = {},
  given: GivenReading = {},
): Promise<readonly string[]> {
  const path = await fileOf(name, content);
  return importedFrom(path, name, changes, given);
}

async function importedFrom(
  path: string,
  name: string,
  changes: Partial<ImportSettings> = {},
  given: GivenReading = {},
): Promise<readonly string[]> {
  const { settings } = await inspectSource({ path }, name, given, 'plain');
  const preparing = { settings: { ...settings, ...changes }, place: PLACE, minting: MINTING };
  const reader = await ImportReader.open({ path, from: 0, ...preparing });
  const texts: string[] = [];
  for (let isLast = false; !isLast;) {
    const next = await reader.next();
    ({ isLast } = next);
    for (const row of next.rows) texts.push(row.problem ?? `${row.key} ${row.record}`);
  }
  await reader.close();
  return texts;
}

/** Delimiter, header, whether quotes mean texts, encoding, compression and types. */
async function foundIn(name: string, content: string | Uint8Array): Promise<readonly unknown[]> {
  const { settings } = await inspect(name, content);
  const { csv, encoding, compression } = settings.reading;
  return [csv.delimiter, csv.header, csv.quotedAreTexts, encoding, compression, settings.fields?.map((f) => f.type)];
}

async function formatOf(name: string, content: string): Promise<string> {
  return (await inspect(name, content)).settings.reading.format;
}

/** Keys of two rows that are the same. */
async function keysOf(key: string): Promise<readonly string[]> {
  const row = '{"id":"a/b","sku":"S 1","at":"2024-05-31T23:30:00-02:00","sec":1700000000,"o":{"c":"x"}}\n';
  return (await imported('k.ndjson', row + row, { key })).map((text) => text.split(' {')[0] ?? '');
}

function twice(key: string): readonly string[] {
  return [key, key];
}

async function* pieces(text: string, size: number): AsyncGenerator<string, void, undefined> {
  for (let from = 0; from < text.length; from += size) yield text.slice(from, from + size);
}

async function rowsOf(rows: AsyncIterable<readonly SourceRow[]>): Promise<readonly SourceRow[]> {
  const all: SourceRow[] = [];
  for await (const group of rows) all.push(...group);
  return all;
}

test('a file is the same rows however its bytes arrive', async () => {
  const csv = 'a,b\r\n1,"x, ""y""\r\nz"\r\n\n2,\n3,"open\n4,5\n"6"7,8\n9,';
  const json = ' [ {"a": "]}\\"[", "b": [1, {"c": 2}]}, 3 , "x,]" , {"d": 4} ] ';
  const lines = '{"a":1}\r\n\n  {"b":2}\nnull\n{"c"';
  const whole = { csv: 1_000, json: 1_000, lines: 1_000 };
  const read = async (
    size: Readonly<Record<keyof typeof whole, number>>,
  ): Promise<readonly (readonly SourceRow[])[]> => [
    await rowsOf(cellRows(pieces(csv, size.csv), { delimiter: ',', quote: '"' })),
    await rowsOf(jsonRows(pieces(json, size.json))),
    await rowsOf(lineRows(pieces(lines, size.lines))),
  ];
  const expected = await read(whole);
  for (const size of [1, 2, 3, 5, 7]) expect(await read({ csv: size, json: size, lines: size })).toEqual(expected);
  const [cells = [], items = [], values = []] = expected;
  expect(
    cells.map((row) =>
      row.kind === 'cells' ? row.cells.join('|') : row.kind === 'broken' ? `${row.at} ${row.problem}` : '',
    ),
  ).toEqual([
    'a|b',
    '1|"x, "y"\r\nz',
    '2|',
    '6 There is more text behind a closing quote, or a quote is not closed.',
    '4|5',
    '8 There is more text behind a closing quote, or a quote is not closed.',
    '9|',
  ]);
  expect(items.map((row) => (row.kind === 'json' ? row.text : row.kind))).toEqual([
    '{"a": "]}\\"[", "b": [1, {"c": 2}]}',
    '3',
    '"x,]"',
    '{"d": 4}',
  ]);
  expect(values.map((row) => [row.at, row.kind === 'json' ? row.text : row.kind])).toEqual([
    [1, '{"a":1}'],
    [3, '{"b":2}'],
    [4, 'null'],
    [5, '{"c"'],
  ]);
});

describe('CSV', () => {
  test('keeps leading zeros, all digits of numbers, dates and texts as they are', async () => {
    const content =
      'id,zip,big,price,when,ok,tags\n' +
      '1,00501,9007199254740993,1.50,2024-01-05,true,"[1, ""a""]"\n' +
      '2,99999,-5,2,2024-02-30T10:00:00Z,FALSE,[]\n' +
      '3,,,,,,\n';
    expect(await imported('a.csv', content)).toEqual([
      'p/1.json {"id":1,"zip":"00501","big":9007199254740993,"price":1.50,"when":"2024-01-05","ok":true,"tags":[1, "a"]}',
      'p/2.json {"id":2,"zip":"99999","big":-5,"price":2,"when":"2024-02-30T10:00:00Z","ok":false,"tags":[]}',
      'p/3.json {"id":3}',
    ]);
  });

  test('finds delimiter, header, encoding and what quotes mean', async () => {
    expect(await foundIn('a.csv', 'a;b\n1;x,y\n2;z\n')).toEqual([
      ';',
      true,
      true,
      'utf-8',
      'none',
      ['integer', 'string'],
    ]);
    expect(await foundIn('b.tsv', '1\t2\n3\t4.5\n')).toEqual([
      '\t',
      false,
      true,
      'utf-8',
      'none',
      ['integer', 'number'],
    ]);
    // Everything in quotes: they say nothing of types.
    expect(await foundIn('c.csv', '"a","b"\n"1","x"\n"2","y"\n')).toEqual([
      ',',
      true,
      false,
      'utf-8',
      'none',
      ['integer', 'string'],
    ]);
    // As Dipper writes it: the text 5 in quotes, the number without.
    expect(await foundIn('d.csv', 'a,b\n5,"5"\n"6",7\n')).toEqual([',', true, true, 'utf-8', 'none', ['auto', 'auto']]);
    const latin = Buffer.from('name\nJos\u00e9\n', 'latin1');
    expect(await foundIn('e.csv.gz', gzipSync(latin))).toEqual([',', true, true, 'windows-1252', 'gzip', ['string']]);
    expect(await imported('e.csv', latin, { key: 'row-{row:3}' })).toEqual(['p/row-001.json {"name":"Jos\u00e9"}']);
    const utf16 = Buffer.from('\ufeffid,n\n1,\u00e9\n', 'utf16le');
    expect(await imported('f.csv', utf16)).toEqual(['p/1.json {"id":1,"n":"\u00e9"}']);
  });

  test('a name that is there twice is a name where numbers stand below; where there are no names it is said', async () => {
    expect(await imported('a.csv', 'id,a,a\n1,x,y\n')).toEqual(['p/1.json {"id":1,"a":"x","a_2":"y"}']);
    const { settings, notes } = await inspect('b.csv', 'Oslo,Oslo,x\nBergen,Oslo,y\n');
    expect(settings.reading.csv.header).toBe(false);
    expect(notes).toContain(
      'Its first row is read as no row of names: the fields are called column_1, column_2 and so on.',
    );
  });

  test.each([
    ['book.csv', 'PK\u0003\u0004\u0014', 'a ZIP file, as Excel workbooks are'],
    ['x.db', `SQLite format 3\0${'\0'.repeat(500)}`, 'an SQLite database'],
    ['a.csv.bz2', 'BZh91AY', 'compressed with bzip2'],
    ['noise', 'a\u00ff\0,\u00fe\n', 'no text'],
  ])('%s is refused for what it is', async (name, latin, what) => {
    await expect(inspect(name, Buffer.from(latin, 'latin1'))).rejects.toThrow(`${name} is ${what}.`);
  });

  test('a tag that S3 would refuse makes a bad row', async () => {
    const rows = await imported('t.csv', `id,a\n1,${'x'.repeat(257)}\n2,y\n`, { tags: ['a'] });
    expect(rows).toEqual([expect.stringContaining('The tag "a" does not fit'), 'p/2.json {"id":2,"a":"y"}']);
  });

  test('says of each bad row what is wrong with it, and imports the others', async () => {
    const content = Buffer.concat([
      Buffer.from('id,n\n1,5\n2\n3,x\n4,5,6\n"5"x,1\n'),
      Buffer.from([0x36, 0x2c, 0xff, 0x0a]),
      Buffer.from('7,8\n'),
    ]);
    const fields = [
      { source: 'id', path: ['id'], type: 'auto' },
      { source: 'n', path: ['n'], type: 'integer' },
    ] as const;
    expect(await imported('bad.csv', content, { fields }, { encoding: 'utf-8' })).toEqual([
      'p/1.json {"id":1,"n":5}',
      'The row has 1 value, not 2 as the others.',
      'The field "n" is no whole number: "x".',
      'The row has 3 values, not 2 as the others.',
      'There is more text behind a closing quote, or a quote is not closed.',
      'The field "n" is no whole number: "\ufffd".',
      'p/7.json {"id":7,"n":8}',
    ]);
  });

  test('takes the apostrophe of a guard away, includes, renames and nests fields', async () => {
    const content = `id,formula,city,junk\n1,'=1+1,Oslo,x\n2,''-2,,y\n`;
    const fields = [
      { source: 'city', path: ['address', 'city'], type: 'string' },
      { source: 'id', path: ['id'], type: 'string' },
      { source: 'formula', path: ['f'], type: 'string' },
    ] as const;
    expect(await imported('g.csv', content, { fields })).toEqual([
      'p/1.json {"address":{"city":"Oslo"},"id":"1","f":"=1+1"}',
      `p/2.json {"id":"2","f":"'-2"}`,
    ]);
  });
});

describe('JSON', () => {
  test('of a list, of lines and of objects one after the other is told apart, each value as it is written', async () => {
    expect(await formatOf('a.json', '[{"id":1}]')).toBe('json');
    expect(await formatOf('a.json', '{"id":1}\n{"id":2}\n')).toBe('ndjson');
    expect(await formatOf('a.json', '{\n  "id": 1\n}\n')).toBe('json');
    expect(await formatOf('a.jsonl', '[1]')).toBe('ndjson');
    expect(await formatOf('a', '[{"id":1}]')).toBe('json');
    expect(await formatOf('a.txt', 'a,b\n1,2\n')).toBe('csv');
    const list =
      '\ufeff[{"id": "a", "n": 1.0, "big": 12345678901234567890}, {"id":"b","x":[NaN]}, 5, {"id":}, {"id":"c"}]';
    expect(await imported('list.json', list)).toEqual([
      'p/a.json {"id": "a", "n": 1.0, "big": 12345678901234567890}',
      'p/b.json {"id":"b","x":[NaN]}',
      'The row is a number, not an object.',
      expect.stringContaining('The row is no JSON: A value is missing after the name "id"'),
      'p/c.json {"id":"c"}',
    ]);
    expect(await imported('two.json', '{\n "id": 1\n}\n{"id":\n2}')).toEqual([
      'p/1.json {\n "id": 1\n}',
      'p/2.json {"id":\n2}',
    ]);
    expect(await imported('cut.json', '[{"id":1},{"id":2')).toEqual([
      'p/1.json {"id":1}',
      'The file ends in the middle of this row.',
    ]);
  });

  test('is converted, renamed and chosen field by field', async () => {
    const fields = [
      { source: 'n', path: ['count'], type: 'integer' },
      { source: 'id', path: ['id'], type: 'string' },
      { source: 'o', path: ['o', 'text'], type: 'string' },
    ] as const;
    const lines = '{"id":7,"n":"5","o":{"a": 1},"junk":0}\n{"id":8,"n":"x"}\n{"id":9,"n":null}\n';
    expect(await imported('c.ndjson', lines, { fields })).toEqual([
      'p/7.json {"count":5,"id":"7","o":{"text":"{\\"a\\":1}"}}',
      'The field "n" is no whole number: "x".',
      'p/9.json {"count":null,"id":"9"}',
    ]);
  });

  test('in gzip of several members, in zstd of several frames, cut off, and in a folder', async () => {
    const zstd = await Zstd.load();
    const [first, second] = ['{"id":1}\n', '{"id":2}\n'].map((text) => Buffer.from(text));
    if (first === undefined || second === undefined) throw new Error('unreachable');
    const both = ['p/1.json {"id":1}', 'p/2.json {"id":2}'];
    expect(await imported('a.ndjson.gz', Buffer.concat([gzipSync(first), gzipSync(second)]))).toEqual(both);
    const frames = [zstd.compress(first), zstd.compress(second)];
    expect(await imported('a.ndjson.zst', Buffer.concat(frames))).toEqual(both);
    const cut = gzipSync(Buffer.alloc(100_000, first)).subarray(0, -9);
    await expect(imported('cut.ndjson.gz', cut)).rejects.toMatchObject({
      error: {
        code: 'invalid-arguments',
        message: expect.stringContaining('its gzip stream is broken, or ends too early'),
      },
    });

    const files = join(folder, 'files');
    await mkdir(join(files, 'sub'), { recursive: true });
    await writeFile(join(files, 'sub', 'b.json'), '{"x":\n1}');
    await writeFile(join(files, 'a.json.gz'), gzipSync('{"x":2}'));
    await writeFile(join(files, 'broken.json'), '{');
    await writeFile(join(files, 'notes.txt'), 'no record');
    expect(await importedFrom(files, 'files')).toEqual([
      'p/a.json {"x":2}',
      expect.stringContaining('The row is no JSON'),
      'p/sub/b.json {"x":\n1}',
    ]);
  });
});

test('a template names records by fields, dates, positions, hashes and new ids, the same in each run', async () => {
  expect(await keysOf('{date:at:yyyy/MM}/{id}')).toEqual(twice('p/2024/06/a/b.json'));
  expect(await keysOf('{date:sec:yyyy-MM-dd}-{field:sku}')).toEqual(twice('p/2023-11-14-S 1.json'));
  expect(await keysOf('{field:o.c}-{now:yyyyMMdd}')).toEqual(twice('p/x-20260102.json'));
  expect(await keysOf('{row:4}')).toEqual(['p/0001.json', 'p/0002.json']);
  const [hash, same] = await keysOf('{hash}');
  expect([hash, same]).toEqual([expect.stringMatching(/^p\/[0-9a-f]{32}\.json$/), hash]);
  const uuids = await keysOf('{uuid}');
  expect(new Set(uuids).size).toBe(2);
  expect(uuids[0]).toMatch(/^p\/[\da-f]{8}-[\da-f]{4}-4[\da-f]{3}-[89ab][\da-f]{3}-[\da-f]{12}\.json$/);
  expect(await keysOf('{uuid}')).toEqual(uuids);
  const timed = await keysOf('{uuid7}');
  expect(timed).toEqual(timed.toSorted());
  expect(timed[0]).toMatch(/^p\/019b7c01-0400-7000-/);
  expect(await keysOf('{date:sku:yyyy}/{id}')).toEqual(
    twice('The key template takes a date from the field "sku", and this row has none there.'),
  );
  await expect(keysOf('{nothing}')).rejects.toMatchObject({
    error: { message: expect.stringContaining('"{nothing}"') },
  });
  await expect(keysOf('{now:yyyy}')).rejects.toMatchObject({
    error: { message: expect.stringContaining('the same key') },
  });
  await expect(keysOf('{date:at:QQ}')).rejects.toMatchObject({ error: { code: 'invalid-arguments' } });
});

test('decimals of another program’s Parquet keep their digits', async () => {
  const path = join(folder, 'money.parquet');
  const instance = await DuckDBInstance.create(':memory:');
  const connection = await instance.connect();
  await connection.run(
    `COPY (SELECT 1 AS id, 1234567890123456789.0100::DECIMAL(38,4) AS "it's ""due""", NULL::DECIMAL(9,2) AS paid, [1, 2] AS parts)
     TO '${path}' (FORMAT parquet)`,
  );
  connection.closeSync();
  instance.closeSync();
  expect(await importedFrom(path, 'money.parquet')).toEqual([
    `p/1.json {"id":1,"it's \\"due\\"":1234567890123456789.0100,"paid":null,"parts":[1,2]}`,
  ]);
});
