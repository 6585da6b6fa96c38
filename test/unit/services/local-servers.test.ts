import { once } from 'node:events';
import { createServer, type RequestListener, type Server } from 'node:http';
import { afterEach, expect, test } from 'vitest';
import { createLocalServers } from '../../../electron/services/local-servers.ts';

const servers: Server[] = [];
afterEach(async () => {
  for (const server of servers.splice(0)) {
    server.closeAllConnections();
    server.close();
    await once(server, 'close');
  }
});

/** Its address, without the scheme. */
async function listen(answer: RequestListener): Promise<string> {
  const server = createServer(answer);
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  servers.push(server);
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('no port');
  return `127.0.0.1:${address.port}`;
}

/** As 4.14.0 answers, shortened. */
const LOCALSTACK: RequestListener = (request, response) => {
  if (request.url !== '/_localstack/health') return response.writeHead(404).end();
  return response.end('{"services": {"s3": "running"}, "edition": "community", "version": "4.14.0"}');
};

const MINIO: RequestListener = (request, response) => {
  response.writeHead(request.url === '/minio/health/live' ? 200 : 403, { server: 'MinIO' }).end();
};

const never = new AbortController().signal;

test('a LocalStack and a MinIO are found at the ports that their own variables name, and told apart', async () => {
  const [localStack, minio] = [await listen(LOCALSTACK), await listen(MINIO)];
  const found = createLocalServers({ GATEWAY_LISTEN: `${localStack},0.0.0.0:443`, MINIO_ADDRESS: minio });
  expect(await found.find(never)).toEqual([
    { kind: 'localstack', endpoint: `http://${localStack}`, version: '4.14.0' },
    { kind: 'minio', endpoint: `http://${minio}`, version: null },
  ]);
  expect(await found.recognise(`http://${minio}`, never)).toEqual({
    kind: 'minio',
    endpoint: `http://${minio}`,
    version: null,
  });
});

test('what is something else, breaks off, sends too much or does not answer in time is no server', async () => {
  const page = await listen((_, response) => response.end('<!doctype html>'));
  const broken = await listen((request) => request.socket.destroy());
  const endless = await listen((_, response) => {
    response.writeHead(200, { server: 'MinIO' });
    response.on('error', () => undefined);
    const write = (): void => {
      while (!response.destroyed && response.write('x'.repeat(65_536)));
      response.once('drain', write);
    };
    write();
  });
  const silent = await listen(() => undefined);
  for (const [one, other] of [
    [page, endless],
    [broken, silent],
  ]) {
    const local = createLocalServers({ GATEWAY_LISTEN: one, MINIO_ADDRESS: other }, 100);
    expect(await local.find(never)).toEqual([]);
  }
});

test('no other machine is asked', async () => {
  const local = createLocalServers({});
  expect(await local.recognise('http://192.0.2.1:4566', never)).toBe(null);
  expect(await local.recognise('https://localhost:4566', never)).toBe(null);
});

test('who gives up gets no answer', async () => {
  const silent = await listen(() => undefined);
  const asking = createLocalServers({ GATEWAY_LISTEN: silent, MINIO_ADDRESS: silent });
  const controller = new AbortController();
  const answer = asking.find(controller.signal);
  controller.abort();
  await expect(answer).rejects.toThrow('aborted');
});
