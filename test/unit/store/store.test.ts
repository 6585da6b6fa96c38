import { mkdir, mkdtemp, readFile, readdir, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import type { Connection } from '../../../shared/connection.ts';
import type { Draft } from '../../../shared/record.ts';
import { LONGEST_RUN, MOST_RUNS, NO_QUERIES } from '../../../shared/saved-query.ts';
import { DEFAULT_VIEW, type View } from '../../../shared/view.ts';
import { chooseDataFolder } from '../../../electron/store/data-folder.ts';
import { createKeychainSecretStore } from '../../../electron/store/secrets.ts';
import { openStore } from '../../../electron/store/store.ts';
import { urlCollection, urlConnection } from '../../../electron/store/url-collections.ts';

let temporary: string;
let folder: string;

beforeEach(async () => {
  temporary = await mkdtemp(join(tmpdir(), 'dipper-store-'));
  folder = join(temporary, 'data');
});

afterEach(async () => {
  await rm(temporary, { recursive: true, force: true });
});

const connection: Connection = {
  id: 'films',
  name: 'Films',
  kind: 'minio',
  endpoint: 'http://127.0.0.1:9000',
  region: 'us-east-1',
  pathStyle: true,
  credentials: { source: 'keys', accessKeyId: 'AKIDEXAMPLE' },
  environment: 'production',
  readOnly: true,
  maxWorkers: 8,
};

const draft: Draft = {
  collection: 'movies',
  key: `${'very/'.repeat(200)}long.json`,
  etag: '"abc"',
  change: { edits: [{ part: 'fields', path: ['rating'], text: '9007199254740993' }] },
  savedAt: 5,
};

test('what was saved is there after a restart, readable by its owner alone', async () => {
  const before = await openStore(folder);
  expect(before.connections.existed).toBe(false);
  await before.connections.put({ ...connection, name: 'Old name' });
  await Promise.all([
    before.connections.put(connection),
    before.settings.update((settings) => ({ ...settings, theme: 'dark' })),
    before.drafts.save(draft, false),
  ]);

  const after = await openStore(folder);
  expect(after.connections.existed).toBe(true);
  expect(after.connections.entries).toEqual([connection]);
  expect(after.settings.value.theme).toBe('dark');
  expect(await after.drafts.list('movies')).toEqual([draft]);
  expect(after.problems).toEqual([]);
  expect((await stat(join(folder, 'connections.json'))).mode & 0o777).toBe(0o600);
  expect((await stat(folder)).mode & 0o777).toBe(0o700);
  expect((await readdir(folder, { recursive: true })).filter((name) => name.endsWith('.tmp'))).toEqual([]);
});

test('many changes at once end in a whole file with all of them', async () => {
  const store = await openStore(folder);
  const ids = Array.from({ length: 40 }, (_, place) => `c${place}`);
  await Promise.all(ids.map((id) => store.connections.put({ ...connection, id })));
  expect((await openStore(folder)).connections.entries.map((entry) => entry.id)).toEqual(ids);
});

test('a broken file is kept aside and said, and its readable entries stay', async () => {
  const store = await openStore(folder);
  await store.connections.put(connection);
  const path = join(folder, 'connections.json');
  const broken = (await readFile(path, 'utf8')).replace('"content": [', '"content": [{ "id": "half" },');
  await writeFile(path, broken);
  await writeFile(join(folder, 'settings.json'), '{ "format": 1, "cont');

  const after = await openStore(folder);
  expect(after.connections.entries).toEqual([connection]);
  expect(after.settings.value.theme).toBe('system');
  expect(after.problems).toHaveLength(2);
  for (const problem of after.problems) {
    const kept = /kept as (.*)\.$/.exec(problem)?.[1];
    expect(kept).toBeDefined();
    expect([broken, '{ "format": 1, "cont']).toContain(await readFile(kept ?? '', 'utf8'));
  }
});

test('a broken file that nothing is written to is copied once, and said at every start', async () => {
  await openStore(folder);
  await writeFile(join(folder, 'connections.json'), '{ "format": 1, "cont');
  const first = await openStore(folder);
  expect(first.problems).toHaveLength(1);
  expect((await openStore(folder)).problems).toEqual(first.problems);
});

test('a folder or file of a newer Dipper is left alone', async () => {
  const store = await openStore(folder);
  await store.connections.put(connection);
  const newer = '{ "format": 2, "content": { "connections": [] } }';
  await writeFile(join(folder, 'connections.json'), newer);
  await expect(openStore(folder)).rejects.toMatchObject({ error: { code: 'data-folder-newer' } });
  expect(await readFile(join(folder, 'connections.json'), 'utf8')).toBe(newer);

  const names = await readdir(folder);
  await writeFile(join(folder, 'format.json'), '{"format":3}');
  await expect(openStore(folder)).rejects.toMatchObject({ error: { code: 'data-folder-newer' } });
  expect(await readdir(folder)).toEqual(names);
});

test.each([
  'views.json',
  'saved-queries.json',
  'secrets.json',
  'url-collections.json',
  join('drafts', 'movies', 'one.json'),
])('a newer %s in a folder of today keeps the folder closed', async (name) => {
  const { drafts } = await openStore(folder);
  await drafts.save(draft, false);
  await writeFile(join(folder, name), '{ "format": 2, "content": {} }');
  const opening = openStore(folder);
  await expect(opening).rejects.toMatchObject({ error: { code: 'data-folder-newer' } });
  await expect(opening).rejects.toThrow(join(folder, name));
});

const viewOfWidth = (width: number): View => ({
  columns: { order: ['@id'], hidden: ['@size'], widths: { '@id': width } },
});

test('a view is kept by collection, and one of a memory-only collection never reaches the disk', async () => {
  const { views } = await openStore(folder);
  await views.save('movies', viewOfWidth(90), false);
  await views.save('private', viewOfWidth(80), false);
  await views.save('private', viewOfWidth(70), true);
  expect([views.of('movies'), views.of('private'), views.of('constructor')]).toEqual([
    viewOfWidth(90),
    viewOfWidth(70),
    DEFAULT_VIEW,
  ]);
  const after = await openStore(folder);
  expect([after.views.of('movies'), after.views.of('private')]).toEqual([viewOfWidth(90), DEFAULT_VIEW]);
  await after.views.remove('movies');
  expect((await openStore(folder)).views.of('movies')).toEqual(DEFAULT_VIEW);
});

test('a write that fails changes neither the file nor what is in memory', async () => {
  const store = await openStore(folder);
  await store.connections.put(connection);
  await rm(join(folder, 'connections.json'));
  await mkdir(join(folder, 'connections.json', 'in-the-way'), { recursive: true });
  await expect(store.connections.remove('films')).rejects.toMatchObject({ error: { code: 'data-folder-unusable' } });
  expect(store.connections.entries).toEqual([connection]);
  await rm(join(folder, 'connections.json'), { recursive: true });
  await store.connections.remove('films');
  expect((await openStore(folder)).connections.entries).toEqual([]);
});

test('a discarded draft stays discarded, and one of a memory-only collection never reaches the disk', async () => {
  const store = await openStore(folder);
  const saving = store.drafts.save(draft, false);
  await store.drafts.save({ ...draft, savedAt: 6 }, false);
  await saving;
  await store.drafts.discard(draft.collection, draft.key);
  await store.drafts.save({ ...draft, collection: 'private' }, true);
  expect(await store.drafts.list('movies')).toEqual([]);
  expect(await store.drafts.list('private')).toHaveLength(1);
  const after = await openStore(folder);
  expect([await after.drafts.list('movies'), await after.drafts.list('private')]).toEqual([[], []]);
});

test('one place named by URL is one collection, whatever port the sandbox has, and its codec is remembered', async () => {
  const target = { endpoint: 'https://s3.example.com', region: 'eu-west-1', pathStyle: false, accessKeyId: 'A' };
  const first = urlConnection(target);
  const other = urlConnection({ ...target, accessKeyId: 'B' });
  expect(urlCollection(first, 'b', 'p/', 'plain').id).toBe(urlCollection(urlConnection(target), 'b', 'p/', 'plain').id);
  const ids = [
    urlCollection(first, 'b', 'p/', 'plain'),
    urlCollection(first, 'b', 'p/', 'dataknobs'),
    urlCollection(first, 'b', 'q/', 'plain'),
    urlCollection(other, 'b', 'p/', 'plain'),
  ].map((collection) => collection.id);
  expect(new Set(ids).size).toBe(4);

  const { urlCollections } = await openStore(folder);
  await urlCollections.keep(first, urlCollection(first, 'b', 'p/', 'dataknobs'), true);
  await urlCollections.keep(other, urlCollection(other, 'b', 'p/', 'plain'), false);
  const { urlCollections: after } = await openStore(folder);
  expect(after.rememberedCodec(first, 'b', 'p/')).toBe('dataknobs');
  expect(after.rememberedCodec(other, 'b', 'p/')).toBeUndefined();
  expect(after.connection(first.id)).toEqual(first);
});

test('collections named by URL do not pile up', async () => {
  const { urlCollections } = await openStore(folder);
  const place = urlConnection({ endpoint: null, region: 'us-east-1', pathStyle: false, accessKeyId: 'A' });
  const dropped: string[] = [];
  for (let number = 0; number < 203; number += 1) {
    dropped.push(...(await urlCollections.keep(place, urlCollection(place, 'b', `${number}/`, 'plain'), true)));
  }
  expect(dropped).toHaveLength(3);
  expect(new Set(dropped).size).toBe(3);
});

const flip = (bytes: Uint8Array): Uint8Array => bytes.map((byte) => byte ^ 0x55);

test('a secret is on disk only encrypted, and one that cannot be decrypted any more is asked for again', async () => {
  await openStore(folder);
  const cipher = {
    encrypt: (text: string) => Promise.resolve(flip(Buffer.from(text))),
    decrypt: (bytes: Uint8Array) => Promise.resolve(Buffer.from(flip(bytes)).toString()),
  };
  const secrets = createKeychainSecretStore(folder, cipher);
  await secrets.write('films', { secretAccessKey: 'correct horse', sessionToken: null });
  expect(await readFile(join(folder, 'secrets.json'), 'utf8')).not.toContain('correct horse');
  expect(await createKeychainSecretStore(folder, cipher).read('films')).toEqual({
    secretAccessKey: 'correct horse',
    sessionToken: null,
  });
  const locked = { ...cipher, decrypt: () => Promise.reject(new Error('the key is another one')) };
  expect(await createKeychainSecretStore(folder, locked).read('films')).toBeNull();
  await secrets.remove('films');
  expect(await secrets.read('films')).toBeNull();
});

function choose(platform: NodeJS.Platform, environment: Record<string, string>, given: string | null = null): string {
  return chooseDataFolder(given, environment, platform, '/home/ada');
}

test('every shell finds the same data folder on each platform', () => {
  expect([
    choose('linux', {}),
    choose('linux', { XDG_DATA_HOME: '/data' }),
    choose('darwin', {}),
    choose('win32', { APPDATA: '/appdata' }),
    choose('linux', { DIPPER_DATA_DIR: '/mine' }),
    choose('linux', { DIPPER_DATA_DIR: '/mine' }, '/given'),
  ]).toEqual([
    '/home/ada/.local/share/dipper',
    '/data/dipper',
    '/home/ada/Library/Application Support/Dipper',
    join('/appdata', 'Dipper'),
    '/mine',
    '/given',
  ]);
});

test('saved queries and the last that ran are kept by collection, those of a memory-only collection never on the disk', async () => {
  const sort = [{ field: 'rating', direction: 'desc' as const }];
  const best = { id: 'one', name: 'Best', where: 'rating >= 8', sort };
  const { savedQueries } = await openStore(folder);
  await savedQueries.save('movies', best, false);
  await savedQueries.save('movies', { ...best, id: 'two', name: 'After' }, false);
  await expect(savedQueries.save('movies', { ...best, id: 'three' }, false)).rejects.toThrow('called Best already');
  const runs = Array.from({ length: MOST_RUNS + 5 }, (_, n) => ({ where: `n = ${n}`, sort: [], ranAt: n, found: n }));
  await Promise.all(runs.map((run) => savedQueries.addRun('movies', run, false)));
  await savedQueries.addRun('movies', { where: 'n = 10', sort, ranAt: 99, found: null }, false);
  await savedQueries.addRun(
    'movies',
    { where: `id in ("${'x'.repeat(LONGEST_RUN)}")`, sort, ranAt: 99, found: 0 },
    false,
  );
  await savedQueries.save('private', best, true);
  await savedQueries.save('secret', best, false);
  await savedQueries.moveToMemory('secret');

  const { saved, history } = (await openStore(folder)).savedQueries.of('movies');
  expect(saved.map(({ name }) => name)).toEqual(['After', 'Best']);
  expect(history.slice(0, 2)).toEqual([{ where: 'n = 10', sort, ranAt: 99, found: null }, runs.at(-1)]);
  expect(history).toHaveLength(MOST_RUNS);
  const written = await readFile(join(folder, 'saved-queries.json'), 'utf8');
  expect([written.includes('private'), written.includes('secret')]).toEqual([false, false]);
  expect([savedQueries.of('private').saved, savedQueries.of('secret').saved]).toEqual([[best], [best]]);
  await savedQueries.clearHistory('movies', false);
  await savedQueries.removeSaved('movies', 'two', false);
  expect(savedQueries.of('movies')).toEqual({ saved: [best], history: [] });
  expect([await savedQueries.remove('movies'), await savedQueries.remove('movies')]).toEqual([true, false]);
  expect((await openStore(folder)).savedQueries.of('movies')).toEqual(NO_QUERIES);
});
