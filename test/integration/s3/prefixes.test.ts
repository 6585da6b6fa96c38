import { createHash } from 'node:crypto';
import { afterAll, afterEach, beforeAll, expect, test } from 'vitest';
import { createS3Client } from '../../../electron/engine/s3/create-s3-client.ts';
import { countObjects, listPrefixes } from '../../../electron/engine/s3/listing/prefixes.ts';
import { RequestMeter } from '../../../electron/engine/s3/request-meter.ts';
import type { S3Client } from '../../../electron/engine/s3/s3-client.ts';
import type { ObjectFacts } from '../../../electron/sandbox/storage/storage.ts';
import { startTestSandbox, targetOf, type TestSandbox } from '../support/sandbox.ts';

let sandbox: TestSandbox;
let client: S3Client;

beforeAll(async () => {
  sandbox = await startTestSandbox({ buckets: ['folders', 'objects'] });
  client = createS3Client(targetOf(sandbox));
  await fill('folders', 1_200, (at) => `in/${String(at).padStart(4, '0')} ü+%/${String(at)}.json`);
  await fill('objects', 10_001, (at) => `a/${String(at).padStart(5, '0')}.json`);
  await fill('objects', 1, () => 'a/z/last.json');
});
afterEach(() => sandbox.faults.set([]));
afterAll(async () => {
  await client.close();
  await sandbox.stop();
});

test('folders beyond a thousand come with the next page, each once; a page that fails leaves the ones before', async () => {
  const first = await listPrefixes(client, 'folders', 'in/', null, {});
  expect([first.prefixes.length, first.more, first.prefixes[3]]).toEqual([1_000, true, 'in/0003 ü+%/']);
  sandbox.faults.set([{ operation: 'ListObjectsV2', fault: { kind: 'answer', status: 403, code: 'AccessDenied' } }]);
  await expect(listPrefixes(client, 'folders', 'in/', first.next, {})).rejects.toMatchObject({
    error: { code: 'access-denied' },
  });
  sandbox.faults.set([]);
  const second = await listPrefixes(client, 'folders', 'in/', first.next, {});
  expect(new Set([...first.prefixes, ...second.prefixes]).size).toBe(1_200);
  expect(second).toMatchObject({ more: false, next: null });
});

test('a folder behind ten thousand objects is looked for so far, and then only when asked again', async () => {
  const meter = new RequestMeter();
  const first = await listPrefixes(client, 'objects', 'a/', null, { meter });
  expect(first).toMatchObject({ prefixes: [], more: true });
  expect(meter.statistics().requests).toEqual({ ListObjectsV2: 10 });
  expect(await listPrefixes(client, 'objects', 'a/', first.next, {})).toEqual({
    prefixes: ['a/z/'],
    more: false,
    next: null,
  });
});

test('objects are counted through all folders below, up to ten thousand', async () => {
  expect(await countObjects(client, 'folders', 'in/0007', {})).toEqual({ count: 1, more: false });
  expect(await countObjects(client, 'folders', 'in/', {})).toEqual({ count: 1_200, more: false });
  const meter = new RequestMeter();
  expect(await countObjects(client, 'objects', 'a/', { meter })).toEqual({ count: 10_000, more: true });
  expect(meter.statistics().requests).toEqual({ ListObjectsV2: 10 });
});

/** Empty objects, past HTTP: thousands of requests would take longer than the rest. */
async function fill(name: string, count: number, keyOf: (at: number) => string): Promise<void> {
  const bucket = sandbox.storage.bucket(name);
  if (bucket === null) throw new Error(`there is no bucket ${name}`);
  for (let at = 0; at < count; at += 1) {
    await bucket.put(
      {
        key: keyOf(at),
        size: 0,
        etag: NO_BYTES,
        storageClass: 'STANDARD',
        facts: FACTS,
        body: { bytes: Buffer.alloc(0) },
      },
      () => undefined,
    );
  }
}

const NO_BYTES = createHash('md5').digest('hex');
const FACTS: ObjectFacts = {
  headers: {},
  metadata: {},
  tags: [],
  encryption: { algorithm: 'AES256', keyId: null, bucketKey: false },
  checksum: null,
};
