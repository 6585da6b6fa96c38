import { isIP } from 'node:net';
import { TLSSocket } from 'node:tls';
import type { OpenSocket } from './http/open-socket.ts';

/** The way to a server, as one socket found it. */
export interface ServerReached {
  /** Of the server; null where a proxy looks it up. */
  readonly address: string | null;
  /** Whether the endpoint has a name, which leads to that address. */
  readonly isName: boolean;
  /** The proxy in between, as it may be shown; null for none. */
  readonly proxy: string | null;
  /** Null where the endpoint is http. `validUntil`: milliseconds since 1970. */
  readonly tls: { readonly protocol: string; readonly validUntil: number | null } | null;
}

/** Opens a socket as requests do, looks at it and closes it. Rejects with what stood in the way of the socket. */
export async function reachServer(
  openSocket: OpenSocket,
  { hostname, proxy }: { readonly hostname: string; readonly proxy: string | null },
  signal: AbortSignal | undefined,
): Promise<ServerReached> {
  return await new Promise((resolve, reject) => {
    const abort = (): void => reject(new Error('aborted', { cause: signal?.reason }));
    if (signal?.aborted === true) {
      abort();
      return;
    }
    signal?.addEventListener('abort', abort, { once: true });
    openSocket((...[error, opened]) => {
      signal?.removeEventListener('abort', abort);
      if (error !== null) {
        reject(error);
        return;
      }
      const { socket } = opened;
      // What becomes of it after this is nobody's concern.
      socket.on('error', () => undefined);
      resolve({
        address: proxy === null ? (socket.remoteAddress ?? null) : null,
        isName: isIP(hostname.replace(/^\[(.*)\]$/, '$1')) === 0,
        proxy,
        tls: socket instanceof TLSSocket ? tlsOf(socket) : null,
      });
      socket.destroy();
    });
  });
}

function tlsOf(socket: TLSSocket): ServerReached['tls'] {
  const until = Date.parse(socket.getPeerCertificate().valid_to);
  return {
    protocol: (socket.getProtocol() ?? 'TLS').replace(/^TLSv/, 'TLS '),
    validUntil: Number.isNaN(until) ? null : until,
  };
}
