import { channel } from 'node:diagnostics_channel';
import type { Socket } from 'node:net';
import { isSentWhole, piecesOf, type RequestBody } from '../request-body.ts';
import type { HttpRequest } from '../send.ts';
import { Waiter } from '../../waiter.ts';
import { AnswerReader, type AnswerSink } from './answer-reader.ts';
import type { OpenedSocket } from './open-socket.ts';
import { requestHead } from './request-text.ts';
import { TransportError } from './transport-error.ts';

/** Who sends one request and hears its answer: `onSent` and `onHead` once, then either `onEnd` or `onFailure`. */
export interface Exchange extends AnswerSink {
  /** Nobody waits for it any more. */
  readonly isOver: boolean;
  /** It begins to leave this computer; `connection.destroy()` breaks it off. */
  onSent(connection: Connection): void;
  onEnd(): void;
  onFailure(error: Error): void;
}

export interface ConnectionOwner {
  /** It can take another request. */
  onIdle(connection: Connection): void;
  /** For the last time. */
  onClosed(connection: Connection): void;
  /** It broke before a request that it had taken could leave. */
  onUnsent(request: HttpRequest, exchange: Exchange): void;
}

export interface AnswerTimeouts {
  /** Milliseconds until the head of the answer, after the request has left. */
  readonly headers: number;
  /** Milliseconds without a byte of the body. */
  readonly body: number;
}

/** Milliseconds before a server closes what is idle; a request that left at that moment would be lost. */
const CLOSING_MARGIN = 1_000;

/** For tests that break Dipper off in between: `{ method }` of a request that leaves, or whose answer begins. */
const SENT = channel('dipper:request:sent');
const ANSWERED = channel('dipper:request:answered');

/** One socket to a server: one request at a time, and the answer to it. */
export class Connection {
  readonly #socket: Socket;
  readonly #timeouts: AnswerTimeouts;
  readonly #owner: ConnectionOwner;
  readonly #reader = new AnswerReader();
  /** Milliseconds that it is kept without a request. */
  readonly #keptFor: number;
  #exchange: Exchange | null = null;
  /** Waits for `send`. */
  #unsent: HttpRequest | null = null;
  /** A body is on its way piece by piece. */
  #isSending = false;
  #isResting = false;
  /** The server has kept it open behind an answer. */
  #isKept = false;
  #isClosed = false;
  #isUnreferenced = false;
  #timeout: number;
  #sentAt = 0;
  /** For room in the socket's buffer, or its end. */
  readonly #room = new Waiter();
  /** When it is closed where no request comes, by `performance.now()`. */
  closesAt = Infinity;

  constructor({ socket, receive }: OpenedSocket, timeouts: AnswerTimeouts, keptFor: number, owner: ConnectionOwner) {
    this.#socket = socket;
    this.#timeouts = timeouts;
    this.#keptFor = keptFor;
    this.#owner = owner;
    this.#timeout = timeouts.headers;
    socket.setTimeout(this.#timeout);
    receive((bytes) => this.#read(bytes));
    socket
      .on('end', () => this.#end())
      .on('error', (error) => this.#fail(error))
      .on('timeout', () => this.#timeOut())
      .on('drain', () => this.#room.wake())
      .on('close', () => this.#fail(otherSideClosed()));
  }

  /** Only while it is idle. The request is sent by `send`. */
  take(request: HttpRequest, exchange: Exchange): void {
    this.#exchange = exchange;
    this.#unsent = request;
    this.closesAt = Infinity;
    if (!this.#isUnreferenced) return;
    this.#isUnreferenced = false;
    this.#socket.ref();
  }

  /** What it has taken, if that has not left by now and somebody still waits for it. */
  send(): void {
    const exchange = this.#exchange;
    const request = this.#unsent;
    if (exchange === null || request === null || this.#isResting) return;
    this.#unsent = null;
    if (exchange.isOver) this.release();
    else this.#begin(request, exchange);
  }

  /**
   * Waits for `rested` behind its first answer: a server may close behind each one without saying so, and a request that it
   * does not answer may not be sent again.
   */
  get isResting(): boolean {
    return this.#isResting;
  }

  /** A turn of the event loop has passed since the answer: a server that closes would have been heard by now. */
  rested(): void {
    this.#isResting = false;
    this.#isKept = !this.#isClosed;
    this.send();
  }

  /** An idle connection is no reason for the process to live. Not said each time that it is idle, which costs two calls. */
  letProcessEnd(): void {
    if (this.#isUnreferenced) return;
    this.#isUnreferenced = true;
    this.#socket.unref();
  }

  /** What is under way fails. */
  destroy(): void {
    this.#fail(new TransportError('CLOSED', 'The connection was closed.'));
  }

  #begin(request: HttpRequest, exchange: Exchange): void {
    const { method, body } = request;
    let head;
    try {
      head = requestHead(request);
    } catch (error) {
      this.release();
      exchange.onFailure(asError(error));
      return;
    }
    this.#reader.begin(exchange, method === 'HEAD');
    this.#sentAt = performance.now();
    exchange.onSent(this);
    if (SENT.hasSubscribers) SENT.publish({ method });
    if (body === null) {
      this.#socket.write(head, 'latin1');
    } else if (isSentWhole(body)) {
      // In one write: to copy it costs less than a second one. As text, which Node writes without a buffer.
      this.#socket.write(head + latin1Of(body), 'latin1');
    } else {
      this.#socket.write(head, 'latin1');
      void this.#sendPieces(body, exchange);
    }
  }

  async #sendPieces(body: RequestBody, exchange: Exchange): Promise<void> {
    this.#isSending = true;
    let left = body.byteLength;
    try {
      for await (const piece of piecesOf(body)) {
        left -= piece.byteLength;
        if (this.#exchange !== exchange || left < 0) break;
        if (!this.#socket.write(piece)) await this.#room.wait();
      }
      if (left !== 0) throw new TransportError('UNSENDABLE', 'The body is not as long as was said.');
      this.#isSending = false;
    } catch (error) {
      if (this.#exchange === exchange) this.#fail(asError(error));
    }
  }

  #read(chunk: Buffer): void {
    const exchange = this.#exchange;
    // What comes unasked could be taken for the answer to the next request.
    if (exchange === null || this.#unsent !== null) return this.destroy();
    try {
      if (this.#reader.read(chunk)) this.#finish(exchange);
      else if (this.#exchange === exchange) this.#awaitMore();
    } catch (error) {
      this.#fail(asError(error));
    }
  }

  #awaitMore(): void {
    if (this.#reader.isInBody) this.#useTimeout(this.#timeouts.body);
    // Byte by byte a head would never stand still.
    else if (performance.now() - this.#sentAt > this.#timeouts.headers) this.#timeOut();
  }

  #end(): void {
    if (this.#exchange !== null && this.#reader.end()) this.#finish(this.#exchange);
    else this.#fail(otherSideClosed());
  }

  #finish(exchange: Exchange): void {
    // It may have given up while it was told.
    if (this.#exchange !== exchange) return;
    if (ANSWERED.hasSubscribers) ANSWERED.publish({});
    this.release();
    exchange.onEnd();
  }

  /** Nobody waits for an answer: it can take the next request. */
  release(): void {
    this.#exchange = null;
    const { keepsAlive, keepAliveSeconds } = this.#reader;
    // A server that answers before it has all of a body reads no more of it.
    if (!keepsAlive || this.#isSending) return this.destroy();
    this.#useTimeout(this.#timeouts.headers);
    const allowed = keepAliveSeconds === null ? Infinity : keepAliveSeconds * 1000 - CLOSING_MARGIN;
    this.closesAt = performance.now() + Math.min(this.#keptFor, allowed);
    this.#isResting = !this.#isKept;
    this.#owner.onIdle(this);
  }

  #useTimeout(milliseconds: number): void {
    if (this.#timeout === milliseconds) return;
    this.#timeout = milliseconds;
    this.#socket.setTimeout(milliseconds);
  }

  #timeOut(): void {
    if (this.#exchange === null) return;
    const code = this.#reader.isInBody ? 'BODY_TIMEOUT' : 'HEADERS_TIMEOUT';
    this.#fail(new TransportError(code, 'The server stopped answering.'));
  }

  #fail(error: Error): void {
    if (this.#isClosed) return;
    this.#isClosed = true;
    const exchange = this.#exchange;
    const unsent = this.#unsent;
    this.#exchange = null;
    this.#unsent = null;
    this.#socket.destroy();
    this.#room.wake();
    this.#owner.onClosed(this);
    if (exchange === null) return;
    if (unsent === null) exchange.onFailure(error);
    else this.#owner.onUnsent(unsent, exchange);
  }
}

function otherSideClosed(): TransportError {
  return new TransportError('OTHER_SIDE_CLOSED', 'The server closed the connection.');
}

function latin1Of(bytes: Uint8Array): string {
  const buffer = Buffer.isBuffer(bytes) ? bytes : Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  return buffer.toString('latin1');
}

function asError(error: unknown): Error {
  return error instanceof Error ? error : new Error(String(error));
}
