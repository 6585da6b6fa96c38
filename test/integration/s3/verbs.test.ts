import { afterAll, afterEach, beforeAll, expect, test } from 'vitest';
import { createS3Client } from '../../../electron/engine/s3/create-s3-client.ts';
import { RequestMeter } from '../../../electron/engine/s3/request-meter.ts';
import type { DeletedObject, S3Client } from '../../../electron/engine/s3/s3-client.ts';
import { WriteInDoubt } from '../../../electron/engine/s3/write-in-doubt.ts';
import { AppFailure } from '../../../shared/result.ts';
import { startTestSandbox, targetOf } from '../support/sandbox.ts';

const OTHER_ETAG = '"00000000000000000000000000000000"';

let sandbox: Awaited<ReturnType<typeof startTestSandbox>>;
let client: S3Client;

beforeAll(async () => {
  sandbox = await startTestSandbox({ buckets: ['records'] });
  client = createS3Client(targetOf(sandbox), { random: () => 0 });
});
afterEach(() => sandbox.faults.set([]));
afterAll(async () => {
  await client.close();
  await sandbox.stop();
});

async function failure(promise: Promise<unknown>): Promise<AppFailure> {
  try {
    await promise;
  } catch (error) {
    if (error instanceof AppFailure) return error;
    throw error;
  }
  throw new Error('it did not fail');
}
const codeOf = async (promise: Promise<unknown>): Promise<string> => (await failure(promise)).error.code;
const put = (key: string, text = '{}') => client.putObject('records', key, Buffer.from(text), {});
const codes = (outcomes: readonly DeletedObject[]) => outcomes.map(({ key, error }) => [key, error?.code ?? 'deleted']);

test('a thousand records are deleted by one request, each with an answer of its own', async () => {
  const keys = [
    'a b&<>"\'.json',
    'ü/日本',
    'line\r\nbreak',
    ' lead',
    '😀',
    ...Array.from({ length: 991 }, (_, at) => `many/${at}`),
  ];
  await Promise.all(keys.slice(0, 20).map((key) => put(key)));
  const { etag } = await put('same');
  await put('changed');
  const outcomes = await client.deleteObjects(
    'records',
    [
      ...keys.map((key) => ({ key })),
      { key: 'same', etag },
      { key: 'changed', etag: OTHER_ETAG },
      { key: 'gone', etag: OTHER_ETAG },
      { key: 'control\u0001' },
    ],
    {},
  );
  expect(codes(outcomes)).toEqual([
    ...keys.map((key) => [key, 'deleted']),
    ['same', 'deleted'],
    ['changed', 'record-changed'],
    ['gone', 'record-not-found'],
    ['control\u0001', 'invalid-key'],
  ]);
  expect(outcomes.find(({ key }) => key === 'changed')?.error).toMatchObject({
    message: expect.stringContaining('Object "changed" in bucket "records" was changed by someone else'),
    detail: { operation: 'DeleteObject', key: 'changed', s3Code: 'PreconditionFailed' },
  });
  expect((await client.listObjectsV2('records', {})).objects.map(({ key }) => key)).toEqual(['changed']);
  const all = Array.from({ length: 1001 }, (_, at) => ({ key: String(at) }));
  expect(await codeOf(client.deleteObjects('records', all, {}))).toBe('invalid-arguments');
});

test('a deletion whose answer is lost is in doubt, and an object that the answer leaves out is no success', async () => {
  sandbox.faults.set([{ operation: 'DeleteObjects', times: 1, fault: { kind: 'reset', at: 'before-answer' } }]);
  expect(await failure(client.deleteObjects('records', [{ key: 'a' }], {}))).toBeInstanceOf(WriteInDoubt);
  const body =
    '<DeleteResult><Deleted><Key>b</Key></Deleted><Error><Key>c</Key><Code>SlowDown</Code></Error></DeleteResult>';
  sandbox.faults.set([{ operation: 'DeleteObjects', fault: { kind: 'answer', status: 200, body } }]);
  const outcomes = await client.deleteObjects('records', [{ key: 'a' }, { key: 'b' }, { key: 'c' }], {});
  expect(outcomes.map(({ error }) => error && [error.code, error.retryable])).toEqual([
    ['server-error', true],
    null,
    ['throttled', true],
  ]);
});

test('a record is read again only where it has changed', async () => {
  const { etag } = await put('kept', '{"a":1}');
  expect(await client.getObjectIfChanged('records', 'kept', etag, {})).toBeNull();
  const found = await client.getObjectIfChanged('records', 'kept', OTHER_ETAG, { range: 'bytes=1-3' });
  expect([Buffer.from(found?.body ?? []).toString(), found?.head.size]).toEqual(['"a"', 7]);
  expect((await client.headObject('records', 'kept', { ifMatch: etag })).etag).toBe(etag);
  expect(await codeOf(client.headObject('records', 'kept', { ifMatch: OTHER_ETAG }))).toBe('record-changed');
});

test('a copy takes along what it is not told otherwise, and is made of what its caller saw', async () => {
  const source = { bucket: 'records', key: 'source +%é' };
  const tags = [{ key: 'reviewed', value: 'yes' }];
  const headers = { contentType: 'application/json', userMetadata: [{ key: 'note', value: 'naïve' }], tags };
  const { etag } = await client.putObject('records', source.key, Buffer.from('{"a":1}'), { headers });
  const copied = await client.copyObject('records', 'copy', { ...source, ifMatch: etag }, { ifNoneMatch: '*' });
  const { head, body } = await client.getObject('records', 'copy', {});
  expect([head.etag, Buffer.from(body).toString()]).toEqual([copied.etag, '{"a":1}']);
  expect(head).toMatchObject({ contentType: 'application/json', userMetadata: headers.userMetadata, tagCount: 1 });
  await client.copyObject('records', 'copy', source, {
    headers: { contentType: 'text/plain' },
    tags: [],
    storageClass: 'STANDARD_IA',
    ifMatch: copied.etag,
  });
  expect(await client.headObject('records', 'copy', {})).toMatchObject({
    contentType: 'text/plain',
    userMetadata: [],
    tagCount: 0,
    storageClass: 'STANDARD_IA',
  });
  const stale = await failure(client.copyObject('records', 'copy', { ...source, ifMatch: OTHER_ETAG }, {}));
  expect([stale.error.code, stale.message]).toEqual([
    'record-changed',
    expect.stringContaining('"source +%é" in bucket "records" was changed'),
  ]);
  const missing = await failure(client.copyObject('records', 'copy', { ...source, key: 'nothing' }, {}));
  expect([missing.error.code, missing.message]).toEqual([
    'record-not-found',
    expect.stringContaining('There is no object "nothing"'),
  ]);
  expect(await codeOf(client.copyObject('records', 'copy', source, { ifNoneMatch: '*' }))).toBe('record-exists');
  expect(await codeOf(client.copyObject('records', 'copy', source, { ifMatch: OTHER_ETAG }))).toBe('record-changed');
});

const failing = (code: string, times: number) =>
  sandbox.faults.set([
    {
      operation: 'CopyObject',
      times,
      fault: { kind: 'answer', status: 200, body: `<?xml version="1.0"?>\n \n<Error><Code>${code}</Code></Error>` },
    },
  ]);

test('a copy that is answered with success and an error inside has failed', async () => {
  const source = { bucket: 'records', key: 'inside' };
  await put(source.key);
  failing('InternalError', 1);
  expect(await failure(client.copyObject('records', 'copy', source, {}))).toBeInstanceOf(WriteInDoubt);
  failing('SlowDown', 1);
  expect((await client.copyObject('records', 'copy', source, {})).etag).toMatch(/^"[0-9a-f]{32}"$/);
  failing('AccessDenied', 1);
  expect(await codeOf(client.copyObject('records', 'copy', source, {}))).toBe('access-denied');
});

test('tags are removed, and a checksum stays with the object', async () => {
  const tags = [{ key: 'a', value: 'b' }];
  await client.putObject('records', 'summed', Buffer.from('123456789'), { headers: { tags }, checksum: 'CRC32' });
  await client.deleteObjectTagging('records', 'summed', {});
  expect(await client.getObjectTagging('records', 'summed', {})).toEqual([]);
  for (const [checksum, value] of [
    ['CRC32', 'y/Q5Jg=='],
    ['SHA256', 'FeKw08M4keuw8e9gnsQZQgwg4yDOlMZfvIwzEkSOsiU='],
  ] as const) {
    await client.putObject('records', 'summed', Buffer.from('123456789'), { checksum });
    const entry = await sandbox.storage.bucket('records')?.open('summed');
    expect(entry?.facts.checksum).toMatchObject({ algorithm: checksum, value });
    await entry?.close();
  }
});

test('an object whose ETag says nothing of its bytes fits the checksum of each kind that the server keeps', async () => {
  const body = Buffer.from(JSON.stringify(Array.from({ length: 3_000 }, (_, n) => `ü${n}`)));
  const encryption = { algorithm: 'aws:kms', keyId: null } as const;
  for (const checksum of ['CRC32', 'CRC32C', 'CRC64NVME', 'SHA1', 'SHA256'] as const) {
    // Refused where the server's own sum is another one.
    await client.putObject('records', `sums/${checksum}`, body, { headers: { encryption }, checksum });
    for (let time = 0; time < 2; time += 1) {
      const found = await client.getObject('records', `sums/${checksum}`, {});
      expect(Buffer.from(found.body).equals(body)).toBe(true);
    }
  }
});

test('a server that asks for fewer requests gets all of them in the end, and a click is answered meanwhile', async () => {
  const slowDown = { kind: 'answer', status: 503, code: 'SlowDown' } as const;
  sandbox.faults.set([{ operation: 'PutObject', allowedPerSecond: 150, fault: slowDown }]);
  const meter = new RequestMeter();
  const keys = Array.from({ length: 400 }, (_, at) => `many/${String(at).padStart(3, '0')}`);
  const written = Promise.all(
    keys.map((key) => client.putObject('records', key, Buffer.from(key), { lane: 'bulk', meter, ifNoneMatch: '*' })),
  );
  await client.headObject('records', 'kept', {});
  await written;
  expect((await client.listObjectsV2('records', { prefix: 'many/' })).objects.map(({ key }) => key)).toEqual(keys);
  expect(meter.total - keys.length).toBe(sandbox.faults.hits[0]);
  // Each of them alone would come back again and again until it is taken, thousands of times a second. The search for the
  // rate costs some 500 refusals, however many keys there are; a busy machine's round trips are longer, and more of them.
  expect(meter.total).toBeLessThan(4 * keys.length);
});

test('a read-only connection reads, and sends nothing else, whoever asks', async () => {
  await put('kept');
  const sent: string[] = [];
  const reading = createS3Client(
    { ...targetOf(sandbox), name: 'Archive', readOnly: true },
    { onRequest: (operation) => sent.push(operation) },
  );
  const body = Buffer.from('{}');
  const writes = [
    () => reading.putObject('records', 'kept', body, {}),
    () => reading.deleteObject('records', 'kept', {}),
    () => reading.deleteObjects('records', [{ key: 'kept' }], {}),
    () => reading.putObjectTagging('records', 'kept', [], {}),
    () => reading.createBucket('another', {}),
  ];
  for (const write of writes) {
    const { error } = await failure(write());
    expect([error.code, error.message]).toEqual([
      'read-only',
      expect.stringContaining('The connection Archive is read-only: nothing was sent.'),
    ]);
  }
  expect(sent).toEqual([]);
  expect((await reading.getObject('records', 'kept', {})).body.length).toBe(2);
  await reading.close();
});
