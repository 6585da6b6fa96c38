import { formatBytes } from '../../../shared/byte-size.ts';
import { AppFailure, type ErrorCode, type ErrorDetail } from '../../../shared/result.ts';
import { explainNotS3, explainRefusal } from './explain-refusal.ts';
import { errorCode, explainProxy, explainTransport } from './explain-transport.ts';
import { ProxyFailure } from './proxy.ts';
import {
  NO_CAUSE,
  readCause,
  readTime,
  retryAfter,
  statusOfCode,
  type Cause,
  type RefusedAnswer,
} from './read-refusal.ts';
import { subject, what, type RequestContext } from './request-context.ts';

/** One try that failed, with what the retry policy has to know. */
export interface FailedTry {
  readonly failure: AppFailure;
  /** True where the server certainly did nothing: it was not reached, or it refused. */
  readonly notDone: boolean;
  /** From `Retry-After`. */
  readonly waitMilliseconds: number | null;
  /** Of `clock-skewed`: what the server's clock says, in milliseconds since 1970. */
  readonly serverTime: number | null;
}

export function failureOfAnswer(context: RequestContext, answer: RefusedAnswer, now: number): FailedTry {
  const cause = readCause(context, answer, now);
  const [code, message, retryable = false] = explainRefusal(context, answer, cause, now);
  const region = cause.region ?? undefined;
  const failure = fail(context, code, message, retryable, {
    status: answer.status,
    ...(cause.s3Code === null ? {} : { s3Code: cause.s3Code }),
    ...(cause.requestId === null ? {} : { requestId: cause.requestId }),
    ...(code === 'wrong-region' && region !== undefined ? { region } : {}),
  });
  // 503 is S3's "slow down": refused before anything was done, as long as S3 itself says so.
  const notDone = answer.status < 500 || answer.status === 501 || code === 'throttled';
  const serverTime = code === 'clock-skewed' ? readTime(cause.serverTime) : null;
  return { failure, notDone, waitMilliseconds: retryAfter(answer.headers, now), serverTime };
}

/** What an answer that succeeded as a whole says of one object (DeleteObjects). `context`: of that object. */
export function failureWithin(
  context: RequestContext,
  { s3Code, text, requestId }: Pick<Cause, 's3Code' | 'text' | 'requestId'>,
): AppFailure {
  const cause: Cause = { ...NO_CAUSE, s3Code, text, requestId };
  const [code, message, retryable = false] = explainRefusal(
    context,
    { status: statusOfCode(s3Code), headers: {}, body: '' },
    cause,
    Date.now(),
  );
  return fail(context, code, message, retryable, {
    ...(s3Code === null ? {} : { s3Code }),
    ...(requestId === null ? {} : { requestId }),
  });
}

/** A success whose body is not what S3 answers: another kind of server. */
export function notS3(context: RequestContext, answer: Pick<RefusedAnswer, 'status' | 'headers'>): AppFailure {
  return fail(context, 'not-s3', explainNotS3(context, answer), false, { status: answer.status });
}

export function abortedFailure(context: RequestContext): AppFailure {
  return fail(context, 'aborted', `Stopped: ${what(context)}.`, false);
}

export function tooLarge(context: RequestContext, maximumBytes: number): AppFailure {
  return fail(
    context,
    'record-too-large',
    `${subject(context)} is larger than the ${formatBytes(maximumBytes)} that are read at once.`,
    false,
  );
}

/** No UTF-8 can be made of it, so no server could hold it. */
export function unsendableKey(context: RequestContext): AppFailure {
  return fail(
    context,
    'invalid-key',
    `The key of ${subject(context, false)} holds half of a surrogate pair, which is no text. Choose another id.`,
    false,
  );
}

/** A body that is not what its answer says it is. */
export function failureOfDamage(context: RequestContext): FailedTry {
  const message = `${subject(context)} arrived damaged from ${context.endpoint}: its bytes do not fit its ETag or checksum. Try again.`;
  const failure = fail(context, 'connection-lost', message, true);
  return { failure, notDone: false, waitMilliseconds: null, serverTime: null };
}

/** A socket's, a resolver's, a proxy's or TLS's error. `sent`: whether the request had begun to leave. */
export function failureOfTransport(context: RequestContext, error: unknown, sent: boolean): FailedTry {
  const [code, message, retryable = false] =
    error instanceof ProxyFailure ? explainProxy(context, error) : explainTransport(context, errorCode(error), sent);
  return {
    failure: fail(context, code, message, retryable, undefined, error),
    notDone: !sent,
    waitMilliseconds: null,
    serverTime: null,
  };
}

function fail(
  context: RequestContext,
  code: ErrorCode,
  message: string,
  retryable: boolean,
  facts?: ErrorDetail,
  cause?: unknown,
): AppFailure {
  return new AppFailure(code, message, {
    retryable,
    detail: {
      operation: context.operation,
      endpoint: context.endpoint,
      ...(context.bucket === null ? {} : { bucket: context.bucket }),
      ...(context.key === null ? {} : { key: context.key }),
      ...facts,
    },
    ...(cause === undefined ? {} : { cause }),
  });
}
