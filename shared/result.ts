/** What every call across the contract answers: nothing rejects across the boundary. */
export type Result<T> = { readonly ok: true; readonly value: T } | { readonly ok: false; readonly error: AppError };

/**
 * The closed list of what can go wrong. A code names the cause, not the place; the place (bucket, key, endpoint) is in
 * `message` for people and in `detail` for programs.
 */
export type ErrorCode =
  // asked for something that cannot be done as asked
  | 'aborted'
  | 'invalid-arguments'
  | 'invalid-query'
  | 'pattern-refused'
  /** The run costs more than a person has allowed unasked. */
  | 'ask-first'
  | 'invalid-record'
  | 'invalid-key'
  | 'read-only'
  | 'connection-not-found'
  | 'collection-not-found'
  | 'result-closed'
  | 'job-not-found'
  // credentials
  | 'credentials-missing'
  /** The credentials take a person: a sign-in in the browser, or a code. */
  | 'sign-in-needed'
  | 'unknown-access-key'
  | 'signature-mismatch'
  | 'clock-skewed'
  | 'token-expired'
  | 'access-denied'
  | 'tagging-denied'
  // what S3 says of buckets, objects and requests
  | 'no-such-bucket'
  | 'wrong-region'
  | 'record-not-found'
  | 'record-exists'
  | 'record-changed'
  | 'record-unreadable'
  | 'record-too-large'
  | 'record-archived'
  | 'unsupported-by-server'
  | 'throttled'
  | 'server-error'
  | 'not-s3'
  // the way there
  | 'connection-refused'
  | 'host-not-found'
  | 'timed-out'
  | 'connection-lost'
  | 'certificate-refused'
  | 'proxy-unreachable'
  | 'proxy-refused'
  // this machine
  | 'data-folder-in-use'
  | 'data-folder-newer'
  | 'data-folder-unusable'
  | 'disk-full'
  | 'index-restarted'
  | 'index-damaged'
  | 'sandbox-unavailable'
  | 'internal';

/** Facts about a failure for programs and for "Details" in the page. Never holds a secret. */
export interface ErrorDetail {
  readonly status?: number;
  /** S3's own error code, such as `SignatureDoesNotMatch`. */
  readonly s3Code?: string;
  /** S3 operation name, such as `ListObjectsV2`. */
  readonly operation?: string;
  readonly endpoint?: string;
  readonly bucket?: string;
  readonly key?: string;
  readonly requestId?: string;
  /** The region the server names as the right one (`wrong-region`). */
  readonly region?: string;
  /** Where in a text: one-based. */
  readonly line?: number;
  readonly column?: number;
  /** Path in the arguments or the query, such as `where.rules[2].operator`. */
  readonly path?: string;
  /** Of Amazon's tools: the one whose credentials are missing (`sign-in-needed`). */
  readonly profile?: string;
  /** Bytes that a job would keep on this machine for an undo, more than it may unasked (`ask-first`). */
  readonly kept?: number;
}

export interface AppError {
  readonly code: ErrorCode;
  /** Says what failed, on what, and what to do. Sentences; no class names, no stacks, no secrets. */
  readonly message: string;
  /** Whether the same call can succeed later without the person changing anything. */
  readonly retryable: boolean;
  readonly detail?: ErrorDetail;
}

/** The one exception class that carries an AppError inside a process; `ipc` turns it into a Result. */
export class AppFailure extends Error {
  readonly error: AppError;

  constructor(
    code: ErrorCode,
    message: string,
    options: { retryable?: boolean; detail?: ErrorDetail; cause?: unknown } = {},
  ) {
    super(message, options.cause === undefined ? undefined : { cause: options.cause });
    this.name = 'AppFailure';
    this.error = {
      code,
      message,
      retryable: options.retryable ?? false,
      ...(options.detail === undefined ? {} : { detail: options.detail }),
    };
  }
}
