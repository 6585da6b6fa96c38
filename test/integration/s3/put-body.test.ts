import { createHash, randomBytes } from 'node:crypto';
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import { createS3Client } from '../../../electron/engine/s3/create-s3-client.ts';
import { putBody } from '../../../electron/engine/s3/multipart/put-body.ts';
import type { S3Client } from '../../../electron/engine/s3/s3-client.ts';
import { WriteInDoubt } from '../../../electron/engine/s3/write-in-doubt.ts';
import type { Fault, FaultRule } from '../../../electron/sandbox/faults/fault-rules.ts';
import { AppFailure } from '../../../shared/result.ts';
import { startTestSandbox, targetOf, type TestSandbox } from '../support/sandbox.ts';

const BUCKET = 'records';
const MIB = 1024 * 1024;
/** Two parts. */
const BODY = randomBytes(5 * MIB + 1);

let sandbox: TestSandbox;
let client: S3Client;

beforeAll(async () => {
  sandbox = await startTestSandbox({ buckets: [BUCKET] });
  client = createS3Client(targetOf(sandbox), { pause: () => Promise.resolve() });
});

afterEach(async () => {
  sandbox.faults.set([]);
  expect(await unfinished()).toEqual([]);
});

afterAll(async () => {
  await client.close();
  await sandbox.stop();
});

async function unfinished(): Promise<readonly string[]> {
  const keys: string[] = [];
  for await (const page of client.listMultipartUploads(BUCKET, {})) keys.push(...page.map(({ key }) => key));
  return keys;
}

async function codeOf(work: Promise<unknown>): Promise<string> {
  return work.then(
    () => 'done',
    (failure: unknown) => (failure instanceof AppFailure ? failure.error.code : String(failure)),
  );
}

function md5(...parts: readonly Uint8Array[]): Buffer {
  return createHash('md5').update(Buffer.concat(parts)).digest();
}

test('a large body goes in parts, with all that a PUT says of an object, and comes back byte by byte', async () => {
  const headers = {
    contentType: 'application/json',
    contentEncoding: 'identity',
    userMetadata: [{ key: 'colour', value: 'blau ü' }],
    tags: [{ key: 'reviewed', value: 'yes + no' }],
    storageClass: 'STANDARD_IA',
  };
  const parts = [BODY.subarray(0, 5 * MIB), randomBytes(5 * MIB), Buffer.from('the end')];
  const whole = Buffer.concat(parts);
  const written = await putBody(client, BUCKET, 'a//ü +.json', whole, { headers });
  expect(written.etag).toBe(`"${md5(...parts.map((part) => md5(part))).toString('hex')}-3"`);
  const { head, body } = await client.getObject(BUCKET, 'a//ü +.json', {});
  expect(Buffer.compare(body, whole)).toBe(0);
  const { tags, ...kept } = headers;
  expect(head).toMatchObject({ ...kept, etag: written.etag, tagCount: 1 });
  expect(await client.getObjectTagging(BUCKET, 'a//ü +.json', {})).toEqual(tags);
});

test('its conditions are those of a PUT', async () => {
  const { etag } = await putBody(client, BUCKET, 'condition', BODY, { ifNoneMatch: '*' });
  expect(await codeOf(putBody(client, BUCKET, 'condition', BODY, { ifNoneMatch: '*' }))).toBe('record-exists');
  const other = Buffer.concat([BODY, Buffer.from('!')]);
  const changed = await putBody(client, BUCKET, 'condition', other, { ifMatch: etag });
  expect(await codeOf(putBody(client, BUCKET, 'condition', BODY, { ifMatch: etag }))).toBe('record-changed');
  expect(await client.headObject(BUCKET, 'condition', {})).toMatchObject({
    etag: changed.etag,
    size: other.byteLength,
  });
});

describe('an upload whose answers are lost', () => {
  test.each<[string, Fault]>([
    ['done, and the answer lost', { kind: 'reset', at: 'before-answer' }],
    ['not done, and the connection lost', { kind: 'reset', at: 'request-body' }],
    ['done, but 500', { kind: 'answer', status: 500, code: 'InternalError', done: true }],
    ['not done, and an error in an answer of 200', { kind: 'answer', status: 200, code: 'InternalError' }],
  ])('is completed once: %s', async (name, fault) => {
    sandbox.faults.set([{ operation: 'CompleteMultipartUpload', times: 1, fault }]);
    const written = await putBody(client, BUCKET, name, BODY, { ifNoneMatch: '*' });
    expect(sandbox.faults.hits).toEqual([1]);
    const { head, body } = await client.getObject(BUCKET, name, {});
    expect(Buffer.compare(body, BODY)).toBe(0);
    expect(head.etag).toBe(written.etag);
  });

  test('and stays open after three tries is in doubt, as a PUT is', async () => {
    sandbox.faults.set([{ operation: 'CompleteMultipartUpload', fault: { kind: 'reset', at: 'request-body' } }]);
    await expect(putBody(client, BUCKET, 'doubt', BODY, {})).rejects.toBeInstanceOf(WriteInDoubt);
  });

  test('sends parts again that did not arrive', async () => {
    sandbox.faults.set([
      { operation: 'UploadPart', skip: 1, times: 1, fault: { kind: 'reset', at: 'request-body' } },
      { operation: 'UploadPart', skip: 2, times: 1, fault: { kind: 'answer', status: 503, code: 'SlowDown' } },
    ]);
    await putBody(client, BUCKET, 'again', BODY, {});
    expect(sandbox.faults.hits).toEqual([1, 1]);
    expect(Buffer.compare((await client.getObject(BUCKET, 'again', {})).body, BODY)).toBe(0);
  });
});

describe('an upload that cannot be completed leaves nothing behind', () => {
  test.each<[string, FaultRule, string]>([
    [
      'a part that the server refuses',
      {
        operation: 'UploadPart',
        skip: 1,
        times: 1,
        fault: { kind: 'answer', status: 403, code: 'AccessDenied' },
      },
      'access-denied',
    ],
    [
      'connections that break again and again',
      { operation: 'UploadPart', fault: { kind: 'reset', at: 'request-body' } },
      'connection-lost',
    ],
    [
      'a refusal in an answer of 200',
      { operation: 'CompleteMultipartUpload', fault: { kind: 'answer', status: 200, code: 'AccessDenied' } },
      'access-denied',
    ],
  ])('%s', async (name, rule, code) => {
    sandbox.faults.set([rule]);
    expect(await codeOf(putBody(client, BUCKET, name, BODY, {}))).toBe(code);
    expect(await codeOf(client.headObject(BUCKET, name, {}))).toBe('record-not-found');
  });

  test('a stop in the middle', async () => {
    const stop = new AbortController();
    const stopping: S3Client = {
      ...client,
      uploadPart: async (...call) => {
        const etag = await client.uploadPart(...call);
        stop.abort();
        return etag;
      },
    };
    expect(await codeOf(putBody(stopping, BUCKET, 'stopped', BODY, { signal: stop.signal }))).toBe('aborted');
  });
});
