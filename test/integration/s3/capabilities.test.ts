import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { ListObjectVersionsCommand } from '@aws-sdk/client-s3';
import { afterAll, afterEach, expect, test } from 'vitest';
import { createRecordStore } from '../../../electron/engine/records/record-store.ts';
import { uploadRecord } from '../../../electron/engine/records/record-files.ts';
import { journalUploads } from '../../../electron/engine/s3/multipart/journalled-client.ts';
import { createUploadJournal } from '../../../electron/engine/s3/multipart/upload-journal.ts';
import { UNCHECKED_DELETE, UNCHECKED_WRITE, weakerWrites } from '../../../electron/engine/s3/unchecked-conditions.ts';
import { createS3Client } from '../../../electron/engine/s3/create-s3-client.ts';
import { RequestMeter } from '../../../electron/engine/s3/request-meter.ts';
import type { S3Client } from '../../../electron/engine/s3/s3-client.ts';
import type { WeakerWrites } from '../../../shared/record.ts';
import type { FileToUpload } from '../../../shared/upload.ts';
import { collectionOf, editOf, signal } from '../records/record-harness.ts';
import { startTestSandbox, targetOf } from '../support/sandbox.ts';
import { startCarelessServer } from './careless-server.ts';

const sandbox = await startTestSandbox({ buckets: ['records', 'versions', 'test'] });
await sandbox.storage.bucket('versions')?.setVersioning('enabled');
const careless = await startCarelessServer(sandbox);
const cleanUps: (() => Promise<void>)[] = [];
afterEach(async () => {
  sandbox.faults.set([]);
  for (const cleanUp of cleanUps.splice(0).toReversed()) await cleanUp();
});
afterAll(async () => {
  await careless.stop();
  await sandbox.stop();
});

/** Of a server that nothing is known of. */
function connect(endpoint = sandbox.endpoint): S3Client {
  const { capabilities: _, ...target } = targetOf(sandbox);
  const client = createS3Client({ ...target, endpoint });
  cleanUps.push(() => client.close());
  return client;
}

/** Objects, versions and delete markers. */
async function remains(bucket: string): Promise<readonly unknown[]> {
  const sdk = await connect().sdkClient({});
  const { Versions = [], DeleteMarkers = [] } = await sdk.send(new ListObjectVersionsCommand({ Bucket: bucket }));
  return [...Versions, ...DeleteMarkers];
}

test('what a server can do is tried out once a bucket, and nothing is left of it', async () => {
  const client = connect();
  const meter = new RequestMeter();
  const [one, other] = await Promise.all([
    client.capabilities('records', 'movies/a.json', { meter }),
    client.capabilities('records', 'movies/b.json', { meter }),
  ]);
  const known = {
    conditionalCreate: true,
    conditionalReplace: true,
    conditionalCopy: true,
    conditionalDelete: true,
    bulkDelete: true,
    conditionalBulkDelete: true,
    tags: true,
    checksums: true,
    versions: false,
    storageClasses: true,
  };
  expect(one).toEqual(known);
  expect(other).toBe(one);
  expect(await client.capabilities('versions', 'a.json', {})).toEqual({ ...known, versions: true });
  expect(await remains('records')).toEqual([]);
  expect(await remains('versions')).toEqual([]);
});

test('a server that takes conditions and writes all the same is found out, and nothing is left there either', async () => {
  const client = connect(careless.endpoint);
  for (const bucket of ['records', 'versions']) {
    expect(await client.capabilities(bucket, 'a.json', {})).toMatchObject({
      conditionalCreate: false,
      conditionalReplace: false,
      conditionalCopy: false,
      conditionalDelete: false,
      bulkDelete: true,
      conditionalBulkDelete: false,
      tags: true,
    });
    expect(await remains(bucket)).toEqual([]);
  }
});

test('keys that may not write leave it open, and a server that fails for a moment is asked again', async () => {
  const client = connect();
  sandbox.faults.set([{ operation: 'PutObject', fault: { kind: 'answer', status: 403, code: 'AccessDenied' } }]);
  expect(Object.values(await client.capabilities('records', 'a.json', {}))).toEqual(
    Array.from({ length: 10 }, () => null),
  );
  sandbox.faults.set([
    { operation: 'PutObject', times: 1, fault: { kind: 'answer', status: 500, code: 'InternalError' } },
  ]);
  await expect(client.capabilities('test', 'a.json', {})).rejects.toMatchObject({ error: { code: 'server-error' } });
  expect(await client.capabilities('test', 'a.json', {})).toMatchObject({ conditionalCreate: true });
});

test('on a server that does not check conditions a record is looked at before each write, which says what that is worth', async () => {
  const store = createRecordStore(connect(careless.endpoint), collectionOf('plain'));
  const record = { collection: 'c', id: 'a', record: '{"n": 1}' };
  const { answer } = await store.create(record, signal);
  expect(answer.notes).toEqual([UNCHECKED_WRITE]);
  await expect(store.create(record, signal)).rejects.toMatchObject({ error: { code: 'record-exists' } });
  const updated = await store.update({ collection: 'c', ...answer, change: editOf('n', '2') }, signal);
  expect(updated.answer.notes).toEqual([UNCHECKED_WRITE]);
  await expect(store.delete('a.json', answer.etag, signal)).rejects.toMatchObject({
    error: { code: 'record-changed' },
  });
  expect((await store.delete('a.json', updated.answer.etag, signal)).notes).toEqual([UNCHECKED_DELETE]);
});

test('nor does a file there take the place of what it was not to replace', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'dipper-careless-'));
  cleanUps.push(() => rm(folder, { recursive: true }));
  const path = join(folder, 'body.json');
  await writeFile(path, '{"from": "the file"}');
  const journal = createUploadJournal(join(folder, 'uploads'));
  const client = journalUploads(connect(careless.endpoint), 'careless', journal);
  const collection = collectionOf('plain');
  const upload = (ifExists: FileToUpload['ifExists']): ReturnType<typeof uploadRecord> =>
    uploadRecord(
      client,
      journal,
      { collection, connection: { id: 'careless', kind: 'custom' } },
      { collection: collection.id, id: 'there', path, ifExists },
      { signal, onProgress: () => undefined },
    );
  const { etag } = await client.putObject('records', 'there.json', Buffer.from('{}'), {});
  await expect(upload('fail')).rejects.toMatchObject({ error: { code: 'record-exists' } });
  expect((await client.headObject('records', 'there.json', {})).etag).toBe(etag);
  expect((await upload('replace')).notes).toEqual([UNCHECKED_WRITE]);
  expect(Buffer.from((await client.getObject('records', 'there.json', {})).body).toString()).toBe(
    '{"from": "the file"}',
  );
});

function saidBefore(verb: string): unknown {
  return expect.stringContaining(`does not check conditions when it ${verb}: Dipper looks at an object right before`);
}

async function weakerOf(client: S3Client): Promise<WeakerWrites> {
  return weakerWrites(await client.capabilities('records', 'a.json', {}));
}

test('what is to be said before a write is what its server does not check, and nothing where nobody knows', async () => {
  expect(await weakerOf(connect(careless.endpoint))).toEqual({
    create: saidBefore('writes'),
    update: saidBefore('writes'),
    delete: saidBefore('deletes'),
    tags: null,
  });
  const nothing = { create: null, update: null, delete: null, tags: null };
  expect(await weakerOf(connect())).toEqual(nothing);
  sandbox.faults.set([{ operation: 'PutObject', fault: { kind: 'answer', status: 403, code: 'AccessDenied' } }]);
  expect(await weakerOf(connect())).toEqual(nothing);
});
