import { errors, type Dispatcher } from 'undici';
import { offAbort, onAbort } from './abort-calls.ts';
import type { AnswerHeaders } from './object-headers.ts';
import { bodyToSend, type RequestBody } from './request-body.ts';

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
export class SendFailure extends Error {
  readonly reason: 'aborted' | 'too-large' | 'transport';
  /** Whether the request had begun to leave this computer. */
  readonly sent: boolean;

  constructor(reason: SendFailure['reason'], sent: boolean, cause?: unknown) {
    super(reason, { cause });
    this.reason = reason;
    this.sent = sent;
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

/** One request over undici's dispatch, which costs half of what its `request` does. Rejects with SendFailure only. */
export async function send(dispatcher: Dispatcher, request: HttpRequest, options: SendOptions): Promise<HttpAnswer> {
  const { signal, maximumBytes, trace, bodyTimeout } = options;
  if (signal?.aborted === true) throw new SendFailure('aborted', false);
  return await new Promise<HttpAnswer>((resolve, reject) => {
    let controller: Dispatcher.DispatchController | null = null;
    let sent = false;
    let status = 0;
    let headers: AnswerHeaders = {};
    let chunks: Buffer[] = [];
    let received = 0;
    let settled = false;

    function settle(): boolean {
      if (settled) return false;
      settled = true;
      trace.endedAt = performance.now();
      trace.bytesDown = received;
      if (signal !== undefined) offAbort(signal, abort);
      return true;
    }
    function giveUp(failure: SendFailure): void {
      if (!settle()) return;
      chunks = [];
      controller?.abort(failure);
      reject(failure);
    }
    function abort(): void {
      giveUp(new SendFailure('aborted', sent));
    }
    function finish(): void {
      if (!settle()) return;
      const [first] = chunks;
      resolve({ status, headers, body: chunks.length === 1 && first !== undefined ? first : Buffer.concat(chunks) });
    }

    if (signal !== undefined) onAbort(signal, abort);
    dispatcher.dispatch(
      { method: request.method, path: request.path, ...bodyToSend(request.headers, request.body) },
      {
        onRequestStart(started) {
          controller = started;
          if (settled) {
            started.abort(new SendFailure('aborted', false));
            return;
          }
          sent = true;
          trace.sentAt = performance.now();
        },
        onResponseStart(_, statusCode, answerHeaders) {
          // 1xx are no answers yet.
          if (statusCode < 200) return;
          status = statusCode;
          headers = answerHeaders;
          trace.firstByteAt = performance.now();
          trace.status = statusCode;
          trace.headers = answerHeaders;
          const length = Number(answerHeaders['content-length'] ?? 0);
          if (status < 300 && request.method !== 'HEAD' && length > maximumBytes) {
            giveUp(new SendFailure('too-large', sent));
          }
        },
        onResponseData(_, chunk) {
          if (settled) return;
          received += chunk.byteLength;
          const milliseconds = performance.now() - (trace.firstByteAt ?? 0);
          if (milliseconds > bodyTimeout && received * 1000 < SLOWEST_BYTES_A_SECOND * milliseconds) {
            giveUp(new SendFailure('transport', sent, new errors.BodyTimeoutError()));
            return;
          }
          if (status >= 300) {
            if (received - chunk.byteLength < MAXIMUM_REFUSAL_BYTES) chunks.push(chunk);
            // An endless refusal would be read for ever.
            if (received > 16 * MAXIMUM_REFUSAL_BYTES) {
              const refused = controller;
              finish();
              refused?.abort(new SendFailure('too-large', sent));
            }
            return;
          }
          if (received > maximumBytes) giveUp(new SendFailure('too-large', sent));
          else chunks.push(chunk);
        },
        onResponseEnd: finish,
        onResponseError(_, error) {
          if (settle()) reject(new SendFailure('transport', sent, error));
        },
      },
    );
  });
}
