import { once } from 'node:events';
import { createServer, type AddressInfo, type Socket } from 'node:net';
import { setImmediate } from 'node:timers/promises';
import { afterEach, expect, test } from 'vitest';
import { createS3Client, type S3ClientOptions } from '../../../electron/engine/s3/create-s3-client.ts';
import type { S3Client } from '../../../electron/engine/s3/s3-client.ts';
import { errorOf } from '../faults/support/fault-world.ts';
import { answer, refusal, startOddServer, type Behaviour, type OddServer } from './odd-server.ts';

const cleanUps: (() => Promise<void>)[] = [];
afterEach(async () => {
  for (const cleanUp of cleanUps.splice(0).toReversed()) await cleanUp();
});

interface World {
  readonly server: OddServer;
  readonly client: S3Client;
  /** Those that requests came by. */
  readonly sockets: ReadonlySet<Socket>;
}

async function serve(behaviour: Behaviour, options: S3ClientOptions = {}): Promise<World> {
  const sockets = new Set<Socket>();
  const server = await startOddServer((request, socket, index) => {
    sockets.add(socket);
    behaviour(request, socket, index);
  });
  cleanUps.push(() => server.stop());
  return { server, sockets, client: connect(server.endpoint, options) };
}

function connect(endpoint: string, options: S3ClientOptions = {}): S3Client {
  const client = createS3Client(
    {
      endpoint,
      region: 'us-east-1',
      pathStyle: true,
      credentials: { accessKeyId: 'key', secretAccessKey: 'secret', sessionToken: null },
      name: 'odd',
      maxWorkers: null,
    },
    { pause: () => Promise.resolve(), ...options },
  );
  cleanUps.push(() => client.close());
  return client;
}

const OBJECT = answer('200 OK', { etag: '"of two parts-2"' }, '{}');

async function readFive({ client }: World): Promise<void> {
  for (let n = 0; n < 5; n += 1) await client.getObject('records', `${n}`, {});
}

test('requests that follow each other take the same connection', async () => {
  const world = await serve((_, socket) => socket.write(OBJECT));
  await readFive(world);
  expect(world.sockets.size).toBe(1);
});

test.each([
  ['close: its answer says so', (socket: Socket) => socket.write(OBJECT.replace('etag', 'connection: close\r\netag'))],
  ['close in a second', (socket: Socket) => socket.write(OBJECT.replace('etag', 'keep-alive: timeout=1\r\netag'))],
  ['say more than was asked for', (socket: Socket) => socket.write(`${OBJECT}HTTP/1.1 200 OK\r\n\r\n`)],
])('a connection is not used again that is about to %s', async (_, send) => {
  const world = await serve((__, socket) => send(socket));
  await readFive(world);
  expect([world.sockets.size, world.server.requests.length]).toEqual([5, 5]);
});

test('as many requests as are under way at once have connections, and later ones take those', async () => {
  const waiting: (() => void)[] = [];
  const world = await serve((_, socket) => {
    waiting.push(() => socket.write(OBJECT));
    if (waiting.length === 40) for (const send of waiting.splice(0)) send();
  });
  for (let round = 0; round < 3; round += 1) {
    const keys = Array.from({ length: 40 }, (_, n) => `${n}`);
    await Promise.all(keys.map((key) => world.client.getObject('records', key, { lane: 'bulk' })));
  }
  expect(world.sockets.size).toBe(40);
});

test('a request that nobody waits for any more when it would leave is not sent, and its connection takes the next one', async () => {
  const world = await serve((_, socket) => socket.write(OBJECT));
  await readFive(world);
  const stop = new AbortController();
  const reading = errorOf(world.client.getObject('records', 'given up', { signal: stop.signal }));
  stop.abort();
  expect((await reading).code).toBe('aborted');
  // It would have left by then.
  await setImmediate();
  await readFive(world);
  expect([world.sockets.size, world.server.requests.length]).toEqual([1, 10]);
});

test('what a server says unasked is no answer to a request that is about to leave, which takes another connection', async () => {
  const world = await serve((_, socket) => socket.write(OBJECT));
  await readFive(world);
  const [socket] = world.sockets;
  // Sockets are read once more before what is asked for behind that leaves.
  await setImmediate();
  socket?.setNoDelay().write(OBJECT.replace('{}', '[]'));
  const { body } = await world.client.getObject('records', 'a', {});
  expect(body.toString()).toBe('{}');
  expect([world.sockets.size, world.server.requests.length]).toEqual([2, 6]);
});

test('answers that come in by turns on two connections stay apart', async () => {
  const pieces = Array.from({ length: 50 }, (_, n) => `${n} `.repeat(200));
  const sockets: Socket[] = [];
  const { client } = await serve((_, socket) => {
    if (sockets.push(socket) === 2) void sendByTurns();
  });
  const bodyOf = (place: number): string => pieces.map((piece) => `${'ab'.charAt(place)}${piece}`).join('');
  const sendByTurns = async (): Promise<void> => {
    for (const [place, socket] of sockets.entries()) {
      socket.write(`HTTP/1.1 200 OK\r\netag: "x"\r\ncontent-length: ${bodyOf(place).length}\r\n\r\n`);
    }
    for (const piece of pieces) {
      for (const [place, socket] of sockets.entries()) {
        await new Promise((resolve) => socket.write(`${'ab'.charAt(place)}${piece}`, resolve));
      }
    }
  };
  const found = await Promise.all(['1', '2'].map((key) => client.getObject('records', key, {})));
  expect(found.map(({ body }) => body.toString()).toSorted()).toEqual([bodyOf(0), bodyOf(1)]);
});

test('a server that refuses a long body before it has come is heard, and reads no other request on its connection', async () => {
  const sockets: Socket[] = [];
  const server = createServer((socket) => {
    sockets.push(socket);
    socket.on('error', () => socket.destroy());
    socket.once('data', (head) => {
      socket.pause();
      socket.write(head.toString('latin1').startsWith('PUT') ? refusal('403 Forbidden', 'AccessDenied') : OBJECT);
    });
  });
  await once(server.listen(0, '127.0.0.1'), 'listening');
  cleanUps.push(async () => {
    for (const socket of sockets) socket.destroy();
    await once(server.close(), 'close');
  });
  // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- it listens on a port
  const client = connect(`http://127.0.0.1:${(server.address() as AddressInfo).port}`);
  const body = Buffer.alloc(32 * 1024 * 1024);
  expect((await errorOf(client.putObject('records', 'a', body, {}))).code).toBe('access-denied');
  expect((await client.getObject('records', 'a', {})).head.etag).toBe('"of two parts-2"');
  expect(sockets).toHaveLength(2);
});

test('a header that comes byte by byte is waited for as long as a silent one', async () => {
  const { client, server } = await serve(
    (_, socket) => {
      socket.write('HTTP/1.1 200 OK\r\nx-amz-meta-a: ');
      const timer = setInterval(() => socket.write('a'), 20);
      socket.once('close', () => clearInterval(timer));
    },
    { timeouts: { headers: 200 } },
  );
  expect((await errorOf(client.getObject('records', 'a', {}))).code).toBe('timed-out');
  expect(server.requests).toHaveLength(3);
});

test('a body whose connection ends before it does is not taken', async () => {
  const { client, server } = await serve((_, socket) =>
    socket.end(OBJECT.replace('content-length: 2', 'content-length: 4')),
  );
  expect((await errorOf(client.getObject('records', 'a', {}))).code).toBe('connection-lost');
  expect(server.requests).toHaveLength(3);
});

test('a line break in a header is refused, and not sent as another header', async () => {
  const { client, server } = await serve((_, socket) => socket.write(OBJECT));
  const { code, message } = await errorOf(client.headObject('records', 'a', { ifMatch: '"1"\r\nx-evil: 1' }));
  expect([code, message]).toEqual(['invalid-arguments', expect.stringContaining('"a" in bucket "records"')]);
  expect(server.requests).toEqual([]);
});

test('a client that is closed ends what is under way, and what is still opening its connection', async () => {
  const { client, server } = await serve(() => undefined);
  const reading = errorOf(client.getObject('records', 'a', {}));
  await server.received(1);
  const opening = errorOf(client.getObject('records', 'b', {}));
  await client.close();
  expect([(await reading).code, (await opening).code]).toEqual(['aborted', 'aborted']);
});
