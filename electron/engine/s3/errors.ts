import { AppFailure, type ErrorCode, type ErrorDetail } from '../../../shared/result.ts';
import { headerValue, type AnswerHeaders } from './object-headers.ts';
import { elementText, findElement, namespacePrefix } from './xml.ts';

/** What a request was about: the words of its failure. */
export interface RequestContext {
  /** Name of the connection. */
  readonly connection: string;
  readonly endpoint: string;
  readonly region: string;
  /** S3 operation name. */
  readonly operation: string;
  readonly bucket: string | null;
  readonly key: string | null;
  readonly condition: 'if-match' | 'if-none-match' | null;
  /** A PUT that carries tags needs a second permission. */
  readonly withTags: boolean;
}

/** An answer that is no success. */
export interface RefusedAnswer {
  readonly status: number;
  readonly headers: AnswerHeaders;
  /** Empty for HEAD. */
  readonly body: string;
}

/** One try that failed, with what the retry policy has to know. */
export interface FailedTry {
  readonly failure: AppFailure;
  /** True where the server certainly did nothing: it was not reached, or it refused. */
  readonly notDone: boolean;
  /** From `Retry-After`. */
  readonly waitMilliseconds: number | null;
}

/** Between the client's clock and the server's; S3 allows 15 minutes. */
const ALLOWED_SKEW = 15 * 60 * 1000;

export function failureOfAnswer(context: RequestContext, answer: RefusedAnswer, now: number): FailedTry {
  const cause = readCause(context, answer, now);
  const [code, message, retryable = false] = explain(context, answer, cause, now);
  const region = cause.region ?? undefined;
  const failure = fail(context, code, message, retryable, {
    status: answer.status,
    ...(cause.s3Code === null ? {} : { s3Code: cause.s3Code }),
    ...(cause.requestId === null ? {} : { requestId: cause.requestId }),
    ...(code === 'wrong-region' && region !== undefined ? { region } : {}),
  });
  // 503 is S3's "slow down": refused before anything was done, as long as S3 itself says so.
  const notDone = answer.status < 500 || answer.status === 501 || code === 'throttled';
  return { failure, notDone, waitMilliseconds: retryAfter(answer.headers, now) };
}

/** A success whose body is not what S3 answers: another kind of server. */
export function notS3(context: RequestContext, answer: Pick<RefusedAnswer, 'status' | 'headers'>): AppFailure {
  return fail(context, 'not-s3', notS3Message(context, answer), false, { status: answer.status });
}

export function abortedFailure(context: RequestContext): AppFailure {
  return fail(context, 'aborted', `Stopped: ${what(context)}.`, false);
}

export function tooLarge(context: RequestContext, maximumBytes: number): AppFailure {
  return fail(
    context,
    'record-too-large',
    `${subject(context)} is larger than the ${maximumBytes.toLocaleString('en')} bytes that are read at once.`,
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

/** A socket's, a resolver's or TLS's error. `sent`: whether the request had begun to leave. */
export function failureOfTransport(context: RequestContext, error: unknown, sent: boolean): FailedTry {
  const code = errorCode(error);
  const at = placeOf(context);
  const made = ((): readonly [ErrorCode, string, boolean] => {
    if (code === 'ECONNREFUSED') {
      return [
        'connection-refused',
        `Nothing is listening at ${at}. Start the server, or correct the endpoint of the connection.`,
        true,
      ];
    }
    if (code === 'ENOTFOUND' || code === 'EAI_AGAIN') {
      return [
        'host-not-found',
        `The name in ${at} has no address. Check the endpoint and the network.`,
        code === 'EAI_AGAIN',
      ];
    }
    if (code === 'EHOSTUNREACH' || code === 'ENETUNREACH' || code === 'ENETDOWN' || code === 'EADDRNOTAVAIL') {
      return ['connection-refused', `There is no way through the network to ${at}. Check the network.`, true];
    }
    if (code === 'UND_ERR_CONNECT_TIMEOUT' || (code === 'ETIMEDOUT' && !sent)) {
      return ['timed-out', `${at} does not answer. Check the endpoint, the network and a firewall in between.`, true];
    }
    if (code === 'UND_ERR_HEADERS_TIMEOUT' || code === 'UND_ERR_BODY_TIMEOUT' || code === 'ETIMEDOUT') {
      return ['timed-out', `${at} stopped answering during: ${what(context)}. Try again.`, true];
    }
    const certificate = certificateProblem(code);
    if (certificate !== null) {
      return [
        'certificate-refused',
        `The certificate of ${at} ${certificate}. Correct the endpoint or the server's certificate.`,
        false,
      ];
    }
    if (code === 'ERR_SSL_WRONG_VERSION_NUMBER' || code === 'EPROTO' || code.startsWith('ERR_SSL_')) {
      return ['not-s3', `${at} does not answer with TLS. If it has none, write the endpoint with http://.`, false];
    }
    if (code.startsWith('HPE_') || code === 'UND_ERR_HEADERS_OVERFLOW') {
      return ['not-s3', `${at} does not answer with HTTP. If it expects TLS, write the endpoint with https://.`, false];
    }
    if (code === 'UND_ERR_DESTROYED' || code === 'UND_ERR_CLOSED' || code === 'UND_ERR_ABORTED') {
      return ['aborted', `Stopped, because ${connectionOf(context)} was closed: ${what(context)}.`, false];
    }
    return ['connection-lost', `The connection to ${at} broke during: ${what(context)}. Try again.`, true];
  })();
  return {
    failure: fail(context, made[0], made[1], made[2], undefined, error),
    notDone: !sent,
    waitMilliseconds: null,
  };
}

interface Cause {
  readonly s3Code: string | null;
  /** S3's own sentence. */
  readonly text: string | null;
  readonly requestId: string | null;
  /** The right region, where the server names it. */
  readonly region: string | null;
  readonly requestTime: string | null;
  readonly serverTime: string | null;
}

function readCause(context: RequestContext, answer: RefusedAnswer, now: number): Cause {
  const p = namespacePrefix(answer.body);
  const root = findElement(answer.body, `${p}Error`, 0, answer.body.length);
  const xml = root === null ? '' : answer.body.slice(root.start, root.end);
  const field = (name: string): string | null => elementText(xml, `${p}${name}`)?.trim() || null;
  const header = (name: string): string | null => headerValue(answer.headers, name);
  return {
    s3Code: field('Code') ?? codeOfStatus(context, answer, now),
    text: field('Message'),
    requestId: header('x-amz-request-id') ?? field('RequestId'),
    region: header('x-amz-bucket-region') ?? field('Region') ?? regionOfEndpoint(field('Endpoint')),
    requestTime: field('RequestTime'),
    serverTime: field('ServerTime') ?? header('date'),
  };
}

/** HEAD answers have no body: status and headers have to do. Null where a body was due and none, or another, came. */
function codeOfStatus(context: RequestContext, answer: RefusedAnswer, now: number): string | null {
  const isHead = context.operation.startsWith('Head');
  if (!isHead && (answer.body !== '' || headerValue(answer.headers, 'x-amz-request-id') === null)) return null;
  const region = headerValue(answer.headers, 'x-amz-bucket-region');
  switch (answer.status) {
    case 301:
    case 307:
      return 'PermanentRedirect';
    case 400:
      return region !== null && region !== context.region ? 'AuthorizationHeaderMalformed' : 'BadRequest';
    case 403: {
      const serverTime = Date.parse(headerValue(answer.headers, 'date') ?? '');
      return Math.abs(serverTime - now) > ALLOWED_SKEW ? 'RequestTimeTooSkewed' : 'AccessDenied';
    }
    case 404:
      return context.key === null ? 'NoSuchBucket' : 'NoSuchKey';
    case 405:
      return headerValue(answer.headers, 'x-amz-delete-marker') === 'true' ? 'NoSuchKey' : 'MethodNotAllowed';
    case 412:
      return 'PreconditionFailed';
    case 429:
    case 503:
      return 'SlowDown';
    default:
      return answer.status >= 500 ? 'InternalError' : 'BadRequest';
  }
}

type Explanation = readonly [code: ErrorCode, message: string, retryable?: boolean];

function explain(context: RequestContext, answer: RefusedAnswer, cause: Cause, now: number): Explanation {
  const connection = connectionOf(context);
  const bucket = `bucket "${context.bucket ?? ''}"`;
  const said =
    cause.text === null ? ` Its reason: ${cause.s3Code ?? 'none given'}.` : ` The server says: ${cause.text}`;
  switch (cause.s3Code ?? '') {
    case 'InvalidAccessKeyId':
      return [
        'unknown-access-key',
        `${context.endpoint} does not know the access key of ${connection}. Check the access key.`,
      ];
    case 'SignatureDoesNotMatch':
      return [
        'signature-mismatch',
        `${context.endpoint} refuses the signature of ${connection}. Check the secret access key.`,
      ];
    case 'RequestTimeTooSkewed':
    case 'RequestExpired':
      return [
        'clock-skewed',
        `The clocks differ by more than 15 minutes: this computer says ${isoTime(cause.requestTime) ?? new Date(now).toISOString()}, ${context.endpoint} says ${isoTime(cause.serverTime) ?? 'another time'}. Set the clock that is wrong.`,
      ];
    case 'ExpiredToken':
    case 'TokenRefreshRequired':
      return ['token-expired', `The session token of ${connection} has expired. Get new credentials.`];
    case 'InvalidToken':
      return ['token-expired', `The session token of ${connection} is not valid. Get new credentials.`];
    case 'AuthorizationHeaderMalformed':
    case 'PermanentRedirect':
    case 'TemporaryRedirect':
    case 'Redirect':
    case 'IllegalLocationConstraintException':
      if (cause.region !== null && cause.region !== context.region) {
        return [
          'wrong-region',
          `${context.bucket === null ? context.endpoint : capital(bucket)} is in region ${cause.region}, but ${connection} says ${context.region}. Set the region of the connection to ${cause.region}.`,
        ];
      }
      if (cause.s3Code === 'AuthorizationHeaderMalformed' && !/region/i.test(cause.text ?? '')) {
        return ['signature-mismatch', `${context.endpoint} cannot read the access key of ${connection}.${said}`];
      }
      return [
        'wrong-region',
        `${context.bucket === null ? context.endpoint : capital(bucket)} is in another region than ${context.region}, which ${connection} says. Set the region of the connection.${said}`,
      ];
    case 'NoSuchBucket':
      return [
        'no-such-bucket',
        `There is no ${bucket} on ${isUnnamed(context) ? context.endpoint : connection}. Check its name.`,
      ];
    case 'NoSuchKey':
    case 'NoSuchVersion':
      return ['record-not-found', `There is no ${subject(context, false)}. It may have been deleted.`];
    case 'PreconditionFailed':
    case 'ConditionalRequestConflict':
      if (context.condition === 'if-none-match') {
        return [
          'record-exists',
          `There is already ${article(subject(context, false))}. Choose another id, or open it.`,
        ];
      }
      return [
        'record-changed',
        `${subject(context)} was changed by someone else in the meantime. Reload it and apply the change again.`,
      ];
    case 'InvalidObjectState':
      return ['record-archived', `${subject(context)} is archived and has to be restored before it can be read.`];
    case 'KeyTooLongError':
    case 'XMinioInvalidObjectName':
    case 'InvalidObjectName':
    case 'InvalidURI':
      return [
        'invalid-key',
        `The server does not take the key of ${subject(context, false)}. Choose another id.${said}`,
      ];
    case 'EntityTooLarge':
      return ['record-too-large', `${subject(context)} is larger than the server takes in one request.${said}`];
    case 'SlowDown':
    case 'ServiceUnavailable':
    case 'Throttling':
    case 'ThrottlingException':
    case 'RequestLimitExceeded':
    case 'RequestThrottled':
    case 'TooManyRequests':
    case 'TooManyRequestsException':
    case 'SlowDownRead':
    case 'SlowDownWrite':
      return ['throttled', `${context.endpoint} asks for fewer requests. Try again in a moment.`, true];
    case 'RequestTimeout':
    case 'RequestTimeTooLong':
      return ['timed-out', `${context.endpoint} waited in vain for the rest of a request. Try again.`, true];
    case 'BadDigest':
    case 'IncompleteBody':
    case 'XAmzContentSHA256Mismatch':
      return ['connection-lost', `${subject(context)} arrived damaged at ${context.endpoint}. Try again.`, true];
    case 'NotImplemented':
    case 'MethodNotAllowed':
      return ['unsupported-by-server', `${context.endpoint} cannot do this: ${what(context)}.${said}`];
    case 'InvalidBucketName':
      return ['invalid-arguments', `"${context.bucket ?? ''}" cannot be the name of a bucket. Correct it.`];
    case 'BucketAlreadyExists':
    case 'BucketAlreadyOwnedByYou':
      return ['invalid-arguments', `There is already a ${bucket}. Choose another name.`];
    case 'InvalidTag':
    case 'InvalidStorageClass':
    case 'InvalidArgument':
    case 'InvalidRange':
      return ['invalid-arguments', `${context.endpoint} refuses ${what(context)}.${said}`];
    case 'AccessDenied':
    case 'AllAccessDisabled':
    case 'AccountProblem':
    case 'UnauthorizedAccess':
      return denied(context, cause.text);
    default:
      return explainStatus(context, answer, cause.s3Code, said);
  }
}

function explainStatus(
  context: RequestContext,
  answer: RefusedAnswer,
  s3Code: string | null,
  said: string,
): Explanation {
  if (answer.status >= 500) {
    if (answer.status === 503) {
      // A gateway in front of S3: whether S3 saw the request is not known.
      return ['server-error', `${context.endpoint} is not available (503). Try again in a moment.`, true];
    }
    return [
      'server-error',
      `${context.endpoint} failed with ${answer.status} during: ${what(context)}.${said}`,
      answer.status !== 507 && answer.status !== 501,
    ];
  }
  if (answer.status === 429)
    return ['throttled', `${context.endpoint} asks for fewer requests. Try again later.`, true];
  if (s3Code === null) return ['not-s3', notS3Message(context, answer)];
  if (answer.status === 403) return denied(context, said);
  return ['server-error', `${context.endpoint} refuses ${what(context)} (${answer.status}).${said}`];
}

const TAG_OPERATIONS = new Set(['GetObjectTagging', 'PutObjectTagging', 'DeleteObjectTagging']);

function denied(context: RequestContext, text: string | null): Explanation {
  const connection = connectionOf(context);
  if (TAG_OPERATIONS.has(context.operation)) {
    const verb = context.operation === 'GetObjectTagging' ? 'read' : 'write';
    return [
      'tagging-denied',
      `The access key of ${connection} may not ${verb} the tags of ${subject(context, false)}.`,
    ];
  }
  // AWS names the action since 2021; other servers just say no, and then tags are the likelier reason.
  const action = /\bs3:\w+/.exec(text ?? '')?.[0];
  if (context.withTags && (action === undefined || action === 's3:PutObjectTagging')) {
    const reason = action === undefined ? 'write it with tags, or may not write it at all' : 'write its tags';
    return [
      'tagging-denied',
      `${subject(context)} was not written: the access key of ${connection} may not ${reason}. Save without tags, or ask for the permission s3:PutObjectTagging.`,
    ];
  }
  return [
    'access-denied',
    `The access key of ${connection} may not do this: ${what(context)}. Ask for the permission ${action ?? PERMISSIONS[context.operation] ?? `s3:${context.operation}`}.`,
  ];
}

/** Permissions that are not named as their operation. */
const PERMISSIONS: Readonly<Record<string, string>> = {
  HeadObject: 's3:GetObject (and s3:ListBucket, to learn of a missing object)',
  HeadBucket: 's3:ListBucket',
  ListObjectsV2: 's3:ListBucket',
  ListBuckets: 's3:ListAllMyBuckets',
};

const WORDS: Readonly<Record<string, string>> = {
  GetObject: 'reading',
  HeadObject: 'looking at',
  PutObject: 'writing',
  DeleteObject: 'deleting',
  ListObjectsV2: 'listing',
  GetObjectTagging: 'reading the tags of',
  PutObjectTagging: 'writing the tags of',
  ListBuckets: 'listing the buckets',
  HeadBucket: 'looking at',
  CreateBucket: 'creating',
};

function what(context: RequestContext): string {
  const verb = WORDS[context.operation] ?? context.operation;
  return context.bucket === null ? verb : `${verb} ${subject(context, false)}`;
}

/** A connection that a command made of its options has its endpoint for a name: said once is enough. */
function isUnnamed(context: RequestContext): boolean {
  return context.connection === context.endpoint;
}

function connectionOf(context: RequestContext): string {
  return isUnnamed(context) ? 'this connection' : `connection "${context.connection}"`;
}

function placeOf(context: RequestContext): string {
  return isUnnamed(context) ? context.endpoint : `${context.endpoint} (${connectionOf(context)})`;
}

function subject(context: RequestContext, capitalized = true): string {
  if (context.bucket === null) return context.endpoint;
  const text =
    context.key === null
      ? `bucket "${context.bucket}"`
      : `object "${shortKey(context.key)}" in bucket "${context.bucket}"`;
  return capitalized ? capital(text) : text;
}

/** A key can have 1,024 bytes; the whole of it is in `detail`. */
function shortKey(key: string): string {
  return key.length <= 120 ? key : `${key.slice(0, 80)}…${key.slice(-30)}`;
}

function article(text: string): string {
  return /^[aeiou]/.test(text) ? `an ${text}` : `a ${text}`;
}

function capital(text: string): string {
  return text.slice(0, 1).toUpperCase() + text.slice(1);
}

function notS3Message(context: RequestContext, answer: Pick<RefusedAnswer, 'status' | 'headers'>): string {
  const type = headerValue(answer.headers, 'content-type')?.split(';')[0] ?? 'nothing';
  return `${placeOf(context)} does not speak S3: it answered ${answer.status} with ${type}. Check the endpoint.`;
}

/** `bucket.s3.eu-west-1.amazonaws.com`, `bucket.s3-eu-west-1.amazonaws.com`. */
function regionOfEndpoint(endpoint: string | null): string | null {
  return /\bs3[.-](?!amazonaws)([a-z0-9-]+)\.amazonaws\.com/.exec(endpoint ?? '')?.[1] ?? null;
}

/** Amazon's compact form or any date that parses, as ISO; null where it is none. */
function isoTime(text: string | null): string | null {
  const compact = /^(\d{4})(\d\d)(\d\d)T(\d\d)(\d\d)(\d\d)Z$/.exec(text ?? '');
  if (compact !== null) {
    const [, year, month, day, hours, minutes, seconds] = compact;
    return `${year}-${month}-${day}T${hours}:${minutes}:${seconds}Z`;
  }
  const time = Date.parse(text ?? '');
  return Number.isNaN(time) ? null : new Date(time).toISOString().replace('.000Z', 'Z');
}

function retryAfter(headers: AnswerHeaders, now: number): number | null {
  const value = headerValue(headers, 'retry-after');
  if (value === null) return null;
  if (/^\d+$/.test(value.trim())) return Number(value) * 1000;
  const time = Date.parse(value);
  return Number.isNaN(time) ? null : Math.max(0, time - now);
}

/** The code of the error or of what caused it; empty where there is none. */
function errorCode(error: unknown): string {
  for (let current = error; current instanceof Error; current = current.cause) {
    if ('code' in current && typeof current.code === 'string') return current.code;
    // undici leaves the code out where the very first bytes are no HTTP.
    if (current.name === 'HTTPParserError') return 'HPE_INVALID';
    // Every address of a name was tried (localhost: ::1 and 127.0.0.1).
    if (current instanceof AggregateError && current.errors.length > 0) return errorCode(current.errors[0]);
  }
  return '';
}

function certificateProblem(code: string): string | null {
  switch (code) {
    case 'DEPTH_ZERO_SELF_SIGNED_CERT':
    case 'SELF_SIGNED_CERT_IN_CHAIN':
      return 'is signed by itself and not trusted by this computer';
    case 'UNABLE_TO_VERIFY_LEAF_SIGNATURE':
    case 'UNABLE_TO_GET_ISSUER_CERT':
    case 'UNABLE_TO_GET_ISSUER_CERT_LOCALLY':
    case 'CERT_UNTRUSTED':
      return 'is signed by an authority that this computer does not know';
    case 'CERT_HAS_EXPIRED':
      return 'has expired';
    case 'CERT_NOT_YET_VALID':
      return 'is not valid yet';
    case 'ERR_TLS_CERT_ALTNAME_INVALID':
    case 'HOSTNAME_MISMATCH':
      return 'is for another host name';
    default:
      return code.startsWith('CERT_') ? 'is not valid' : null;
  }
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
