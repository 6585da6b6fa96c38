import {
  CreateBucketCommand,
  DeleteBucketCommand,
  DeleteObjectCommand,
  DeleteObjectTaggingCommand,
  GetObjectCommand,
  GetObjectTaggingCommand,
  HeadObjectCommand,
  ListBucketsCommand,
  ListObjectsV2Command,
  PutObjectCommand,
  PutObjectTaggingCommand,
  type S3Client,
  type S3ClientConfig,
} from '@aws-sdk/client-s3';
import { createHash } from 'node:crypto';
import { Readable } from 'node:stream';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { startTestSandbox, type TestSandbox } from '../support/sandbox.ts';
import { connectSdk } from './support/connect-sdk.ts';

let sandbox: TestSandbox;

beforeEach(async () => {
  sandbox = await startTestSandbox({ buckets: ['records'] });
});

afterEach(async () => {
  await sandbox.stop();
});

function md5(bytes: Uint8Array | readonly number[]): string {
  return createHash('md5').update(Uint8Array.from(bytes)).digest('hex');
}

function connect(options: Partial<S3ClientConfig> = {}): S3Client {
  return connectSdk(sandbox, options);
}

describe.each(['WHEN_SUPPORTED', 'WHEN_REQUIRED'] as const)('an AWS SDK client with checksums %s', (checksums) => {
  const client = (): S3Client =>
    connect({ requestChecksumCalculation: checksums, responseChecksumValidation: checksums });

  it('writes an object with everything S3 keeps beside the body and reads it back', async () => {
    const s3 = client();
    const put = await s3.send(
      new PutObjectCommand({
        Bucket: 'records',
        Key: 'a b+c/%/ü/😀//..',
        Body: '{"name": "ü"}',
        ContentType: 'application/json',
        ContentEncoding: 'identity',
        CacheControl: 'max-age=60',
        ContentLanguage: 'de',
        ContentDisposition: 'attachment; filename="a.json"',
        Metadata: { source: 'catalogue', odd: '=?UTF-8?Q?sch=C3=B6n?=' },
        Tagging: 'reviewed=yes&place=a%2Bb%20c',
        StorageClass: 'GLACIER_IR',
        ServerSideEncryption: 'aws:kms',
        SSEKMSKeyId: 'key-1',
      }),
    );
    const got = await s3.send(new GetObjectCommand({ Bucket: 'records', Key: 'a b+c/%/ü/😀//..' }));
    const tags = await s3.send(new GetObjectTaggingCommand({ Bucket: 'records', Key: 'a b+c/%/ü/😀//..' }));
    const { Body, LastModified, $metadata, ...facts } = got;
    expect($metadata.httpStatusCode).toBe(200);
    expect(LastModified).toBeInstanceOf(Date);
    expect(await Body?.transformToString()).toBe('{"name": "ü"}');
    expect({ ...facts, tags: tags.TagSet }).toEqual({
      AcceptRanges: 'bytes',
      ContentLength: 14,
      ETag: put.ETag,
      ContentType: 'application/json',
      ContentEncoding: 'identity',
      CacheControl: 'max-age=60',
      ContentLanguage: 'de',
      ContentDisposition: 'attachment; filename="a.json"',
      Metadata: { source: 'catalogue', odd: '=?UTF-8?B?c2Now7Zu?=' },
      TagCount: 2,
      StorageClass: 'GLACIER_IR',
      ServerSideEncryption: 'aws:kms',
      SSEKMSKeyId: 'key-1',
      ...(checksums === 'WHEN_SUPPORTED' ? { ChecksumCRC32: put.ChecksumCRC32, ChecksumType: 'FULL_OBJECT' } : {}),
      tags: [
        { Key: 'reviewed', Value: 'yes' },
        { Key: 'place', Value: 'a+b c' },
      ],
    });
  });

  it('streams a large body and reads parts of it', async () => {
    const s3 = client();
    const body = Buffer.alloc(3_000_017, 'Dipper ');
    await s3.send(
      new PutObjectCommand({
        Bucket: 'records',
        Key: 'large',
        Body: Readable.from([body.subarray(0, 1_000_001), body.subarray(1_000_001)]),
        ContentLength: body.length,
      }),
    );
    const ranges = ['bytes=0-9', 'bytes=2999990-', 'bytes=-5', 'bytes=5-9999999', 'bytes=x', undefined];
    const parts = await Promise.all(
      ranges.map(async (Range) => {
        const part = await s3.send(new GetObjectCommand({ Bucket: 'records', Key: 'large', Range }));
        return [part.$metadata.httpStatusCode, md5((await part.Body?.transformToByteArray()) ?? [])];
      }),
    );
    expect(parts).toEqual([
      [206, md5(body.subarray(0, 10))],
      [206, md5(body.subarray(2_999_990))],
      [206, md5(body.subarray(-5))],
      [206, md5(body.subarray(5))],
      [200, md5(body)],
      [200, md5(body)],
    ]);
    await expect(
      s3.send(new GetObjectCommand({ Bucket: 'records', Key: 'large', Range: 'bytes=3000017-' })),
    ).rejects.toMatchObject({ name: 'InvalidRange', $metadata: { httpStatusCode: 416 } });
  });

  it('sets, reads and removes tags without touching the object', async () => {
    const s3 = client();
    const target = { Bucket: 'records', Key: 'a.json' };
    await s3.send(new PutObjectCommand({ ...target, Body: '{}', Metadata: { a: 'b' } }));
    const before = await s3.send(new HeadObjectCommand(target));
    const TagSet = [
      { Key: 'Größe 1', Value: 'a/b=c+d-@:._' },
      { Key: 'empty', Value: '' },
    ];
    await s3.send(new PutObjectTaggingCommand({ ...target, Tagging: { TagSet } }));
    expect((await s3.send(new GetObjectTaggingCommand(target))).TagSet).toEqual(TagSet);
    await s3.send(new DeleteObjectTaggingCommand(target));
    expect((await s3.send(new GetObjectTaggingCommand(target))).TagSet).toEqual([]);
    const after = await s3.send(new HeadObjectCommand(target));
    expect({ ...after, $metadata: null }).toEqual({ ...before, $metadata: null });
  });
});

it('creates, lists and deletes buckets', async () => {
  const s3 = connect();
  await s3.send(new CreateBucketCommand({ Bucket: 'second.bucket' }));
  await s3.send(new PutObjectCommand({ Bucket: 'second.bucket', Key: 'a', Body: '' }));
  await expect(s3.send(new DeleteBucketCommand({ Bucket: 'second.bucket' }))).rejects.toMatchObject({
    name: 'BucketNotEmpty',
  });
  await s3.send(new DeleteObjectCommand({ Bucket: 'second.bucket', Key: 'a' }));
  await s3.send(new DeleteBucketCommand({ Bucket: 'second.bucket' }));
  await expect(s3.send(new CreateBucketCommand({ Bucket: 'No_Bucket' }))).rejects.toMatchObject({
    name: 'InvalidBucketName',
  });
  expect((await s3.send(new ListBucketsCommand({}))).Buckets?.map((bucket) => bucket.Name)).toEqual(['records']);
});

it('lists in UTF-8 order, by pages, prefixes and delimiters', async () => {
  const s3 = connect();
  const keys = ['a/1', 'a/2', 'a//3', 'a/b/c', 'a b', 'b', 'c/x', 'ﬀ', '\u{1f600}', 'z\r\n\u0001<&>"', 'ü+%2B/..'];
  for (const Key of keys) await s3.send(new PutObjectCommand({ Bucket: 'records', Key, Body: Key }));
  const sorted = keys.toSorted((left, right) => Buffer.compare(Buffer.from(left), Buffer.from(right)));
  const listAll = async (
    input: object,
  ): Promise<{ keys: (string | undefined)[]; prefixes: (string | undefined)[] }> => {
    const found = { keys: [] as (string | undefined)[], prefixes: [] as (string | undefined)[] };
    let ContinuationToken: string | undefined;
    do {
      const page = await s3.send(new ListObjectsV2Command({ Bucket: 'records', ...input, ContinuationToken }));
      found.keys.push(...(page.Contents ?? []).map((object) => object.Key));
      found.prefixes.push(...(page.CommonPrefixes ?? []).map((common) => common.Prefix));
      ContinuationToken = page.NextContinuationToken;
      expect(page.IsTruncated).toBe(ContinuationToken !== undefined);
    } while (ContinuationToken !== undefined);
    return found;
  };
  expect(await listAll({ MaxKeys: 2, EncodingType: 'url' })).toMatchObject({
    keys: sorted.map((key) => encodeURIComponent(key).replaceAll('%2F', '/').replaceAll('%20', '+')),
  });
  expect(await listAll({ Prefix: 'a' })).toEqual({ keys: ['a b', 'a//3', 'a/1', 'a/2', 'a/b/c'], prefixes: [] });
  expect(await listAll({ Prefix: 'a/', Delimiter: '/', MaxKeys: 1 })).toEqual({
    keys: ['a/1', 'a/2'],
    prefixes: ['a//', 'a/b/'],
  });
  expect(await listAll({ StartAfter: 'a/b/c', Delimiter: '/', Prefix: 'c' })).toEqual({ keys: [], prefixes: ['c/'] });
  expect((await listAll({ StartAfter: 'b', MaxKeys: 3, EncodingType: 'url' })).keys).toHaveLength(5);
});
