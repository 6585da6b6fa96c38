import type { ErrorCode } from './result.ts';

/**
 * One try of one S3 request, after it has ended. Holds no secret: headers are those of a list of allowed ones, a session
 * token is named but not kept, signatures are left out of the query.
 */
export interface RequestEntry {
  /** One-based, in the order in which tries ended. */
  readonly sequence: number;
  /** The tries of one request share this number. */
  readonly request: number;
  /** One-based. */
  readonly attempt: number;
  /** Another try of the same request follows. */
  readonly triedAgain: boolean;
  /** Milliseconds since 1970. */
  readonly started: number;
  /** Until the last byte or the failure, connecting included. */
  readonly milliseconds: number;
  /** Until the status line; null where none came. */
  readonly firstByteMilliseconds: number | null;
  /** Name of the connection. */
  readonly connection: string;
  readonly region: string;
  /** Id of the collection that it was for; null where it was for none. */
  readonly collection: string | null;
  readonly lane: 'interactive' | 'bulk';
  /** S3's name, such as `ListObjectsV2`. */
  readonly operation: string;
  readonly method: string;
  /** Such as `https://s3.eu-west-1.amazonaws.com`. */
  readonly origin: string;
  /** As sent: encoded, with the query. */
  readonly path: string;
  readonly bucket: string | null;
  readonly key: string | null;
  /** Null where no answer came. */
  readonly status: number | null;
  /** Null where it succeeded. `aborted` is no failure: somebody stopped it. */
  readonly failure: ErrorCode | null;
  /** S3's own error code, such as `SlowDown`. */
  readonly s3Code: string | null;
  /** Of the bodies. */
  readonly bytesUp: number;
  readonly bytesDown: number;
  /** `x-amz-request-id` */
  readonly requestId: string | null;
  /** Names and values in turn; a value's bytes as a Latin-1 string. */
  readonly sentHeaders: readonly string[];
  readonly receivedHeaders: readonly string[];
}

/** A run of the log, in order. */
export interface RequestPage {
  /** At most 1,000. */
  readonly entries: readonly RequestEntry[];
  /** Sequence number of the oldest try that is kept; one more than `last` where none is. */
  readonly first: number;
  /** Of the newest, whether or not it is among `entries`. */
  readonly last: number;
  /** Ask for more after this one; equal to `last` where nothing is left. */
  readonly next: number;
}

/** Conditions that hold together; one that is left out does not count. */
export interface RequestFilter {
  /** Words, each of which is somewhere in operation, bucket, key, status, error code or request id, in any case. */
  readonly text?: string;
  /** Requests that came to a failure. */
  readonly failed?: boolean;
  /** Requests that were tried more than once. */
  readonly triedAgain?: boolean;
  /** Name of the connection. */
  readonly connection?: string;
}

/** Stands in place of a value that is not kept. */
export const NOT_KEPT = '(not kept)';

/** Whether one of a request's tries, in order, or all of them together fit. */
export function matchesRequest(tries: readonly RequestEntry[], filter: RequestFilter): boolean {
  const last = tries.at(-1);
  if (last === undefined) return false;
  if (filter.connection !== undefined && last.connection !== filter.connection) return false;
  if (filter.failed === true && !isFailure(last)) return false;
  if (filter.triedAgain === true && last.attempt === 1 && !last.triedAgain) return false;
  const words = (filter.text ?? '').toLowerCase().split(/\s+/).filter(Boolean);
  return words.length === 0 || tries.some((entry) => hasWords(entry, words));
}

/** A try that is followed by another has not come to anything yet, and one that was stopped did not fail. */
export function isFailure(entry: RequestEntry): boolean {
  return entry.failure !== null && entry.failure !== 'aborted' && !entry.triedAgain;
}

function hasWords(entry: RequestEntry, words: readonly string[]): boolean {
  const { operation, bucket, key, path, status, failure, s3Code, requestId } = entry;
  const text = [operation, bucket, key, path, status, failure, s3Code, requestId].join(' ').toLowerCase();
  return words.every((word) => text.includes(word));
}
