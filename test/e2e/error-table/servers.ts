import { EventEmitter, once } from 'node:events';
import { createServer as createHttpServer, request, type IncomingMessage, type ServerResponse } from 'node:http';
import { createServer as createHttpsServer } from 'node:https';
import { createServer as createSilentServer, type Socket } from 'node:net';
import type { Server } from 'node:net';
import { startProxy, type TestProxy } from '../../integration/support/proxy.ts';
import { SELF_SIGNED } from '../../integration/s3/self-signed.ts';
import { startTestSandbox, type TestSandbox } from '../../integration/support/sandbox.ts';
import { closedPort } from '../support/servers.ts';

/** The access key's secret and token of every row; nothing of it may be seen anywhere. */
export const PLANTED = {
  sessionToken: 'planted-session-token/with+signs==',
  proxyPassword: 'planted-proxy-password',
} as const;

/** What stands behind the rows of the table: real servers, each on a port of its own. */
export interface Servers {
  readonly sandbox: TestSandbox;
  /** In front of the sandbox: what it refuses, it refuses as S3 does; buckets name what that is. */
  readonly gate: string;
  readonly secure: string;
  readonly silent: string;
  readonly closed: string;
  readonly closedProxy: string;
  readonly proxy: TestProxy;
  stop(): Promise<void>;
}

export const BUCKETS = ['records', 'deny-list', 'deny-get', 'deny-put', 'deny-tags'] as const;

export async function startServers(): Promise<Servers> {
  const sandbox = await startTestSandbox({ buckets: BUCKETS, region: 'eu-west-1' });
  const gate = await listen(createHttpServer((message, response) => guard(sandbox, message, response)));
  const secure = await listen(
    createHttpsServer(SELF_SIGNED, (_, response) => refuse(response, 404, 'NoSuchBucket', 'No such bucket')),
  );
  const silent = await listen(createSilentServer());
  const proxy = await startProxy(Number(new URL(sandbox.endpoint).port), { login: 'ann:somebody-else' });
  return {
    sandbox,
    gate: `http://127.0.0.1:${gate.port}`,
    secure: `https://localhost:${secure.port}`,
    silent: `http://127.0.0.1:${silent.port}`,
    closed: `http://127.0.0.1:${await closedPort()}`,
    closedProxy: `http://127.0.0.1:${await closedPort()}`,
    proxy,
    stop: async () => {
      await Promise.all([gate.stop(), secure.stop(), silent.stop(), proxy.stop()]);
      await sandbox.stop();
    },
  };
}

type Refusal = readonly [status: number, code: string, text: string, headers?: Readonly<Record<string, string>>];

const RULES: Readonly<Record<string, (message: IncomingMessage) => Refusal | null>> = {
  'deny-list': ({ url = '' }) => (/[?&]list-type=2/.test(url) ? [403, 'AccessDenied', 'Access Denied'] : null),
  'deny-get': ({ url = '', method }) =>
    method !== 'PUT' && url.endsWith('.json') ? [403, 'AccessDenied', 'Access Denied'] : null,
  'deny-put': ({ method }) => (method === 'PUT' ? [403, 'AccessDenied', 'Access Denied'] : null),
  'deny-tags': ({ url = '' }) => (/[?&]tagging/.test(url) ? [403, 'AccessDenied', 'Access Denied'] : null),
  moved: () => [400, 'AuthorizationHeaderMalformed', 'The region is wrong', { 'x-amz-bucket-region': 'eu-west-1' }],
  elsewhere: () => [301, 'PermanentRedirect', 'The bucket must be addressed by another endpoint'],
  skewed: () => [
    403,
    'RequestTimeTooSkewed',
    'The difference between the request time and the current time is too large',
  ],
  expired: () => [400, 'ExpiredToken', 'The provided token has expired'],
  // A server that repeats what it was sent, as some do.
  echo: ({ headers }) => [
    400,
    'OddRefusal',
    `Refused: Authorization: ${headers.authorization ?? ''}; X-Amz-Security-Token=${String(headers['x-amz-security-token'])}`,
  ],
};

function guard({ endpoint }: TestSandbox, message: IncomingMessage, response: ServerResponse): void {
  const bucket = /^\/([^/?]*)/.exec(message.url ?? '')?.[1] ?? '';
  const refusal = RULES[bucket]?.(message) ?? null;
  if (refusal !== null) {
    message.resume();
    refuse(response, ...refusal);
    return;
  }
  forward(endpoint, message, response);
}

function forward(endpoint: string, message: IncomingMessage, response: ServerResponse): void {
  // Host and all: the signature covers them.
  const onward = request(
    `${endpoint}${message.url ?? ''}`,
    { method: message.method, headers: message.headers },
    (answer) => {
      response.writeHead(answer.statusCode ?? 502, answer.headers);
      answer.pipe(response);
    },
  );
  onward.on('error', () => response.destroy());
  message.pipe(onward);
}

/** In front of a server: keeps every object that is asked for until it is told to let go. */
export async function startHoldingFront(
  endpoint: string,
): Promise<{ readonly endpoint: string; readonly holding: Promise<void>; release(): void; stop(): Promise<void> }> {
  const waiting: (() => void)[] = [];
  const arrivals = new EventEmitter();
  const holding = once(arrivals, 'held').then(() => undefined);
  let isOpen = false;
  const front = await listen(
    createHttpServer((message, response) => {
      const onward = (): void => forward(endpoint, message, response);
      if (isOpen || !(message.url ?? '').endsWith('.json')) {
        onward();
        return;
      }
      waiting.push(onward);
      arrivals.emit('held');
    }),
  );
  return {
    endpoint: `http://127.0.0.1:${front.port}`,
    holding,
    release: () => {
      isOpen = true;
      for (const onward of waiting) onward();
    },
    stop: () => front.stop(),
  };
}

function refuse(response: ServerResponse, ...[status, code, text, headers = {}]: Refusal): void {
  response.writeHead(status, { 'content-type': 'application/xml', 'x-amz-request-id': 'R1', ...headers });
  response.end(`<Error><Code>${code}</Code><Message>${text}</Message><RequestId>R1</RequestId></Error>`);
}

async function listen(server: Server): Promise<{ readonly port: number; stop(): Promise<void> }> {
  const sockets = new Set<Socket>();
  server.on('connection', (socket) => {
    sockets.add(socket);
    socket.on('error', () => undefined);
    socket.on('close', () => sockets.delete(socket));
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('the server listens on no port');
  return {
    port: address.port,
    stop: async () => {
      for (const socket of sockets) socket.destroy();
      server.close();
      await once(server, 'close');
    },
  };
}
