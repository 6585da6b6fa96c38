import {
  AbortMultipartUploadCommand,
  CompleteMultipartUploadCommand,
  CopyObjectCommand,
  CreateMultipartUploadCommand,
  DeleteObjectCommand,
  GetObjectAttributesCommand,
  GetObjectCommand,
  GetObjectTaggingCommand,
  HeadObjectCommand,
  ListMultipartUploadsCommand,
  ListPartsCommand,
  PutObjectCommand,
  type S3Client,
  UploadPartCommand,
  UploadPartCopyCommand,
  type CompletedPart,
  type CreateMultipartUploadCommandInput,
} from '@aws-sdk/client-s3';
import { createHash } from 'node:crypto';
import { mkdtempSync, readdirSync, rmSync } from 'node:fs';
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
const FIVE = 5 * 1024 * 1024;
const first = Buffer.alloc(FIVE, 'first ');
const second = Buffer.alloc(FIVE + 1, 'second ');
const last = Buffer.from('last');

async function start(kind: string): Promise<void> {
  const storage = kind === 'disk' ? await openDiskStorage({ directory }) : createMemoryStorage();
  sandbox = await startTestSandbox({ buckets: [Bucket], storage });
  s3 = connectSdk(sandbox, { requestChecksumCalculation: 'WHEN_REQUIRED' });
}

beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), 'dipper-multipart-'));
});

afterEach(async () => {
  await sandbox.stop();
  rmSync(directory, { recursive: true, force: true });
});

async function begin(Key: string, options: Partial<CreateMultipartUploadCommandInput> = {}): Promise<string> {
  const { UploadId = '' } = await s3.send(new CreateMultipartUploadCommand({ Bucket, Key, ...options }));
  return UploadId;
}

async function upload(Key: string, UploadId: string, PartNumber: number, Body: Uint8Array): Promise<CompletedPart> {
  const { ETag } = await s3.send(new UploadPartCommand({ Bucket, Key, UploadId, PartNumber, Body }));
  return { PartNumber, ETag };
}

function complete(Key: string, UploadId: string, Parts: CompletedPart[], options: { IfNoneMatch?: string } = {}) {
  return s3.send(new CompleteMultipartUploadCommand({ Bucket, Key, UploadId, MultipartUpload: { Parts }, ...options }));
}

async function read(Key: string, options: { Range?: string; PartNumber?: number } = {}): Promise<Buffer> {
  const { Body } = await s3.send(new GetObjectCommand({ Bucket, Key, ...options }));
  return Buffer.from((await Body?.transformToByteArray()) ?? []);
}

async function codeOf(answer: Promise<unknown>): Promise<string> {
  return answer.then(
    () => 'done',
    (error: { readonly name: string; readonly $metadata: { readonly httpStatusCode: number } }) =>
      `${error.name} ${error.$metadata.httpStatusCode}`,
  );
}

function sha(...parts: readonly Uint8Array[]): string {
  return createHash('sha256').update(Buffer.concat(parts)).digest('base64');
}

function md5(...parts: readonly Uint8Array[]): Buffer {
  return createHash('md5').update(Buffer.concat(parts)).digest();
}

describe.each(['memory', 'disk'])('with storage in %s', (kind) => {
  beforeEach(() => start(kind));

  it('makes one object of parts that came in any order, with all that the upload was begun with', async () => {
    const id = await begin('a/ü', {
      ContentType: 'application/json',
      Metadata: { colour: 'blue' },
      Tagging: 'reviewed=yes',
      StorageClass: 'STANDARD_IA',
    });
    const three = await upload('a/ü', id, 7, last);
    const wrong = await upload('a/ü', id, 2, first);
    const one = await upload('a/ü', id, 1, first);
    const two = await upload('a/ü', id, 2, second);
    await upload('a/ü', id, 9, Buffer.from('left out'));
    expect(wrong.ETag).toBe(one.ETag);
    const listed = await s3.send(new ListPartsCommand({ Bucket, Key: 'a/ü', UploadId: id }));
    expect(listed.Parts?.map(({ PartNumber, Size }) => [PartNumber, Size])).toEqual([
      [1, FIVE],
      [2, FIVE + 1],
      [7, 4],
      [9, 8],
    ]);
    const paged = await s3.send(
      new ListPartsCommand({ Bucket, Key: 'a/ü', UploadId: id, MaxParts: 1, PartNumberMarker: '1' }),
    );
    expect([paged.Parts?.[0]?.PartNumber, paged.NextPartNumberMarker, paged.IsTruncated]).toEqual([2, '2', true]);

    const done = await complete('a/ü', id, [one, two, three]);
    const ETag = `"${md5(md5(first), md5(second), md5(last)).toString('hex')}-3"`;
    expect(done.ETag).toBe(ETag);
    expect(await complete('a/ü', id, [one, two, three])).toMatchObject({ ETag });
    expect((await read('a/ü')).equals(Buffer.concat([first, second, last]))).toBe(true);
    const range = await read('a/ü', { Range: `bytes=${FIVE - 3}-${FIVE + 2}` });
    expect(range.equals(Buffer.concat([first.subarray(-3), second.subarray(0, 3)]))).toBe(true);
    expect((await read('a/ü', { PartNumber: 2 })).equals(second)).toBe(true);
    const head = await s3.send(new HeadObjectCommand({ Bucket, Key: 'a/ü', PartNumber: 3 }));
    expect([head.PartsCount, head.ContentLength, head.ContentRange]).toEqual([
      3,
      4,
      `bytes ${2 * FIVE + 1}-${2 * FIVE + 4}/${2 * FIVE + 5}`,
    ]);
    expect(head).toMatchObject({
      ContentType: 'application/json',
      Metadata: { colour: 'blue' },
      StorageClass: 'STANDARD_IA',
      ETag,
    });
    const tags = await s3.send(new GetObjectTaggingCommand({ Bucket, Key: 'a/ü' }));
    expect(tags.TagSet).toEqual([{ Key: 'reviewed', Value: 'yes' }]);
    expect(await codeOf(s3.send(new ListPartsCommand({ Bucket, Key: 'a/ü', UploadId: id })))).toBe('NoSuchUpload 404');
    await s3.send(new CopyObjectCommand({ Bucket, Key: 'copy', CopySource: `${Bucket}/a/%C3%BC` }));
    const copied = await s3.send(new HeadObjectCommand({ Bucket, Key: 'copy' }));
    expect(copied.ETag).toBe(`"${md5(first, second, last).toString('hex')}"`);
  });

  it('refuses lists of parts that S3 refuses, and the upload stays to be completed', async () => {
    const id = await begin('a');
    const one = await upload('a', id, 1, first);
    const two = await upload('a', id, 2, Buffer.from('small'));
    const three = await upload('a', id, 3, last);
    await s3.send(new PutObjectCommand({ Bucket, Key: 'a', Body: 'there' }));
    const part = (PartNumber: number): Promise<unknown> => upload('a', id, PartNumber, last);
    expect({
      order: await codeOf(complete('a', id, [two, one])),
      twice: await codeOf(complete('a', id, [one, one])),
      missing: await codeOf(complete('a', id, [one, { ...two, PartNumber: 4 }])),
      etag: await codeOf(complete('a', id, [{ ...one, ETag: two.ETag }])),
      small: await codeOf(complete('a', id, [one, two, three])),
      none: await codeOf(complete('a', id, [])),
      there: await codeOf(complete('a', id, [one, three], { IfNoneMatch: '*' })),
      upload: await codeOf(complete('a', 'no such upload', [one])),
      otherKey: await codeOf(complete('b', id, [one])),
      zeroth: await codeOf(part(0)),
      tooMany: await codeOf(part(10_001)),
    }).toEqual({
      order: 'InvalidPartOrder 400',
      twice: 'InvalidPartOrder 400',
      missing: 'InvalidPart 400',
      etag: 'InvalidPart 400',
      small: 'EntityTooSmall 400',
      none: 'MalformedXML 400',
      there: 'PreconditionFailed 412',
      upload: 'NoSuchUpload 404',
      otherKey: 'NoSuchUpload 404',
      zeroth: 'InvalidArgument 400',
      tooMany: 'InvalidArgument 400',
    });
    await complete('a', id, [one, three]);
    expect((await read('a')).length).toBe(FIVE + last.length);
  });

  it('sums parts and the whole as the upload asks', async () => {
    const id = await begin('sha', { ChecksumAlgorithm: 'SHA256' });
    const parts: CompletedPart[] = [];
    for (const [at, Body] of [first, last].entries()) {
      const PartNumber = at + 1;
      const target = { Bucket, Key: 'sha', UploadId: id, PartNumber, Body };
      const { ETag, ChecksumSHA256 } = await s3.send(new UploadPartCommand({ ...target, ChecksumAlgorithm: 'SHA256' }));
      expect(ChecksumSHA256).toBe(sha(Body));
      parts.push({ PartNumber, ETag, ChecksumSHA256 });
    }
    const third = { Bucket, Key: 'sha', UploadId: id, PartNumber: 3, Body: last };
    expect(await codeOf(s3.send(new UploadPartCommand({ ...third, ChecksumAlgorithm: 'CRC32' })))).toBe(
      'InvalidRequest 400',
    );
    expect(
      await codeOf(
        complete(
          'sha',
          id,
          parts.map(({ ETag, PartNumber }) => ({ ETag, PartNumber })),
        ),
      ),
    ).toBe('InvalidRequest 400');
    const done = await complete('sha', id, parts);
    const digests = [first, last].map((bytes) => createHash('sha256').update(bytes).digest());
    expect([done.ChecksumSHA256, done.ChecksumType]).toEqual([`${sha(...digests)}-2`, 'COMPOSITE']);
    const attributes = await s3.send(
      new GetObjectAttributesCommand({ Bucket, Key: 'sha', ObjectAttributes: ['ObjectParts', 'Checksum'] }),
    );
    expect(attributes.ObjectParts?.Parts?.map(({ PartNumber, Size }) => [PartNumber, Size])).toEqual([
      [1, FIVE],
      [2, 4],
    ]);

    const whole = await begin('crc', { ChecksumAlgorithm: 'CRC32', ChecksumType: 'FULL_OBJECT' });
    const crcParts = [await upload('crc', whole, 1, first), await upload('crc', whole, 2, last)];
    const crc = await complete('crc', whole, crcParts);
    await s3.send(
      new PutObjectCommand({ Bucket, Key: 'one', Body: Buffer.concat([first, last]), ChecksumAlgorithm: 'CRC32' }),
    );
    const one = await s3.send(new HeadObjectCommand({ Bucket, Key: 'one', ChecksumMode: 'ENABLED' }));
    expect([crc.ChecksumCRC32, crc.ChecksumType]).toEqual([one.ChecksumCRC32, 'FULL_OBJECT']);
  });

  it('copies parts out of other objects', async () => {
    await s3.send(new PutObjectCommand({ Bucket, Key: 'source', Body: Buffer.concat([first, last]) }));
    const id = await begin('a');
    const copy = async (PartNumber: number, CopySourceRange?: string): Promise<CompletedPart> => {
      const target = { Bucket, Key: 'a', UploadId: id, PartNumber, CopySource: `${Bucket}/source`, CopySourceRange };
      return { PartNumber, ETag: (await s3.send(new UploadPartCopyCommand(target))).CopyPartResult?.ETag };
    };
    const parts = [await copy(1), await copy(2, `bytes=${FIVE - 1}-${FIVE + 2}`)];
    expect(await codeOf(copy(3, `bytes=0-${FIVE + 4}`))).toBe('InvalidArgument 400');
    expect(await codeOf(copy(3, 'bytes=7-'))).toBe('InvalidArgument 400');
    await complete('a', id, parts);
    const expected = Buffer.concat([first, last, first.subarray(-1), last.subarray(0, 3)]);
    expect((await read('a')).equals(expected)).toBe(true);
  });

  it('lists uploads in pages and folders, and forgets those that are aborted', async () => {
    const ids = new Map<string, string>();
    for (const [at, key] of ['a/1', 'a/2', 'b', 'b', 'c'].entries()) ids.set(await begin(key), `${key} ${at}`);
    const pages: unknown[] = [];
    let markers: { KeyMarker?: string; UploadIdMarker?: string } = {};
    for (;;) {
      const page = await s3.send(
        new ListMultipartUploadsCommand({ Bucket, Delimiter: '/', MaxUploads: 1, ...markers }),
      );
      pages.push(page.CommonPrefixes?.[0]?.Prefix ?? page.Uploads?.[0]?.Key);
      if (!page.IsTruncated) break;
      markers = { KeyMarker: page.NextKeyMarker ?? '', UploadIdMarker: page.NextUploadIdMarker ?? '' };
    }
    expect(pages).toEqual(['a/', 'b', 'b', 'c']);
    for (const UploadId of ids.keys()) {
      const Key = ids.get(UploadId)?.split(' ')[0];
      await s3.send(new AbortMultipartUploadCommand({ Bucket, Key, UploadId }));
      expect(await codeOf(s3.send(new AbortMultipartUploadCommand({ Bucket, Key, UploadId })))).toBe(
        'NoSuchUpload 404',
      );
    }
    expect((await s3.send(new ListMultipartUploadsCommand({ Bucket }))).Uploads).toBeUndefined();
  });
});

it('keeps an upload over a restart, and no part of what ended', async () => {
  await start('disk');
  const id = await begin('a');
  const aborted = await begin('b');
  await upload('b', aborted, 1, first);
  await upload('a', id, 2, Buffer.from('replaced'));
  const parts = [await upload('a', id, 1, first), await upload('a', id, 2, second), await upload('a', id, 3, last)];
  await sandbox.stop();
  await start('disk');
  await s3.send(new AbortMultipartUploadCommand({ Bucket, Key: 'b', UploadId: aborted }));
  const bodies = join(directory, 'bodies');
  const [folder = ''] = readdirSync(bodies);
  expect(readdirSync(join(bodies, folder))).toHaveLength(3);
  await complete('a', id, parts.slice(0, 2));
  expect(readdirSync(join(bodies, folder))).toHaveLength(2);
  await sandbox.stop();
  await start('disk');
  expect((await read('a')).equals(Buffer.concat([first, second]))).toBe(true);
  expect(await complete('a', id, parts.slice(0, 2))).toMatchObject({ Key: 'a' });

  // Who reads on while the object is deleted reads to the end.
  const { Body } = await s3.send(new GetObjectCommand({ Bucket, Key: 'a' }));
  await s3.send(new DeleteObjectCommand({ Bucket, Key: 'a' }));
  expect((await Body?.transformToByteArray())?.length).toBe(first.length + second.length);
  await sandbox.stop();
  await start('disk');
  expect(readdirSync(bodies)).toEqual([]);
});
