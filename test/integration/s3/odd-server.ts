import { EventEmitter, once } from 'node:events';
import { createServer, type Socket } from 'node:net';
import { createServer as createTlsServer, type TlsOptions } from 'node:tls';

/** One request as its bytes arrived. */
export interface ReceivedRequest {
  readonly head: string;
  readonly body: string;
}

export interface OddServer {
  readonly endpoint: string;
  readonly requests: readonly ReceivedRequest[];
  /** Resolves when so many requests have arrived in all. */
  received(count: number): Promise<void>;
  stop(): Promise<void>;
}

/** First byte of a TLS record; a plain server answers it as any garbage. */
const TLS_HANDSHAKE = 0x16;

export type Behaviour = (request: ReceivedRequest, socket: Socket, index: number) => void;

/** A server on a bare socket: it sees exactly what was sent, and can answer as no proper server would. */
export async function startOddServer(behaviour: Behaviour, tls?: TlsOptions): Promise<OddServer> {
  const requests: ReceivedRequest[] = [];
  const sockets = new Set<Socket>();
  const arrivals = new EventEmitter();
  const serve = (socket: Socket): void => {
    sockets.add(socket);
    socket.on('close', () => sockets.delete(socket));
    // Clients that go away in the middle are what these tests are about.
    socket.on('error', () => socket.destroy());
    let received = '';
    socket.on('data', (chunk) => {
      if (chunk[0] === TLS_HANDSHAKE) {
        socket.end('HTTP/1.1 400 Bad Request\r\n\r\n');
        return;
      }
      received += chunk.toString('latin1');
      for (;;) {
        const end = received.indexOf('\r\n\r\n');
        if (end === -1) return;
        const head = received.slice(0, end);
        const length = Number(/content-length: (\d+)/i.exec(head)?.[1] ?? 0);
        if (received.length < end + 4 + length) return;
        const request = { head, body: received.slice(end + 4, end + 4 + length) };
        received = received.slice(end + 4 + length);
        requests.push(request);
        behaviour(request, socket, requests.length - 1);
        arrivals.emit('request');
      }
    });
  };
  const server = tls === undefined ? createServer(serve) : createTlsServer(tls, serve);
  server.on('tlsClientError', () => undefined);
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('no port');
  return {
    endpoint: `${tls === undefined ? 'http' : 'https'}://127.0.0.1:${address.port}`,
    requests,
    async received(count) {
      while (requests.length < count) await once(arrivals, 'request');
    },
    async stop() {
      for (const socket of sockets) socket.destroy();
      await new Promise<void>((resolve) => {
        server.close(() => resolve());
      });
    },
  };
}

export function answer(status: string, headers: Record<string, string>, body: string): string {
  const lines = Object.entries({ ...headers, 'content-length': String(Buffer.byteLength(body)) });
  return `HTTP/1.1 ${status}\r\n${lines.map(([name, value]) => `${name}: ${value}\r\n`).join('')}\r\n${body}`;
}

export function refusal(status: string, code: string, headers: Record<string, string> = {}): string {
  return answer(status, { 'content-type': 'application/xml', ...headers }, `<Error><Code>${code}</Code></Error>`);
}
