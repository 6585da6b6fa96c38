import { createServer } from 'node:https';
import { createServer as createSilentServer, type Socket } from 'node:net';
import { once } from 'node:events';
import type { ServerResponse } from 'node:http';
import { afterAll, afterEach, expect, test, vi } from 'vitest';
import { createS3Client } from '../../../electron/engine/s3/create-s3-client.ts';
import { proxyFor, readProxySettings } from '../../../electron/engine/s3/proxy.ts';
import type { S3Client } from '../../../electron/engine/s3/s3-client.ts';
import { AppFailure, type AppError } from '../../../shared/result.ts';
import { startProxy, type TestProxy } from '../support/proxy.ts';
import { startTestSandbox } from '../support/sandbox.ts';
import { SELF_SIGNED } from './self-signed.ts';

const sandbox = await startTestSandbox({ buckets: ['records'] });
const sandboxPort = Number(new URL(sandbox.endpoint).port);
const cleanUps: (() => Promise<void>)[] = [];
afterEach(async () => {
  vi.unstubAllEnvs();
  for (const cleanUp of cleanUps.splice(0).toReversed()) await cleanUp();
});
afterAll(() => sandbox.stop());

async function proxy(...given: Parameters<typeof startProxy>): Promise<TestProxy> {
  const started = await startProxy(...given);
  cleanUps.push(() => started.stop());
  return started;
}

function connect(endpoint: string, environment: Readonly<Record<string, string>>): S3Client {
  const { accessKeyId, secretAccessKey, region } = sandbox;
  const credentials = { accessKeyId, secretAccessKey, sessionToken: null };
  const target = { endpoint, region, pathStyle: true, credentials, name: 'Archive', maxWorkers: null };
  const client = createS3Client(target, { proxies: readProxySettings(environment), pause: () => Promise.resolve() });
  cleanUps.push(() => client.close());
  return client;
}

/** Answers the port. */
async function serveSecurely(answer: (response: ServerResponse) => void): Promise<number> {
  const secure = createServer(SELF_SIGNED, (_, response) => answer(response));
  secure.listen(0, '127.0.0.1');
  await once(secure, 'listening');
  cleanUps.push(async () => {
    secure.close();
    secure.closeAllConnections();
    await once(secure, 'close');
  });
  const address = secure.address();
  if (address === null || typeof address === 'string') throw new Error('no port');
  return address.port;
}

async function failed(promise: Promise<unknown>): Promise<AppError> {
  try {
    await promise;
  } catch (error) {
    if (error instanceof AppFailure) return error.error;
    throw error;
  }
  throw new Error('it did not fail');
}

function list(endpoint: string, environment: Readonly<Record<string, string>>): Promise<AppError> {
  return failed(connect(endpoint, environment).listBuckets({}));
}

const SERVER = 'http://records.invalid:9000';

test('a server behind a proxy is read and written, with the login that the address of the proxy holds', async () => {
  const { address, asked } = await proxy(sandboxPort, { login: 'ann:pass/word' });
  const client = connect(SERVER, { HTTP_PROXY: address.replace('://', '://ann:pass%2Fword@') });
  await client.putObject('records', 'a b.json', Buffer.from('{}'), {});
  expect(Buffer.from((await client.getObject('records', 'a b.json', {})).body).toString()).toBe('{}');
  expect(asked).toEqual([`PUT ${SERVER}/records/a%20b.json`, `GET ${SERVER}/records/a%20b.json`]);
});

test('a server with TLS is reached through a tunnel, in which its certificate counts', async () => {
  const { address: https_proxy, asked } = await proxy(await serveSecurely((response) => response.end()));
  const error = await list('https://records.invalid', { https_proxy });
  expect([error.code, asked]).toEqual(['certificate-refused', ['CONNECT records.invalid:443']]);
});

test('what a server answers through a tunnel is not laid at the door of the proxy', async () => {
  const secure = await serveSecurely((response) => {
    response.writeHead(404, { 'content-type': 'text/html' });
    response.end('<title>Not here</title>');
  });
  const { address: https_proxy } = await proxy(secure, { login: 'ann:100%' });
  // Nobody vouches for the certificate of a test.
  vi.stubEnv('NODE_TLS_REJECT_UNAUTHORIZED', '0');
  const error = await list('https://records.invalid', { https_proxy: https_proxy.replace('://', '://ann:100%@') });
  expect([error.code, error.message]).toEqual([
    'not-s3',
    'https://records.invalid (connection "Archive") does not speak S3: it answered 404 with text/html. Check the endpoint.',
  ]);
});

test('a proxy that stands in the way is named, not the server behind it', async () => {
  const asking = await proxy(sandboxPort, { login: 'ann:right' });
  const refusing = await proxy(sandboxPort, { refuse: 403 });
  const failing = await proxy(sandboxPort, { refuse: 502 });
  const gone = await startProxy(sandboxPort);
  await gone.stop();
  const wrong = asking.address.replace('://', '://ann:planted-password@');
  const secure = 'https://records.invalid:9443';
  const without = 'To reach the server without it, add records.invalid to NO_PROXY; to use another one, change';
  const errors = [
    await list(SERVER, { HTTP_PROXY: asking.address }),
    await list(SERVER, { http_proxy: wrong }),
    await list(SERVER, { HTTP_PROXY: refusing.address }),
    await list(SERVER, { HTTP_PROXY: gone.address }),
    await list(secure, { HTTPS_PROXY: asking.address }),
    await list(secure, { HTTPS_PROXY: failing.address }),
    await list(secure, { HTTPS_PROXY: gone.address }),
    await list(SERVER, { HTTP_PROXY: 'socks5://127.0.0.1:1080' }),
  ];
  expect(errors.map(({ code, message }) => [code, message])).toEqual([
    [
      'proxy-refused',
      `The proxy ${asking.address} (HTTP_PROXY) asks for a user name and a password. Set HTTP_PROXY to ${asking.address.replace('://', '://USER:PASSWORD@')}, and start Dipper again.`,
    ],
    [
      'proxy-refused',
      `The proxy ${asking.address} (http_proxy) refuses the user name and password that http_proxy holds. Correct them there, and start Dipper again.`,
    ],
    [
      'proxy-refused',
      `The proxy ${refusing.address} (HTTP_PROXY) answered 403 in place of ${SERVER}. Ask who runs the proxy. ${without} HTTP_PROXY; then start Dipper again.`,
    ],
    [
      'proxy-unreachable',
      `${SERVER} is reached through the proxy ${gone.address}, which HTTP_PROXY names, and nothing is listening there. ${without} HTTP_PROXY; then start Dipper again.`,
    ],
    [
      'proxy-refused',
      `The proxy ${asking.address} (HTTPS_PROXY) asks for a user name and a password. Set HTTPS_PROXY to ${asking.address.replace('://', '://USER:PASSWORD@')}, and start Dipper again.`,
    ],
    [
      'proxy-refused',
      `The proxy ${failing.address} (HTTPS_PROXY) could not reach ${secure}: it answered 502. Ask who runs the proxy. ${without} HTTPS_PROXY; then start Dipper again.`,
    ],
    [
      'proxy-unreachable',
      `${secure} is reached through the proxy ${gone.address}, which HTTPS_PROXY names, and nothing is listening there. ${without} HTTPS_PROXY; then start Dipper again.`,
    ],
    [
      'proxy-refused',
      'HTTP_PROXY names no HTTP proxy. Set it to http://HOST:PORT, or add records.invalid to NO_PROXY; then start Dipper again.',
    ],
  ]);
  expect(JSON.stringify(errors)).not.toContain('planted-password');
});

test('NO_PROXY is read as curl reads it, and this machine is never asked for through a proxy', () => {
  const environment = { HTTP_PROXY: 'proxy.invalid:3128', NO_PROXY: 'a.invalid,.b.invalid d.invalid:9000' };
  const settings = readProxySettings(environment);
  const through = ['a', 'x.a', 'ba', 'b', 'x.b', 'd', 'c'].map((host) => [
    host,
    proxyFor(settings, `http://${host}.invalid${host === 'd' ? ':9000' : ''}`)?.proxy.address,
  ]);
  const address = 'http://proxy.invalid:3128';
  expect(Object.fromEntries(through)).toEqual({ ba: address, c: address });
  const own = ['localhost:9000', 'records.localhost:4566', '127.0.0.1:9000', '[::1]:9000'];
  expect(own.map((host) => proxyFor(settings, `http://${host}`))).toEqual([null, null, null, null]);
  expect(proxyFor(settings, 'https://c.invalid')).toBe(null);
  expect(proxyFor({ ...settings, except: ['*'] }, 'http://c.invalid')).toBe(null);
  expect(proxyFor({ ...settings, except: ['c.invalid:80'] }, 'http://c.invalid')).toBe(null);
});

test.each(['https://127.0.0.1', 'https://records.invalid'])(
  'a client of %s that is closed while nobody answers leaves no socket that would keep Dipper from ending',
  async (origin) => {
    const silent = createSilentServer();
    silent.listen(0, '127.0.0.1');
    await once(silent, 'listening');
    cleanUps.push(async () => {
      silent.close();
      await once(silent, 'close');
    });
    const address = silent.address();
    if (address === null || typeof address === 'string') throw new Error('no port');
    const client = connect(`${origin}:${address.port}`, { HTTPS_PROXY: `http://127.0.0.1:${address.port}` });
    const [[socket], error] = await Promise.all([
      once(silent, 'connection').then(async ([opened]: Socket[]) => {
        await client.close();
        return [opened];
      }),
      failed(client.listBuckets({})),
    ]);
    expect(error.code).toBe('aborted');
    if (socket?.closed === false) await once(socket.resume(), 'close');
  },
  // A server that does not answer is given up after ten.
  8_000,
);
