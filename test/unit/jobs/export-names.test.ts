import { expect, test } from 'vitest';
import { objectPath } from '../../../electron/engine/transfer/export/object-names.ts';
import { numberedName, valueName } from '../../../electron/engine/transfer/export/part-names.ts';
import { EXPORT_DEFAULTS, exportExtension, readExportName } from '../../../shared/export.ts';

test('the name of a file says how it is written, and keeps its own ending', () => {
  expect(['a.csv.gz', 'B.JSONL', 'x.parquet', 'notes', 'a.b.json.zst', '.csv'].map(readExportName)).toEqual([
    { stem: 'a', extension: '.csv.gz', format: 'csv', compression: 'gzip' },
    { stem: 'B', extension: '.JSONL', format: 'ndjson', compression: null },
    { stem: 'x', extension: '.parquet', format: 'parquet', compression: null },
    { stem: 'notes', extension: '', format: null, compression: null },
    { stem: 'a.b', extension: '.json.zst', format: 'json', compression: 'zstd' },
    { stem: '', extension: '.csv', format: 'csv', compression: null },
  ]);
  expect(exportExtension({ format: 'parquet', compression: 'zstd' })).toBe('.parquet');
});

test('parts are told apart by number or value, whatever the value holds', () => {
  const form = { ...EXPORT_DEFAULTS, format: 'csv' as const };
  expect(numberedName('/x/movies.csv', form, 12)).toBe('movies-0012.csv');
  expect(numberedName('/x/movies', form, 1)).toBe('movies-0001.csv');
  const names = [null, 'Drama', 'a/b', 'a:b', '..', '', 'x'.repeat(300), 'x'.repeat(301)].map((value) =>
    valueName('/x/m.csv', form, value, false),
  );
  expect(names.slice(0, 2)).toEqual(['m (none).csv', 'm-Drama.csv']);
  expect(new Set(names.map((name) => name.toLowerCase())).size).toBe(names.length);
  for (const name of names) expect(name).toMatch(/^m[^/:\\]{1,90}\.csv$/);
});

test('keys become paths that every system takes, no two the same, and none leads out of the folder', () => {
  const keys = [
    'a.json',
    'A/b',
    'con',
    'con.json',
    '../x',
    './x',
    'x/../../y',
    '/lead',
    'a//b',
    'tail.',
    'tail',
    'a~0a1b2c3d.json',
    '.hidden',
    `${'x'.repeat(300)}.json`,
    `${'😀'.repeat(100)}.json`,
    ' ',
  ];
  const paths = keys.map((key) => objectPath('p/', `p/${key}`, false));
  expect(paths[0]).toEqual(['a.json']);
  expect(paths[1]).toEqual(['A', 'b']);
  const joined = paths.map((parts) => parts.join('/').toLowerCase());
  expect(new Set(joined).size).toBe(keys.length);
  for (const part of paths.flat()) {
    expect(part).toMatch(/^[^./][^/]*$/);
    expect(part).not.toMatch(/[. ]$|^(?:con|nul)(?:\.|$)/i);
    expect(Buffer.byteLength(part)).toBeLessThanOrEqual(255);
  }
  // A key that is called like what another one is written as is told apart from that.
  const written = objectPath('', 'con.json', false);
  expect(objectPath('', written.join('/'), false)).not.toEqual(written);
  expect(objectPath('', 'same.json', true)[0]).toMatch(/^same~[0-9a-f]{8}\.json$/);
});
