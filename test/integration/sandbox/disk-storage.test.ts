import { createHash } from 'node:crypto';
import {
  appendFileSync,
  cpSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  truncateSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { DirectoryInUse } from '../../../electron/sandbox/storage/directory-lock.ts';
import { openDiskStorage } from '../../../electron/sandbox/storage/disk-storage.ts';
import type { NewObject, SandboxStorage } from '../../../electron/sandbox/storage/storage.ts';

let directory: string;

beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), 'dipper-sandbox-'));
});

afterEach(() => {
  rmSync(directory, { recursive: true, force: true });
  rmSync(`${directory}-crashed`, { recursive: true, force: true });
});

function always(): void {
  // No condition.
}

function object(key: string, text: string, options: Partial<NewObject> = {}): NewObject {
  return {
    key,
    size: Buffer.byteLength(text),
    etag: createHash('md5').update(text).digest('hex'),
    storageClass: 'STANDARD',
    facts: {
      headers: { 'content-type': 'application/json' },
      metadata: { key },
      tags: [],
      encryption: { algorithm: 'AES256', keyId: null, bucketKey: false },
      checksum: null,
    },
    body: { bytes: Buffer.from(text) },
    ...options,
  };
}

async function put(
  storage: SandboxStorage,
  key: string,
  text: string,
  options: Partial<NewObject> = {},
): Promise<void> {
  await storage.bucket('records')?.put(object(key, text, options), always);
}

/** Key to body, storage class and tags: all that the storage holds. */
async function contents(storage: SandboxStorage): Promise<Record<string, unknown>> {
  const found: Record<string, unknown> = {};
  for (const bucket of storage.buckets()) {
    for (const { key, size } of bucket.index.from(() => false)) {
      const opened = await bucket.open(key);
      if (opened === null) throw new Error(`${key} is listed and not there`);
      const chunks: Uint8Array[] = [];
      const content = opened.read(0, size);
      if (content instanceof Uint8Array) chunks.push(content);
      else for await (const chunk of content) chunks.push(chunk);
      await opened.close();
      const text = Buffer.concat(chunks).toString();
      const body = text.length > 100 ? createHash('md5').update(text).digest('hex') : text;
      found[`${bucket.name}/${key}`] = [
        body,
        opened.entry.storageClass,
        opened.facts.tags,
        opened.facts.metadata['key'],
      ];
    }
  }
  return found;
}

/** What another process would find if this one ended now. */
function crashed(): string {
  const copy = `${directory}-crashed`;
  rmSync(copy, { recursive: true, force: true });
  cpSync(directory, copy, { recursive: true, filter: (source) => basename(source) !== 'lock' });
  return copy;
}

async function reopened(from: string, notes: string[] = []): Promise<Record<string, unknown>> {
  const storage = await openDiskStorage({ directory: from, onNote: (note) => notes.push(note) });
  const found = await contents(storage);
  await storage.close();
  return found;
}

async function largeBody(storage: SandboxStorage, text: string): Promise<NewObject['body']> {
  const writer = await storage.writeBody();
  await writer.write(Buffer.from(text));
  return writer.finish();
}

it('keeps small and large objects, tags and buckets over a restart, a crash and the loss of its index', async () => {
  const storage = await openDiskStorage({ directory });
  await storage.createBucket('records');
  await storage.createBucket('empty');
  await storage.createBucket('gone');
  await storage.deleteBucket('gone');
  for (let number = 0; number < 2_000; number += 1) await put(storage, `key-${number % 1_500}`, `body ${number}`);
  for (let number = 0; number < 1_500; number += 3) await storage.bucket('records')?.delete(`key-${number}`, always);
  const large = 'large '.repeat(500_000);
  await put(storage, 'large', large, { body: await largeBody(storage, 'replaced'), size: 8 });
  await put(storage, 'large', large, { body: await largeBody(storage, large), storageClass: 'GLACIER_IR' });
  await storage
    .bucket('records')
    ?.changeFacts('large', null, (facts) => ({ ...facts, tags: [{ key: 'reviewed', value: 'yes' }] }));
  await storage
    .bucket('records')
    ?.changeFacts('key-1', null, (facts) => ({ ...facts, tags: [{ key: 'reviewed', value: 'no' }] }));
  const before = await contents(storage);
  expect(Object.keys(before)).toHaveLength(1_001);
  expect(before['records/key-1']).toEqual(['body 1501', 'STANDARD', [{ key: 'reviewed', value: 'no' }], 'key-1']);

  expect(await reopened(crashed())).toEqual(before);
  await storage.close();
  expect(await reopened(directory)).toEqual(before);
  writeFileSync(join(directory, 'index'), readFileSync(join(directory, 'index')).fill(0, 900, 910));
  expect(await reopened(directory)).toEqual(before);
  rmSync(join(directory, 'index'));
  const again = await openDiskStorage({ directory });
  expect(again.buckets().map(({ name }) => name)).toEqual(['empty', 'records']);
  await again.close();
  expect(readdirSync(join(directory, 'bodies'))).toHaveLength(1);
  expect(await reopened(directory)).toEqual(before);
});

it('cuts off the write that a sudden end left unfinished, wherever it was cut', async () => {
  const storage = await openDiskStorage({ directory });
  await storage.createBucket('records');
  await put(storage, 'a', 'first');
  const segment = join('segments', '00000001.log');
  const whole = statSync(join(directory, segment)).size;
  const before = await contents(storage);
  await put(storage, 'b', 'second');
  const end = statSync(join(directory, segment)).size;
  for (const size of [whole + 1, whole + 59, whole + 61, end - 1]) {
    const copy = crashed();
    truncateSync(join(copy, segment), size);
    const notes: string[] = [];
    expect(await reopened(copy, notes)).toEqual(before);
    expect(notes).toEqual([expect.stringContaining(`the last ${size - whole} bytes`)]);
    expect(await reopened(copy)).toEqual(before);
  }
  const zeroed = crashed();
  appendFileSync(join(zeroed, segment), Buffer.alloc(4096));
  expect(Object.keys(await reopened(zeroed))).toEqual(['records/a', 'records/b']);
  await storage.close();
});

it('lets one process at a time use a directory, and takes over from one that died', async () => {
  const storage = await openDiskStorage({ directory });
  await expect(openDiskStorage({ directory })).rejects.toThrow(DirectoryInUse);
  // The next start of a Dipper that was killed meets its sandbox, which ends a moment later.
  const next = openDiskStorage({ directory, waitMilliseconds: 30_000 });
  await storage.close();
  await (await next).close();
  writeFileSync(join(directory, 'lock'), '999999999 1');
  await (await openDiskStorage({ directory })).close();
  expect(readdirSync(directory)).not.toContain('lock');
});

it('gives back the room of what was overwritten and deleted, and still needs no index for the truth', async () => {
  const storage = await openDiskStorage({ directory });
  await storage.createBucket('records');
  await storage.createBucket('other');
  await storage.deleteBucket('other');
  const body = 'x'.repeat(900_000);
  await put(storage, 'gone', 'gone');
  await put(storage, 'kept', 'kept');
  for (let round = 0; round < 150; round += 1) {
    await put(storage, `key-${round % 4}`, `${round}${body}`);
    if (round === 100) await storage.bucket('records')?.delete('gone', always);
  }
  const before = await contents(storage);
  await storage.close();
  const compacting = await openDiskStorage({ directory });
  await put(compacting, 'meanwhile', 'meanwhile');
  await compacting.close();
  const segments = readdirSync(join(directory, 'segments')).map(
    (name) => statSync(join(directory, 'segments', name)).size,
  );
  expect(segments.reduce((sum, size) => sum + size, 0)).toBeLessThan(80_000_000);
  const expected = { ...before, 'records/meanwhile': ['meanwhile', 'STANDARD', [], 'meanwhile'] };
  expect(await reopened(directory)).toEqual(expected);
  rmSync(join(directory, 'index'));
  expect(await reopened(directory)).toEqual(expected);
});

it('writes to the disk before it answers where that is asked for', async () => {
  const storage = await openDiskStorage({ directory, fsync: true });
  await storage.createBucket('records');
  await Promise.all(Array.from({ length: 50 }, (_, at) => put(storage, `key-${at}`, String(at))));
  const before = await contents(storage);
  expect(Object.keys(before)).toHaveLength(50);
  await storage.close();
  expect(await reopened(directory)).toEqual(before);
});
