import {
  GetObjectAttributesCommand,
  GetObjectCommand,
  HeadObjectCommand,
  PutObjectCommand,
  type S3Client,
  type PutObjectCommandInput,
} from '@aws-sdk/client-s3';
import { createHash } from 'node:crypto';
import { Readable } from 'node:stream';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { CHECKSUM_ALGORITHMS, checksumHeaderName, createChecksum } from '../../../electron/sandbox/checksums.ts';
import type { ChecksumAlgorithm } from '../../../electron/sandbox/storage/storage.ts';
import { startTestSandbox, type TestSandbox } from '../support/sandbox.ts';
import { connectSdk } from './support/connect-sdk.ts';
import { sendSigned } from './send-signed.ts';

let sandbox: TestSandbox;
let s3: S3Client;

beforeAll(async () => {
  sandbox = await startTestSandbox({ buckets: ['records'] });
  s3 = connectSdk(sandbox, {
    requestChecksumCalculation: 'WHEN_REQUIRED',
    responseChecksumValidation: 'WHEN_REQUIRED',
  });
});

afterAll(async () => {
  await sandbox.stop();
});

function put(Key: string, Body: PutObjectCommandInput['Body'], more: Partial<PutObjectCommandInput> = {}) {
  return s3.send(new PutObjectCommand({ Bucket: 'records', Key, Body, ...more }));
}

function sumOf(algorithm: ChecksumAlgorithm, body: Uint8Array): string {
  const checksum = createChecksum(algorithm);
  checksum.update(body);
  return checksum.digest().toString('base64');
}

const small = Buffer.from('{"name": "ü"}');
const large = Buffer.from(Array.from({ length: 1_300_001 }, (_, at) => (at * 7 + (at >> 8)) & 255));

it.each(CHECKSUM_ALGORITHMS)('%s is verified in a header and in a trailer, kept, and answered', async (algorithm) => {
  const field = `Checksum${algorithm}` as const;
  const target = { Bucket: 'records', Key: algorithm };
  const answered = { [field]: sumOf(algorithm, small), ChecksumType: 'FULL_OBJECT' };
  expect(await put(algorithm, small, { ChecksumAlgorithm: algorithm })).toMatchObject(answered);
  expect(await s3.send(new HeadObjectCommand({ ...target, ChecksumMode: 'ENABLED' }))).toMatchObject(answered);
  expect(await s3.send(new HeadObjectCommand(target))).not.toHaveProperty(field);
  // A stream's sum is known behind it alone: the SDK sends it in a trailer.
  const stream = Readable.from([large.subarray(0, 70_000), large.subarray(70_000)]);
  await put(algorithm, stream, { ChecksumAlgorithm: algorithm, ContentLength: large.length });
  const got = await s3.send(new GetObjectCommand({ ...target, ChecksumMode: 'ENABLED' }));
  expect(got).toMatchObject({ [field]: sumOf(algorithm, large), ChecksumType: 'FULL_OBJECT' });
  expect(large.equals((await got.Body?.transformToByteArray()) ?? small)).toBe(true);
  const wrong = sumOf(algorithm, Buffer.from('other'));
  await expect(put('wrong', small, { [field]: wrong })).rejects.toMatchObject({ name: 'BadDigest' });
});

it('what its writer sums with nothing is summed by the server', async () => {
  const value = sumOf('CRC64NVME', small);
  expect(await put('unsummed', small)).toMatchObject({ ChecksumCRC64NVME: value, ChecksumType: 'FULL_OBJECT' });
  const attributes = await s3.send(
    new GetObjectAttributesCommand({
      Bucket: 'records',
      Key: 'unsummed',
      ObjectAttributes: ['ObjectSize', 'ETag', 'Checksum', 'StorageClass', 'ObjectParts'],
    }),
  );
  expect({ ...attributes, $metadata: null }).toEqual({
    $metadata: null,
    Checksum: { ChecksumCRC64NVME: value, ChecksumType: 'FULL_OBJECT' },
    ETag: createHash('md5').update(small).digest('hex'),
    LastModified: expect.any(Date),
    ObjectSize: 14,
    StorageClass: 'STANDARD',
  });
});

async function ask(key: string, attributes: string | null): Promise<string> {
  const headers: Record<string, string> = attributes === null ? {} : { 'x-amz-object-attributes': attributes };
  const { status, code } = await sendSigned(sandbox, 'GET', `/records/${key}?attributes=`, headers);
  return `${code ?? 'done'} ${status}`;
}

it('attributes that are none are refused, and an object that is none', async () => {
  await put('there', small);
  expect([
    await ask('there', 'ETag, ObjectSize'),
    await ask('there', 'ETag,Colour'),
    await ask('there', null),
    await ask('none', 'ETag'),
  ]).toEqual(['done 200', 'InvalidArgument 400', 'InvalidRequest 400', 'NoSuchKey 404']);
});

it('sums that contradict each other, or themselves, are refused', async () => {
  const send = async (headers: Readonly<Record<string, string>>): Promise<string> => {
    const { status, code, text } = await sendSigned(sandbox, 'PUT', '/records/refused', headers, small);
    return code === null ? `done ${status}` : `${code} ${status} ${/<Message>(.*?)[.<]/.exec(text)?.[1] ?? ''}`;
  };
  const [crc32, sha256] = [sumOf('CRC32', small), sumOf('SHA256', small)];
  expect([
    await send({ 'x-amz-checksum-crc32': crc32, 'x-amz-sdk-checksum-algorithm': 'CRC32' }),
    await send({ 'x-amz-checksum-crc32': crc32, 'x-amz-checksum-sha256': sha256 }),
    await send({ 'x-amz-checksum-crc32': crc32, 'x-amz-sdk-checksum-algorithm': 'SHA256' }),
    await send({ 'x-amz-sdk-checksum-algorithm': 'SHA256' }),
    await send({ 'x-amz-checksum-crc32': sha256 }),
    await send({ 'x-amz-checksum-sha1': 'no base64' }),
    await send({ 'x-amz-checksum-sha512': sha256 }),
    await send({ 'content-md5': crc32 }),
  ]).toEqual([
    'done 200',
    'InvalidRequest 400 Expecting a single x-amz-checksum- header',
    'InvalidRequest 400 Value for x-amz-sdk-checksum-algorithm header is invalid',
    'InvalidRequest 400 x-amz-sdk-checksum-algorithm specified, but no corresponding x-amz-checksum-* or x-amz-trailer headers were found',
    'InvalidRequest 400 Value for x-amz-checksum-crc32 header is invalid',
    'InvalidRequest 400 Value for x-amz-checksum-sha1 header is invalid',
    'NotImplemented 501 The sandbox does not implement the checksum SHA512',
    'InvalidDigest 400 The Content-MD5 you specified was invalid',
  ]);
});

it('a trailer must say what its header announced, and be right', async () => {
  const send = async (announced: string, trailer: string): Promise<string> => {
    const body = `${small.length.toString(16)}\r\n${small.toString('latin1')}\r\n0\r\n${trailer}\r\n`;
    const headers = {
      'content-encoding': 'aws-chunked',
      'x-amz-content-sha256': 'STREAMING-UNSIGNED-PAYLOAD-TRAILER',
      'x-amz-decoded-content-length': String(small.length),
      'x-amz-trailer': announced,
    };
    const target = '/records/trailer';
    const { status, code } = await sendSigned(sandbox, 'PUT', target, headers, Buffer.from(body, 'latin1'));
    return `${code ?? 'done'} ${status}`;
  };
  const name = checksumHeaderName('CRC64NVME');
  expect([
    await send(name, `${name}:${sumOf('CRC64NVME', small)}\r\n`),
    await send(name, `${name}:${sumOf('CRC64NVME', large)}\r\n`),
    await send(name, `${name}:short\r\n`),
    await send(name, ''),
    await send(name, 'x-amz-checksum-crc32:AAAAAA==\r\n'),
    await send(name, 'no trailer\r\n'),
    await send('x-amz-meta-a', 'x-amz-meta-a:b\r\n'),
  ]).toEqual([
    'done 200',
    'BadDigest 400',
    'InvalidRequest 400',
    'MalformedTrailerError 400',
    'MalformedTrailerError 400',
    'MalformedTrailerError 400',
    'InvalidRequest 400',
  ]);
});
