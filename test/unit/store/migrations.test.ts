import { chmod, cp, mkdtemp, readdir, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, relative } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { migrateFolder } from '../../../electron/store/migrate-folder.ts';
import { MIGRATIONS } from '../../../electron/store/migrations/all-migrations.ts';
import { openStore } from '../../../electron/store/store.ts';
import { writeDurably } from '../../../electron/files/durable-file.ts';

/** Written by the last Dipper with format 1. */
const FORMAT_1 = join(import.meta.dirname, '../../fixtures/data-folder-1');

let temporary: string;
let folder: string;

beforeEach(async () => {
  temporary = await mkdtemp(join(tmpdir(), 'dipper-migration-'));
  folder = join(temporary, 'data');
  await copyOfFormat1(folder);
});

afterEach(async () => {
  await rm(temporary, { recursive: true, force: true });
});

test('a folder of format 1 opens with everything in it; what was changed is kept beside it, and said', async () => {
  const store = await openStore(folder);
  expect({
    settings: store.settings.value,
    connections: store.connections.entries.map(({ id }) => id),
    collections: store.collections.entries.map(({ id }) => id),
    named: store.urlCollections.find('url-855f91c5497e22ed3f97430eb401b441')?.prefix,
    drafts: (await store.drafts.list('sample-movies')).map(({ change }) => change),
    movies: store.views.of('sample-movies'),
    cars: store.views.of('sample-cars'),
    airports: store.views.of('sample-airports'),
  }).toEqual({
    settings: {
      theme: 'dark',
      sidebarWidth: 240,
      inspectorWidth: null,
      requestsHeight: null,
      mostIndexBytes: 10 * 1024 ** 3,
      journalDays: 30,
      mostJournalBytes: 5 * 1024 ** 3,
      notifyOfJobs: true,
    },
    connections: ['sandbox', 'archive'],
    collections: ['sample-movies', 'sample-cars', 'sample-airports', 'sample-penguins'],
    named: 'movies/',
    drafts: [{ edits: [{ part: 'fields', path: ['rating'], text: '9.5' }] }],
    movies: { columns: { order: [], hidden: [], widths: { 'field:title': 321, '@id': 90 } } },
    cars: { columns: { order: [], hidden: [], widths: { '@size': 77 } } },
    airports: { columns: { order: [], hidden: [], widths: {} } },
  });

  const [backup = ''] = await readdir(join(folder, 'backups'));
  expect(backup).toMatch(/^format-1-20\d\d-\d\d-\d\dT/);
  expect(store.problems).toEqual([
    `The data folder was written by an older Dipper: the widths of columns are in views.json now, by collection. The files as they were are kept in ${join(folder, 'backups', backup)}.`,
  ]);
  for (const name of ['settings.json', 'format.json']) {
    const [kept, was] = await Promise.all([
      readFile(join(folder, 'backups', backup, name), 'utf8'),
      readFile(join(FORMAT_1, name), 'utf8'),
    ]);
    expect(kept).toBe(was);
  }
  expect((await openStore(folder)).problems).toEqual([]);
  expect(await readdir(join(folder, 'backups'))).toEqual([backup]);
});

test('a migration that is broken off at any write goes on at the next start, and nothing is lost', async () => {
  let writes = 0;
  await migrateFolder(folder, MIGRATIONS, false, async (path, text) => {
    writes += 1;
    await writeDurably(path, text);
  });
  const whole = await contentsOf(folder);
  expect(writes).toBe(4);
  for (const last of Array.from({ length: writes }).keys()) {
    await rm(folder, { recursive: true });
    await copyOfFormat1(folder);
    writes = 0;
    const breaking = migrateFolder(folder, MIGRATIONS, false, async (path, text) => {
      if (writes === last) throw new Error('the power went');
      writes += 1;
      await writeDurably(path, text);
    });
    await expect(breaking).rejects.toThrow('the power went');
    // An older Dipper must not use a folder that is half of the next format.
    expect(JSON.parse(await readFile(join(folder, 'format.json'), 'utf8'))).toMatchObject({
      format: last === 0 ? 1 : 2,
    });
    await migrateFolder(folder, MIGRATIONS, false);
    // A break before the first write leaves a copy that nothing went on from.
    expect(Object.entries(await contentsOf(folder))).toEqual(Object.entries(whole));
  }
});

test('a migration goes on from its backup also where what it writes was half there, and says so where that is gone', async () => {
  const third = migrateFolder(folder, MIGRATIONS, false, async (path, text) => {
    if (path.endsWith('views.json')) throw new Error('the power went');
    await writeDurably(path, text);
  });
  await expect(third).rejects.toThrow('the power went');
  expect(await readFile(join(folder, 'settings.json'), 'utf8')).not.toContain('columnWidths');
  const [backup = ''] = await readdir(join(folder, 'backups'));
  await cp(join(folder, 'backups'), join(temporary, 'away'), { recursive: true });
  await rm(join(folder, 'backups'), { recursive: true });
  await expect(openStore(folder)).rejects.toThrow(join(folder, 'backups', backup));
  await cp(join(temporary, 'away'), join(folder, 'backups'), { recursive: true });
  expect((await openStore(folder)).views.of('sample-cars').columns.widths).toEqual({ '@size': 77 });
});

test('a folder that others may look into is said, and what is in it is closed to them', async () => {
  await chmod(folder, 0o755);
  await chmod(join(folder, 'connections.json'), 0o644);
  await chmod(join(folder, 'drafts'), 0o755);
  const { problems } = await openStore(folder);
  expect(problems).toContainEqual(expect.stringContaining(`chmod 700`));
  const modeOf = async (name: string): Promise<number> => (await stat(join(folder, name))).mode & 0o777;
  const [backup = ''] = await readdir(join(folder, 'backups'));
  const closed = ['connections.json', 'drafts', 'backups', join('backups', backup, 'settings.json')];
  expect(await Promise.all(closed.map(modeOf))).toEqual([0o600, 0o700, 0o700, 0o600]);
});

test('settings that are no JSON stay as they are through a migration, and are kept aside', async () => {
  await writeFile(join(folder, 'settings.json'), '{ "format": 1, "cont');
  const { problems } = await openStore(folder);
  expect(problems).toEqual([expect.stringContaining('settings.json could not be read whole')]);
  expect(await readFile(join(folder, 'settings.json'), 'utf8')).toBe('{ "format": 1, "cont');
});

async function copyOfFormat1(path: string): Promise<void> {
  await cp(FORMAT_1, path, { recursive: true });
  await chmod(path, 0o700);
}

/** Files by name, without the day in the names of backups. */
async function contentsOf(root: string): Promise<Readonly<Record<string, string>>> {
  const entries = await readdir(root, { recursive: true, withFileTypes: true });
  const files = entries.filter((entry) => entry.isFile()).map((entry) => join(entry.parentPath, entry.name));
  const contents = await Promise.all(
    files
      .toSorted()
      .map(async (file) => [relative(root, file).replace(/20\d\d-[\dTZ-]+/, 'DAY'), await readFile(file, 'utf8')]),
  );
  return Object.fromEntries(contents);
}
