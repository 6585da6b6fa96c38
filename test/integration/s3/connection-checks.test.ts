import { createServer } from 'node:https';
import { afterAll, afterEach, expect, test } from 'vitest';
import { checkConnection, type CheckOptions } from '../../../electron/engine/s3/check-connection.ts';
import { createS3Client, type S3ClientOptions } from '../../../electron/engine/s3/create-s3-client.ts';
import { ANONYMOUS, type S3Client, type S3Target } from '../../../electron/engine/s3/s3-client.ts';
import { weakerWrites } from '../../../electron/engine/s3/unchecked-conditions.ts';
import {
  CHECK_TITLES,
  firstFailure,
  type CheckName,
  type ConnectionCheck,
  type ConnectionTest,
} from '../../../shared/connection-check.ts';
import { signal } from '../records/record-harness.ts';
import { listen } from '../support/listen.ts';
import { startTestSandbox, targetOf } from '../support/sandbox.ts';
import { startCarelessServer } from './careless-server.ts';
import { SELF_SIGNED } from './self-signed.ts';

const sandbox = await startTestSandbox({ buckets: ['records', 'versions'] });
await sandbox.storage.bucket('versions')?.setVersioning('enabled');
const careless = await startCarelessServer(sandbox);
const cleanUps: (() => Promise<unknown>)[] = [];
afterEach(async () => {
  sandbox.faults.set([]);
  for (const cleanUp of cleanUps.splice(0).toReversed()) await cleanUp();
});
afterAll(async () => {
  await careless.stop();
  await sandbox.stop();
});

function connect(changes: Partial<S3Target> = {}, options: S3ClientOptions = {}): S3Client {
  const { capabilities: _, ...target } = targetOf(sandbox);
  const client = createS3Client({ ...target, ...changes }, { followsRegion: false, ...options });
  cleanUps.push(() => client.close());
  return client;
}

const denies = (operation: string) =>
  ({ operation, fault: { kind: 'answer', status: 403, code: 'AccessDenied' } }) as const;

const PLACE = { bucket: 'records', prefix: 'movies/' };

function check(client: S3Client, options: Partial<CheckOptions> = {}): Promise<ConnectionTest> {
  const usual = { place: PLACE, readOnly: false, anonymous: false, tell: () => undefined, signal };
  return checkConnection(client, { ...usual, ...options });
}

const verdicts = ({ checks }: Pick<ConnectionTest, 'checks'>): Readonly<Record<string, string>> =>
  Object.fromEntries(checks.map(({ check: name, verdict }) => [name, verdict]));

function one({ checks }: ConnectionTest, name: CheckName): ConnectionCheck {
  const found = checks.find(({ check: each }) => each === name);
  if (found === undefined) throw new Error(`no check ${name}`);
  return found;
}

async function objects(): Promise<readonly unknown[]> {
  return (await connect().listObjectsV2('records', {})).objects;
}

test('every check passes on a server that does all of it, one after the other, and nothing is left there', async () => {
  const told: number[] = [];
  const done = await check(connect(), { tell: (checks) => told.push(checks.length) });
  expect(verdicts(done)).toEqual(Object.fromEntries(Object.keys(CHECK_TITLES).map((name) => [name, 'passed'])));
  expect(done).toMatchObject({ place: PLACE, buckets: 2, milliseconds: expect.any(Number) });
  expect(one(done, 'versions').reason).toContain('keeps no versions');
  expect(told.slice(0, 5)).toEqual([1, 2, 3, 4, 5]);
  expect(await objects()).toEqual([]);
  const kept = await check(connect(), { place: { bucket: 'versions', prefix: '' } });
  expect(one(kept, 'versions').reason).toContain('stays there');
});

test('a name without an address, a port without a server, and a certificate that nobody trusts are told apart', async () => {
  const lost = await check(connect({ endpoint: 'https://nothing.invalid' }));
  expect(one(lost, 'dns')).toMatchObject({
    verdict: 'failed',
    reason: expect.stringContaining('has no address'),
    remedy: expect.stringContaining('Check the endpoint'),
  });
  expect(one(lost, 'delete')).toMatchObject({ verdict: 'not-run', reason: 'The server was not reached.' });

  const closed = await check(connect({ endpoint: 'http://127.0.0.1:1' }));
  expect(one(closed, 'dns')).toMatchObject({ verdict: 'passed' });
  expect(one(closed, 'connection')).toMatchObject({ verdict: 'failed', error: { code: 'connection-refused' } });
  expect(one(closed, 'tls')).toMatchObject({ verdict: 'not-run' });

  const server = createServer(SELF_SIGNED, (_, response) => response.end());
  const { port, close } = await listen(server);
  cleanUps.push(close);
  const self = await check(connect({ endpoint: `https://localhost:${port}` }));
  expect(one(self, 'connection')).toMatchObject({ verdict: 'passed' });
  expect(one(self, 'tls')).toMatchObject({
    verdict: 'failed',
    reason: expect.stringContaining('signed by itself'),
    remedy: expect.stringContaining('settings of the connection'),
  });
});

test('what is wrong with keys, region and clock is said of the signature, and nothing else is tried', async () => {
  const credentials = { accessKeyId: 'nobody', secretAccessKey: 'guess', sessionToken: null };
  const seen = await Promise.all(
    [
      { credentials },
      { credentials: { ...credentials, accessKeyId: sandbox.accessKeyId } },
      { region: 'eu-west-1' },
    ].map(async (changes) => firstFailure(await check(connect(changes)))),
  );
  expect(seen.map((failure) => [failure?.check, failure?.error?.code])).toEqual([
    ['signature', 'unknown-access-key'],
    ['signature', 'signature-mismatch'],
    ['signature', 'wrong-region'],
  ]);
  expect(seen[2]?.error?.detail?.region).toBe('us-east-1');
  expect(seen[1]?.remedy).toContain('Correct it in the settings of the connection');

  const late = await check(connect({}, { now: () => new Date(Date.now() - 60 * 60_000) }));
  expect(one(late, 'clock')).toMatchObject({
    verdict: 'limited',
    reason: expect.stringContaining('60 minutes behind'),
    remedy: expect.stringContaining('Set the clock'),
  });
  expect(firstFailure(late)).toBeNull();
});

test('a policy that forbids tagging is named, and switches tags off until the next test', async () => {
  sandbox.faults.set([denies('PutObjectTagging')]);
  const client = connect();
  const denied = await check(client);
  expect(one(denied, 'tags')).toMatchObject({
    verdict: 'failed',
    reason: expect.stringContaining('A policy does not let these keys write tags.'),
    remedy: expect.stringContaining('Ask for the permission s3:PutObjectTagging on arn:aws:s3:::records/movies/*'),
  });
  expect(verdicts(denied)).toMatchObject({ write: 'passed', 'conditional-writes': 'passed', delete: 'passed' });
  expect(weakerWrites(await client.capabilities('records', 'movies/a.json', {})).tags).toContain(
    'may not write the tags',
  );

  sandbox.faults.set([]);
  await check(client);
  expect(weakerWrites(await client.capabilities('records', 'movies/a.json', {})).tags).toBeNull();
  expect(await objects()).toEqual([]);
});

test('keys that may only read, may not list buckets, or not delete, are told each in its check', async () => {
  sandbox.faults.set([denies('ListBuckets'), denies('PutObject')]);
  const reader = await check(connect());
  expect(verdicts(reader)).toMatchObject({ signature: 'passed', buckets: 'limited', list: 'passed', write: 'failed' });
  expect(one(reader, 'write').remedy).toContain('s3:PutObject on arn:aws:s3:::records/*');
  expect(one(reader, 'tags')).toMatchObject({ verdict: 'not-run', reason: 'Nothing can be written here.' });

  sandbox.faults.set([denies('DeleteObject')]);
  const keeper = await check(connect());
  expect(one(keeper, 'delete')).toMatchObject({
    verdict: 'failed',
    reason: expect.stringMatching(/The object "movies\/\.dipper-probe-.*" of this test stays in bucket "records"\./),
  });
  sandbox.faults.set([]);
  for (const { key } of (await connect().listObjectsV2('records', {})).objects) {
    await connect().deleteObject('records', key, {});
  }
});

test('a server that checks no conditions is said to; a connection that is read-only is only read', async () => {
  const weak = await check(connect({ endpoint: careless.endpoint }));
  expect(one(weak, 'conditional-writes')).toMatchObject({
    verdict: 'limited',
    reason: expect.stringContaining('does not check conditions when it writes and deletes'),
  });

  await connect().putObject('records', 'movies/a.json', Buffer.from('{}'), {});
  const client = connect();
  const read = await check(client, { readOnly: true });
  expect(verdicts(read)).toMatchObject({ list: 'passed', read: 'passed', write: 'not-run', tags: 'not-run' });
  expect(one(read, 'write').reason).toBe('The connection is read-only: nothing is written.');
  await connect().deleteObject('records', 'movies/a.json', {});
});

test('without a bucket to try it in, and for who is anonymous, it is said what was left out and why', async () => {
  const alone = await check(connect(), { place: null });
  expect(one(alone, 'list')).toMatchObject({
    verdict: 'not-run',
    reason: 'There is no bucket to try it in.',
    remedy: expect.stringContaining('Name a bucket'),
  });
  const missing = await check(connect(), { place: { bucket: 'nothing', prefix: '' } });
  expect(one(missing, 'list')).toMatchObject({ verdict: 'failed', error: { code: 'no-such-bucket' } });
  expect(one(missing, 'write').reason).toBe('There is no bucket "nothing".');

  const nobody = await check(connect({ credentials: ANONYMOUS }), { anonymous: true });
  expect(one(nobody, 'signature')).toMatchObject({ verdict: 'not-run' });
  expect(one(nobody, 'list')).toMatchObject({ verdict: 'failed', error: { code: 'access-denied' } });
});
