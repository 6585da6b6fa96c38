import { once } from 'node:events';
import { mkdir, mkdtemp, rm, symlink, writeFile } from 'node:fs/promises';
import { request as httpRequest, type ClientRequest, type IncomingMessage } from 'node:http';
import { connect, createServer, type Socket } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { startBrowserHost, type BrowserHost, type BrowserHostOptions } from '../../../electron/browser/browser-host.ts';
import { createEntryCodes, ENTRY_MILLISECONDS } from '../../../electron/browser/entry-codes.ts';
import type { Engine } from '../../../electron/engine/engine.ts';
import {
  emptyAnswer,
  latch,
  startTestServer,
  testCollection,
  testConnection,
  type TestServer,
} from '../../unit/ipc/test-server.ts';
import { tokenOf } from '../support/enter.ts';

let folder: string;
let application: TestServer;
let host: BrowserHost;
let port: number;
let token: string;
let noted: string[];

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'dipper-page-'));
  await mkdir(join(folder, 'page', 'assets'), { recursive: true });
  await writeFile(join(folder, 'page', 'index.html'), '<!doctype html><title>Dipper</title>');
  await writeFile(join(folder, 'page', 'assets', 'index-abc.js'), 'void 0;');
  await writeFile(join(folder, 'secret.txt'), 'not for the page');
  await symlink(join(folder, 'secret.txt'), join(folder, 'page', 'link.txt'));
});

afterEach(async () => {
  await host.close();
  await application.end();
  await rm(folder, { recursive: true, force: true });
});

type Limits = Pick<BrowserHostOptions, 'longestHead' | 'longestBody'>;

async function start(engine: Partial<Engine> = {}, limits: Limits = {}): Promise<void> {
  noted = [];
  application = await startTestServer(engine);
  await application.store.connections.put(testConnection);
  await application.store.collections.put(testCollection);
  host = await startBrowserHost(application.server, {
    port: 0,
    rendererFolder: join(folder, 'page'),
    reportMistake: (place) => {
      throw new Error(`no mistake is expected at ${place}`);
    },
    note: (text) => noted.push(text),
    ...limits,
  });
  port = Number(new URL(host.newAddress()).port);
  token = await tokenOf(host.newAddress());
}

interface Asked {
  readonly method?: string;
  readonly path: string;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: string;
}

/** fetch neither sends a foreign Host nor leaves `..` in a path. */
async function ask({ method = 'GET', path, headers = {}, body }: Asked): Promise<IncomingMessage & { text: string }> {
  const request = httpRequest({ host: '127.0.0.1', port, method, path, headers });
  request.end(body);
  const response = await responseOf(request);
  response.setEncoding('utf8');
  let text = '';
  for await (const chunk of response) text += String(chunk);
  return Object.assign(response, { text });
}

function responseOf(request: ClientRequest): Promise<IncomingMessage> {
  return new Promise((resolve, reject) => {
    request.once('response', resolve).once('error', reject);
  });
}

function own(more: Readonly<Record<string, string>> = {}): Record<string, string> {
  return { 'x-dipper-token': token, 'x-dipper-client': 'client-of-a-test', ...more };
}

function call(channel: string, args: unknown, headers = own(), callId = '1'): ReturnType<typeof ask> {
  return ask({
    method: 'POST',
    path: '/api/call',
    headers: { 'content-type': 'application/json', ...headers },
    body: JSON.stringify({ call: callId, channel, args }),
  });
}

function codeOf(address: string): string {
  return new URL(address).hash.slice('#code='.length);
}

function enter(code: string, headers: Readonly<Record<string, string>> = {}): ReturnType<typeof ask> {
  return ask({ method: 'POST', path: '/api/enter', headers: { 'x-dipper-code': code, ...headers } });
}

test('a page that knows the token is answered, and everyone else is refused', async () => {
  await start();
  const good = await call('settings:read', {});
  expect([good.statusCode, JSON.parse(good.text)]).toMatchObject([200, { ok: true, value: { theme: 'system' } }]);

  const file = await call('files:give', { path: '/etc/passwd' });
  expect(JSON.parse(file.text)).toMatchObject({ ok: false, error: { code: 'access-denied' } });

  const address = `127.0.0.1:${port}`;
  const refused = {
    'no token': await call('settings:read', {}, { 'x-dipper-client': 'client-of-a-test' }),
    'wrong token': await call('settings:read', {}, own({ 'x-dipper-token': `${token.slice(1)}x` })),
    'token as cookie': await call(
      'settings:read',
      {},
      { 'x-dipper-client': 'client-of-a-test', cookie: `token=${token}` },
    ),
    'rebound name': await call('settings:read', {}, own({ host: `evil.example:${port}` })),
    'other local name': await call('settings:read', {}, own({ host: `localhost:${port}` })),
    'foreign origin': await call('settings:read', {}, own({ origin: 'http://evil.example' })),
    'other port': await call('settings:read', {}, own({ origin: `http://127.0.0.1:${port + 1}` })),
    'opaque origin': await call('settings:read', {}, own({ origin: 'null' })),
    'script of a foreign page': await call(
      'settings:read',
      {},
      own({ 'sec-fetch-site': 'cross-site', 'sec-fetch-mode': 'cors' }),
    ),
    'file under a rebound name': await ask({ path: '/', headers: { host: 'evil.example' } }),
    'form of a foreign page': await call('settings:read', {}, own({ 'content-type': 'text/plain' })),
    'no client': await call('settings:read', {}, { 'x-dipper-token': token }),
    'events without token': await ask({ path: '/api/events', headers: { host: address } }),
  };
  expect(Object.fromEntries(Object.entries(refused).map(([why, { statusCode }]) => [why, statusCode]))).toEqual({
    'no token': 401,
    'wrong token': 401,
    'token as cookie': 401,
    'rebound name': 403,
    'other local name': 403,
    'foreign origin': 403,
    'other port': 403,
    'opaque origin': 403,
    'script of a foreign page': 403,
    'file under a rebound name': 403,
    'form of a foreign page': 400,
    'no client': 400,
    'events without token': 401,
  });
  for (const { text } of Object.values(refused)) expect(JSON.parse(text)).toMatchObject({ ok: false });
  expect((await call('settings:read', {}, own({ origin: `http://${address}` }))).statusCode).toBe(200);
});

test('an address opens one page, once; the token of that page goes on working', async () => {
  await start();
  const [first, second] = [host.newAddress(), host.newAddress()];
  expect(first).not.toContain(token);
  const refused = [401, expect.stringContaining('Run \\"dipper serve\\" for a new one.')];
  const answers = [
    await enter(codeOf(first)),
    await enter(codeOf(first)),
    await enter(`${codeOf(second)}x`),
    await enter(codeOf(second), { origin: 'http://evil.example' }),
    await enter(codeOf(second)),
  ];
  expect(answers.map(({ statusCode, text }) => [statusCode, text])).toEqual([
    [200, JSON.stringify({ ok: true, value: { token } })],
    refused,
    refused,
    [403, expect.any(String)],
    [200, JSON.stringify({ ok: true, value: { token } })],
  ]);
  expect((await call('settings:read', {})).statusCode).toBe(200);
});

test('an address that nobody opened within its time opens nothing', () => {
  let now = 0;
  const codes = createEntryCodes(() => now);
  const [early, late] = [codes.make(), codes.make()];
  now = ENTRY_MILLISECONDS - 1;
  const atTheLast = codes.take(early);
  now = ENTRY_MILLISECONDS;
  expect([atTheLast, codes.take(late)]).toEqual([true, false]);
});

/** Written out once more: whoever changes one has to mean it. */
const PAGE_HEADERS = {
  'content-security-policy':
    "default-src 'none'; script-src 'self'; style-src 'self' 'unsafe-inline'; img-src 'self' data:; font-src 'self'; " +
    "connect-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'",
  'x-content-type-options': 'nosniff',
  'referrer-policy': 'no-referrer',
  'cross-origin-opener-policy': 'same-origin',
  'cross-origin-resource-policy': 'same-origin',
};

test('the page comes with its policy, and nothing beside it can be read', async () => {
  await start();
  const page = await ask({ path: '/' });
  expect([page.statusCode, page.text, page.headers['content-type']]).toEqual([
    200,
    '<!doctype html><title>Dipper</title>',
    'text/html; charset=utf-8',
  ]);
  expect(page.headers).toMatchObject(PAGE_HEADERS);
  expect(page.headers['set-cookie']).toBeUndefined();
  expect((await ask({ path: '/none' })).headers).toMatchObject(PAGE_HEADERS);
  expect((await ask({ path: '/assets/index-abc.js' })).headers['content-type']).toContain('javascript');

  const outside = [
    '/../secret.txt',
    '/%2e%2e/secret.txt',
    '/assets/../../secret.txt',
    '/assets/..%2f..%2fsecret.txt',
    '/..%5csecret.txt',
    '//secret.txt',
    '/link.txt',
    '/assets',
    '/%00',
    '/%zz',
    join(folder, 'secret.txt'),
  ];
  for (const path of outside) {
    const answer = await ask({ path });
    expect([path, answer.statusCode, answer.text.includes('not for the page')]).toEqual([path, 404, false]);
  }
  expect((await ask({ method: 'PUT', path: '/index.html', body: 'x' })).statusCode).toBe(405);
});

test('events stream to the page, and a page that closes takes its calls and results with it', async () => {
  const closed: string[] = [];
  const aborted: string[] = [];
  const underWay = { cancelled: latch(), 'left behind': latch() };
  const released = latch();
  await start({
    openQuery: async (_target, query, _freshness, signal) => {
      if (query !== 'cancelled' && query !== 'left behind') return emptyAnswer('r1');
      underWay[query].reach();
      await once(signal, 'abort');
      aborted.push(query);
      throw signal.reason;
    },
    closeQuery: (result) => {
      closed.push(result);
      released.reach();
      return Promise.resolve();
    },
  });
  const open = (query: string, callId: string): ReturnType<typeof ask> =>
    call('query:open', { collection: 'movies', query, freshness: 'complete' }, own(), callId);

  const events = httpRequest({ host: '127.0.0.1', port, path: '/api/events', headers: own() });
  events.end();
  const stream = await responseOf(events);
  stream.setEncoding('utf8');
  const chunks = stream[Symbol.asyncIterator]();
  const first = await chunks.next();
  expect([stream.headers['content-type'], first.value]).toEqual(['application/x-ndjson', '\n']);
  await call('settings:write', { settings: { theme: 'dark' } });
  const line = await chunks.next();
  expect(JSON.parse(String(line.value))).toMatchObject({ name: 'settings:changed', payload: { theme: 'dark' } });

  await open('at once', 'a');
  const cancelled = open('cancelled', 'b');
  await underWay.cancelled.reached;
  const cancel = await ask({
    method: 'POST',
    path: '/api/cancel',
    headers: own({ 'content-type': 'application/json' }),
    body: '{"call":"b"}',
  });
  expect(cancel.statusCode).toBe(204);
  expect(JSON.parse((await cancelled).text)).toMatchObject({ ok: false, error: { code: 'aborted' } });

  const left = open('left behind', 'c');
  await underWay['left behind'].reached;
  events.destroy();
  expect(JSON.parse((await left).text)).toMatchObject({ ok: false, error: { code: 'aborted' } });
  await released.reached;
  expect({ closed, aborted }).toEqual({ closed: ['r1'], aborted: ['cancelled', 'left behind'] });
});

test('a fetch that is aborted cancels its call', async () => {
  const underWay = latch();
  const ended = latch();
  await start({
    listBuckets: async (_connection, signal) => {
      underWay.reach();
      await once(signal, 'abort');
      ended.reach();
      throw signal.reason;
    },
  });
  const request = httpRequest({
    host: '127.0.0.1',
    port,
    method: 'POST',
    path: '/api/call',
    headers: own({ 'content-type': 'application/json' }),
  });
  request.on('error', () => undefined);
  request.end(JSON.stringify({ call: '1', channel: 'buckets:list', args: { connection: 'minio' } }));
  await underWay.reached;
  request.destroy();
  await ended.reached;
});

test('a port that is taken is said so', async () => {
  await start();
  const other = createServer();
  other.listen(0, '127.0.0.1');
  await once(other, 'listening');
  const address = other.address();
  const taken = typeof address === 'object' && address !== null ? address.port : 0;
  const starting = startBrowserHost(application.server, {
    port: taken,
    rendererFolder: folder,
    reportMistake: () => undefined,
    note: () => undefined,
  });
  await expect(starting).rejects.toThrow(`Port ${taken} of 127.0.0.1 is in use. Choose another with --port`);
  other.close();
});

test('a socket, an event source or a form of another page is refused before anything is read of it', async () => {
  await start();
  const address = `127.0.0.1:${port}`;
  const foreign = 'http://evil.example';
  const upgrade = { connection: 'Upgrade', upgrade: 'websocket', 'sec-websocket-version': '13' };
  const form = { 'content-type': 'application/x-www-form-urlencoded', 'sec-fetch-mode': 'navigate' };
  const asked: Readonly<Record<string, Asked>> = {
    'web socket': { path: '/api/events', headers: { ...upgrade, origin: foreign, 'sec-websocket-key': 'a' } },
    'web socket of no page': { path: '/api/events', headers: { ...upgrade, 'sec-websocket-key': 'a' } },
    'event source': { path: '/api/events', headers: { accept: 'text/event-stream', origin: foreign } },
    'image or script of a foreign page': { path: '/index.html', headers: { 'sec-fetch-site': 'cross-site' } },
    'form, sent as a navigation': {
      method: 'POST',
      path: '/api/call',
      headers: { ...form, origin: foreign, 'sec-fetch-site': 'cross-site' },
      body: 'call=1',
    },
    'form of a page that hides its origin': {
      method: 'POST',
      path: '/api/call',
      headers: { ...form, origin: 'null', 'sec-fetch-site': 'cross-site' },
      body: 'call=1',
    },
    'question whether it may': {
      method: 'OPTIONS',
      path: '/api/call',
      headers: { origin: foreign, 'access-control-request-method': 'POST' },
    },
  };
  const statuses: Record<string, unknown> = {};
  for (const [name, request] of Object.entries(asked)) {
    const { statusCode, headers } = await ask(request);
    statuses[name] = [statusCode, headers.connection, headers['access-control-allow-origin']];
  }
  const refused = [403, 'close', undefined];
  expect(statuses).toEqual({
    ...Object.fromEntries(Object.keys(asked).map((name) => [name, refused])),
    'web socket of no page': [401, 'close', undefined],
  });
  expect((await call('settings:read', {}, own({ host: address }))).statusCode).toBe(200);
});

// Only Linux has all of 127.0.0.0/8 without being asked to.
test.runIf(process.platform === 'linux')('nobody reaches it by another address of this machine', async () => {
  await start();
  const socket = connect(port, '127.0.0.2');
  const outcome = await new Promise((resolve) => {
    socket.once('connect', () => resolve('connected')).once('error', resolve);
  });
  socket.destroy();
  expect(outcome).toMatchObject({ code: 'ECONNREFUSED' });
});

test(
  'requests by the thousand of somebody without the token are refused, and said in a few lines',
  { timeout: 120_000 },
  async () => {
    await start();
    const knock = `GET /api/events HTTP/1.1\r\nhost: 127.0.0.1:${port}\r\nx-dipper-token: wrong\r\n\r\n`;
    let answered = 0;
    const knocking = async (times: number): Promise<void> => {
      for (let time = 0; time < times; time += 1) {
        const socket = connect(port, '127.0.0.1');
        socket.end(knock);
        if ((await textOf(socket)).startsWith('HTTP/1.1 401 ')) answered += 1;
      }
    };
    const requests = process.env['DIPPER_TEST_LONG'] === undefined ? 1_000 : 10_000;
    await Promise.all(Array.from({ length: 50 }, () => knocking(requests / 50)));
    expect(answered).toBe(requests);
    expect(noted).toEqual([
      many(1).replace('1 requests were', '1 request was'),
      ...[10, 100, 1_000, 10_000].filter((count) => count <= requests).map(many),
    ]);
    expect((await call('settings:read', {})).statusCode).toBe(200);
  },
);

test('who sends a request too slowly, or connects too often, holds up nobody', async () => {
  await start({}, { longestHead: 200 });
  const slow = connect(port, '127.0.0.1');
  slow.write(`POST /api/call HTTP/1.1\r\nhost: 127.0.0.1:${port}\r\nx-dip`);
  expect(await textOf(slow)).toBe('');
  await textOf(connect(port, '127.0.0.1').end('GET\r\n\r\n'));
  expect(noted).toContain('1 request was refused: too slow, or no HTTP.');

  const idle = Array.from({ length: 300 }, () => connect(port, '127.0.0.1'));
  // Those beyond the number are closed without a word, the others when they have said nothing for too long.
  await Promise.all(idle.map(textOf));
  expect(noted).toContain('10 requests were refused: more connections at once than a page needs.');
  // Browsers open connections that they may need: one that was never used asked for nothing.
  expect(noted).not.toContain('10 requests were refused: too slow, or no HTTP.');
  expect((await call('settings:read', {})).statusCode).toBe(200);
});

test('a call that is too long is read no further, and one that fits is answered', async () => {
  await start({}, { longestBody: 1024 * 1024 });
  const fits = await call('settings:read', { more: 'x'.repeat(1_000_000) });
  const tooLong = await call('settings:read', { more: 'x'.repeat(1_100_000) });
  expect([fits.statusCode, tooLong.statusCode]).toEqual([200, 413]);
  expect(JSON.parse(tooLong.text)).toMatchObject({ error: { message: 'The body is longer than 1 MB.' } });
});

test('programs that never say they are done are forgotten, the oldest first, and what they held is let go', async () => {
  const closed: string[] = [];
  await start({
    openQuery: () => Promise.resolve(emptyAnswer('r1')),
    closeQuery: (result) => {
      closed.push(result);
      return Promise.resolve();
    },
  });
  await call('query:open', { collection: 'movies', query: '', freshness: 'complete' });
  const others = (from: number, to: number): Promise<unknown> =>
    Promise.all(
      Array.from({ length: to - from }, (_, place) =>
        call('settings:read', {}, own({ 'x-dipper-client': `another-${from + place}` })),
      ),
    );
  await others(0, 99);
  expect(closed).toEqual([]);
  await others(99, 100);
  expect(closed).toEqual(['r1']);
});

test('a page that does not read its events is let go of before they fill the memory', async () => {
  await start();
  const events = httpRequest({ host: '127.0.0.1', port, path: '/api/events', headers: own() });
  events.end();
  const stream = await responseOf(events);
  // That it was cut off is what is wanted.
  stream.on('error', () => undefined);
  stream.pause();
  const job = 'x'.repeat(1_000_000);
  for (let event = 0; event < 40; event += 1) {
    application.events.emit({ name: 'job:removed', payload: { job } });
    await new Promise((resolve) => {
      setImmediate(resolve);
    });
  }
  let received = 0;
  const closed = new Promise((resolve) => {
    stream.on('close', resolve);
  });
  stream.on('data', (chunk: Buffer) => {
    received += chunk.length;
  });
  stream.resume();
  await closed;
  expect(received).toBeLessThan(20_000_000);
});

function many(count: number): string {
  return `${count} requests were refused: without the token of this Dipper, or with a wrong one.`;
}

/** All that it is sent until it is closed, however that comes about. */
function textOf(socket: Socket): Promise<string> {
  return new Promise((resolve) => {
    let text = '';
    socket.setEncoding('latin1');
    socket.on('data', (chunk: string) => {
      text += chunk;
    });
    socket.on('error', () => undefined);
    socket.on('close', () => resolve(text));
  });
}
