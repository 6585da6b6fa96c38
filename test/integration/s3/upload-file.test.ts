import { spawn } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import { createS3Client } from '../../../electron/engine/s3/create-s3-client.ts';
import { journalUploads } from '../../../electron/engine/s3/multipart/journalled-client.ts';
import { sweepUploads } from '../../../electron/engine/s3/multipart/sweep-uploads.ts';
import {
  uploadFile,
  type FileUploaded,
  type FileUploadOptions,
  type UploadProgress,
} from '../../../electron/engine/s3/multipart/upload-file.ts';
import { createUploadJournal } from '../../../electron/engine/s3/multipart/upload-journal.ts';
import { UPLOAD_LIMITS } from '../../../electron/engine/s3/multipart/upload-limits.ts';
import type { S3Client } from '../../../electron/engine/s3/s3-client.ts';
import { AppFailure } from '../../../shared/result.ts';
import { buildScript } from '../support/build-script.ts';
import { startTestSandbox, targetOf, type TestSandbox } from '../support/sandbox.ts';
import type { KilledUpload } from './support/killed-upload.ts';

const BUCKET = 'records';
const MIB = 1024 * 1024;
/** Two parts. */
const BODY = randomBytes(5 * MIB + 1);
const HEADERS = { contentType: 'application/json' };

let sandbox: TestSandbox;
let client: S3Client;
let folder: string;
let path: string;
let script: string;

beforeAll(async () => {
  sandbox = await startTestSandbox({ buckets: [BUCKET] });
  client = createS3Client(targetOf(sandbox), { pause: () => Promise.resolve() });
  folder = await mkdtemp(join(tmpdir(), 'dipper-upload-'));
  path = join(folder, 'body.json');
  await writeFile(path, BODY);
  script = await buildScript('test/integration/s3/support/killed-upload.ts');
});

afterEach(() => sandbox.faults.set([]));

afterAll(async () => {
  await client.close();
  await sandbox.stop();
  await rm(folder, { recursive: true });
  await rm(dirname(script), { recursive: true });
});

/** As the next start of Dipper finds things: a journal that it has not written to yet. */
function start(using: S3Client = client) {
  const journal = createUploadJournal(join(folder, 'uploads'));
  const journalled = journalUploads(using, 'test', journal);
  return {
    journal,
    client: journalled,
    sweep: (now: number) => sweepUploads(journalled, 'test', journal, now),
    upload: (key: string, options: FileUploadOptions = {}, headers = HEADERS): Promise<FileUploaded> =>
      uploadFile(
        {
          client: journalled,
          journal,
          connection: 'test',
          limits: UPLOAD_LIMITS.sandbox,
          bucket: BUCKET,
          key,
          path,
          headers,
        },
        options,
      ),
  };
}

async function unfinished(): Promise<readonly string[]> {
  const keys: string[] = [];
  for await (const page of client.listMultipartUploads(BUCKET, {})) keys.push(...page.map(({ key }) => key));
  return keys;
}

async function partsThere(key: string): Promise<number> {
  const [upload] = await start().journal.ofConnection('test');
  expect(upload?.key).toBe(key);
  return upload === undefined ? 0 : (await client.listParts(upload, {})).length;
}

async function expectWhole(key: string, body: Uint8Array = BODY): Promise<void> {
  const found = await client.getObject(BUCKET, key, {});
  expect(Buffer.compare(found.body, body)).toBe(0);
  expect(found.head.contentType).toBe('application/json');
  expect(await unfinished()).toEqual([]);
  expect(await start().journal.ofConnection('test')).toEqual([]);
}

async function codeOf(work: Promise<unknown>): Promise<string> {
  return work.then(
    () => 'done',
    (failure: unknown) => (failure instanceof AppFailure ? failure.error.code : String(failure)),
  );
}

async function uploadAndDie(key: string, killAt: KilledUpload['killAt']): Promise<void> {
  const asked: KilledUpload = {
    target: targetOf(sandbox),
    journal: join(folder, 'uploads'),
    bucket: BUCKET,
    key,
    path,
    killAt,
  };
  const child = spawn(process.execPath, [script, JSON.stringify(asked)], { stdio: ['ignore', 'ignore', 'inherit'] });
  expect(await once(child, 'exit')).toEqual([null, 'SIGKILL']);
}

test('a file is uploaded in parts, and how far it is, is told by bytes', async () => {
  const seen: UploadProgress[] = [];
  const uploaded = await start().upload('whole', { onProgress: (progress) => seen.push(progress) });
  expect(uploaded).toMatchObject({ size: BODY.byteLength, resumed: 0 });
  expect(seen.map(({ done }) => done)).toEqual(seen.map(({ done }) => done).toSorted((a, b) => a - b));
  expect(seen.at(0)).toEqual({ done: 0, total: BODY.byteLength });
  expect(seen.at(-1)).toEqual({ done: BODY.byteLength, total: BODY.byteLength });
  await expectWhole('whole');
});

describe('an upload whose process is killed', () => {
  test.each<KilledUpload['killAt']>(['begun', 1, 2, 'completed'])(
    '(%s) is gone on with: nothing is sent twice, and nothing is left behind',
    async (killAt) => {
      const key = `killed-${killAt}`;
      await uploadAndDie(key, killAt);
      const there = killAt === 'completed' ? 2 : await partsThere(key);
      if (typeof killAt === 'number') expect(there).toBeGreaterThanOrEqual(killAt);
      let sent = 0;
      const counting: S3Client = {
        ...client,
        uploadPart: (...call) => {
          sent += 1;
          return client.uploadPart(...call);
        },
      };
      const { resumed } = await start(counting).upload(key);
      expect(sent).toBe(2 - there);
      expect(resumed > 0).toBe(there > 0);
      await expectWhole(key);
    },
  );

  test('begins anew where the file or what is said of the object has changed since', async () => {
    await uploadAndDie('changed', 1);
    const { resumed } = await start().upload('changed', {}, { ...HEADERS, contentType: 'application/x-ndjson' });
    expect([resumed, await unfinished()]).toEqual([0, []]);
    await uploadAndDie('changed', 1);
    const other = randomBytes(BODY.byteLength);
    await writeFile(path, other);
    try {
      expect((await start().upload('changed')).resumed).toBe(0);
      await expectWhole('changed', other);
    } finally {
      await writeFile(path, BODY);
    }
  });
});

describe('an upload that fails', () => {
  test('for a while is kept, and the next try goes on with it', async () => {
    sandbox.faults.set([{ operation: 'UploadPart', skip: 1, fault: { kind: 'reset', at: 'request-body' } }]);
    const { upload } = start();
    expect(await codeOf(upload('later'))).toBe('connection-lost');
    expect(await unfinished()).toEqual(['later']);
    sandbox.faults.set([]);
    expect((await upload('later')).resumed).toBeGreaterThan(0);
    await expectWhole('later');
  });

  test('for good leaves nothing behind', async () => {
    const { upload, journal } = start();
    sandbox.faults.set([
      { operation: 'UploadPart', skip: 1, fault: { kind: 'answer', status: 403, code: 'AccessDenied' } },
    ]);
    expect(await codeOf(upload('refused'))).toBe('access-denied');
    sandbox.faults.set([]);
    expect(await codeOf(upload('whole', { ifNoneMatch: '*' }))).toBe('record-exists');
    expect(await unfinished()).toEqual([]);
    expect(await journal.ofConnection('test')).toEqual([]);
  });

  test('is not begun a second time while it is under way', async () => {
    const { upload } = start();
    expect(await Promise.all([codeOf(upload('twice')), codeOf(upload('twice'))])).toEqual([
      'done',
      'invalid-arguments',
    ]);
    await expectWhole('twice');
  });
});

test('a start ends the uploads that earlier runs left, of those only ours, and not what can be gone on with yet', async () => {
  const earlier = start();
  await earlier.client.createMultipartUpload(BUCKET, 'orphan', {});
  await client.createMultipartUpload(BUCKET, 'foreign', {});
  await uploadAndDie('resumable', 1);
  const now = start();
  await now.client.createMultipartUpload(BUCKET, 'of-this-run', {});
  await now.sweep(Date.now());
  expect(await unfinished()).toEqual(['foreign', 'of-this-run', 'resumable']);
  const later = start();
  await later.sweep(Date.now() + 8 * 24 * 60 * 60 * 1000);
  expect(await unfinished()).toEqual(['foreign']);
  expect(await later.journal.ofConnection('test')).toEqual([]);
});
