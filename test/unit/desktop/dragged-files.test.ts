import { mkdtemp, readdir, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { createDraggedFiles } from '../../../electron/desktop/dragged-files.ts';

let base: string;
let folder: string;

beforeEach(async () => {
  base = await mkdtemp(join(tmpdir(), 'dipper-dragged-'));
  folder = join(base, 'dragged');
});

afterEach(async () => {
  await rm(base, { recursive: true, force: true });
});

const file = { name: 'movies.ndjson', mediaType: 'application/x-ndjson', text: '{"a":"é"}\n' } as const;

test('a file has its name, its text, and no reader but this user', async () => {
  const files = createDraggedFiles(folder);
  const path = files.take(await files.write(file)) ?? '';
  expect(path.startsWith(folder) && path.endsWith('/movies.ndjson')).toBe(true);
  expect(await readFile(path, 'utf8')).toBe(file.text);
  const modes = await Promise.all([folder, dirname(path), path].map(async (each) => (await stat(each)).mode & 0o777));
  expect(modes).toEqual([0o700, 0o700, 0o600]);
});

test('what was dragged stays, what was only made ready goes with the next, all of it in the end', async () => {
  const files = createDraggedFiles(folder);
  const dragged = await files.write(file);
  const path = files.take(dragged);
  const onlyReady = await files.write(file);
  const last = await files.write(file);
  expect((await readdir(folder)).toSorted()).toEqual([dragged, last].toSorted());
  expect([files.take(dragged), files.take(onlyReady), files.take('/etc/passwd')]).toEqual([path, null, null]);
  createDraggedFiles(folder).removeAll();
  expect(await readdir(base)).toEqual([]);
  createDraggedFiles(folder).removeAll();
});

test('a folder that cannot be written is told of as one of the data folder', async () => {
  await writeFile(folder, '');
  const files = createDraggedFiles(folder);
  await expect(files.write(file)).rejects.toMatchObject({ error: { code: 'data-folder-unusable' } });
});
