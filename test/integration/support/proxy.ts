import { once } from 'node:events';
import { createServer, request, type IncomingMessage } from 'node:http';
import { connect, type Socket } from 'node:net';

export interface TestProxy {
  /** `http://127.0.0.1:PORT`. */
  readonly address: string;
  /** What it was asked for: `CONNECT host:443`, `GET http://host/path`. */
  readonly asked: readonly string[];
  stop(): Promise<void>;
}

/**
 * An HTTP proxy that takes every name for a server on this machine, so that a test's names need no address. `login`:
 * `USER:PASSWORD` that it asks for; `refuse`: a status for everything.
 */
export async function startProxy(
  targetPort: number,
  { login, refuse }: { readonly login?: string; readonly refuse?: number } = {},
): Promise<TestProxy> {
  const asked: string[] = [];
  const sockets = new Set<Socket>();
  const statusFor = (message: IncomingMessage): number | null => {
    asked.push(`${message.method} ${message.url}`);
    if (refuse !== undefined) return refuse;
    if (login === undefined) return null;
    const expected = `Basic ${Buffer.from(login).toString('base64')}`;
    return message.headers['proxy-authorization'] === expected ? null : 407;
  };

  const server = createServer((message, response) => {
    const status = statusFor(message);
    if (status !== null) {
      response.writeHead(status, { 'content-type': 'text/html' });
      response.end('<title>Proxy</title>');
      return;
    }
    const { 'proxy-authorization': _, ...headers } = message.headers;
    const { pathname, search } = new URL(message.url ?? '');
    const onward = request(
      { host: '127.0.0.1', port: targetPort, method: message.method, path: `${pathname}${search}`, headers },
      (answer) => {
        response.writeHead(answer.statusCode ?? 502, answer.headers);
        answer.pipe(response);
      },
    );
    onward.on('error', () => response.destroy());
    message.pipe(onward);
  });
  server.on('connection', (socket) => {
    sockets.add(socket);
    socket.on('close', () => sockets.delete(socket));
  });
  server.on('connect', (message, socket: Socket) => {
    const status = statusFor(message);
    if (status !== null) {
      socket.end(`HTTP/1.1 ${status} No\r\ncontent-length: 0\r\n\r\n`);
      return;
    }
    const onward = connect(targetPort, '127.0.0.1', () => {
      socket.write('HTTP/1.1 200 Connected\r\n\r\n');
      onward.pipe(socket).pipe(onward);
    });
    socket.on('close', () => onward.destroy());
    onward.on('close', () => socket.destroy());
    // Clients and servers that break off are what its tests are about.
    for (const end of [socket, onward]) end.on('error', () => undefined);
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('the proxy listens on no port');
  return {
    address: `http://127.0.0.1:${address.port}`,
    asked,
    stop: async () => {
      for (const socket of sockets) socket.destroy();
      server.close();
      await once(server, 'close');
    },
  };
}
