import { createHash } from 'node:crypto';
import { createServer } from 'node:https';
import { createServer as createSilentServer, type Socket } from 'node:net';
import { once } from 'node:events';
import { createServer as createPlainServer, type Server, type ServerResponse } from 'node:http';
import { afterAll, afterEach, expect, test, vi } from 'vitest';
import { createS3Client } from '../../../electron/engine/s3/create-s3-client.ts';
import { proxyFor, readProxySettings, type ProxySettings } from '../../../electron/engine/s3/proxy.ts';
import type { S3Client, TargetNetwork } from '../../../electron/engine/s3/s3-client.ts';
import { AppFailure, type AppError } from '../../../shared/result.ts';
import { startProxy, type TestProxy } from '../support/proxy.ts';
import { listen } from '../support/listen.ts';
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

function connect(
  endpoint: string,
  environment: Readonly<Record<string, string>> | ProxySettings,
  network: Partial<TargetNetwork> = {},
): S3Client {
  const { accessKeyId, secretAccessKey, region } = sandbox;
  const credentials = { accessKeyId, secretAccessKey, sessionToken: null };
  const target = {
    endpoint,
    region,
    pathStyle: true,
    credentials,
    name: 'Archive',
    maxWorkers: null,
    network: { proxy: 'system', certificates: null, unsignedBodies: false, ...network },
  };
  const proxies = isSettings(environment) ? environment : readProxySettings(environment);
  const client = createS3Client(target, { proxies, pause: () => Promise.resolve() });
  cleanUps.push(() => client.close());
  return client;
}

function isSettings(given: Readonly<Record<string, string>> | ProxySettings): given is ProxySettings {
  return 'system' in given && typeof given.system === 'function';
}

/** Answers the port. */
function serveSecurely(answer: (response: ServerResponse) => void): Promise<number> {
  return portOf(createServer(SELF_SIGNED, (_, response) => answer(response)));
}

async function portOf(server: Server): Promise<number> {
  const { port, close } = await listen(server);
  cleanUps.push(close);
  return port;
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

test('where no variable names a proxy, the settings of the system do: the first way of theirs that can be gone', async () => {
  const { address, asked } = await proxy(sandboxPort);
  const { host } = new URL(address);
  const origins: string[] = [];
  const settings = (answer: string, environment: Readonly<Record<string, string>> = {}): ProxySettings => ({
    ...readProxySettings(environment),
    system: (origin) => {
      origins.push(origin);
      return Promise.resolve(answer);
    },
  });
  const through = connect(SERVER, settings(`SOCKS5 ${host}; PROXY ${host}; DIRECT`));
  await through.putObject('records', 'system.json', Buffer.from('{}'), {});
  await through.getObject('records', 'system.json', {});
  expect(asked).toEqual([`PUT ${SERVER}/records/system.json`, `GET ${SERVER}/records/system.json`]);
  expect(origins).toEqual([SERVER]);

  const codes = [
    await failed(connect(SERVER, settings('SOCKS5 127.0.0.1:1')).listBuckets({})),
    await failed(connect(SERVER, settings('DIRECT')).listBuckets({})),
    await failed(connect(SERVER, settings(`PROXY ${host}`, { NO_PROXY: 'records.invalid' })).listBuckets({})),
    await failed(connect(SERVER, settings('PROXY 127.0.0.1:1')).listBuckets({})),
  ];
  expect(codes.map(({ code }) => code)).toEqual([
    'proxy-refused',
    'host-not-found',
    'host-not-found',
    'proxy-unreachable',
  ]);
  expect(codes[3]?.message).toContain('which the system names');
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

test('a connection goes through a proxy of its own, or through none, whatever the environment says', async () => {
  const own = await proxy(sandboxPort);
  const refusing = await proxy(sandboxPort, { refuse: 403 });
  const environment = { HTTP_PROXY: refusing.address };
  const client = connect(SERVER, environment, { proxy: own.address });
  await client.putObject('records', 'own.json', Buffer.from('{}'), {});
  expect(own.asked).toEqual([`PUT ${SERVER}/records/own.json`]);
  const direct = await failed(connect(SERVER, environment, { proxy: 'none' }).listBuckets({}));
  expect([direct.code, refusing.asked]).toEqual(['host-not-found', []]);
  const refused = await failed(connect(SERVER, {}, { proxy: refusing.address }).listBuckets({}));
  expect([refused.code, refused.message]).toEqual([
    'proxy-refused',
    `The proxy ${refusing.address} (of the connection) answered 403 in place of ${SERVER}. Ask who runs the proxy. Correct or remove it in the settings of the connection.`,
  ]);
});

test('a connection trusts an authority of its own, directly and through a tunnel', async () => {
  const port = await serveSecurely((response) => {
    response.writeHead(200, { 'content-type': 'application/xml' });
    response.end('<ListAllMyBucketsResult><Buckets/></ListAllMyBucketsResult>');
  });
  const { address, asked } = await proxy(port);
  // The certificate is one for localhost.
  const endpoint = `https://localhost:${port}`;
  const certificates = SELF_SIGNED.cert;
  expect(await connect(endpoint, {}, { certificates }).listBuckets({})).toEqual([]);
  expect((await failed(connect(endpoint, {}).listBuckets({}))).code).toBe('certificate-refused');
  const tunnelled = await failed(
    connect('https://records.invalid', {}, { certificates, proxy: address }).listBuckets({}),
  );
  expect([tunnelled.code, tunnelled.message, asked]).toEqual([
    'certificate-refused',
    'The certificate of https://records.invalid (connection "Archive") is for another host name. Correct the endpoint or the server\'s certificate; to trust an authority of your own, name its certificate in the settings of the connection.',
    ['CONNECT records.invalid:443'],
  ]);
});

test('a large body is left out of the signature where that was chosen, over TLS alone', async () => {
  const seen: unknown[] = [];
  const take = (response: ServerResponse): void => {
    seen.push(response.req.headers['x-amz-content-sha256']);
    response.req.resume().on('end', () => {
      response.writeHead(200, { etag: '"1"' });
      response.end();
    });
  };
  const port = await serveSecurely(take);
  const plainPort = await portOf(createPlainServer((_, response) => take(response)));
  const chosen = { certificates: SELF_SIGNED.cert, unsignedBodies: true };
  const large = Buffer.alloc(1024 * 1024, 'a');
  const sum = createHash('sha256').update(large).digest('hex');
  const secure = connect(`https://localhost:${port}`, {}, chosen);
  await secure.putObject('records', 'large.json', large, {});
  await secure.putObject('records', 'small.json', Buffer.from('a'), {});
  await connect(`https://localhost:${port}`, {}, { ...chosen, unsignedBodies: false }).putObject(
    'records',
    'large.json',
    large,
    {},
  );
  await connect(`http://127.0.0.1:${plainPort}`, {}, chosen).putObject('records', 'large.json', large, {});
  expect(seen).toEqual(['UNSIGNED-PAYLOAD', createHash('sha256').update('a').digest('hex'), sum, sum]);
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

  const except = ['10.0.0.0/8', '192.0.2.7', '192.0.2.8:9000', 'fd00::7', '[fd00::8]:9000', 'fe80::/10', '10.9.9.9/99'];
  const reached = ['10.200.0.1', '11.0.0.1', '192.0.2.7', '192.0.2.8', '192.0.2.8:9000', '192.0.2.77'].concat([
    '[fd00::7]',
    '[fd00:0::7]:9000',
    '[fd00::8]',
    '[fd00::8]:9000',
    '[febf::1]',
    '[fec0::1]',
  ]);
  expect(reached.filter((host) => proxyFor({ ...settings, except }, `http://${host}`) !== null)).toEqual([
    '11.0.0.1',
    '192.0.2.8',
    '192.0.2.77',
    '[fd00::8]',
    '[fec0::1]',
  ]);
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
