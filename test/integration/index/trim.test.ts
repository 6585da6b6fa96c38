import { mkdir, mkdtemp, readdir, rm, truncate, utimes, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { createIndexFiles, type IndexFiles } from '../../../electron/engine/index/index-files.ts';

const MEBIBYTE = 1024 * 1024;

let folder: string;
let files: IndexFiles;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'dipper-trim-'));
  files = createIndexFiles(folder);
  for (const [position, collection] of ['first', 'second', 'Third one'].entries()) {
    const database = files.databasePath(collection);
    await writeFile(database, '');
    await truncate(database, MEBIBYTE);
    await writeFile(`${database}.wal`, 'log');
    await mkdir(`${database}.tmp`);
    await files.writeKnown(collection, { records: 1, syncedAt: 0 });
    await utimes(database, position, position);
  }
});
afterEach(() => rm(folder, { recursive: true, force: true }));

async function databases(): Promise<readonly string[]> {
  return (await readdir(folder)).filter((name) => name.endsWith('.duckdb'));
}

const nothingOpen = (): ReadonlySet<string> => new Set();

test('below the cap every index stays', async () => {
  await files.trim(4 * MEBIBYTE, nothingOpen);
  expect(await databases()).toHaveLength(3);
});

test('the index that was not used for longest goes first, with all of its files', async () => {
  await files.touch('first');
  await files.trim(2.5 * MEBIBYTE, nothingOpen);
  expect((await readdir(folder)).filter((name) => name.startsWith('collection-second'))).toEqual([]);
  expect([await files.size('second'), await files.readKnown('second'), await databases()]).toEqual([
    0,
    null,
    expect.arrayContaining(['collection-first.duckdb']),
  ]);
});

test('an index that is open never goes, however old and large', async () => {
  await files.trim(0, () => new Set(['first', 'Third one']));
  expect(await databases()).toHaveLength(2);
  expect(await files.size('second')).toBe(0);
});

test('an index that was removed meanwhile, or never made, is no mistake', async () => {
  await files.touch('never');
  await files.remove('first');
  await files.trim(0, nothingOpen);
  expect(await readdir(folder)).toEqual([]);
});

test('what all indexes take is counted with all of their files, and one that was only counted is none', async () => {
  expect(await files.sizes()).toEqual({ count: 3, bytes: expect.any(Number) });
  const { bytes } = await files.sizes();
  let sum = 0;
  for (const collection of ['first', 'second', 'Third one']) sum += await files.size(collection);
  expect(bytes).toBe(sum);
  await files.writeCount('counted', { keys: 7, listedAt: 0 });
  expect(await files.sizes()).toEqual({ count: 3, bytes: bytes + (await files.size('counted')) });
  expect(await createIndexFiles(join(folder, 'never')).sizes()).toEqual({ count: 0, bytes: 0 });
});
