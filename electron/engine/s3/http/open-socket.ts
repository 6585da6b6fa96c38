import { connect as connectTcp, isIP, type Socket } from 'node:net';
import { addAbortSignal } from 'node:stream';
import { connect as connectTls, type SecureContext } from 'node:tls';
import { TransportError } from './transport-error.ts';

/** What opening a socket has to keep to. */
export interface ConnectOptions {
  /** Milliseconds until TCP and TLS stand. */
  readonly timeout: number;
  /** Nobody waits for the sockets any more: those that are still opening would keep the process alive. */
  readonly signal: AbortSignal;
  /** Whose certificates are trusted; left out: as Node does. */
  readonly secureContext?: SecureContext;
}

/** Called once. Not a promise: what happens to a socket in the same turn of the event loop would be missed. */
export type Opened = (...result: [error: Error, socket: null] | [error: null, socket: Socket]) => void;

/** Opens a socket that can take a request. */
export type OpenSocket = (opened: Opened) => void;

/** Makes what opens sockets to `origin`, with TLS where that says so; over `tunnel`, where there is one already. */
export function createOpener(origin: string, options: ConnectOptions): (opened: Opened, tunnel?: Socket) => void {
  const { protocol, hostname, port } = new URL(origin);
  const isSecure = protocol === 'https:';
  const host = hostname.replace(/^\[(.*)\]$/, '$1');
  const place = { host, port: Number(port || (isSecure ? 443 : 80)) };
  /** Resumed by the next socket, which saves it a round trip. */
  let session: Buffer | undefined;

  const openSecure = (tunnel?: Socket): Socket => {
    const { secureContext } = options;
    const socket = connectTls({
      ...place,
      // An address is no name of a server.
      servername: isIP(host) === 0 ? host : '',
      ALPNProtocols: ['http/1.1'],
      ...(session === undefined ? {} : { session }),
      ...(tunnel === undefined ? {} : { socket: tunnel }),
      ...(secureContext === undefined ? {} : { secureContext }),
    });
    return socket.on('session', (given) => {
      session = given;
    });
  };

  return (opened, tunnel) => {
    const socket = isSecure ? openSecure(tunnel) : connectTcp(place);
    addAbortSignal(options.signal, socket);
    const timer = setTimeout(() => {
      socket.destroy(new TransportError('CONNECT_TIMEOUT', `${origin} does not answer.`));
    }, options.timeout);
    const end = (error: Error): void => {
      clearTimeout(timer);
      opened(error, null);
    };
    socket.setNoDelay(true);
    // The system finds out by itself where the other side is gone without a word.
    socket.setKeepAlive(true, KEEP_ALIVE_AFTER);
    socket.once('error', end);
    socket.once(isSecure ? 'secureConnect' : 'connect', () => {
      clearTimeout(timer);
      opened(null, socket);
      socket.off('error', end);
    });
  };
}

const KEEP_ALIVE_AFTER = 60_000;
