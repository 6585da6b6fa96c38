import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { createS3Client } from '../../../electron/engine/s3/create-s3-client.ts';
import { RequestMeter } from '../../../electron/engine/s3/request-meter.ts';
import type { S3Client, S3Target } from '../../../electron/engine/s3/s3-client.ts';
import { AppFailure } from '../../../shared/result.ts';
import { startTestSandbox, targetOf } from '../support/sandbox.ts';

let sandbox: Awaited<ReturnType<typeof startTestSandbox>>;
let client: S3Client;
const clients: S3Client[] = [];

function connect(changes: Partial<S3Target> = {}, now?: () => Date): S3Client {
  const made = createS3Client({ ...targetOf(sandbox), name: 'Sandbox', ...changes }, now === undefined ? {} : { now });
  clients.push(made);
  return made;
}

async function codeOf(promise: Promise<unknown>): Promise<string> {
  try {
    await promise;
    return 'done';
  } catch (error) {
    return error instanceof AppFailure ? error.error.code : String(error);
  }
}

beforeAll(async () => {
  sandbox = await startTestSandbox();
  client = connect();
  await client.createBucket('fast-lane', {});
});
afterAll(async () => {
  await Promise.all(clients.map((made) => made.close()));
  await sandbox.stop();
});

const KEYS = [
  'a//b',
  '../up',
  './here',
  'a/../b',
  ' space ',
  'plus+',
  'per%25cent',
  'ü/日本.json',
  '😀',
  'q?a=b&c#d',
  `it's!(*)`,
  'tab\tline\nreturn\r',
  'c\u0001d',
  '\ufffd',
  '//lead',
  'back\\slash',
  `<x>&"`,
  'end/',
  '.',
  'é'.repeat(512),
  'a;b:c@d=e,f$[]{}|^`',
];

test('objects of every kind of key are written, read, listed, tagged and deleted', async () => {
  const meter = new RequestMeter();
  const tags = [
    { key: 'reviewed', value: 'yes + no = 1' },
    { key: 'ä', value: '' },
  ];
  for (const key of KEYS) {
    const body = Buffer.from(JSON.stringify({ key }));
    const { etag } = await client.putObject('fast-lane', key, body, {
      meter,
      ifNoneMatch: '*',
      headers: {
        contentType: 'application/json',
        contentLanguage: 'de',
        cacheControl: 'max-age=1',
        contentDisposition: 'attachment; filename="a.json"',
        storageClass: 'STANDARD_IA',
        userMetadata: [{ key: 'note', value: 'naïve 😀' }],
        tags,
      },
    });
    const { head, body: found } = await client.getObject('fast-lane', key, { meter });
    expect(Buffer.from(found)).toEqual(body);
    expect(head).toMatchObject({
      key,
      etag,
      size: body.length,
      contentType: 'application/json',
      contentLanguage: 'de',
      cacheControl: 'max-age=1',
      contentDisposition: 'attachment; filename="a.json"',
      storageClass: 'STANDARD_IA',
      userMetadata: [{ key: 'note', value: 'naïve 😀' }],
      tagCount: 2,
    });
    expect(await client.headObject('fast-lane', key, { meter })).toEqual(head);
    expect(await client.getObjectTagging('fast-lane', key, { meter })).toEqual(tags);
  }
  const listed: string[] = [];
  for await (const page of client.listAllObjects('fast-lane', { maxKeys: 4, meter })) {
    listed.push(...page.objects.map((object) => object.key));
  }
  expect(listed).toEqual(KEYS.toSorted((a, b) => Buffer.compare(Buffer.from(a), Buffer.from(b))));
  for (const key of KEYS) await client.deleteObject('fast-lane', key, { meter });
  expect((await client.listObjectsV2('fast-lane', {})).objects).toEqual([]);
  const count = KEYS.length;
  expect(meter.statistics().requests).toEqual({
    PutObject: count,
    GetObject: count,
    HeadObject: count,
    GetObjectTagging: count,
    DeleteObject: count,
    ListObjectsV2: Math.ceil(count / 4),
  });
});

test('folders below a prefix are listed with a delimiter', async () => {
  for (const key of ['d/1.json', 'd/x y/1.json', 'd/x y/2.json', 'd/ü/1.json']) {
    await client.putObject('fast-lane', key, Buffer.from('{}'), {});
  }
  const page = await client.listObjectsV2('fast-lane', { prefix: 'd/', delimiter: '/' });
  expect([page.commonPrefixes, page.objects.map((object) => object.key)]).toEqual([['d/x y/', 'd/ü/'], ['d/1.json']]);
});

describe('conditions', () => {
  test('of several creates exactly one wins, and a stale ETag changes nothing', async () => {
    const creates = await Promise.all(
      Array.from({ length: 8 }, (_, index) =>
        codeOf(client.putObject('fast-lane', 'race', Buffer.from(String(index)), { ifNoneMatch: '*' })),
      ),
    );
    expect(creates.toSorted()).toEqual(['done', ...Array<string>(7).fill('record-exists')]);
    const before = await client.getObject('fast-lane', 'race', {});
    const stale = { ifMatch: '"00000000000000000000000000000000"' };
    expect([
      await codeOf(client.putObject('fast-lane', 'race', Buffer.from('x'), stale)),
      await codeOf(client.putObject('fast-lane', 'gone', Buffer.from('x'), stale)),
      await codeOf(client.deleteObject('fast-lane', 'race', stale)),
      await codeOf(client.getObject('fast-lane', 'race', stale)),
    ]).toEqual(['record-changed', 'record-not-found', 'record-changed', 'record-changed']);
    expect(await client.getObject('fast-lane', 'race', {})).toEqual(before);
  });
});

describe('what stands in the way has its own code and text', () => {
  test('wrong key, wrong secret, no bucket, no object, nobody listening', async () => {
    const { accessKeyId, secretAccessKey } = sandbox;
    const attempts: Promise<unknown>[] = [
      connect({ credentials: { accessKeyId: 'NOBODY', secretAccessKey, sessionToken: null } }).listBuckets({}),
      connect({ credentials: { accessKeyId, secretAccessKey: 'planted-secret', sessionToken: null } }).headBucket(
        'fast-lane',
        {},
      ),
      client.headBucket('no-such-bucket-here', {}),
      client.getObject('fast-lane', 'nothing', {}),
      connect({ endpoint: 'http://127.0.0.1:1' }).listBuckets({}),
    ];
    const errors = (await Promise.allSettled(attempts)).map((outcome) =>
      outcome.status === 'rejected' && outcome.reason instanceof AppFailure ? outcome.reason.error : null,
    );
    expect(errors.map((error) => error?.code)).toEqual([
      'unknown-access-key',
      'signature-mismatch',
      'no-such-bucket',
      'record-not-found',
      'connection-refused',
    ]);
    expect(new Set(errors.map((error) => error?.message)).size).toBe(errors.length);
    for (const error of errors) expect(error?.message).not.toMatch(/planted-secret|Exception|Error\b|\n/);
  });
});

test('a bucket in another region is found there: the first refusal names the region', async () => {
  const elsewhere = connect({ region: 'eu-north-9' });
  const meter = new RequestMeter();
  await elsewhere.putObject('fast-lane', 'moved', Buffer.from('{}'), { meter });
  await elsewhere.headObject('fast-lane', 'moved', { meter });
  expect(meter.statistics().requests).toEqual({ PutObject: 2, HeadObject: 1 });
});

test('a computer whose clock is an hour slow reads its records: the first refusal tells it the time', async () => {
  const slow = connect({}, () => new Date(Date.now() - 3_600_000));
  const meter = new RequestMeter();
  await slow.listBuckets({ meter });
  await slow.listBuckets({ meter });
  expect(meter.total).toBe(3);
});
