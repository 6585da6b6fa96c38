import {
  CreateBucketCommand,
  DeleteObjectCommand,
  GetBucketLocationCommand,
  GetObjectCommand,
  HeadObjectCommand,
  ListObjectsCommand,
  ListObjectsV2Command,
  PutObjectCommand,
  type S3Client,
  S3ServiceException,
  type CreateBucketConfiguration,
  type ListObjectsCommandInput,
  type S3ClientConfig,
} from '@aws-sdk/client-s3';
import { getSignedUrl } from '@aws-sdk/s3-request-presigner';
import { Agent } from 'node:http';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { startTestSandbox, type TestSandbox } from '../support/sandbox.ts';
import { connectSdk } from './support/connect-sdk.ts';
import { sendSigned } from './send-signed.ts';

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
  return connectSdk(sandbox, options);
}

/** `CODE STATUS` of an error document, else the status and the body. */
async function ask(url: string, options: RequestInit = {}): Promise<string> {
  const response = await fetch(url, options);
  const text = await response.text();
  return `${/<Code>(\w+)<\/Code>/.exec(text)?.[1] ?? text} ${response.status}`;
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

it('a presigned URL reads, writes and deletes what it was made for, and nothing else', async () => {
  const target = { Bucket: 'records', Key: 'a b+c/ü😀.json' };
  const required = connect({ requestChecksumCalculation: 'WHEN_REQUIRED' });
  const put = await getSignedUrl(
    required,
    new PutObjectCommand({
      ...target,
      ContentType: 'application/json',
      Metadata: { note: 'x' },
      StorageClass: 'GLACIER_IR',
    }),
    { signableHeaders: new Set(['content-type']) },
  );
  const headers = { 'content-type': 'application/json' };
  expect([
    await ask(put, { method: 'PUT', headers: { 'content-type': 'text/plain' }, body: '{}' }),
    await ask(put, { method: 'PUT', headers, body: '{"a": 1}' }),
  ]).toEqual(['SignatureDoesNotMatch 403', ' 200']);
  expect(await s3.send(new HeadObjectCommand(target))).toMatchObject({
    ContentType: 'application/json',
    Metadata: { note: 'x' },
    StorageClass: 'GLACIER_IR',
  });
  const get = await getSignedUrl(s3, new GetObjectCommand(target));
  const remove = await getSignedUrl(s3, new DeleteObjectCommand(target));
  expect([
    await ask(get),
    await ask(get, { headers: { range: 'bytes=0-2' } }),
    await ask(get, { method: 'DELETE' }),
    await ask(get.replace('.json', '.jso')),
    await ask(`${get}&response-content-type=text/html`),
    await ask(get.replace(/X-Amz-Signature=../, 'X-Amz-Signature=00')),
    await ask(get.replace(/&X-Amz-Signature=\w+/, '')),
    await ask(get.replace(/\?.*/, '')),
    await ask(get, { headers: { 'x-amz-acl': 'private' } }),
    await ask(remove, { method: 'DELETE' }),
    await ask(get),
  ]).toEqual([
    '{"a": 1} 200',
    '{"a 206',
    'SignatureDoesNotMatch 403',
    'SignatureDoesNotMatch 403',
    'SignatureDoesNotMatch 403',
    'SignatureDoesNotMatch 403',
    'AuthorizationQueryParametersError 400',
    'AccessDenied 403',
    'AccessDenied 403',
    ' 204',
    'NoSuchKey 404',
  ]);
});

it('a presigned URL ends when it says, and carries how its answer is to be shown', async () => {
  const target = { Bucket: 'records', Key: 'a' };
  await s3.send(new PutObjectCommand({ ...target, Body: 'x' }));
  const get = new GetObjectCommand({
    ...target,
    ResponseContentType: 'text/html',
    ResponseContentDisposition: 'attachment; filename="u.json"',
    ResponseCacheControl: 'no-store',
  });
  const hourAgo = new Date(Date.now() - 3_600_000);
  const inHour = new Date(Date.now() + 3_600_000);
  expect([
    await ask(await getSignedUrl(s3, get, { signingDate: hourAgo, expiresIn: 3_500 })),
    await ask(await getSignedUrl(s3, get, { signingDate: hourAgo, expiresIn: 3_700 })),
    await ask(await getSignedUrl(s3, get, { signingDate: inHour })),
  ]).toEqual(['AccessDenied 403', 'x 200', 'AccessDenied 403']);
  const { headers } = await fetch(await getSignedUrl(s3, get));
  expect(['content-type', 'content-disposition', 'cache-control'].map((name) => headers.get(name))).toEqual([
    'text/html',
    'attachment; filename="u.json"',
    'no-store',
  ]);
});

it('what a presigned URL says of a sum holds for the body that comes', async () => {
  const put = new PutObjectCommand({
    Bucket: 'records',
    Key: 'a',
    ChecksumSHA256: 'LCa0a2j/xo/5m0U8HTBBNBNCLXBkg7+g+YpeiGJm564=',
  });
  const url = await getSignedUrl(s3, put, { unhoistableHeaders: new Set() });
  expect([await ask(url, { method: 'PUT', body: 'bar' }), await ask(url, { method: 'PUT', body: 'foo' })]).toEqual([
    'BadDigest 400',
    ' 200',
  ]);
});

it('nobody is let in without a signature, whatever is asked for', async () => {
  const post = { method: 'POST', body: '<Delete/>' };
  expect(
    await Promise.all([
      ask(sandbox.endpoint),
      ask(`${sandbox.endpoint}/records`),
      ask(`${sandbox.endpoint}/records/a`),
      ask(`${sandbox.endpoint}/nowhere/a`),
      ask(`${sandbox.endpoint}/records/a`, { method: 'PUT', body: 'x' }),
      ask(`${sandbox.endpoint}/records?delete`, post),
      ask(`${sandbox.endpoint}/records?policy`),
      ask(`${sandbox.endpoint}/records/a?AWSAccessKeyId=a&Signature=b&Expires=1`),
    ]),
  ).toEqual([...Array<string>(7).fill('AccessDenied 403'), 'InvalidRequest 400']);
});

it('a bucket in the host name is the one in the path', async () => {
  const virtual = connect({
    endpoint: sandbox.endpoint.replace('127.0.0.1', 'localhost'),
    forcePathStyle: false,
    // Not every system resolves names below localhost.
    requestHandler: {
      httpAgent: new Agent({ lookup: (_name, _options, done) => done(null, [{ address: '127.0.0.1', family: 4 }]) }),
    },
  });
  const target = { Bucket: 'records', Key: '/odd//key' };
  const hosts: string[] = [];
  virtual.middlewareStack.add(
    (next) => (input) => {
      if (hasHost(input.request)) hosts.push(input.request.hostname);
      return next(input);
    },
    { step: 'finalizeRequest', priority: 'low' },
  );
  await virtual.send(new CreateBucketCommand({ Bucket: 'second.bucket' }));
  await virtual.send(new PutObjectCommand({ ...target, Body: 'x' }));
  await virtual.send(new PutObjectCommand({ ...target, Bucket: 'second.bucket', Body: 'y' }));
  expect(await (await s3.send(new GetObjectCommand(target))).Body?.transformToString()).toBe('x');
  expect((await virtual.send(new ListObjectsV2Command({ Bucket: 'records' }))).Contents?.map(({ Key }) => Key)).toEqual(
    ['/odd//key'],
  );
  expect(new Set(hosts)).toEqual(new Set(['second.bucket.localhost', 'records.localhost']));
});

function hasHost(request: unknown): request is { readonly hostname: string } {
  return typeof request === 'object' && request !== null && 'hostname' in request;
}

it('version 1 of listing gives the same keys, by markers', async () => {
  const keys = ['a', 'b/1', 'b/2', 'b0', 'c/x/y', 'd e', 'ü'];
  for (const Key of keys) await s3.send(new PutObjectCommand({ Bucket: 'records', Key, Body: 'x' }));
  const pages = async (input: Partial<ListObjectsCommandInput>): Promise<(string | undefined)[][]> => {
    const found: (string | undefined)[][] = [];
    for (let Marker: string | undefined; ;) {
      const page = await s3.send(new ListObjectsCommand({ Bucket: 'records', ...input, Marker }));
      const names = [
        ...(page.Contents ?? []).map(({ Key }) => Key),
        ...(page.CommonPrefixes ?? []).map(({ Prefix }) => Prefix),
      ];
      found.push(names);
      expect(page.Marker).toBe(Marker ?? '');
      expect(page.Contents?.every(({ Owner }) => Owner?.ID !== undefined) ?? true).toBe(true);
      // NextMarker comes with a delimiter alone.
      expect(page.NextMarker !== undefined).toBe(page.IsTruncated === true && input.Delimiter !== undefined);
      if (page.IsTruncated !== true) return found;
      Marker = page.NextMarker ?? page.Contents?.at(-1)?.Key;
    }
  };
  expect(await pages({ MaxKeys: 3 })).toEqual([['a', 'b/1', 'b/2'], ['b0', 'c/x/y', 'd e'], ['ü']]);
  expect(await pages({ MaxKeys: 2, Delimiter: '/' })).toEqual([
    ['a', 'b/'],
    ['b0', 'c/'],
    ['d e', 'ü'],
  ]);
  expect(await pages({ Prefix: 'b/', Delimiter: '/', MaxKeys: 1 })).toEqual([['b/1'], ['b/2']]);
  const encoded = await s3.send(new ListObjectsCommand({ Bucket: 'records', EncodingType: 'url', Marker: 'c/x/y' }));
  expect([encoded.EncodingType, encoded.Marker, encoded.Contents?.map(({ Key }) => Key)]).toEqual([
    'url',
    'c/x/y',
    ['d+e', '%C3%BC'],
  ]);
  expect((await sendSigned(sandbox, 'GET', '/records?list-type=3', {})).code).toBe('InvalidArgument');
});

function create(client: S3Client, Bucket: string, location: string | null): Promise<string> {
  // The SDK's type knows today's regions only.
  const configuration: CreateBucketConfiguration = JSON.parse(JSON.stringify({ LocationConstraint: location }));
  const more = location === null ? {} : { CreateBucketConfiguration: configuration };
  return outcome(client.send(new CreateBucketCommand({ Bucket, ...more })));
}

async function locationOf(client: S3Client, Bucket: string): Promise<string | undefined> {
  return (await client.send(new GetBucketLocationCommand({ Bucket }))).LocationConstraint;
}

it('tells where a bucket is, and refuses to put one elsewhere', async () => {
  expect([
    await create(s3, 'plain', null),
    await create(s3, 'named', 'us-east-1'),
    await create(s3, 'elsewhere', 'eu-west-1'),
    await create(s3, 'nowhere', 'the-moon'),
    await create(s3, 'records', null),
    await locationOf(s3, 'plain'),
    await outcome(s3.send(new GetBucketLocationCommand({ Bucket: 'none' }))),
  ]).toEqual([
    'done',
    'InvalidLocationConstraint 400',
    'IllegalLocationConstraintException 400',
    'InvalidLocationConstraint 400',
    'done',
    undefined,
    'NoSuchBucket 404',
  ]);
  const malformed = await sendSigned(sandbox, 'PUT', '/third', {}, Buffer.from('<Other/>'));
  expect(malformed.code).toBe('MalformedXML');
  const european = await startTestSandbox({ buckets: ['records'], region: 'eu-central-1' });
  try {
    const client = connect({ endpoint: european.endpoint, region: european.region });
    expect([
      await create(client, 'named', 'eu-central-1'),
      await create(client, 'plain', null),
      await create(client, 'oldest', 'us-east-1'),
      await create(client, 'records', 'eu-central-1'),
      await locationOf(client, 'named'),
    ]).toEqual([
      'done',
      // The SDK names its region where nothing else is said.
      'done',
      'InvalidLocationConstraint 400',
      'BucketAlreadyOwnedByYou 409',
      'eu-central-1',
    ]);
    const bare = await sendSigned(european, 'PUT', '/bare', {});
    expect(bare.code).toBe('IllegalLocationConstraintException');
  } finally {
    await european.stop();
  }
});
