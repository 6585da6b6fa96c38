import {
  CreateBucketCommand,
  DeleteObjectCommand,
  GetObjectAclCommand,
  GetObjectCommand,
  HeadBucketCommand,
  HeadObjectCommand,
  ListObjectsV2Command,
  PutObjectCommand,
  PutObjectTaggingCommand,
  type S3Client,
  S3ServiceException,
  type PutObjectCommandInput,
  type S3ClientConfig,
  type Tag,
} from '@aws-sdk/client-s3';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { createMemoryStorage } from '../../../electron/sandbox/storage/memory-storage.ts';
import { INLINE_LIMIT } from '../../../electron/sandbox/storage/storage.ts';
import { startTestSandbox, type TestSandbox } from '../support/sandbox.ts';
import { changeHeaders } from './support/change-headers.ts';
import { connectSdk } from './support/connect-sdk.ts';

let sandbox: TestSandbox;
let s3: S3Client;

beforeEach(async () => {
  sandbox = await startTestSandbox({ buckets: ['records'] });
  s3 = connect();
});

afterEach(async () => {
  await sandbox.stop();
});

function connect(options: Partial<S3ClientConfig> = {}): S3Client {
  return connectSdk(sandbox, { requestChecksumCalculation: 'WHEN_REQUIRED', ...options });
}

function tampering(changes: Readonly<Record<string, string>>, when: 'signed' | 'unsigned' = 'signed'): S3Client {
  return changeHeaders(connect(), changes, when);
}

/** `CODE STATUS` of a failure. */
async function outcome(work: Promise<object>): Promise<string> {
  try {
    await work;
    return 'done';
  } catch (error) {
    if (!(error instanceof S3ServiceException)) throw error;
    return `${error.name} ${error.$metadata.httpStatusCode}`;
  }
}

function put(Key: string, Body = '{}', more: Partial<PutObjectCommandInput> = {}): PutObjectCommand {
  return new PutObjectCommand({ Bucket: 'records', Key, Body, ...more });
}

it('tells wrong keys, clocks, regions and bodies apart', async () => {
  const list = (options: Partial<S3ClientConfig>): Promise<string> =>
    outcome(connect(options).send(new ListObjectsV2Command({ Bucket: 'records' })));
  const { accessKeyId, secretAccessKey } = sandbox;
  expect({
    key: await list({ credentials: { accessKeyId: 'AKIANOBODY', secretAccessKey } }),
    secret: await list({ credentials: { accessKeyId, secretAccessKey: 'wrong' } }),
    token: await list({ credentials: { accessKeyId, secretAccessKey, sessionToken: 'token' } }),
    region: await list({ region: 'eu-west-1' }),
    clock: await list({ systemClockOffset: -16 * 60 * 1000 }),
    tolerated: await list({ systemClockOffset: 14 * 60 * 1000 }),
    hash: await outcome(tampering({ 'x-amz-content-sha256': 'a'.repeat(64) }).send(put('a'))),
    crc: await outcome(tampering({ 'x-amz-checksum-crc32': 'AAAAAA==' }).send(put('a'))),
    md5: await outcome(tampering({ 'content-md5': 'AAAAAAAAAAAAAAAAAAAAAA==' }).send(put('a'))),
    noDigest: await outcome(tampering({ 'content-md5': 'short' }).send(put('a'))),
    unsigned: await outcome(tampering({ 'x-amz-meta-a': 'b' }, 'unsigned').send(put('a'))),
    anonymous: await outcome(tampering({ authorization: '' }, 'unsigned').send(put('a'))),
  }).toEqual({
    key: 'InvalidAccessKeyId 403',
    secret: 'SignatureDoesNotMatch 403',
    token: 'InvalidToken 400',
    region: 'AuthorizationHeaderMalformed 400',
    clock: 'RequestTimeTooSkewed 403',
    tolerated: 'done',
    hash: 'XAmzContentSHA256Mismatch 400',
    crc: 'BadDigest 400',
    md5: 'BadDigest 400',
    noDigest: 'InvalidDigest 400',
    unsigned: 'AccessDenied 403',
    anonymous: 'AccessDenied 403',
  });
  expect(await outcome(s3.send(new GetObjectCommand({ Bucket: 'records', Key: 'a' })))).toBe('NoSuchKey 404');
});

it('refuses what S3 refuses, and says of what it leaves to later that it does not do it', async () => {
  const bucket = { Bucket: 'records' };
  const tags = (TagSet: Tag[]): Promise<string> =>
    outcome(s3.send(new PutObjectTaggingCommand({ ...bucket, Key: 'a', Tagging: { TagSet } })));
  await s3.send(put('a', '{}', { StorageClass: 'DEEP_ARCHIVE' }));
  const eleven = Array.from({ length: 11 }, (_, at) => `k${at}=v`).join('&');
  expect({
    bucket: await outcome(s3.send(new ListObjectsV2Command({ Bucket: 'nowhere' }))),
    headBucket: await outcome(s3.send(new HeadBucketCommand({ Bucket: 'nowhere' }))),
    bucketName: await outcome(s3.send(new CreateBucketCommand({ Bucket: '192.168.5.4' }))),
    longestKey: await outcome(s3.send(put('ü'.repeat(512)))),
    longKey: await outcome(s3.send(put(`${'ü'.repeat(512)}a`))),
    storageClass: await outcome(tampering({ 'x-amz-storage-class': 'COLD' }).send(put('b'))),
    encryption: await outcome(tampering({ 'x-amz-server-side-encryption': 'rot13' }).send(put('b'))),
    metadata: await outcome(s3.send(put('b', '{}', { Metadata: { a: 'x'.repeat(2_048) } }))),
    archived: await outcome(s3.send(new GetObjectCommand({ ...bucket, Key: 'a' }))),
    archivedHead: await outcome(s3.send(new HeadObjectCommand({ ...bucket, Key: 'a' }))),
    manyTags: await outcome(s3.send(put('b', '{}', { Tagging: eleven }))),
    twiceInHeader: await outcome(s3.send(put('b', '{}', { Tagging: 'a=1&a=2' }))),
    oddTag: await outcome(s3.send(put('b', '{}', { Tagging: 'a=%22' }))),
    twice: await tags([
      { Key: 'a', Value: '1' },
      { Key: 'a', Value: '2' },
    ]),
    longTagKey: await tags([{ Key: 'k'.repeat(129), Value: '' }]),
    longestTag: await tags([{ Key: 'k'.repeat(128), Value: 'ü'.repeat(256) }]),
    longTagValue: await tags([{ Key: 'k', Value: 'ü'.repeat(257) }]),
    systemTag: await tags([{ Key: 'aws:x', Value: '' }]),
    tagsOfNothing: await outcome(
      s3.send(new PutObjectTaggingCommand({ ...bucket, Key: 'none', Tagging: { TagSet: [] } })),
    ),
    token: await outcome(s3.send(new ListObjectsV2Command({ ...bucket, ContinuationToken: 'made-up' }))),
    version: await outcome(s3.send(new GetObjectCommand({ ...bucket, Key: 'a', VersionId: '1' }))),
    accessControl: await outcome(s3.send(new GetObjectAclCommand({ ...bucket, Key: 'a' }))),
    customerKey: await outcome(
      tampering({ 'x-amz-server-side-encryption-customer-algorithm': 'AES256' }).send(put('b')),
    ),
    deleted: await outcome(s3.send(new DeleteObjectCommand({ ...bucket, Key: 'none' }))),
  }).toEqual({
    bucket: 'NoSuchBucket 404',
    headBucket: 'NotFound 404',
    bucketName: 'InvalidBucketName 400',
    longestKey: 'done',
    longKey: 'KeyTooLongError 400',
    storageClass: 'InvalidStorageClass 400',
    encryption: 'InvalidEncryptionAlgorithmError 400',
    metadata: 'MetadataTooLarge 400',
    archived: 'InvalidObjectState 403',
    archivedHead: 'done',
    manyTags: 'BadRequest 400',
    twiceInHeader: 'InvalidArgument 400',
    oddTag: 'InvalidTag 400',
    twice: 'InvalidTag 400',
    longTagKey: 'InvalidTag 400',
    longestTag: 'done',
    longTagValue: 'InvalidTag 400',
    systemTag: 'InvalidTag 400',
    tagsOfNothing: 'NoSuchKey 404',
    token: 'InvalidArgument 400',
    version: 'InvalidArgument 400',
    accessControl: 'NotImplemented 501',
    customerKey: 'NotImplemented 501',
    deleted: 'done',
  });
});

it('reads under conditions, those of the ETag before those of time', async () => {
  const { ETag } = await s3.send(put('a'));
  const yesterday = new Date(Date.now() - 86_400_000);
  const tomorrow = new Date(Date.now() + 86_400_000);
  const other = '"00000000000000000000000000000000"';
  const get = (conditions: object): Promise<string> =>
    outcome(s3.send(new GetObjectCommand({ Bucket: 'records', Key: 'a', ...conditions })));
  expect([
    await get({ IfMatch: ETag }),
    await get({ IfMatch: other }),
    await get({ IfNoneMatch: ETag }),
    await get({ IfNoneMatch: other }),
    await get({ IfModifiedSince: yesterday }),
    await get({ IfModifiedSince: tomorrow }),
    await get({ IfUnmodifiedSince: yesterday }),
    await get({ IfUnmodifiedSince: tomorrow }),
    await get({ IfMatch: ETag, IfUnmodifiedSince: yesterday }),
    await get({ IfNoneMatch: ETag, IfModifiedSince: yesterday }),
    await get({ IfNoneMatch: other, IfModifiedSince: tomorrow }),
    await get({ IfMatch: other, IfNoneMatch: ETag }),
  ]).toEqual(
    [
      'done',
      'PreconditionFailed 412',
      'NotModified 304',
      'done',
      'done',
      'NotModified 304',
      'PreconditionFailed 412',
      'done',
      'done',
      'NotModified 304',
      'done',
      'PreconditionFailed 412',
    ].map((text) => (text === 'NotModified 304' ? expect.stringMatching(/ 304$/) : text)),
  );
});

it('lets one of many writers win, each time', async () => {
  const creates = await Promise.all(
    Array.from({ length: 20 }, (_, at) => outcome(s3.send(put('race', String(at), { IfNoneMatch: '*' })))),
  );
  expect(creates.toSorted()).toEqual([...Array<string>(19).fill('PreconditionFailed 412'), 'done']);
  const { ETag } = await s3.send(new HeadObjectCommand({ Bucket: 'records', Key: 'race' }));
  const updates = await Promise.all(
    Array.from({ length: 20 }, (_, at) => outcome(s3.send(put('race', `new ${at}`, { IfMatch: ETag })))),
  );
  expect(updates.toSorted()).toEqual([...Array<string>(19).fill('PreconditionFailed 412'), 'done']);
  const remove = (IfMatch: string | undefined, Key = 'race'): Promise<string> =>
    outcome(s3.send(new DeleteObjectCommand({ Bucket: 'records', Key, IfMatch })));
  const current = await s3.send(new HeadObjectCommand({ Bucket: 'records', Key: 'race' }));
  expect([
    await remove(ETag),
    await remove(current.ETag),
    await remove(current.ETag),
    await outcome(s3.send(put('race', '', { IfMatch: ETag }))),
  ]).toEqual(['PreconditionFailed 412', 'done', 'NoSuchKey 404', 'NoSuchKey 404']);
});

it('refuses an object whose bucket is deleted while the body is on its way', async () => {
  const storage = createMemoryStorage();
  await sandbox.stop();
  sandbox = await startTestSandbox({
    buckets: ['records'],
    storage: {
      ...storage,
      writeBody: async () => {
        await storage.deleteBucket('records');
        return storage.writeBody();
      },
    },
  });
  const large = new PutObjectCommand({ Bucket: 'records', Key: 'large', Body: Buffer.alloc(INLINE_LIMIT + 1) });
  await expect(connect().send(large)).rejects.toMatchObject({ name: 'NoSuchBucket' });
  expect(storage.buckets()).toEqual([]);
});
