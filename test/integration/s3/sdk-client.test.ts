import {
  AbortMultipartUploadCommand,
  CreateMultipartUploadCommand,
  GetBucketVersioningCommand,
  GetObjectCommand,
  ListMultipartUploadsCommand,
  PutBucketVersioningCommand,
  PutObjectCommand,
} from '@aws-sdk/client-s3';
import { getSignedUrl } from '@aws-sdk/s3-request-presigner';
import { afterAll, expect, test } from 'vitest';
import { createS3Client } from '../../../electron/engine/s3/create-s3-client.ts';
import { RequestMeter } from '../../../electron/engine/s3/request-meter.ts';
import { startTestSandbox, targetOf } from '../support/sandbox.ts';

const sandbox = await startTestSandbox({ buckets: ['records'] });
const client = createS3Client(targetOf(sandbox), { random: () => 0 });
afterAll(async () => {
  await client.close();
  await sandbox.stop();
});

const KEY = 'a//b/../ä +%.json';

test('a command of the SDK writes what the fast lane reads, and the reverse, under the same odd key', async () => {
  const meter = new RequestMeter();
  const sdk = await client.sdkClient({ meter });
  await sdk.send(
    new PutObjectCommand({
      Bucket: 'records',
      Key: KEY,
      Body: '{"a":1}',
      ContentType: 'application/json',
      Metadata: { owner: 'archive' },
      Tagging: 'reviewed=yes',
    }),
  );
  const { head, body } = await client.getObject('records', KEY, {});
  expect([Buffer.from(body).toString(), head.contentType, head.userMetadata, head.tagCount]).toEqual([
    '{"a":1}',
    'application/json',
    [{ key: 'owner', value: 'archive' }],
    1,
  ]);
  const found = await sdk.send(new GetObjectCommand({ Bucket: 'records', Key: KEY }));
  expect(await found.Body?.transformToString()).toBe('{"a":1}');
  await sdk.send(
    new PutBucketVersioningCommand({ Bucket: 'records', VersioningConfiguration: { Status: 'Suspended' } }),
  );
  expect((await sdk.send(new GetBucketVersioningCommand({ Bucket: 'records' }))).Status).toBe('Suspended');
  expect(meter.statistics().requests).toEqual({
    PutObject: 1,
    GetObject: 1,
    PutBucketVersioning: 1,
    GetBucketVersioning: 1,
  });
});

test('a refused command fails with the words of the fast lane', async () => {
  const sdk = await client.sdkClient({});
  await client.putObject('records', 'there.json', Buffer.from('{}'), {});
  await expect(sdk.send(new GetObjectCommand({ Bucket: 'records', Key: 'gone.json' }))).rejects.toMatchObject({
    error: { code: 'record-not-found', detail: { operation: 'GetObject', key: 'gone.json' } },
  });
  const create = new PutObjectCommand({ Bucket: 'records', Key: 'there.json', Body: '{}', IfNoneMatch: '*' });
  await expect(sdk.send(create)).rejects.toThrow(
    'There is already an object "there.json" in bucket "records". Choose another id, or open it.',
  );
});

test('a call that is stopped can still take back the upload that it began', async () => {
  const stopping = new AbortController();
  const sdk = await client.sdkClient({ signal: stopping.signal });
  const place = { Bucket: 'records', Key: 'large.json' };
  const { UploadId } = await sdk.send(new CreateMultipartUploadCommand(place));
  stopping.abort();
  await expect(sdk.send(new CreateMultipartUploadCommand(place))).rejects.toMatchObject({
    error: { code: 'aborted' },
  });
  await sdk.send(new AbortMultipartUploadCommand({ ...place, UploadId }));
  const other = await client.sdkClient({});
  expect((await other.send(new ListMultipartUploadsCommand({ Bucket: 'records' }))).Uploads ?? []).toEqual([]);
});

test('a presigned address opens the object without keys', async () => {
  await client.putObject('records', 'shared.json', Buffer.from('{"b":2}'), {});
  const sdk = await client.sdkClient({});
  const address = await getSignedUrl(sdk, new GetObjectCommand({ Bucket: 'records', Key: 'shared.json' }));
  expect(await (await fetch(address)).text()).toBe('{"b":2}');
});
