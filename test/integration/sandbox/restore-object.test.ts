import {
  CopyObjectCommand,
  GetObjectCommand,
  HeadObjectCommand,
  PutObjectCommand,
  RestoreObjectCommand,
  type S3Client,
  type RestoreRequest,
} from '@aws-sdk/client-s3';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { startTestSandbox, type TestSandbox } from '../support/sandbox.ts';
import { connectSdk } from './support/connect-sdk.ts';

let sandbox: TestSandbox;
let s3: S3Client;
let time: number;

const Bucket = 'records';
const HOUR = 3_600_000;

beforeEach(async () => {
  time = Date.parse('2026-11-25T12:00:00Z');
  sandbox = await startTestSandbox({ buckets: [Bucket], clock: { now: () => time, restoreMilliseconds: 4 * HOUR } });
  s3 = connectSdk(sandbox);
});

afterEach(() => sandbox.stop());

function until(day: string): string {
  return `ongoing-request="false", expiry-date="${day} 00:00:00 GMT"`;
}

async function restore(Key: string, request: RestoreRequest): Promise<unknown> {
  return s3
    .send(new RestoreObjectCommand({ Bucket, Key, RestoreRequest: request }))
    .then(({ $metadata }) => $metadata.httpStatusCode)
    .catch((error: Error) => error.name);
}

async function state(Key: string): Promise<unknown> {
  const head = await s3.send(new HeadObjectCommand({ Bucket, Key }));
  const read = await s3
    .send(new GetObjectCommand({ Bucket, Key }))
    .then(({ Body }) => Body?.transformToString())
    .catch((error: Error) => error.name);
  return [head.Restore, read];
}

it('fetches an archived object for some days, as time goes by', async () => {
  await s3.send(new PutObjectCommand({ Bucket, Key: 'cold', Body: 'cold', StorageClass: 'GLACIER' }));
  expect(await state('cold')).toEqual([undefined, 'InvalidObjectState']);
  expect(await restore('cold', { Days: 2, GlacierJobParameters: { Tier: 'Bulk' } })).toBe(202);
  expect(await state('cold')).toEqual(['ongoing-request="true"', 'InvalidObjectState']);
  time += 3 * HOUR;
  expect(await restore('cold', { Days: 2 })).toBe('RestoreAlreadyInProgress');
  time += HOUR;
  expect(await state('cold')).toEqual([until('Sat, 28 Nov 2026'), 'cold']);
  await s3.send(new CopyObjectCommand({ Bucket, Key: 'warm', CopySource: `${Bucket}/cold` }));
  expect(await state('warm')).toEqual([undefined, 'cold']);
  expect(await restore('cold', { Days: 5 })).toBe(200);
  expect(await state('cold')).toEqual([until('Tue, 01 Dec 2026'), 'cold']);
  time = Date.parse('2026-12-01T00:00:00Z');
  expect(await state('cold')).toEqual([undefined, 'InvalidObjectState']);
  expect(await restore('cold', { Days: 1 })).toBe(202);
});

it('copies a restored object onto itself, which takes it out of the archive', async () => {
  await s3.send(new PutObjectCommand({ Bucket, Key: 'cold', Body: 'cold', StorageClass: 'DEEP_ARCHIVE' }));
  await restore('cold', { Days: 1 });
  time += 4 * HOUR;
  await s3.send(new CopyObjectCommand({ Bucket, Key: 'cold', CopySource: `${Bucket}/cold` }));
  time += 1000 * HOUR;
  expect(await state('cold')).toEqual([undefined, 'cold']);
});

it('refuses to restore what is in no archive, for no days, or faster than its archive can', async () => {
  await s3.send(new PutObjectCommand({ Bucket, Key: 'warm', Body: 'warm', StorageClass: 'GLACIER_IR' }));
  await s3.send(new PutObjectCommand({ Bucket, Key: 'deep', Body: 'deep', StorageClass: 'DEEP_ARCHIVE' }));
  expect({
    warm: await restore('warm', { Days: 1 }),
    nothing: await restore('nothing', { Days: 1 }),
    never: await restore('deep', {}),
    zero: await restore('deep', { Days: 0 }),
    fast: await restore('deep', { Days: 1, GlacierJobParameters: { Tier: 'Expedited' } }),
  }).toEqual({
    warm: 'InvalidObjectState',
    nothing: 'NoSuchKey',
    never: 'MalformedXML',
    zero: 'InvalidArgument',
    fast: 'InvalidArgument',
  });
});
