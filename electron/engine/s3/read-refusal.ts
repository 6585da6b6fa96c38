import { headerValue, type AnswerHeaders } from './object-headers.ts';
import type { RequestContext } from './request-context.ts';
import { elementText, findElement, namespacePrefix } from './xml.ts';

/** An answer that is no success. */
export interface RefusedAnswer {
  readonly status: number;
  readonly headers: AnswerHeaders;
  /** Empty for HEAD. */
  readonly body: string;
}

/** What a refusal says of itself. */
export interface Cause {
  /** Null where no S3 server said it. */
  readonly s3Code: string | null;
  /** S3's own sentence. */
  readonly text: string | null;
  readonly requestId: string | null;
  /** The right region, where the server names it. */
  readonly region: string | null;
  readonly requestTime: string | null;
  readonly serverTime: string | null;
  /** Which condition did not hold, by the name of its header. */
  readonly condition: string | null;
}

export const NO_CAUSE: Cause = {
  s3Code: null,
  text: null,
  requestId: null,
  region: null,
  requestTime: null,
  serverTime: null,
  condition: null,
};

/** Between the client's clock and the server's; S3 allows 15 minutes. */
const ALLOWED_SKEW = 15 * 60 * 1000;

export function readCause(context: RequestContext, answer: RefusedAnswer, now: number): Cause {
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
    condition: field('Condition'),
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

/**
 * The status that an error has where it stands inside an answer that began as a success: a copy that takes long is
 * answered with 200 and blanks before its outcome is known.
 */
export function statusOfCode(s3Code: string | null): number {
  if (s3Code === null) return 400;
  if (s3Code === 'InternalError') return 500;
  return TOO_MANY_CODES.has(s3Code) ? 503 : 400;
}

/** By which servers ask for fewer requests. */
export const TOO_MANY_CODES: ReadonlySet<string> = new Set([
  'SlowDown',
  'SlowDownRead',
  'SlowDownWrite',
  'ServiceUnavailable',
  'Throttling',
  'ThrottlingException',
  'RequestLimitExceeded',
  'RequestThrottled',
  'TooManyRequests',
  'TooManyRequestsException',
]);

/** The code of an error document, also where its status says success; null where a document is none. */
export function errorCodeOf(document: string): string | null {
  const p = namespacePrefix(document);
  const start = document.search(/<[^?!]/);
  if (start === -1 || !document.startsWith(`<${p}Error`, start)) return null;
  return elementText(document.slice(start), `${p}Code`);
}

/** `bucket.s3.eu-west-1.amazonaws.com`, `bucket.s3-eu-west-1.amazonaws.com`. */
function regionOfEndpoint(endpoint: string | null): string | null {
  return /\bs3[.-](?!amazonaws)([a-z0-9-]+)\.amazonaws\.com/.exec(endpoint ?? '')?.[1] ?? null;
}

/** Amazon's compact form or any date that parses, in milliseconds since 1970; null where it is none. */
export function readTime(text: string | null): number | null {
  const compact = /^(\d{4})(\d\d)(\d\d)T(\d\d)(\d\d)(\d\d)Z$/.exec(text ?? '');
  const time = Date.parse(
    compact === null ? (text ?? '') : (text ?? '').replace(/^(....)(..)(.....)(..)/, '$1-$2-$3:$4:'),
  );
  return Number.isNaN(time) ? null : time;
}

export function retryAfter(headers: AnswerHeaders, now: number): number | null {
  const value = headerValue(headers, 'retry-after');
  if (value === null) return null;
  if (/^\d+$/.test(value.trim())) return Number(value) * 1000;
  const time = Date.parse(value);
  return Number.isNaN(time) ? null : Math.max(0, time - now);
}
