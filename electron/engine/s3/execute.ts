import { AppFailure, type AppError } from '../../../shared/result.ts';
import type { Addressing } from './addressing.ts';
import { ReadAnswer, type Answer } from './answer.ts';
import type { CredentialKeeper } from './credentials.ts';
import {
  abortedFailure,
  failureOfAnswer,
  failureOfDamage,
  failureOfTransport,
  tooLarge,
  unsendableKey,
  type FailedTry,
} from './errors.ts';
import type { EndedTry, Gate } from './gate.ts';
import { headerValue } from './object-headers.ts';
import type { AskedProxy, Pools } from './pools.ts';
import { createRequestPreparer, isRegion, type PreparedRequest } from './prepare-request.ts';
import { statusOfCode } from './read-refusal.ts';
import { redact } from './redact.ts';
import type { RequestBody } from './request-body.ts';
import type { ObjectName, RequestContext } from './request-context.ts';
import type { RequestLog } from './request-log.ts';
import { markedCollection } from './request-purpose.ts';
import { readOnlyFailure } from './read-only-failure.ts';
import { pauseBeforeRetry } from './retry.ts';
import {
  ANONYMOUS,
  type CallOptions,
  type Credentials,
  type Lane,
  type RequestObserver,
  type S3Target,
} from './s3-client.ts';
import { send, SendFailure, startTrace, type HttpAnswer, type HttpRequest, type SendTrace } from './send.ts';
import { takeTurn } from '../turns.ts';
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
  /** Once sent, it is not stopped by the signal: what it makes has a name that its answer alone tells. */
  readonly answerNeeded?: boolean;
  /** What a copy is made of, for messages. */
  readonly source?: ObjectName;
  readonly condition?: 'if-match' | 'if-none-match' | null;
  /** The code of an error that an answer of 200 may hold: S3 begins one where something takes long, such as a copy. */
  readonly errorIn?: (document: string) => string | null;
  /** Of the answer's body. Default 1 MiB. */
  readonly maximumBytes?: number;
  /** Without a signature: what anybody may ask. */
  readonly unsigned?: boolean;
  /** Every answer is one, whatever its status: a look at who answers. */
  readonly anyStatus?: boolean;
  /** Whether the body of a success was changed on its way: then it is asked for again. */
  readonly isDamaged?: (headers: HttpAnswer['headers'], body: Uint8Array) => boolean;
}

const SMALL_ANSWER_BYTES = 1024 * 1024;

export type Execute = (operation: Operation, options: CallOptions) => Promise<Answer>;

export interface Machinery {
  readonly target: S3Target;
  readonly addressing: Addressing;
  readonly credentials: CredentialKeeper;
  readonly pools: Pools;
  readonly log: RequestLog | null;
  readonly onRequest: RequestObserver | null;
  readonly followsRegion: boolean;
  readonly now: () => Date;
  readonly random: () => number;
  readonly pause: (milliseconds: number, signal: AbortSignal | undefined) => Promise<void>;
}

/** What a refusal can show to be wrong with how a request was signed; each is put right once and the request sent again. */
type Correction = 'clock' | 'region' | 'credentials';

/** An operation on its way, over all of its tries. */
interface Course {
  readonly operation: Operation;
  readonly options: CallOptions;
  readonly lane: Lane;
  /** It must not be done twice. */
  readonly isWrite: boolean;
  /** In the log. */
  readonly number: number;
  readonly begun: number;
  readonly corrected: Partial<Record<Correction, FailedTry>>;
  context: RequestContext;
  attempts: number;
  /** Those that count: one after which something was put right does not. */
  tries: number;
}

interface Attempt {
  readonly trace: SendTrace;
  credentials: Credentials;
  /** Null before it is signed. */
  request: PreparedRequest | null;
  /** Null before its end. */
  outcome: HttpAnswer | FailedTry | null;
}

/** Sends an operation until it succeeds or the retry policy gives up. Rejects with AppFailure only. */
export function createExecute(machinery: Machinery): Execute {
  const { target, addressing, credentials: keeper, pools, log, onRequest, followsRegion, random, pause } = machinery;
  const preparer = createRequestPreparer(target, addressing);
  /** Milliseconds that the server's clock is ahead of this computer's, once it has refused one of our times. */
  let clockOffset = 0;
  const now = (): Date => (clockOffset === 0 ? machinery.now() : new Date(machinery.now().getTime() + clockOffset));

  return async (operation, options) => {
    const { signal, lane = 'interactive' } = options;
    const isReading = operation.method === 'GET' || operation.method === 'HEAD';
    if (target.readOnly === true && !isReading) throw readOnlyFailure(target.name);
    const course: Course = {
      operation,
      options,
      lane,
      isWrite: !isReading && operation.repeatable !== true,
      number: log?.nextRequest() ?? 0,
      begun: performance.now(),
      corrected: {},
      context: contextOf(operation),
      attempts: 0,
      tries: 0,
    };
    const gate = pools.gate(lane);

    for (;;) {
      const entered = gate.enter(signal, course.attempts > 0);
      if (entered !== true) {
        if (!(await entered)) throw abortedFailure(course.context);
        // A limit that is raised lets dozens in at once.
        if (lane === 'bulk') await takeTurn();
      }
      course.attempts += 1;
      course.tries += 1;
      const attempt: Attempt = { trace: startTrace(), credentials: ANONYMOUS, request: null, outcome: null };
      const { trace } = attempt;
      try {
        options.meter?.permit(operation.name);
        if (operation.unsigned !== true) attempt.credentials = keeper.valid() ?? (await keeper.load());
        const request = prepare(operation, attempt.credentials, course.context);
        attempt.request = request;
        const found = pools.route(lane, request.origin);
        const { pool, through } = found instanceof Promise ? await found : found;
        const sent = await send(pool, through === null ? request : through.address(request), {
          signal: operation.answerNeeded === true ? undefined : signal,
          maximumBytes: operation.maximumBytes ?? SMALL_ANSWER_BYTES,
          trace,
          bodyTimeout: pools.timeouts.body,
        });
        attempt.outcome = judge(sent, course, attempt, through);
        if (lane === 'bulk') await takeTurn();
      } catch (failure) {
        if (failure instanceof AppFailure) record(course, attempt, failure.error, false);
        throw failure;
      } finally {
        gate.leave(endedTry(attempt));
        if (trace.sentAt !== null) count(operation, options, trace);
      }
      if ('status' in attempt.outcome) {
        record(course, attempt, null, false);
        return new ReadAnswer(attempt.outcome, course.context, attempt.credentials, gate, trace.sentAt);
      }
      await prepareNextTry(course, attempt, attempt.outcome, gate);
    }
  };

  /** Puts right what can be, and waits as long as the retry policy says. Throws where no other try is to follow. */
  async function prepareNextTry(course: Course, attempt: Attempt, failed: FailedTry, gate: Gate): Promise<void> {
    const { corrected, operation, isWrite, begun, lane } = course;
    const { error } = failed.failure;
    const correction = correctionFor(failed, course.context, followsRegion);
    if (correction !== null && corrected[correction] === undefined) {
      corrected[correction] = failed;
      const isRight = await correct(correction, failed, attempt.credentials, course.context).catch(
        (failure: unknown) => {
          record(course, attempt, error, false);
          throw failure;
        },
      );
      if (isRight) {
        record(course, attempt, error, true);
        if (correction === 'region')
          course.context = { ...course.context, region: preparer.regionOf(operation.bucket) };
        course.tries -= 1;
        return;
      }
    }
    if (error.code === 'wrong-region' && corrected.region !== undefined) {
      // The region that the server named led nowhere; what it said first is about the one that a person has set.
      preparer.useRegion(operation.bucket, null);
      record(course, attempt, error, false);
      throw corrected.region.failure;
    }
    const elapsed = performance.now() - begun;
    const tried = { tries: course.tries, elapsed, silence: gate.silence(begun), isWrite, lane };
    const wait = pauseBeforeRetry(tried, failed, random());
    record(course, attempt, error, wait !== null);
    if (wait === null) throw givenUp(failed, isWrite);
    if (wait === 0) return;
    try {
      await pause(wait, course.options.signal);
    } catch {
      throw abortedFailure(course.context);
    }
  }

  function record(
    { number, attempts, context, lane, options }: Course,
    attempt: Attempt,
    error: AppError | null,
    triedAgain: boolean,
  ): void {
    const { request, trace } = attempt;
    if (log === null || request === null) return;
    const collection = markedCollection(options.signal);
    log.record({ number, attempt: attempts, context, request, trace, lane, collection, error, triedAgain });
  }

  function contextOf({ name, bucket, key, source, condition, headers }: Operation): RequestContext {
    return {
      connection: target.name,
      endpoint: addressing.endpoint,
      region: preparer.regionOf(bucket),
      proxy: null,
      clockOffset: 0,
      operation: name,
      bucket,
      key,
      source: source ?? null,
      condition: condition ?? null,
      withTags: headers?.['x-amz-tagging'] !== undefined,
    };
  }

  function prepare(operation: Operation, credentials: Credentials, context: RequestContext): PreparedRequest {
    try {
      return preparer.prepare(operation, credentials, now());
    } catch (error) {
      if (error instanceof URIError) throw unsendableKey(context);
      throw error;
    }
  }

  /** Answers whether there is anything to try again with. */
  async function correct(
    correction: Correction,
    failed: FailedTry,
    credentials: Credentials,
    context: RequestContext,
  ): Promise<boolean> {
    switch (correction) {
      case 'clock':
        // A computer whose clock is wrong can still read its records.
        clockOffset = (failed.serverTime ?? 0) - machinery.now().getTime();
        return true;
      case 'region':
        preparer.useRegion(context.bucket, failed.failure.error.detail?.region ?? null);
        return true;
      case 'credentials':
        return await keeper.replace(credentials);
    }
  }

  /** Of what came of a try. Throws what no other try would change. */
  function judge(
    sent: HttpAnswer | SendFailure,
    { operation, context }: Course,
    { credentials }: Attempt,
    through: AskedProxy | null,
  ): HttpAnswer | FailedTry {
    if (sent instanceof SendFailure) return failedToSend(sent, operation, context);
    let { status } = sent;
    if (operation.anyStatus === true) return sent;
    if (status >= 200 && status < 300) {
      const code = operation.errorIn?.(sent.body.toString('utf8')) ?? null;
      if (code === null) {
        const isDamaged = operation.isDamaged?.(sent.headers, sent.body) === true;
        return isDamaged ? failureOfDamage(context) : sent;
      }
      status = statusOfCode(code);
    }
    if (status === 304 && operation.condition === 'if-none-match') return sent;
    return failureOfAnswer(
      { ...context, proxy: through?.proxy ?? null, clockOffset },
      { status, headers: sent.headers, body: redact(sent.body.toString('utf8'), credentials) },
      now().getTime(),
    );
  }

  /** Every request that was sent, also one that failed or was sent again: S3 bills them all. */
  function count(operation: Operation, { meter }: CallOptions, trace: SendTrace): void {
    const bytesUp = operation.body?.byteLength ?? 0;
    meter?.countRequest(operation.name);
    meter?.countBytes(bytesUp + trace.bytesDown);
    if (onRequest === null) return;
    const storageClass =
      operation.headers?.['x-amz-storage-class'] ?? headerValue(trace.headers, 'x-amz-storage-class');
    onRequest(operation.name, storageClass, bytesUp, trace.bytesDown);
  }
}

function failedToSend(
  { reason, cause, wasSent }: SendFailure,
  { maximumBytes = SMALL_ANSWER_BYTES }: Operation,
  context: RequestContext,
): FailedTry {
  if (reason === 'aborted') throw abortedFailure(context);
  if (reason === 'too-large') throw tooLarge(context, maximumBytes);
  // Of the file that the body is read from.
  if (cause instanceof AppFailure) throw cause;
  return failureOfTransport(context, cause, wasSent);
}

const NOT_SENT: EndedTry = { outcome: 'failed', sentAt: null, answeredAt: null, waitMilliseconds: null };

function endedTry({ outcome, trace: { sentAt, firstByteAt } }: Attempt): EndedTry {
  if (outcome === null) return NOT_SENT;
  const waitMilliseconds = 'status' in outcome ? null : outcome.waitMilliseconds;
  return { outcome: outcomeOf(outcome), sentAt, answeredAt: firstByteAt, waitMilliseconds };
}

/** A refusal shows as well as a success how much the server can take. */
function outcomeOf(outcome: HttpAnswer | FailedTry): EndedTry['outcome'] {
  if ('status' in outcome) return 'answered';
  const { code, detail } = outcome.failure.error;
  const status = detail?.status ?? null;
  if (code === 'throttled' || status === 503) return 'throttled';
  if (code === 'timed-out') return 'timed-out';
  return status !== null && status < 500 ? 'answered' : 'failed';
}

function correctionFor(
  { failure, serverTime }: FailedTry,
  { region }: RequestContext,
  followsRegion: boolean,
): Correction | null {
  const { code, detail } = failure.error;
  if (serverTime !== null) return 'clock';
  if (code === 'token-expired') return 'credentials';
  const right = followsRegion && code === 'wrong-region' ? detail?.region : undefined;
  return right !== undefined && right !== region && isRegion(right) ? 'region' : null;
}

function givenUp({ failure, notDone }: FailedTry, isWrite: boolean): AppFailure {
  return isWrite && !notDone && failure.error.retryable ? new WriteInDoubt(failure) : failure;
}
