import { once } from 'node:events';
import { createServer, type Socket } from 'node:net';
import { afterEach, describe, expect, test } from 'vitest';
import { createS3Client, type S3ClientOptions } from '../../../electron/engine/s3/create-s3-client.ts';
import { RequestMeter } from '../../../electron/engine/s3/request-meter.ts';
import type { S3Client, S3Target } from '../../../electron/engine/s3/s3-client.ts';
import { WriteInDoubt } from '../../../electron/engine/s3/write-in-doubt.ts';
import { AppFailure, type AppError } from '../../../shared/result.ts';
import { answer, refusal, startOddServer, type Behaviour, type OddServer } from './odd-server.ts';
import { SELF_SIGNED } from './self-signed.ts';

const cleanUps: (() => Promise<void>)[] = [];
afterEach(async () => {
  for (const cleanUp of cleanUps.splice(0).toReversed()) await cleanUp();
});

async function serve(behaviour: Behaviour): Promise<OddServer> {
  const server = await startOddServer(behaviour);
  cleanUps.push(() => server.stop());
  return server;
}

function connect(endpoint: string, options: S3ClientOptions = {}, target: Partial<S3Target> = {}): S3Client {
  const client = createS3Client(
    {
      endpoint,
      region: 'us-east-1',
      pathStyle: true,
      credentials: { accessKeyId: 'key', secretAccessKey: 'secret', sessionToken: null },
      name: 'odd',
      maxWorkers: null,
      ...target,
    },
    { random: () => 0, ...options },
  );
  cleanUps.push(() => client.close());
  return client;
}

async function failure(promise: Promise<unknown>): Promise<AppFailure> {
  try {
    await promise;
  } catch (error) {
    if (error instanceof AppFailure) return error;
    throw error;
  }
  throw new Error('it did not fail');
}
const failed = async (promise: Promise<unknown>): Promise<AppError> => (await failure(promise)).error;

const OBJECT = answer('200 OK', { etag: '"1"' }, '{"a":1}');

describe('what leaves this computer', () => {
  test('is the key as it is: nothing is normalised, everything but unreserved characters is encoded', async () => {
    const server = await serve((_, socket) => socket.write(OBJECT));
    const client = connect(server.endpoint);
    const keys = ['a//b', '../up', './here', 'a/../b/.', ' +%&?#', 'ä/😀', '~-._*', '/'];
    for (const key of keys) await client.getObject('bucket', key, {});
    expect(server.requests.map(({ head }) => head.split(' ')[1])).toEqual([
      '/bucket/a//b',
      '/bucket/../up',
      '/bucket/./here',
      '/bucket/a/../b/.',
      '/bucket/%20%2B%25%26%3F%23',
      '/bucket/%C3%A4/%F0%9F%98%80',
      '/bucket/~-._%2A',
      '/bucket//',
    ]);
  });

  test('is never more than the workers of the connection, and a click does not wait behind a sync', async () => {
    const waiting: (() => void)[] = [];
    let released = false;
    const server = await serve((request, socket) => {
      if (released || request.head.includes('/click ')) socket.write(OBJECT);
      else waiting.push(() => socket.write(OBJECT));
    });
    const client = connect(server.endpoint, {}, { maxWorkers: 4 });
    const bulk = Array.from({ length: 10 }, (_, index) => client.getObject('b', `bulk-${index}`, { lane: 'bulk' }));
    await server.received(3);
    await client.getObject('b', 'click', {});
    expect(waiting.length).toBe(3);
    released = true;
    for (const release of waiting) release();
    await Promise.all(bulk);
    expect(server.requests.length).toBe(11);
  });
});

test('a server that repeats the request in its refusal gives away nothing that signed it', async () => {
  const credentials = { accessKeyId: 'key', secretAccessKey: 'the-secret', sessionToken: 'the-token' };
  const server = await serve(({ head }, socket) => {
    const message = `No such thing for the-secret, X-Amz-Signature=the-signature: ${head}`;
    socket.write(answer('400 Bad Request', {}, `<Error><Code>Odd</Code><Message>${message}</Message></Error>`));
  });
  const error = await failed(connect(server.endpoint, {}, { credentials }).getObject('b', 'k', {}));
  expect(server.requests[0]?.head).toMatch(/^x-amz-security-token: the-token\s+authorization: .*Signature=/im);
  expect(JSON.stringify(error)).toContain('No such thing for …, X-Amz-Signature=…');
  expect(JSON.stringify(error)).not.toMatch(/the-|Credential=|Signature=[0-9a-f]/);
});

describe('trying again', () => {
  test('a read succeeds at the third try, and every try was counted', async () => {
    const server = await serve((_, socket, index) => {
      if (index === 0) socket.write(refusal('503 Slow Down', 'SlowDown', { 'retry-after': '0' }));
      else if (index === 1) socket.destroy();
      else socket.write(OBJECT);
    });
    const meter = new RequestMeter();
    const found = await connect(server.endpoint).getObject('b', 'k', { meter });
    expect(Buffer.from(found.body).toString()).toBe('{"a":1}');
    expect(meter.statistics().requests).toEqual({ GetObject: 3 });
  });

  test('a body is whole whether its length was said or not, and a 204 has none whatever its head says', async () => {
    const body = Buffer.from('0123456789'.repeat(30_000));
    const server = await serve(({ head }, socket) => {
      if (head.startsWith('DELETE')) {
        socket.write('HTTP/1.1 204 No Content\r\ncontent-length: 1,000\r\n\r\n');
        return;
      }
      const isChunked = head.includes('/chunked ');
      const size = isChunked ? 'transfer-encoding: chunked' : `content-length: ${String(body.length)}`;
      socket.write(`HTTP/1.1 200 OK\r\netag: "1"\r\n${size}\r\n\r\n`);
      for (let at = 0; at < body.length; at += 70_000) {
        const piece = body.subarray(at, at + 70_000);
        if (isChunked) socket.write(`${piece.length.toString(16)}\r\n`);
        socket.write(piece);
        if (isChunked) socket.write('\r\n');
      }
      if (isChunked) socket.write('0\r\n\r\n');
    });
    const client = connect(server.endpoint);
    for (const key of ['counted', 'chunked']) {
      expect(body.equals((await client.getObject('bucket', key, {})).body)).toBe(true);
    }
    await expect(client.deleteObject('bucket', 'key', {})).resolves.toBeUndefined();
  });

  test('a body that breaks off is read again from the start', async () => {
    const server = await serve((_, socket, index) => {
      if (index === 0) socket.end('HTTP/1.1 200 OK\r\netag: "1"\r\ncontent-length: 100\r\n\r\n{"a":');
      else socket.write(OBJECT);
    });
    const found = await connect(server.endpoint).getObject('b', 'k', {});
    expect([Buffer.from(found.body).toString(), server.requests.length]).toEqual(['{"a":1}', 2]);
  });

  test.each([
    ['breaks the connection', (socket: { destroy(): void }) => socket.destroy(), 'connection-lost'],
    [
      'answers 500',
      (socket: { write(text: string): unknown }) => socket.write(refusal('500 X', 'InternalError')),
      'server-error',
    ],
    [
      'answers 502 as a gateway does',
      (socket: { write(text: string): unknown }) => socket.write(answer('502 X', {}, '<html>')),
      'server-error',
    ],
  ] as const)('a write is sent once and left in doubt when the server %s', async (_, behave, code) => {
    const server = await serve((__, socket) => void behave(socket));
    const client = connect(server.endpoint);
    const put = await failure(client.putObject('b', 'k', Buffer.from('{}'), { ifNoneMatch: '*' }));
    expect([put instanceof WriteInDoubt, put.error.code, put.error.retryable]).toEqual([true, code, true]);
    const deleted = await failure(client.deleteObject('b', 'k', {}));
    expect([deleted instanceof WriteInDoubt, server.requests.length]).toEqual([true, 2]);
  });

  test('a write that the server was too busy for is sent again', async () => {
    const server = await serve((_, socket, index) => {
      socket.write(index < 2 ? refusal('503 Slow Down', 'SlowDown') : answer('200 OK', { etag: '"2"' }, ''));
    });
    const written = await connect(server.endpoint).putObject('b', 'k', Buffer.from('{}'), {});
    expect([written.etag, server.requests.length]).toEqual(['"2"', 3]);
  });

  test('an answer that refuses most of its objects for now slows the lane down once, not once an object', async () => {
    const keys = Array.from({ length: 200 }, (_, at) => String(at));
    const errors = keys.slice(1).map((key) => `<Error><Key>${key}</Key><Code>SlowDown</Code></Error>`);
    const waiting: Socket[] = [];
    const server = await serve((request, socket) => {
      if (request.head.startsWith('POST')) {
        socket.write(
          answer('200 OK', {}, `<DeleteResult><Deleted><Key>0</Key></Deleted>${errors.join('')}</DeleteResult>`),
        );
        return;
      }
      // Half of the 64 that the lane begins with come together, or nobody is answered.
      waiting.push(socket);
      if (waiting.length === 32) for (const one of waiting.splice(0)) one.write(OBJECT);
    });
    const client = connect(server.endpoint);
    await client.deleteObjects(
      'b',
      keys.map((key) => ({ key })),
      { lane: 'bulk' },
    );
    await Promise.all(keys.slice(0, 32).map((key) => client.getObject('b', key, { lane: 'bulk' })));
  });

  test('a refusal is final', async () => {
    const server = await serve((_, socket) => socket.write(refusal('403 Forbidden', 'SignatureDoesNotMatch')));
    const error = await failed(connect(server.endpoint).getObject('b', 'k', {}));
    expect([error.code, server.requests.length]).toEqual(['signature-mismatch', 1]);
  });
});

describe('the clock', () => {
  test('of a server that refuses any time is asked for once, and both clocks are named', async () => {
    const server = await serve((_, socket) => {
      const times = '<RequestTime>x</RequestTime><ServerTime>2026-11-25T05:00:00Z</ServerTime>';
      const body = `<Error><Code>RequestTimeTooSkewed</Code>${times}</Error>`;
      socket.write(answer('403 Forbidden', { 'content-type': 'application/xml' }, body));
    });
    const client = connect(server.endpoint, { now: () => new Date('2026-11-25T03:00:00Z') });
    const error = await failed(client.putObject('b', 'k', Buffer.from('{}'), {}));
    const dates = server.requests.map(({ head }) => /x-amz-date: (\S+)/i.exec(head)?.[1]);
    expect([error.code, dates]).toEqual(['clock-skewed', ['20261125T030000Z', '20261125T050000Z']]);
    expect(error.message).toContain(
      'also when it is signed by the clock of the server: this computer says 2026-11-25T03:00:00Z, the server says 2026-11-25T05:00:00Z',
    );
  });
});

describe('a call that is stopped', () => {
  test('ends at once, also between two tries and in the queue', async () => {
    const controller = new AbortController();
    const server = await serve((_, socket) => {
      socket.write(refusal('503 Slow Down', 'SlowDown', { 'retry-after': '15' }));
    });
    const client = connect(
      server.endpoint,
      {
        pause: async (milliseconds, signal) => {
          expect(milliseconds).toBe(15_000);
          controller.abort();
          signal?.throwIfAborted();
          await Promise.resolve();
        },
      },
      { maxWorkers: 1 },
    );
    expect((await failed(client.getObject('b', 'k', { signal: controller.signal }))).code).toBe('aborted');
    expect((await failed(client.getObject('b', 'k', { signal: controller.signal }))).code).toBe('aborted');
    expect(server.requests.length).toBe(1);
  });

  test('while the server is silent frees its place', async () => {
    const server = await serve((request, socket) => {
      if (!request.head.includes('/silent ')) socket.write(OBJECT);
    });
    const client = connect(server.endpoint, {}, { maxWorkers: 1 });
    const controller = new AbortController();
    const silent = failed(client.getObject('b', 'silent', { signal: controller.signal }));
    await server.received(1);
    controller.abort();
    expect((await silent).code).toBe('aborted');
    await client.getObject('b', 'k', {});
  });

  test('by closing the client fails as stopped', async () => {
    const server = await serve(() => undefined);
    const client = connect(server.endpoint);
    const call = failed(client.getObject('b', 'k', {}));
    await server.received(1);
    await client.close();
    expect([(await call).code, (await failed(client.getObject('b', 'k', {}))).code]).toEqual(['aborted', 'aborted']);
  });
});

describe('bounds', () => {
  test.each([
    ['with its length', 'content-length: 1000000\r\n\r\n'],
    ['without', 'connection: close\r\n\r\n'],
  ])('an object larger than allowed is not read, told %s', async (_, header) => {
    const server = await serve((__, socket) => {
      socket.write(`HTTP/1.1 200 OK\r\netag: "1"\r\n${header}${'x'.repeat(1000)}`);
    });
    const error = await failed(connect(server.endpoint).getObject('b', 'k', { maximumBytes: 100 }));
    expect([error.code, server.requests.length]).toEqual(['record-too-large', 1]);
  });

  test('a silent server and a stalled body run into the time-out', async () => {
    const server = await serve((request, socket) => {
      if (request.head.includes('/stalled ')) socket.write('HTTP/1.1 200 OK\r\ncontent-length: 10\r\n\r\nabc');
    });
    const client = connect(server.endpoint, { timeouts: { headers: 200, body: 200 } });
    const codes = await Promise.all(
      ['silent', 'stalled'].map(async (key) => (await failed(client.getObject('b', key, {}))).code),
    );
    expect(codes).toEqual(['timed-out', 'timed-out']);
    expect(server.requests.length).toBe(6);
  });

  test('an answer that trickles, and an upload that nobody reads, end as well, and leave their place to others', async () => {
    const server = await serve((_, socket) => {
      socket.write('HTTP/1.1 200 OK\r\netag: "1"\r\ncontent-length: 100000\r\n\r\n');
      const trickle = setInterval(() => socket.write('.'), 20);
      socket.on('close', () => clearInterval(trickle));
    });
    const unread: Socket[] = [];
    const deaf = createServer((socket) => {
      unread.push(socket);
      socket.on('error', () => socket.destroy());
      socket.once('data', (head) => {
        if (head.toString('latin1').startsWith('PUT')) socket.pause();
        else socket.end(OBJECT);
      });
    });
    await once(deaf.listen(0, '127.0.0.1'), 'listening');
    const address = deaf.address();
    if (address === null || typeof address === 'string') throw new Error('no port');
    cleanUps.push(async () => {
      for (const socket of unread) socket.destroy();
      await once(deaf.close(), 'close');
    });

    const timeouts = { headers: 200, body: 200 };
    const one = { maxWorkers: 1 };
    const slow = connect(server.endpoint, { timeouts, pause: () => Promise.resolve() }, one);
    // The second one gets its turn because the first has left.
    const reads = ['a', 'b'].map((key) => failed(slow.getObject('b', key, { lane: 'bulk' })));
    expect((await Promise.all(reads)).map(({ code }) => code)).toEqual(['timed-out', 'timed-out']);
    expect(server.requests.length).toBe(6);

    const client = connect(`http://127.0.0.1:${address.port}`, { timeouts }, one);
    const body = Buffer.alloc(32 * 1024 * 1024);
    const written = await failure(client.putObject('b', 'big', body, { lane: 'bulk' }));
    expect([written instanceof WriteInDoubt, written.error.code]).toEqual([true, 'timed-out']);
    expect((await client.getObject('b', 'small', {})).head.etag).toBe('"1"');
  });

  test('an endless refusal is cut', async () => {
    const server = await serve((_, socket) => {
      socket.write(`HTTP/1.1 404 Not Found\r\ncontent-type: text/html\r\n\r\n<html>${'x'.repeat(2_000_000)}`);
    });
    expect((await failed(connect(server.endpoint).getObject('b', 'k', {}))).code).toBe('not-s3');
  });

  test('a server that repeats a page is not listened to for ever', async () => {
    const page =
      '<ListBucketResult><IsTruncated>true</IsTruncated><NextContinuationToken>t</NextContinuationToken></ListBucketResult>';
    const server = await serve((_, socket) => socket.write(answer('200 OK', {}, page)));
    const listing = connect(server.endpoint).listAllObjects('b', {});
    const readAll = async (): Promise<void> => {
      for await (const _ of listing);
    };
    expect([(await failed(readAll())).code, server.requests.length]).toEqual(['server-error', 2]);
  });
});

describe('what is no S3', () => {
  test.each([
    ['a page of HTML', answer('200 OK', { 'content-type': 'text/html' }, '<html>Welcome to the hotel</html>')],
    ['a JSON API', answer('404 Not Found', { 'content-type': 'application/json' }, '{}')],
    ['no HTTP', 'SSH-2.0-OpenSSH_9.9\r\n'],
  ])('is said for %s', async (_, text) => {
    const server = await serve((__, socket) => socket.end(text));
    const error = await failed(connect(server.endpoint).listBuckets({}));
    expect(error.code).toBe('not-s3');
    expect(error.message).toContain(server.endpoint);
  });

  test('a certificate signed by itself is refused, and so is TLS where there is none', async () => {
    const secure = await startOddServer((_, socket) => socket.write(OBJECT), SELF_SIGNED);
    cleanUps.push(() => secure.stop());
    const plain = await serve((_, socket) => socket.write(OBJECT));
    const codes = await Promise.all(
      [secure.endpoint, plain.endpoint.replace('http:', 'https:')].map(
        async (endpoint) => (await failed(connect(endpoint).listBuckets({}))).code,
      ),
    );
    expect(codes).toEqual(['certificate-refused', 'not-s3']);
  });

  test('nobody listening and an unknown host are told apart', async () => {
    const server = await serve((_, socket) => socket.write(OBJECT));
    await server.stop();
    const refused = await failed(connect(server.endpoint).listBuckets({}));
    const unknown = await failed(connect('http://no-such-host.invalid').listBuckets({}));
    expect([refused.code, unknown.code]).toEqual(['connection-refused', 'host-not-found']);
  });
});

test('a HEAD that is refused without a word is explained by a GET', async () => {
  const server = await serve((request, socket) => {
    socket.write(
      request.head.startsWith('HEAD')
        ? 'HTTP/1.1 403 Forbidden\r\ncontent-length: 0\r\n\r\n'
        : refusal('403 Forbidden', 'InvalidAccessKeyId'),
    );
  });
  const client = connect(server.endpoint);
  expect((await failed(client.headBucket('b', {}))).code).toBe('unknown-access-key');
  expect((await failed(client.headObject('b', 'k', {}))).code).toBe('unknown-access-key');
});

const inRegion = (headers: Record<string, string>, body = '') =>
  answer('301 Moved', { 'x-amz-request-id': 'R1', ...headers }, `<Error><Code>PermanentRedirect</Code>${body}</Error>`);
const regionOf = ({ head }: { readonly head: string }) => /\/([^/]*)\/s3\/aws4_request/.exec(head)?.[1];

describe('a bucket in another region', () => {
  test('is asked for there from then on, and nobody goes to the host that an answer names', async () => {
    const foreign = await serve((_, socket) => socket.write(OBJECT));
    const server = await serve((request, socket) => {
      const named = inRegion({ 'x-amz-bucket-region': 'eu-west-1', location: foreign.endpoint });
      socket.write(regionOf(request) === 'us-east-1' && request.head.includes('/moved/') ? named : OBJECT);
    });
    const client = connect(server.endpoint);
    await client.getObject('moved', 'a', {});
    await client.getObject('moved', 'b', {});
    await client.getObject('stayed', 'c', {});
    expect(server.requests.map(regionOf)).toEqual(['us-east-1', 'eu-west-1', 'eu-west-1', 'us-east-1']);
    expect(foreign.requests).toEqual([]);
  });

  test('that is not there either is told by its first refusal, after one more try', async () => {
    const server = await serve((_, socket) => socket.write(inRegion({ 'x-amz-bucket-region': 'eu-west-1' })));
    const client = connect(server.endpoint);
    for (const tries of [2, 4]) {
      const error = await failed(client.putObject('moved', 'a', Buffer.from('{}'), {}));
      expect([error.code, error.detail?.region, server.requests.length]).toEqual(['wrong-region', 'eu-west-1', tries]);
      expect(error.message).toContain('is in region eu-west-1, but connection "odd" says us-east-1');
    }
  });

  test('is not looked for in what is no region, nor where a person is to hear of it', async () => {
    const server = await serve((_, socket) => socket.write(inRegion({ 'x-amz-bucket-region': 'evil.example/' })));
    expect((await failed(connect(server.endpoint).getObject('moved', 'a', {}))).code).toBe('wrong-region');
    const other = await serve((_, socket) => socket.write(inRegion({ 'x-amz-bucket-region': 'eu-west-1' })));
    const told = connect(other.endpoint, { followsRegion: false });
    expect((await failed(told.getObject('moved', 'a', {}))).code).toBe('wrong-region');
    expect([server.requests.length, other.requests.length]).toEqual([1, 1]);
  });
});
