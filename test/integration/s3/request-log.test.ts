import { execFile } from 'node:child_process';
import { writeFile, mkdtemp, rm } from 'node:fs/promises';
import { connect, createServer, type Socket } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { createS3Client } from '../../../electron/engine/s3/create-s3-client.ts';
import { createRequestLog, type RequestLog } from '../../../electron/engine/s3/request-log.ts';
import { markCollection } from '../../../electron/engine/s3/request-purpose.ts';
import type { S3Client } from '../../../electron/engine/s3/s3-client.ts';
import { curlCommand } from '../../../renderer/requests/curl-command.ts';
import type { RequestEntry } from '../../../shared/request-log.ts';
import { startTestSandbox, type TestSandbox } from '../support/sandbox.ts';
import { answer, refusal, startOddServer } from './odd-server.ts';

const run = promisify(execFile);

let log: RequestLog;
const ends: (() => Promise<void>)[] = [];

beforeEach(() => {
  log = createRequestLog({ onChanged: () => undefined });
});
afterEach(async () => {
  for (const end of ends.splice(0).toReversed()) await end();
});

function clientOf(place: Pick<TestSandbox, 'endpoint' | 'accessKeyId' | 'secretAccessKey'>, token?: string): S3Client {
  const { endpoint, accessKeyId, secretAccessKey } = place;
  const client = createS3Client(
    {
      endpoint,
      region: 'us-east-1',
      pathStyle: true,
      credentials: { accessKeyId, secretAccessKey, sessionToken: token ?? null },
      name: 'Lab',
      maxWorkers: null,
    },
    { log, pause: () => Promise.resolve(), random: () => 0 },
  );
  ends.push(() => client.close());
  return client;
}

async function sandboxWithRecords(): Promise<TestSandbox> {
  const sandbox = await startTestSandbox({ buckets: ['records'] });
  ends.push(() => sandbox.stop());
  return sandbox;
}

/** Hands every byte on and reads along: the request ids as the server wrote them. */
async function startRelay(endpoint: string): Promise<{ readonly endpoint: string; readonly requestIds: string[] }> {
  const requestIds: string[] = [];
  const sockets = new Set<Socket>();
  const server = createServer((near) => {
    const far = connect(Number(new URL(endpoint).port), '127.0.0.1');
    for (const socket of [near, far]) {
      sockets.add(socket);
      socket.on('error', () => socket.destroy());
    }
    near.pipe(far);
    far.on('data', (bytes) => {
      const ids = bytes.toString('latin1').matchAll(/^x-amz-request-id: (\S+)\r$/gim);
      for (const [, id] of ids) requestIds.push(id ?? '');
      near.write(bytes);
    });
    far.on('close', () => near.destroy());
    near.on('close', () => far.destroy());
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  ends.push(async () => {
    for (const socket of sockets) socket.destroy();
    await new Promise<void>((resolve) => {
      server.close(() => resolve());
    });
  });
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('no port');
  return { endpoint: `http://127.0.0.1:${address.port}`, requestIds };
}

const entries = (): readonly RequestEntry[] => log.list(0, {}, 1_000).entries;

describe('the request log of a client', () => {
  test('has what was asked and answered, with the server’s own request ids', async () => {
    const sandbox = await sandboxWithRecords();
    const relay = await startRelay(sandbox.endpoint);
    const client = clientOf({ ...sandbox, endpoint: relay.endpoint });
    const controller = new AbortController();
    markCollection(controller.signal, 'movies');
    const call = { signal: controller.signal };

    await client.putObject('records', 'a b.json', Buffer.from('{"a":1}'), { ...call, ifNoneMatch: '*' });
    await client.getObject('records', 'a b.json', { ...call, lane: 'bulk' });
    await client.listObjectsV2('records', { prefix: 'a' });
    await client.getObject('records', 'none.json', {}).catch(() => undefined);
    await client.putObject('records', 'a b.json', Buffer.from('x'), { ifNoneMatch: '*' }).catch(() => undefined);
    await client.deleteObject('records', 'a b.json', {});

    const facts = entries().map((entry) => {
      const { operation, method, path, status, failure, s3Code, bytesUp, lane, collection, attempt } = entry;
      return { operation, method, path, status, failure, s3Code, bytesUp, lane, collection, attempt };
    });
    const plain = { failure: null, s3Code: null, bytesUp: 0, lane: 'interactive', collection: null, attempt: 1 };
    const put = { ...plain, operation: 'PutObject', method: 'PUT', path: '/records/a%20b.json' };
    const get = { ...plain, operation: 'GetObject', method: 'GET' };
    expect(facts).toEqual([
      { ...put, status: 200, bytesUp: 7, collection: 'movies' },
      { ...get, path: '/records/a%20b.json', status: 200, lane: 'bulk', collection: 'movies' },
      {
        ...plain,
        operation: 'ListObjectsV2',
        method: 'GET',
        path: '/records?encoding-type=url&list-type=2&prefix=a',
        status: 200,
      },
      { ...get, path: '/records/none.json', status: 404, failure: 'record-not-found', s3Code: 'NoSuchKey' },
      { ...put, status: 412, bytesUp: 1, failure: 'record-exists', s3Code: 'PreconditionFailed' },
      { ...plain, operation: 'DeleteObject', method: 'DELETE', path: '/records/a%20b.json', status: 204 },
    ]);
    expect(entries().map(({ requestId }) => requestId)).toEqual(relay.requestIds);
    expect(entries().map(({ bytesDown }) => bytesDown > 0)).toEqual([false, true, true, true, true, false]);
    for (const { milliseconds, firstByteMilliseconds } of entries()) {
      expect(firstByteMilliseconds).toBeGreaterThan(0);
      expect(milliseconds).toBeGreaterThanOrEqual(firstByteMilliseconds ?? Infinity);
    }
    expect(JSON.stringify(entries())).not.toContain(sandbox.secretAccessKey);
    expect(JSON.stringify(entries())).not.toMatch(/signature|credential/i);
  });

  test('shows every try of a storm of 503s, and which of them was the last', async () => {
    const server = await startOddServer((_, socket, index) => {
      socket.write(
        index % 3 < 2
          ? refusal('503 Slow Down', 'SlowDown', { 'x-amz-request-id': `R${index}` })
          : answer('200 OK', { 'x-amz-request-id': `R${index}`, etag: '"e"' }, '{}'),
      );
    });
    ends.push(() => server.stop());
    const client = clientOf({ endpoint: server.endpoint, accessKeyId: 'AKIDEXAMPLE', secretAccessKey: 'secret' });
    await client.getObject('records', 'a', {});
    await client.getObject('records', 'b', {});
    const tries = entries().map(({ request, key, attempt, status, s3Code, triedAgain, requestId }) =>
      [request, key, attempt, status, s3Code, triedAgain, requestId].map(String).join(' '),
    );
    expect(tries).toEqual([
      '1 a 1 503 SlowDown true R0',
      '1 a 2 503 SlowDown true R1',
      '1 a 3 200 null false R2',
      '2 b 1 503 SlowDown true R3',
      '2 b 2 503 SlowDown true R4',
      '2 b 3 200 null false R5',
    ]);
  });

  test('has requests that got no answer, half of one, or were stopped', async () => {
    const server = await startOddServer(({ head }, socket) => {
      if (head.includes('/cut ')) socket.end(answer('200 OK', { etag: '"e"' }, 'x'.repeat(100)).slice(0, -40));
      else if (head.includes('/reset ')) socket.destroy();
    });
    const client = clientOf({ endpoint: server.endpoint, accessKeyId: 'AKIDEXAMPLE', secretAccessKey: 'secret' });
    const stopping = new AbortController();
    const waiting = client.getObject('records', 'stopped', { signal: stopping.signal }).catch(() => undefined);
    await server.received(1);
    stopping.abort();
    await waiting;
    await client.putObject('records', 'cut', Buffer.from('abc'), {}).catch(() => undefined);
    await client.putObject('records', 'reset', Buffer.from('abc'), {}).catch(() => undefined);
    await server.stop();
    await client.putObject('records', 'refused', Buffer.from('abc'), {}).catch(() => undefined);

    const facts = entries().map(({ key, attempt, status, failure, bytesUp, bytesDown, firstByteMilliseconds }) =>
      [key, attempt, status, failure, bytesUp, bytesDown, firstByteMilliseconds === null].map(String).join(' '),
    );
    expect(facts).toEqual([
      'stopped 1 null aborted 0 0 true',
      'cut 1 200 connection-lost 3 60 false',
      'reset 1 null connection-lost 3 0 true',
      'refused 1 null connection-refused 0 0 true',
      'refused 2 null connection-refused 0 0 true',
      'refused 3 null connection-refused 0 0 true',
    ]);
  });
});

describe('a request copied as curl', () => {
  const KEYS = [
    'a//b',
    '../up/./x',
    ' space ',
    'plus+and%25cent',
    'it\'s $HOME `id` "quoted" \\ !',
    '[1-3]{a,b}',
    'ü/日本/😀.json',
    'q?a=b&c#d;e',
    '-dash',
  ];

  test('does the same when real curl runs it in a shell, whatever is in the key', async () => {
    const sandbox = await sandboxWithRecords();
    const client = clientOf(sandbox);
    const folder = await mkdtemp(join(tmpdir(), 'dipper-curl-'));
    ends.push(() => rm(folder, { recursive: true, force: true }));
    const curl = async (operation: string, key: string | null, options = ''): Promise<string> => {
      const entry = entries().findLast((each) => each.operation === operation && each.key === key);
      if (entry === undefined) throw new Error(`no ${operation} in the log`);
      const command = curlCommand(entry);
      expect(command).not.toContain(sandbox.accessKeyId);
      expect(command).not.toContain(sandbox.secretAccessKey);
      const { stdout } = await run(
        '/bin/sh',
        ['-c', command.replace('curl ', `curl --silent --show-error ${options} `)],
        {
          cwd: folder,
          env: {
            ...process.env,
            AWS_ACCESS_KEY_ID: sandbox.accessKeyId,
            AWS_SECRET_ACCESS_KEY: sandbox.secretAccessKey,
          },
        },
      );
      return stdout;
    };
    const code = "--output /dev/null --write-out '%{http_code}'";

    for (const key of KEYS) {
      await client.putObject('records', key, Buffer.from(`body of ${key}`), {
        ifNoneMatch: '*',
        headers: { contentType: 'text/plain; charset=utf-8', userMetadata: [{ key: 'owner', value: 'Müller' }] },
      });
      await client.getObject('records', key, {});
    }
    const read: string[] = [];
    for (const key of KEYS) read.push(await curl('GetObject', key));
    expect(read).toEqual(KEYS.map((key) => `body of ${key}`));

    await client.getObject('records', 'a//b', { range: 'bytes=0-3' });
    await client.listObjectsV2('records', { prefix: '../', delimiter: '/' });
    await client.headObject('records', '-dash', {});
    await client.getObjectTagging('records', '-dash', {});
    expect(await curl('GetObject', 'a//b')).toBe('body');
    expect(await curl('ListObjectsV2', null)).toContain('<Prefix>../up/</Prefix>');
    expect(await curl('HeadObject', '-dash')).toMatch(/^HTTP\/1\.1 200 OK\r\n/);
    expect(await curl('GetObjectTagging', '-dash')).toContain('<TagSet');

    // The same create meets its own object; once that is gone it is made again, with all that was said of it.
    await writeFile(join(folder, 'body'), 'by curl');
    expect(await curl('PutObject', '-dash', code)).toBe('412');
    await client.deleteObject('records', '-dash', {});
    expect(await curl('PutObject', '-dash', code)).toBe('200');
    const { head, body } = await client.getObject('records', '-dash', {});
    expect({ body: Buffer.from(body).toString(), type: head.contentType, metadata: head.userMetadata }).toEqual({
      body: 'by curl',
      type: 'text/plain; charset=utf-8',
      metadata: [{ key: 'owner', value: 'Müller' }],
    });
    expect(await curl('DeleteObject', '-dash', code)).toBe('204');
    await expect(client.headObject('records', '-dash', {})).rejects.toThrow('-dash');
  });
});
