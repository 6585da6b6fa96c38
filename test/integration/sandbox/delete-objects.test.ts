import {
  DeleteObjectsCommand,
  HeadObjectCommand,
  ListObjectVersionsCommand,
  ListObjectsV2Command,
  PutBucketVersioningCommand,
  PutObjectCommand,
  type S3Client,
  S3ServiceException,
  type DeleteObjectsCommandInput,
  type DeleteObjectsCommandOutput,
  type ObjectIdentifier,
} from '@aws-sdk/client-s3';
import { createHash } from 'node:crypto';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { startTestSandbox, type TestSandbox } from '../support/sandbox.ts';
import { connectSdk } from './support/connect-sdk.ts';
import { sendSigned } from './send-signed.ts';

let sandbox: TestSandbox;
let s3: S3Client;

beforeEach(async () => {
  sandbox = await startTestSandbox({ buckets: ['records'] });
  s3 = connectSdk(sandbox);
});

afterEach(async () => {
  await sandbox.stop();
});

async function put(Key: string, Body = Key): Promise<string | undefined> {
  return (await s3.send(new PutObjectCommand({ Bucket: 'records', Key, Body }))).ETag;
}

/** Without HTTP, where only the number counts. */
async function store(key: string): Promise<void> {
  const encryption = { algorithm: 'AES256', keyId: null, bucketKey: false };
  const facts = { headers: {}, metadata: {}, tags: [], encryption, checksum: null };
  const object = {
    key,
    size: 0,
    etag: createHash('md5').digest('hex'),
    storageClass: 'STANDARD',
    facts,
    body: { bytes: Buffer.alloc(0) },
  };
  await sandbox.storage.bucket('records')?.put(object, () => undefined);
}

function remove(
  Objects: readonly ObjectIdentifier[],
  more: Partial<DeleteObjectsCommandInput['Delete']> = {},
): Promise<DeleteObjectsCommandOutput> {
  return s3.send(new DeleteObjectsCommand({ Bucket: 'records', Delete: { Objects: [...Objects], ...more } }));
}

async function listed(): Promise<(string | undefined)[]> {
  return ((await s3.send(new ListObjectsV2Command({ Bucket: 'records' }))).Contents ?? []).map(({ Key }) => Key);
}

it('deletes a thousand keys of every kind in one request, the ones that are not there too', async () => {
  const odd = [
    'a b+c',
    'a//b',
    '../up',
    '😀',
    `<x>&"'`,
    'tab\tline\nreturn\r',
    'c\u0001d',
    ' space ',
    '%41',
    'é'.repeat(512),
  ];
  await Promise.all(odd.map((key) => put(key)));
  const many = Array.from({ length: 989 }, (_, at) => `many/${String(at).padStart(4, '0')}`);
  await Promise.all(many.map((key) => store(key)));
  const keys = [...odd, ...many];
  await put('kept');
  const { Deleted, Errors } = await remove([...keys, 'never'].map((Key) => ({ Key })));
  expect(Deleted?.map(({ Key }) => Key)).toEqual([...keys, 'never']);
  expect(Errors).toBeUndefined();
  expect(await listed()).toEqual(['kept']);
});

it('deletes under conditions, and says of each object why it stayed', async () => {
  const ETag = await put('same', 'x');
  const bare = (await put('bare', 'x'))?.replaceAll('"', '');
  for (const key of ['any', 'changed', 'size', 'time', 'wrong-size', 'wrong-time']) await put(key, 'x');
  const modified = sandbox.storage.bucket('records')?.index.get('time')?.modified ?? 0;
  const { Deleted, Errors } = await remove([
    { Key: 'same', ETag },
    { Key: 'bare', ETag: bare },
    { Key: 'any', ETag: '*' },
    { Key: 'size', Size: 1 },
    { Key: 'time', LastModifiedTime: new Date(modified), ETag },
    { Key: 'changed', ETag: '"00000000000000000000000000000000"' },
    { Key: 'wrong-size', Size: 2, ETag },
    { Key: 'wrong-time', LastModifiedTime: new Date(modified - 1000) },
    { Key: 'gone', ETag },
    { Key: 'k'.repeat(1025) },
  ]);
  expect(Deleted?.map(({ Key }) => Key)).toEqual(['same', 'bare', 'any', 'size', 'time']);
  expect(Errors?.map(({ Key, Code }) => [Key?.slice(0, 10), Code])).toEqual([
    ['changed', 'PreconditionFailed'],
    ['wrong-size', 'PreconditionFailed'],
    ['wrong-time', 'PreconditionFailed'],
    ['gone', 'NoSuchKey'],
    ['kkkkkkkkkk', 'KeyTooLongError'],
  ]);
  expect(await listed()).toEqual(['changed', 'wrong-size', 'wrong-time']);
});

it('leaves markers where versions are kept, and takes versions and markers away by their ids', async () => {
  const Status = 'Enabled';
  await s3.send(new PutBucketVersioningCommand({ Bucket: 'records', VersioningConfiguration: { Status } }));
  const ETag = await put('a', 'first');
  const { VersionId: first } = await s3.send(new HeadObjectCommand({ Bucket: 'records', Key: 'a' }));
  await put('a', 'second');
  const marked = await remove([{ Key: 'a' }, { Key: 'never' }]);
  const [markerOfA, markerOfNever] = (marked.Deleted ?? []).map(({ DeleteMarkerVersionId }) => DeleteMarkerVersionId);
  expect(marked.Deleted).toEqual([
    { Key: 'a', DeleteMarker: true, DeleteMarkerVersionId: expect.any(String) },
    { Key: 'never', DeleteMarker: true, DeleteMarkerVersionId: expect.any(String) },
  ]);
  const removed = await remove([
    { Key: 'a', VersionId: first, ETag: 'other' },
    { Key: 'a', VersionId: 'no-version' },
    { Key: 'a', VersionId: first, ETag },
    { Key: 'a', VersionId: markerOfA },
    { Key: 'never', VersionId: markerOfNever },
  ]);
  expect(removed.Deleted).toEqual([
    { Key: 'a', VersionId: first },
    { Key: 'a', VersionId: markerOfA, DeleteMarker: true, DeleteMarkerVersionId: markerOfA },
    { Key: 'never', VersionId: markerOfNever, DeleteMarker: true, DeleteMarkerVersionId: markerOfNever },
  ]);
  expect(removed.Errors?.map(({ Code, VersionId }) => [Code, VersionId])).toEqual([
    ['PreconditionFailed', first],
    ['NoSuchVersion', 'no-version'],
  ]);
  const { Versions, DeleteMarkers } = await s3.send(new ListObjectVersionsCommand({ Bucket: 'records' }));
  expect([Versions?.map(({ Size }) => Size), DeleteMarkers, await listed()]).toEqual([[6], undefined, ['a']]);
});

it('is quiet about what it did and loud about what it did not', async () => {
  await put('a');
  await put('b');
  const { Deleted, Errors } = await remove([{ Key: 'a' }, { Key: 'b', ETag: 'other' }], { Quiet: true });
  expect([Deleted, Errors?.map(({ Key }) => Key), await listed()]).toEqual([undefined, ['b'], ['b']]);
});

function md5(text: string): string {
  return createHash('md5').update(text).digest('base64');
}

async function post(body: string, headers: Readonly<Record<string, string>>): Promise<string> {
  const { status, code } = await sendSigned(sandbox, 'POST', '/records?delete=', headers, Buffer.from(body));
  return `${code ?? 'done'} ${status}`;
}

it('refuses a document that S3 refuses, and deletes nothing of it', async () => {
  await put('a');
  const object = '<Object><Key>a</Key></Object>';
  const summed = (body: string): Promise<string> => post(body, { 'content-md5': md5(body) });
  expect([
    await post(`<Delete>${object}</Delete>`, {}),
    await post(`<Delete>${object}</Delete>`, { 'content-md5': md5('other') }),
    await post(`<Delete>${object}</Delete>`, { 'content-md5': 'short' }),
    await post(`<Delete>${object}</Delete>`, { 'x-amz-checksum-crc32c': 'AAAAAA==' }),
    await summed(''),
    await summed('<Delete></Delete>'),
    await summed(`<Other>${object}</Other>`),
    await summed('<Delete><Object></Object></Delete>'),
    await summed('<Delete><Object><Key></Key></Object></Delete>'),
    await summed(`<Delete>${object}<Other/></Delete>`),
    await summed(`<Delete>${object}`),
    await summed(`<Delete>${'<Object><Key>a</Key></Object>'.repeat(1001)}</Delete>`),
    await summed('<Delete><Object><Key>a</Key><Size>big</Size></Object></Delete>'),
    await summed(`<Delete>${' '.repeat(8 * 1024 * 1024)}${object}</Delete>`),
    await listed(),
  ]).toEqual([
    'InvalidRequest 400',
    'BadDigest 400',
    'InvalidDigest 400',
    'BadDigest 400',
    ...Array<string>(9).fill('MalformedXML 400'),
    'MaxMessageLengthExceeded 400',
    ['a'],
  ]);
  expect(
    await summed(`<?xml version="1.0"?><Delete xmlns="http://s3.amazonaws.com/doc/2006-03-01/">${object}</Delete>`),
  ).toBe('done 200');
  await expect(
    s3.send(new DeleteObjectsCommand({ Bucket: 'nowhere', Delete: { Objects: [{ Key: 'a' }] } })),
  ).rejects.toMatchObject({ name: 'NoSuchBucket' } satisfies Partial<S3ServiceException>);
});
