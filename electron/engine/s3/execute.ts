import { setMaxListeners } from 'node:events';
import { AppFailure, type AppError } from '../../../shared/result.ts';
import type { Addressing } from './addressing.ts';
import {
  abortedFailure,
  failureOfAnswer,
  failureOfTransport,
  notS3,
  tooLarge,
  unsendableKey,
  type FailedTry,
} from './errors.ts';
import type { Pools } from './pools.ts';
import { createRedactor } from './redact.ts';
import type { RequestContext } from './request-context.ts';
import type { RequestLog } from './request-log.ts';
import { markedCollection } from './request-purpose.ts';
import { pauseBeforeRetry } from './retry.ts';
import type { CallOptions, S3Target } from './s3-client.ts';
import { send, SendFailure, startTrace, type HttpAnswer, type HttpRequest, type SendTrace } from './send.ts';
import type { Signer } from './signing.ts';
import { canonicalQuery } from './uri-encoding.ts';
import { WriteInDoubt } from './write-in-doubt.ts';

/** One S3 operation on one bucket or object. */
export interface Operation {
  /** S3's name of it. */
  readonly name: string;
  readonly method: HttpRequest['method'];
  readonly bucket: string | null;
  readonly key: string | null;
  readonly query?: readonly (readonly [string, string])[];
  /** Lower-case names, values as bytes in a Latin-1 string. */
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: Uint8Array;
  readonly condition?: 'if-match' | 'if-none-match' | null;
  /** Of the answer's body. */
  readonly maximumBytes: number;
}

export interface Answer extends HttpAnswer {
  /** For an answer that turns out to be none of S3's. */
  notS3(): AppFailure;
}

export interface PreparedRequest extends HttpRequest {
  readonly origin: string;
}

export type Execute = (operation: Operation, options: CallOptions) => Promise<Answer>;

export interface Machinery {
  readonly target: S3Target;
  readonly addressing: Addressing;
  readonly signer: Signer;
  readonly pools: Pools;
  readonly log: RequestLog | null;
  readonly now: () => Date;
  readonly random: () => number;
  readonly pause: (milliseconds: number, signal: AbortSignal | undefined) => Promise<void>;
}

/** Sends an operation until it succeeds or the retry policy gives up. Rejects with AppFailure only. */
export function createExecute(machinery: Machinery): Execute {
  const { target, addressing, pools, log, random, pause } = machinery;
  /** Milliseconds that the server's clock is ahead of this computer's, once it has refused one of our times. */
  let clockOffset = 0;
  const redact = createRedactor(target.credentials);
  const now = (): Date => new Date(machinery.now().getTime() + clockOffset);

  return async (operation, options) => {
    const { signal } = options;
    // One signal may stop a sync's many requests at once; Node takes more than ten listeners for a leak.
    if (signal !== undefined) setMaxListeners(0, signal);
    const context: RequestContext = {
      connection: target.name,
      endpoint: addressing.endpoint,
      region: target.region,
      proxy: null,
      clockOffset: 0,
      operation: operation.name,
      bucket: operation.bucket,
      key: operation.key,
      condition: operation.condition ?? null,
      withTags: operation.headers?.['x-amz-tagging'] !== undefined,
    };
    const isWrite = operation.method === 'PUT' || operation.method === 'DELETE';
    const lane = options.lane ?? 'interactive';
    const gate = pools.gate(lane);
    const number = log?.nextRequest() ?? 0;
    let sent = 0;

    let clockCorrected = false;
    for (let tried = 1; ; tried += 1) {
      if (!(await gate.enter(signal))) throw abortedFailure(context);
      let request: PreparedRequest;
      let outcome: HttpAnswer | FailedTry;
      const trace = startTrace();
      sent += 1;
      const record = (error: AppError | null, triedAgain: boolean): void =>
        log?.record({
          number,
          attempt: sent,
          context,
          request,
          trace,
          lane,
          collection: markedCollection(signal),
          error,
          triedAgain,
        });
      try {
        request = prepare(machinery.signer, operation, context);
        outcome = await tryOnce(request, trace, operation, context, options).catch((failure: unknown) => {
          if (failure instanceof AppFailure) record(failure.error, false);
          throw failure;
        });
      } finally {
        gate.leave();
      }
      if ('status' in outcome) {
        const answer = outcome;
        record(null, false);
        return { ...answer, notS3: () => notS3(context, answer) };
      }
      if (outcome.serverTime !== null && !clockCorrected) {
        // Signed again by the server's clock, once: a computer whose clock is wrong can still read its records.
        clockCorrected = true;
        clockOffset = outcome.serverTime - machinery.now().getTime();
        record(outcome.failure.error, true);
        tried -= 1;
        continue;
      }
      const wait = pauseBeforeRetry(tried, isWrite, outcome, random());
      record(outcome.failure.error, wait !== null);
      if (wait === null) {
        throw isWrite && !outcome.notDone && outcome.failure.error.retryable
          ? new WriteInDoubt(outcome.failure)
          : outcome.failure;
      }
      try {
        await pause(wait, signal);
      } catch {
        throw abortedFailure(context);
      }
    }
  };

  async function tryOnce(
    request: PreparedRequest,
    trace: SendTrace,
    operation: Operation,
    context: RequestContext,
    options: CallOptions,
  ): Promise<HttpAnswer | FailedTry> {
    const { dispatcher, through } = pools.route(options.lane ?? 'interactive', request.origin);
    let answer: HttpAnswer;
    try {
      answer = await send(dispatcher, through === null ? request : through.address(request), {
        signal: options.signal,
        maximumBytes: operation.maximumBytes,
        trace,
        onSent: () => {
          options.meter?.countRequest(operation.name);
          options.meter?.countBytes(operation.body?.byteLength ?? 0);
        },
      });
    } catch (error) {
      if (!(error instanceof SendFailure)) throw error;
      if (error.reason === 'aborted') throw abortedFailure(context);
      if (error.reason === 'too-large') throw tooLarge(context, operation.maximumBytes);
      return failureOfTransport(context, error.cause, error.sent);
    }
    options.meter?.countBytes(answer.body.byteLength);
    if (answer.status >= 200 && answer.status < 300) return answer;
    return failureOfAnswer(
      { ...context, proxy: through?.proxy ?? null, clockOffset },
      { status: answer.status, headers: answer.headers, body: redact(answer.body.toString('utf8')) },
      now().getTime(),
    );
  }

  function prepare(signer: Signer, operation: Operation, context: RequestContext): PreparedRequest {
    let address;
    let query;
    try {
      address = addressing.locate(operation.bucket, operation.key);
      query = canonicalQuery(operation.query ?? []);
    } catch (error) {
      if (error instanceof URIError) throw unsendableKey(context);
      throw error;
    }
    const body = operation.body ?? null;
    const headers = signer.sign(
      {
        method: operation.method,
        path: address.path,
        query,
        headers: { ...operation.headers, host: address.host, 'user-agent': 'Dipper' },
        body,
      },
      now(),
    );
    const path = query === '' ? address.path : `${address.path}?${query}`;
    return { method: operation.method, path, headers, body, origin: address.origin };
  }
}
