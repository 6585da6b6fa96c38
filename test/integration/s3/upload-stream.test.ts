import { randomBytes } from 'node:crypto';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import { createS3Client } from '../../../electron/engine/s3/create-s3-client.ts';
import { journalUploads } from '../../../electron/engine/s3/multipart/journalled-client.ts';
import { createUploadJournal, type UploadJournal } from '../../../electron/engine/s3/multipart/upload-journal.ts';
import { uploadStream } from '../../../electron/engine/s3/multipart/upload-stream.ts';
import type { S3Client } from '../../../electron/engine/s3/s3-client.ts';
import type { FaultRule } from '../../../electron/sandbox/faults/fault-rules.ts';
import { AppFailure } from '../../../shared/result.ts';
import { startTestSandbox, targetOf, type TestSandbox } from '../support/sandbox.ts';

const BUCKET = 'records';
const MIB = 1024 * 1024;
/** Three parts. */
const BODY = randomBytes(11 * MIB);

let sandbox: TestSandbox;
let client: S3Client;
let journal: UploadJournal;
let folder: string;

beforeAll(async () => {
  sandbox = await startTestSandbox({ buckets: [BUCKET] });
  folder = await mkdtemp(join(tmpdir(), 'dipper-stream-'));
  journal = createUploadJournal(folder);
  client = journalUploads(createS3Client(targetOf(sandbox), { pause: () => Promise.resolve() }), 'test', journal);
});

/** However an upload ended, nothing is left behind. */
afterEach(async () => {
  sandbox.faults.set([]);
  for await (const page of client.listMultipartUploads(BUCKET, {})) expect(page).toEqual([]);
  expect(await journal.ofConnection('test')).toEqual([]);
});

afterAll(async () => {
  await client.close();
  await sandbox.stop();
  await rm(folder, { recursive: true });
});

async function* piecesOf(body: Uint8Array): AsyncGenerator<Uint8Array, void, undefined> {
  for (let from = 0; from < body.byteLength; from += MIB) {
    yield await Promise.resolve(body.subarray(from, from + MIB));
  }
}

async function* broken(): AsyncGenerator<Uint8Array, void, undefined> {
  yield* piecesOf(BODY);
  throw new Error('the source broke');
}

async function codeOf(work: Promise<unknown>): Promise<string> {
  return work.then(
    () => 'done',
    (failure: unknown) => (failure instanceof AppFailure ? failure.error.code : String(failure)),
  );
}

describe('a stream', () => {
  test('of any length is written with all that a PUT says of an object', async () => {
    const headers = {
      contentType: 'application/json',
      cacheControl: 'no-cache',
      userMetadata: [{ key: 'colour', value: 'blau ü' }],
      tags: [{ key: 'reviewed', value: 'yes + no' }],
      storageClass: 'STANDARD_IA',
    };
    const { tags, ...kept } = headers;
    for (const body of [BODY, BODY.subarray(0, 1000)]) {
      const key = `of ${body.byteLength}`;
      const progress: number[] = [];
      const written = await uploadStream(client, BUCKET, key, piecesOf(body), {
        headers,
        onProgress: (bytes) => progress.push(bytes),
      });
      const found = await client.getObject(BUCKET, key, {});
      expect(Buffer.compare(found.body, body)).toBe(0);
      expect(found.head).toMatchObject({ ...kept, etag: written.etag });
      expect(await client.getObjectTagging(BUCKET, key, {})).toEqual(tags);
      expect(progress.at(-1)).toBe(body.byteLength);
    }
  });

  test('replaces nothing that it is not to replace', async () => {
    await client.putObject(BUCKET, 'there', Buffer.from('{}'), {});
    for (const body of [BODY, BODY.subarray(0, 1000)]) {
      const options = { ifNoneMatch: '*' as const };
      expect(await codeOf(uploadStream(client, BUCKET, 'there', piecesOf(body), options))).toBe('record-exists');
    }
  });

  test('whose last answer is lost was written', async () => {
    sandbox.faults.set([
      { operation: 'CompleteMultipartUpload', fault: { kind: 'reset', at: 'before-answer' } },
      { operation: 'PutObject', fault: { kind: 'reset', at: 'before-answer' } },
    ]);
    for (const body of [BODY, BODY.subarray(0, 1000)]) {
      await uploadStream(client, BUCKET, `lost ${body.byteLength}`, piecesOf(body), {});
    }
    expect(sandbox.faults.hits).toEqual([1, 1]);
  });
});

describe('nothing is left behind by a stream', () => {
  test('that is stopped, also while it waits for more', async () => {
    const stop = new AbortController();
    async function* waiting(): AsyncGenerator<Uint8Array, void, undefined> {
      yield* piecesOf(BODY);
      stop.abort();
      await new Promise(() => undefined);
    }
    expect(await codeOf(uploadStream(client, BUCKET, 'stopped', waiting(), { signal: stop.signal }))).toBe('aborted');
  });

  test('that fails itself, with its own error', async () => {
    expect(await codeOf(uploadStream(client, BUCKET, 'broken', broken(), {}))).toBe('Error: the source broke');
  });

  test.each<[string, FaultRule, string]>([
    [
      'a part of which the server refuses',
      { operation: 'UploadPart', skip: 1, times: 1, fault: { kind: 'answer', status: 403, code: 'AccessDenied' } },
      'access-denied',
    ],
    [
      'whose connections break again and again',
      { operation: 'UploadPart', fault: { kind: 'reset', at: 'request-body' } },
      'connection-lost',
    ],
  ])('%s, and it is read no further', async (name, rule, code) => {
    sandbox.faults.set([rule]);
    let read = 0;
    async function* endless(): AsyncGenerator<Uint8Array, void, undefined> {
      for (; read < 500; read += 1) yield await Promise.resolve(BODY.subarray(0, MIB));
    }
    expect(await codeOf(uploadStream(client, BUCKET, name, endless(), {}))).toBe(code);
    expect(read).toBeLessThan(100);
  });
});
