import { setMaxListeners } from 'node:events';
import { AppFailure, type AppError } from '../../../shared/result.ts';
import type { Addressing } from './addressing.ts';
import {
  abortedFailure,
  failureOfAnswer,
  failureOfTransport,
  failureWithin,
  notS3,
  tooLarge,
  unsendableKey,
  type FailedTry,
} from './errors.ts';
import { headerValue } from './object-headers.ts';
import type { Pools } from './pools.ts';
import type { CredentialKeeper } from './credentials.ts';
import { redact } from './redact.ts';
import type { ObjectName, RequestContext } from './request-context.ts';
import { errorCodeOf, statusOfCode } from './read-refusal.ts';
import type { RequestLog } from './request-log.ts';
import type { RequestBody } from './request-body.ts';
import { markedCollection } from './request-purpose.ts';
import { pauseBeforeRetry } from './retry.ts';
import type { CallOptions, Credentials, S3Target } from './s3-client.ts';
import { send, SendFailure, startTrace, type HttpAnswer, type HttpRequest, type SendTrace } from './send.ts';
import { createSigners, type Signer } from './signing.ts';
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
  readonly body?: RequestBody;
  /** A write that may be sent again whatever became of it: done twice, it leaves what it left when done once. */
  readonly repeatable?: boolean;
  /** What a copy is made of, for messages. */
  readonly source?: ObjectName;
  readonly condition?: 'if-match' | 'if-none-match' | null;
  /** S3 may answer 200 and then, in the body, an error: for what takes long, such as a copy. */
  readonly mayFailWithSuccess?: boolean;
  /** Of the answer's body. Default 1 MiB. */
  readonly maximumBytes?: number;
}

const SMALL_ANSWER_BYTES = 1024 * 1024;

export interface Answer extends HttpAnswer {
  /** For an answer that turns out to be none of S3's. */
  notS3(): AppFailure;
  /** For one of many objects, which failed while the request succeeded. */
  failureOf(part: PartOfAnswer): AppFailure;
}

export interface PartOfAnswer {
  /** What the object alone would have been asked for. */
  readonly name: string;
  readonly key: string;
  readonly condition: Operation['condition'];
  readonly s3Code: string | null;
  /** S3's own sentence. */
  readonly text: string | null;
}

export interface PreparedRequest extends HttpRequest {
  readonly origin: string;
}

export type Execute = (operation: Operation, options: CallOptions) => Promise<Answer>;

export interface Machinery {
  readonly target: S3Target;
  readonly addressing: Addressing;
  readonly credentials: CredentialKeeper;
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
  const signerOf = createSigners();
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
      source: operation.source ?? null,
      condition: operation.condition ?? null,
      withTags: operation.headers?.['x-amz-tagging'] !== undefined,
    };
    const isWrite = operation.method !== 'GET' && operation.method !== 'HEAD' && operation.repeatable !== true;
    const lane = options.lane ?? 'interactive';
    const gate = pools.gate(lane);
    const number = log?.nextRequest() ?? 0;
    let sent = 0;

    let clockCorrected = false;
    let credentialsReplaced = false;
    for (let tried = 1; ; tried += 1) {
      if (!(await gate.enter(signal))) throw abortedFailure(context);
      let credentials: Credentials;
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
        credentials = machinery.credentials.valid() ?? (await machinery.credentials.load());
        request = prepare(signerOf(credentials, target.region), operation, context);
        outcome = await tryOnce(request, credentials, trace, operation, context, options).catch((failure: unknown) => {
          if (failure instanceof AppFailure) record(failure.error, false);
          throw failure;
        });
      } finally {
        gate.leave();
      }
      if ('status' in outcome) {
        const answer = outcome;
        record(null, false);
        return {
          ...answer,
          notS3: () => notS3(context, answer),
          failureOf: ({ name, key, condition = null, s3Code, text }) =>
            failureWithin(
              { ...context, operation: name, key, condition },
              {
                s3Code,
                text: text === null ? null : redact(text, credentials),
                requestId: headerValue(answer.headers, 'x-amz-request-id'),
              },
              now().getTime(),
            ),
        };
      }
      if (outcome.serverTime !== null && !clockCorrected) {
        // Signed again by the server's clock, once: a computer whose clock is wrong can still read its records.
        clockCorrected = true;
        clockOffset = outcome.serverTime - machinery.now().getTime();
        record(outcome.failure.error, true);
        tried -= 1;
        continue;
      }
      if (outcome.failure.error.code === 'token-expired' && !credentialsReplaced) {
        credentialsReplaced = true;
        const others = await machinery.credentials.replace(credentials).catch((failure: unknown) => {
          record(outcome.failure.error, false);
          throw failure;
        });
        if (others) {
          record(outcome.failure.error, true);
          tried -= 1;
          continue;
        }
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
    credentials: Credentials,
    trace: SendTrace,
    operation: Operation,
    context: RequestContext,
    options: CallOptions,
  ): Promise<HttpAnswer | FailedTry> {
    const { dispatcher, through } = pools.route(options.lane ?? 'interactive', request.origin);
    const { maximumBytes = SMALL_ANSWER_BYTES } = operation;
    let answer: HttpAnswer;
    try {
      answer = await send(dispatcher, through === null ? request : through.address(request), {
        signal: options.signal,
        maximumBytes,
        trace,
        onSent: () => {
          options.meter?.countRequest(operation.name);
          options.meter?.countBytes(operation.body?.byteLength ?? 0);
        },
      });
    } catch (error) {
      if (!(error instanceof SendFailure)) throw error;
      if (error.reason === 'aborted') throw abortedFailure(context);
      if (error.reason === 'too-large') throw tooLarge(context, maximumBytes);
      // Of the file that the body is read from.
      if (error.cause instanceof AppFailure) throw error.cause;
      return failureOfTransport(context, error.cause, error.sent);
    }
    options.meter?.countBytes(answer.body.byteLength);
    let { status } = answer;
    if (status >= 200 && status < 300) {
      const code = operation.mayFailWithSuccess === true ? errorCodeOf(answer.body.toString('utf8')) : null;
      if (code === null) return answer;
      status = statusOfCode(code);
    }
    if (status === 304 && operation.condition === 'if-none-match') return answer;
    return failureOfAnswer(
      { ...context, proxy: through?.proxy ?? null, clockOffset },
      { status, headers: answer.headers, body: redact(answer.body.toString('utf8'), credentials) },
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
