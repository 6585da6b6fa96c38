import { connect as connectTcp, isIP, type OnReadOpts, type Socket } from 'node:net';
import { connect as connectTls, type SecureContext } from 'node:tls';
import { offAbort, onAbort } from '../abort-calls.ts';
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

/** Takes what comes in on a socket. The bytes are there during the call only: the next ones come in their place. */
export type TakeBytes = (bytes: Buffer) => void;

export interface OpenedSocket {
  readonly socket: Socket;
  /** Who opens it says in the same turn of the event loop who takes what comes in; until then that breaks it off. */
  readonly receive: (take: TakeBytes) => void;
}

/** Called once. Not a promise: what happens to a socket in the same turn of the event loop would be missed. */
export type Opened = (...result: [error: Error, opened: null] | [error: null, opened: OpenedSocket]) => void;

/** Opens a socket that can take a request. */
export type OpenSocket = (opened: Opened) => void;

/**
 * What all sockets of this process are read into, one after the other. A stream's own way, a new buffer for each read and an
 * event that tells of it, costs a tenth of all that a small object does.
 */
const READ = Buffer.allocUnsafeSlow(64 * 1024);
/** As much of it as was read last: answers of one kind are equally long. */
let lastRead = READ;

/** Makes what opens sockets to `origin`, with TLS where that says so; over `tunnel`, where there is one already. */
export function createOpener(origin: string, options: ConnectOptions): (opened: Opened, tunnel?: Socket) => void {
  const { protocol, hostname, port } = new URL(origin);
  const isSecure = protocol === 'https:';
  const host = hostname.replace(/^\[(.*)\]$/, '$1');
  const place = { host, port: Number(port || (isSecure ? 443 : 80)), ...SOCKET_OPTIONS };
  /** Resumed by the next socket, which saves it a round trip. */
  let session: Buffer | undefined;

  const openSecure = (onread: OnReadOpts, tunnel?: Socket): Socket => {
    const { secureContext } = options;
    const socket = connectTls({
      ...place,
      // An address is no name of a server.
      servername: isIP(host) === 0 ? host : '',
      ALPNProtocols: ['http/1.1'],
      ...(session === undefined ? {} : { session }),
      ...(tunnel === undefined ? { onread } : { socket: tunnel }),
      ...(secureContext === undefined ? {} : { secureContext }),
    });
    return socket.on('session', (given) => {
      session = given;
    });
  };

  return (opened, tunnel) => {
    let take: TakeBytes = () => socket.destroy(new TransportError('NOT_HTTP', 'The server speaks first.'));
    const onread: OnReadOpts = {
      buffer: READ,
      callback: (length) => {
        if (lastRead.length !== length) lastRead = READ.subarray(0, length);
        take(lastRead);
        return true;
      },
    };
    const socket = isSecure ? openSecure(onread, tunnel) : connectTcp({ ...place, onread });
    // Node 20 leaves these options out where a socket has TLS.
    if (isSecure) socket.setNoDelay(true).setKeepAlive(true, SOCKET_OPTIONS.keepAliveInitialDelay);
    // Over another socket Node reads into no buffer of ours.
    if (tunnel !== undefined) socket.on('data', (bytes: Buffer) => take(bytes));
    const timer = setTimeout(() => {
      socket.destroy(new TransportError('CONNECT_TIMEOUT', `${origin} does not answer.`));
    }, options.timeout);
    const giveUp = (): void => void socket.destroy(new TransportError('CLOSED', 'The connection was closed.'));
    onAbort(options.signal, giveUp);
    const stopWaiting = (): void => {
      clearTimeout(timer);
      offAbort(options.signal, giveUp);
    };
    const end = (error: Error): void => {
      stopWaiting();
      opened(error, null);
    };
    socket.once('error', end);
    socket.once(isSecure ? 'secureConnect' : 'connect', () => {
      stopWaiting();
      opened(null, {
        socket,
        receive: (taker) => {
          take = taker;
        },
      });
      socket.off('error', end);
    });
  };
}

/** The system finds out by itself where the other side is gone without a word. */
const SOCKET_OPTIONS = { noDelay: true, keepAlive: true, keepAliveInitialDelay: 60_000 };
