import { offAbort, onAbort } from './abort-calls.ts';
import type { Connection, Exchange } from './http/connection.ts';
import type { ConnectionPool } from './http/connection-pool.ts';
import { TransportError } from './http/transport-error.ts';
import type { AnswerHeaders } from './object-headers.ts';
import type { RequestBody } from './request-body.ts';

export interface HttpRequest {
  readonly method: 'GET' | 'HEAD' | 'PUT' | 'POST' | 'DELETE';
  /** With the query. */
  readonly path: string;
  readonly headers: Record<string, string>;
  readonly body: RequestBody | null;
}

export interface HttpAnswer {
  readonly status: number;
  readonly headers: AnswerHeaders;
  readonly body: Buffer;
}

/** What is known of a request while it runs, also where it fails: for the request log. `…At` is of `performance.now`. */
export interface SendTrace {
  /** Milliseconds since 1970. */
  readonly started: number;
  readonly startedAt: number;
  /** When it began to leave this computer; null where it did not. */
  sentAt: number | null;
  firstByteAt: number | null;
  endedAt: number;
  status: number | null;
  headers: AnswerHeaders;
  bytesDown: number;
}

export function startTrace(): SendTrace {
  const now = performance.now();
  return {
    started: Date.now(),
    startedAt: now,
    sentAt: null,
    firstByteAt: null,
    endedAt: now,
    status: null,
    headers: {},
    bytesDown: 0,
  };
}

/** Why no answer came. */
export class SendFailure {
  readonly reason: 'aborted' | 'too-large' | 'transport';
  /** Whether the request had begun to leave this computer. */
  readonly wasSent: boolean;
  readonly cause: unknown;

  constructor(reason: SendFailure['reason'], wasSent: boolean, cause?: unknown) {
    this.reason = reason;
    this.wasSent = wasSent;
    this.cause = cause;
  }
}

export interface SendOptions {
  readonly signal: AbortSignal | undefined;
  /** Of a success; the body of a refusal is cut at 64 KiB. */
  readonly maximumBytes: number;
  readonly trace: SendTrace;
  /** Milliseconds without a byte after which an answer's body is given up. */
  readonly bodyTimeout: number;
}

const MAXIMUM_REFUSAL_BYTES = 64 * 1024;

/**
 * An answer that comes by so few bytes a second is given up once it has had the time-out for a still one: byte by byte it
 * would never stand still, and never end (slow loris).
 */
const SLOWEST_BYTES_A_SECOND = 100;

/** One request and its answer, in memory; never rejects. */
export function send(
  pool: ConnectionPool,
  request: HttpRequest,
  options: SendOptions,
): Promise<HttpAnswer | SendFailure> {
  if (options.signal?.aborted === true) return Promise.resolve(new SendFailure('aborted', false));
  return new Promise<HttpAnswer | SendFailure>((resolve) => {
    pool.send(request, new HeldExchange(request.method === 'HEAD', options, resolve));
  });
}

/** Holds the answer until it is whole. A class, because thousands of them a second would each be a dozen functions. */
class HeldExchange implements Exchange {
  readonly #isHead: boolean;
  readonly #options: SendOptions;
  readonly #resolve: (sent: HttpAnswer | SendFailure) => void;
  readonly #abort = (): void => this.#giveUp(new SendFailure('aborted', this.#wasSent));
  #connection: Connection | null = null;
  /**
   * Where a success says how long its body is. To join its pieces instead would take the memory of each page of a listing twice, and
   * V8 looks for garbage by how much of that was taken.
   */
  #whole: Buffer | null = null;
  #chunks: Buffer[] = [];
  #received = 0;
  #isSettled = false;

  constructor(isHead: boolean, options: SendOptions, resolve: (sent: HttpAnswer | SendFailure) => void) {
    this.#isHead = isHead;
    this.#options = options;
    this.#resolve = resolve;
    if (options.signal !== undefined) onAbort(options.signal, this.#abort);
  }

  get isOver(): boolean {
    return this.#isSettled;
  }

  onSent(connection: Connection): void {
    this.#connection = connection;
    this.#options.trace.sentAt = performance.now();
  }

  onHead(status: number, headers: AnswerHeaders): void {
    const { trace, maximumBytes } = this.#options;
    trace.firstByteAt = performance.now();
    trace.status = status;
    trace.headers = headers;
    const length = Number(headers['content-length']);
    if (status >= 300 || this.#isHead || !(length >= 0)) return;
    if (length > maximumBytes) this.#giveUp(new SendFailure('too-large', this.#wasSent));
    else this.#whole = Buffer.allocUnsafe(length);
  }

  onBody(chunk: Buffer): void {
    if (this.#isSettled) return;
    const before = this.#received;
    this.#received += chunk.byteLength;
    if (this.#trickles) {
      this.#giveUp(
        new SendFailure('transport', this.#wasSent, new TransportError('BODY_TIMEOUT', 'The body trickles.')),
      );
    } else if ((this.#options.trace.status ?? 0) < 300) {
      if (this.#received > this.#options.maximumBytes) this.#giveUp(new SendFailure('too-large', this.#wasSent));
      else if (this.#whole !== null) chunk.copy(this.#whole, before);
      else this.#chunks.push(Buffer.from(chunk));
    } else {
      if (before < MAXIMUM_REFUSAL_BYTES) this.#chunks.push(Buffer.from(chunk));
      // An endless refusal would be read for ever.
      if (this.#received > 16 * MAXIMUM_REFUSAL_BYTES) {
        this.onEnd();
        this.#connection?.destroy();
      }
    }
  }

  onEnd(): void {
    if (!this.#settle()) return;
    const { status, headers } = this.#options.trace;
    this.#resolve({ status: status ?? 0, headers, body: this.#body() });
  }

  #body(): Buffer {
    // A 204 has none, whatever its head says.
    if (this.#whole !== null) return this.#whole.subarray(0, this.#received);
    const [first] = this.#chunks;
    return this.#chunks.length === 1 && first !== undefined ? first : Buffer.concat(this.#chunks);
  }

  onFailure(error: Error): void {
    if (this.#settle()) this.#resolve(new SendFailure('transport', this.#wasSent, error));
  }

  get #wasSent(): boolean {
    return this.#options.trace.sentAt !== null;
  }

  get #trickles(): boolean {
    const { trace, bodyTimeout } = this.#options;
    const milliseconds = performance.now() - (trace.firstByteAt ?? 0);
    return milliseconds > bodyTimeout && this.#received * 1000 < SLOWEST_BYTES_A_SECOND * milliseconds;
  }

  #giveUp(failure: SendFailure): void {
    if (!this.#settle()) return;
    this.#chunks = [];
    this.#whole = null;
    this.#connection?.destroy();
    this.#resolve(failure);
  }

  #settle(): boolean {
    if (this.#isSettled) return false;
    this.#isSettled = true;
    const { trace, signal } = this.#options;
    trace.endedAt = performance.now();
    trace.bytesDown = this.#received;
    if (signal !== undefined) offAbort(signal, this.#abort);
    return true;
  }
}
