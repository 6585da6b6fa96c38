import { mkdtemp, readdir, readFile, rm, stat, symlink, truncate, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeEach, expect, test } from 'vitest';
import { createBodyCache, type BodyCache } from '../../../electron/engine/records/body-cache.ts';
import { createRecordStore } from '../../../electron/engine/records/record-store.ts';
import type { S3Client } from '../../../electron/engine/s3/s3-client.ts';
import { collectionOf, signal, startRecordHarness } from './record-harness.ts';

const { client, putBySdk, stop } = await startRecordHarness();
const root = await mkdtemp(join(tmpdir(), 'dipper-bodies-'));
const KIB = 1024;
const collection = collectionOf('plain', { indexSizeCap: 4 * KIB });

afterAll(async () => {
  await stop();
  await rm(root, { recursive: true });
});

let folder: string;
let cache: BodyCache;
let requests: string[];

beforeEach(async () => {
  folder = await mkdtemp(join(root, 'folder-'));
  cache = createBodyCache(folder, 100 * KIB);
  requests = [];
});

const counting: S3Client = {
  ...client,
  getObject: (...call) => {
    requests.push('GET');
    return client.getObject(...call);
  },
  headObject: (...call) => {
    requests.push('HEAD');
    return client.headObject(...call);
  },
};

/** Opens a record as a start of Dipper would, and answers what it read and which requests it took. */
async function open(key: string, using: BodyCache = cache): Promise<readonly [title: string | undefined, ...string[]]> {
  requests = [];
  const record = await createRecordStore(counting, collection, { bodies: using.of(collection) }).read({ key }, signal);
  return [record.fields.find(({ name }) => name === 'title')?.text, ...requests];
}

function recordOf(title: string, kibibytes: number): string {
  return JSON.stringify({ title, filling: 'x'.repeat(kibibytes * KIB) });
}

async function files(): Promise<readonly string[]> {
  const names = await readdir(folder, { recursive: true, withFileTypes: true });
  return names.filter((entry) => entry.isFile()).map((entry) => join(entry.parentPath, entry.name));
}

test('a large record is read once, and again only when its object has changed', async () => {
  await putBySdk('large.json', recordOf('one', 20));
  expect(await open('large.json')).toEqual(['"one"', 'GET']);
  expect(await open('large.json')).toEqual(['"one"', 'HEAD']);
  expect(await open('large.json', createBodyCache(folder))).toEqual(['"one"', 'HEAD']);
  await putBySdk('large.json', recordOf('two', 20));
  expect(await open('large.json')).toEqual(['"two"', 'HEAD', 'GET']);
  expect(await open('large.json')).toEqual(['"two"', 'HEAD']);
  const [path = '', ...others] = await files();
  expect([others, (await stat(path)).mode & 0o777]).toEqual([[], 0o600]);
});

test('what the index holds is not kept here too', async () => {
  await putBySdk('small.json', recordOf('small', 1));
  await open('small.json');
  expect(await open('small.json')).toEqual(['"small"', 'GET']);
  expect(await files()).toEqual([]);
});

test('a body that is not whole is never shown, but read again', async () => {
  await putBySdk('damaged.json', recordOf('whole', 20));
  await open('damaged.json');
  const [path = ''] = await files();
  const content = await readFile(path);
  const flipped = Buffer.from(content);
  flipped.write('X', 1000);
  const damages = [
    () => truncate(path, content.length - 1),
    () => writeFile(path, flipped),
    () => truncate(path, 10),
    () => writeFile(path, ''),
  ];
  for (const damage of damages) {
    await damage();
    const [title, ...sent] = await open('damaged.json');
    expect([title, sent.at(-1)]).toEqual(['"whole"', 'GET']);
    expect(await open('damaged.json')).toEqual(['"whole"', 'HEAD']);
  }
});

test('the bodies that were opened longest ago make room, and a folder that is gone is no failure', async () => {
  for (const key of ['a', 'b', 'c']) {
    await putBySdk(key, recordOf(key, 45));
    await open(key);
    if (key === 'b') await open('a');
  }
  expect(await open('b')).toEqual(['"b"', 'GET']);
  expect(await open('c')).toEqual(['"c"', 'HEAD']);
  expect(await cache.size(collection.id)).toBeLessThanOrEqual(100 * KIB);
  await rm(folder, { recursive: true });
  expect(await open('c')).toEqual(['"c"', 'GET']);
});

test('what is looked for while it is being removed is no failure of reading, then or later', async () => {
  await putBySdk('meanwhile.json', recordOf('meanwhile', 20));
  await open('meanwhile.json');
  const [path = ''] = await files();
  await rm(path);
  // In the folder, and gone when it is looked at.
  await symlink('nowhere', `${path}-gone`);
  const next = createBodyCache(folder);
  expect(await open('meanwhile.json', next)).toEqual(['"meanwhile"', 'GET']);
  expect(await open('meanwhile.json', next)).toEqual(['"meanwhile"', 'HEAD']);
});

test('forgetting a collection removes its bodies, those of a read that is under way too', async () => {
  await putBySdk('forget.json', recordOf('forget', 20));
  await open('forget.json');
  const before = cache.of(collection);
  await cache.forget(collection.id);
  await before.keep('late.json', '"1"', Buffer.alloc(10));
  expect([await files(), await cache.size(collection.id)]).toEqual([[], 0]);
});
