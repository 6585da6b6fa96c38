import { randomBytes } from 'node:crypto';
import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { createS3Client } from '../../../electron/engine/s3/create-s3-client.ts';
import { downloadObject, type DownloadProgress } from '../../../electron/engine/s3/download/download-object.ts';
import { putBody } from '../../../electron/engine/s3/multipart/put-body.ts';
import type { UploadedPart } from '../../../electron/engine/s3/multipart/multipart-verbs.ts';
import type { S3Client } from '../../../electron/engine/s3/s3-client.ts';
import { AppFailure } from '../../../shared/result.ts';
import { startTestSandbox, targetOf, type TestSandbox } from '../support/sandbox.ts';

const BUCKET = 'records';
const MIB = 1024 * 1024;
/** Three ranges. */
const BODY = randomBytes(17 * MIB);

let sandbox: TestSandbox;
let client: S3Client;
let folder: string;
let path: string;

beforeAll(async () => {
  sandbox = await startTestSandbox({ buckets: [BUCKET] });
  client = createS3Client(targetOf(sandbox), { pause: () => Promise.resolve() });
  folder = await mkdtemp(join(tmpdir(), 'dipper-download-'));
  path = join(folder, 'body.json');
  await client.putObject(BUCKET, 'at-once', BODY, {});
  await putBody(client, BUCKET, 'in-parts', BODY, {});
  await client.putObject(BUCKET, 'empty', Buffer.alloc(0), {});
  await putUneven('uneven', [5, 7, 5]);
});

beforeEach(async () => {
  sandbox.faults.set([]);
  await writeFile(path, 'what was there before');
});

afterAll(async () => {
  await client.close();
  await sandbox.stop();
  await rm(folder, { recursive: true });
});

async function putUneven(key: string, mebibytes: readonly number[]): Promise<void> {
  const uploadId = await client.createMultipartUpload(BUCKET, key, {});
  const upload = { bucket: BUCKET, key, uploadId };
  const parts: UploadedPart[] = [];
  let from = 0;
  for (const size of mebibytes) {
    const number = parts.length + 1;
    const etag = await client.uploadPart(upload, number, BODY.subarray(from, from + size * MIB), {});
    parts.push({ number, etag });
    from += size * MIB;
  }
  await client.completeMultipartUpload(upload, parts, {});
}

async function codeOf(work: Promise<unknown>): Promise<string> {
  return work.then(
    () => 'done',
    (failure: unknown) => (failure instanceof AppFailure ? failure.error.code : String(failure)),
  );
}

/** The file is as it was, and nothing lies beside it. */
async function expectUntouched(): Promise<void> {
  expect([await readdir(folder), await readFile(path, 'utf8')]).toEqual([['body.json'], 'what was there before']);
}

describe('an object of any size', () => {
  test.each([
    ['at-once', BODY],
    ['in-parts', BODY],
    ['uneven', BODY],
    ['empty', Buffer.alloc(0)],
  ])('comes whole, is compared with its ETag, and then takes the place of the file: %s', async (key, body) => {
    const seen: DownloadProgress[] = [];
    const { verified, head } = await downloadObject(client, BUCKET, key, path, {
      onProgress: (progress) => seen.push(progress),
    });
    expect([verified, head.size]).toEqual(['etag', body.byteLength]);
    expect(Buffer.compare(await readFile(path), body)).toBe(0);
    expect(await readdir(folder)).toEqual(['body.json']);
    expect(seen.at(-1)).toEqual({ done: body.byteLength, total: body.byteLength });
  });

  test('comes whole over connections that break in the middle', async () => {
    sandbox.faults.set([{ operation: 'GetObject', times: 2, fault: { kind: 'reset', at: 'answer-body' } }]);
    await downloadObject(client, BUCKET, 'at-once', path, {});
    expect(sandbox.faults.hits).toEqual([2]);
    expect(Buffer.compare(await readFile(path), BODY)).toBe(0);
  });
});

describe('a download that fails leaves the file as it was', () => {
  test('where the object is replaced in the middle', async () => {
    await client.putObject(BUCKET, 'replaced', BODY, {});
    let ranges = 0;
    const replacing: S3Client = {
      ...client,
      getObject: async (...call) => {
        ranges += 1;
        if (ranges === 3) await client.putObject(BUCKET, 'replaced', randomBytes(BODY.byteLength), {});
        return await client.getObject(...call);
      },
    };
    expect(await codeOf(downloadObject(replacing, BUCKET, 'replaced', path, {}))).toBe('record-changed');
    await expectUntouched();
  });

  test('where a byte of it is another one', async () => {
    const flipping: S3Client = {
      ...client,
      getObject: async (...call) => {
        const found = await client.getObject(...call);
        const body = Buffer.from(found.body);
        body[17] = (body[17] ?? 0) ^ 1;
        return { ...found, body };
      },
    };
    for (const key of ['at-once', 'in-parts', 'uneven']) {
      expect(await codeOf(downloadObject(flipping, BUCKET, key, path, {}))).toBe('connection-lost');
    }
    await expectUntouched();
  });

  test('where it is stopped', async () => {
    const stop = new AbortController();
    const onProgress = ({ done }: DownloadProgress): void => {
      if (done > 0) stop.abort();
    };
    const { signal } = stop;
    expect(await codeOf(downloadObject(client, BUCKET, 'at-once', path, { signal, onProgress }))).toBe('aborted');
    await expectUntouched();
  });

  test('where the folder is none, and where the object is not there', async () => {
    const nowhere = join(folder, 'nowhere', 'body.json');
    expect(await codeOf(downloadObject(client, BUCKET, 'at-once', nowhere, {}))).toBe('invalid-arguments');
    expect(await codeOf(downloadObject(client, BUCKET, 'missing', path, {}))).toBe('record-not-found');
    await expectUntouched();
  });
});
