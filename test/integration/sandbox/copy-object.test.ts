import {
  CopyObjectCommand,
  DeleteObjectCommand,
  GetObjectCommand,
  GetObjectTaggingCommand,
  HeadObjectCommand,
  PutBucketVersioningCommand,
  PutObjectCommand,
  type S3Client,
  type CopyObjectCommandInput,
} from '@aws-sdk/client-s3';
import { createHash } from 'node:crypto';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { openDiskStorage } from '../../../electron/sandbox/storage/disk-storage.ts';
import { createMemoryStorage } from '../../../electron/sandbox/storage/memory-storage.ts';
import { startTestSandbox, type TestSandbox } from '../support/sandbox.ts';
import { connectSdk } from './support/connect-sdk.ts';

let directory: string;
let sandbox: TestSandbox;
let s3: S3Client;

const Bucket = 'records';

beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), 'dipper-copy-'));
});

afterEach(async () => {
  await sandbox.stop();
  rmSync(directory, { recursive: true, force: true });
});

function copy(Key: string, CopySource: string, options: Partial<CopyObjectCommandInput> = {}) {
  return s3.send(new CopyObjectCommand({ Bucket, Key, CopySource, ...options }));
}

async function described(Key: string, VersionId?: string): Promise<unknown> {
  const head = await s3.send(new HeadObjectCommand({ Bucket, Key, VersionId }));
  const { TagSet } = await s3.send(new GetObjectTaggingCommand({ Bucket, Key, VersionId }));
  const { ContentType, CacheControl, Metadata, StorageClass, ServerSideEncryption, ETag } = head;
  return { ContentType, CacheControl, Metadata, StorageClass, ServerSideEncryption, ETag, TagSet };
}

async function codeOf(answer: Promise<unknown>): Promise<string> {
  return answer.then(
    () => 'done',
    (error: { readonly name: string; readonly $metadata: { readonly httpStatusCode: number } }) =>
      `${error.name} ${error.$metadata.httpStatusCode}`,
  );
}

describe.each(['memory', 'disk'])('with storage in %s', (kind) => {
  beforeEach(async () => {
    const storage = kind === 'disk' ? await openDiskStorage({ directory }) : createMemoryStorage();
    sandbox = await startTestSandbox({ buckets: [Bucket, 'other'], storage });
    s3 = connectSdk(sandbox);
    await s3.send(
      new PutObjectCommand({
        Bucket,
        Key: 'a b+c/ü',
        Body: 'body',
        ContentType: 'application/json',
        CacheControl: 'no-cache',
        Metadata: { colour: 'blue' },
        Tagging: 'reviewed=yes',
        StorageClass: 'STANDARD_IA',
      }),
    );
  });

  const source = `${Bucket}/${encodeURIComponent('a b+c/ü')}`;

  it('takes along what a copy takes along, or replaces it as asked', async () => {
    const ETag = `"${createHash('md5').update('body').digest('hex')}"`;
    const copied = await copy('copy', source);
    expect(copied.CopyObjectResult?.ETag).toBe(ETag);
    const kept = {
      ContentType: 'application/json',
      CacheControl: 'no-cache',
      Metadata: { colour: 'blue' },
      StorageClass: undefined,
      ServerSideEncryption: 'AES256',
      ETag,
      TagSet: [{ Key: 'reviewed', Value: 'yes' }],
    };
    expect(await described('copy')).toEqual(kept);
    await copy('replaced', `/${source}`, {
      MetadataDirective: 'REPLACE',
      Metadata: { colour: 'red' },
      TaggingDirective: 'REPLACE',
      Tagging: 'a=b',
      StorageClass: 'GLACIER_IR',
      ServerSideEncryption: 'aws:kms',
    });
    expect(await described('replaced')).toEqual({
      ContentType: 'binary/octet-stream',
      CacheControl: undefined,
      Metadata: { colour: 'red' },
      StorageClass: 'GLACIER_IR',
      ServerSideEncryption: 'aws:kms',
      ETag: expect.not.stringContaining(ETag),
      TagSet: [{ Key: 'a', Value: 'b' }],
    });
    const read = await s3.send(new GetObjectCommand({ Bucket, Key: 'replaced', ChecksumMode: 'ENABLED' }));
    expect(await read.Body?.transformToString()).toBe('body');
    // Encrypted with a key, and back: the ETag is the body's MD5 again.
    await copy('back', `${Bucket}/replaced`);
    expect(await described('back')).toMatchObject({ ETag });
  });

  it('copies onto itself only where that changes something', async () => {
    const onItself = { Bucket, Key: 'a b+c/ü' };
    expect(await codeOf(copy(onItself.Key, source))).toBe('InvalidRequest 400');
    await copy(onItself.Key, source, { StorageClass: 'STANDARD' });
    expect(await described(onItself.Key)).toMatchObject({ StorageClass: undefined, Metadata: { colour: 'blue' } });
    await copy(onItself.Key, source, { MetadataDirective: 'REPLACE', ContentType: 'text/plain' });
    expect(await described(onItself.Key)).toMatchObject({ ContentType: 'text/plain', Metadata: {} });
  });

  it('asks the conditions of the source and those of the destination', async () => {
    const { ETag } = await s3.send(new HeadObjectCommand({ Bucket, Key: 'a b+c/ü' }));
    const past = new Date(Date.now() - 60_000);
    const future = new Date(Date.now() + 60_000);
    const wrong = '"00000000000000000000000000000000"';
    const outcomes = {
      match: await codeOf(copy('x', source, { CopySourceIfMatch: ETag, CopySourceIfUnmodifiedSince: past })),
      noMatch: await codeOf(copy('x', source, { CopySourceIfMatch: wrong })),
      noneMatch: await codeOf(copy('x', source, { CopySourceIfNoneMatch: ETag })),
      modified: await codeOf(copy('x', source, { CopySourceIfModifiedSince: past })),
      unmodified: await codeOf(copy('x', source, { CopySourceIfUnmodifiedSince: past })),
      sinceModified: await codeOf(copy('x', source, { CopySourceIfUnmodifiedSince: future })),
      there: await codeOf(copy('x', source, { IfNoneMatch: '*' })),
      notThere: await codeOf(copy('new', source, { IfNoneMatch: '*' })),
      other: await codeOf(copy('x', source, { IfMatch: wrong })),
      same: await codeOf(copy('x', source, { IfMatch: ETag })),
      nothing: await codeOf(copy('nothing', source, { IfMatch: ETag })),
    };
    expect(outcomes).toEqual({
      match: 'done',
      noMatch: 'PreconditionFailed 412',
      noneMatch: 'PreconditionFailed 412',
      modified: 'done',
      unmodified: 'PreconditionFailed 412',
      sinceModified: 'done',
      there: 'PreconditionFailed 412',
      notThere: 'done',
      other: 'PreconditionFailed 412',
      same: 'done',
      nothing: 'NoSuchKey 404',
    });
  });

  it('refuses sources that are not there, not named well or in an archive', async () => {
    await s3.send(new PutObjectCommand({ Bucket, Key: 'cold', Body: 'cold', StorageClass: 'DEEP_ARCHIVE' }));
    expect({
      bucket: await codeOf(copy('x', 'nowhere/a')),
      key: await codeOf(copy('x', `${Bucket}/nothing`)),
      version: await codeOf(copy('x', `${source}?versionId=0123456789abcdef`)),
      form: await codeOf(copy('x', Bucket)),
      cold: await codeOf(copy('x', `${Bucket}/cold`)),
    }).toEqual({
      bucket: 'NoSuchBucket 404',
      key: 'NoSuchKey 404',
      version: 'NoSuchVersion 404',
      form: 'InvalidArgument 400',
      cold: 'InvalidObjectState 403',
    });
  });

  it('copies an earlier version onto its key, which brings it back', async () => {
    await s3.send(new PutBucketVersioningCommand({ Bucket, VersioningConfiguration: { Status: 'Enabled' } }));
    const put = (Body: string) => s3.send(new PutObjectCommand({ Bucket, Key: 'v', Body }));
    const { VersionId: first } = await put('first');
    await put('second');
    const copied = await copy('v', `${Bucket}/v?versionId=${first}`);
    expect(copied.CopySourceVersionId).toBe(first);
    const read = await s3.send(new GetObjectCommand({ Bucket, Key: 'v' }));
    expect([await read.Body?.transformToString(), read.VersionId]).toEqual(['first', copied.VersionId]);
    const marker = await s3.send(new DeleteObjectCommand({ Bucket, Key: 'v' }));
    expect(await codeOf(copy('w', `${Bucket}/v`))).toBe('NoSuchKey 404');
    expect(await codeOf(copy('w', `${Bucket}/v?versionId=${marker.VersionId}`))).toBe('InvalidRequest 400');
  });

  it('copies a large body into another bucket, which stays when the source goes', async () => {
    const body = Buffer.alloc(3_000_000, 'large ');
    await s3.send(new PutObjectCommand({ Bucket, Key: 'large', Body: body }));
    const copied = await s3.send(
      new CopyObjectCommand({
        Bucket: 'other',
        Key: 'large',
        CopySource: `${Bucket}/large`,
        ChecksumAlgorithm: 'SHA256',
      }),
    );
    expect(copied.CopyObjectResult).toMatchObject({
      ETag: `"${createHash('md5').update(body).digest('hex')}"`,
      ChecksumSHA256: createHash('sha256').update(body).digest('base64'),
    });
    await s3.send(new DeleteObjectCommand({ Bucket, Key: 'large' }));
    const read = await s3.send(new GetObjectCommand({ Bucket: 'other', Key: 'large' }));
    expect(Buffer.from((await read.Body?.transformToByteArray()) ?? []).equals(body)).toBe(true);
  });
});
