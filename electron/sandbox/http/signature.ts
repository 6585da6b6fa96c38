/**
 * Checks AWS Signature Version 4 in the Authorization header. Written from Amazon's "Authenticating Requests" pages and
 * sharing no line with the engine's signer, so that a mistake there cannot pass here.
 */
import { createHash, createHmac, timingSafeEqual } from 'node:crypto';
import { S3Failure } from '../s3-failure.ts';
import { encodeUri } from './uri.ts';
import type { S3Request } from './s3-request.ts';

export interface Identity {
  readonly accessKeyId: string;
  readonly secretAccessKey: string;
  readonly region: string;
}

/** What a signed `aws-chunked` body needs to go on from the request's signature. */
export interface SigningContext {
  readonly signingKey: Buffer;
  /** `YYYYMMDDTHHMMSSZ`. */
  readonly instant: string;
  readonly scope: string;
  readonly signature: string;
  /** What was signed for the body: its SHA-256 in hex, `UNSIGNED-PAYLOAD` or a kind of `STREAMING-…`. */
  readonly payloadHash: string;
}

interface Authorization {
  readonly accessKeyId: string;
  readonly date: string;
  readonly region: string;
  readonly service: string;
  readonly terminator: string;
  readonly signedHeaders: readonly string[];
  readonly signature: string;
}

const ALGORITHM = 'AWS4-HMAC-SHA256';
const SKEW_MILLISECONDS = 15 * 60 * 1000;

/** Throws S3's own failures; `now` in milliseconds since 1970. */
export function verifySignature(request: S3Request, identity: Identity, now: number): SigningContext {
  const authorization = parseAuthorization(request);
  if (authorization.accessKeyId !== identity.accessKeyId) {
    throw new S3Failure('InvalidAccessKeyId', 'The AWS Access Key Id you provided does not exist in our records.', {
      AWSAccessKeyId: authorization.accessKeyId,
    });
  }
  checkScope(authorization, identity);
  const instant = readInstant(request, authorization, now);
  if (request.headers.has('x-amz-security-token')) {
    throw new S3Failure('InvalidToken', 'The provided token is malformed or otherwise invalid.');
  }
  const payloadHash = request.headers.get('x-amz-content-sha256');
  if (payloadHash === undefined) {
    throw new S3Failure('InvalidRequest', 'Missing required header for this request: x-amz-content-sha256');
  }
  checkSignedHeaders(request, authorization);
  const scope = `${authorization.date}/${authorization.region}/s3/aws4_request`;
  const canonical = canonicalRequest(request, authorization.signedHeaders, payloadHash);
  const toSign = `${ALGORITHM}\n${instant}\n${scope}\n${createHash('sha256').update(canonical, 'latin1').digest('hex')}`;
  const signingKey = deriveKey(identity.secretAccessKey, authorization.date, authorization.region);
  const expected = createHmac('sha256', signingKey).update(toSign).digest('hex');
  if (!sameText(expected, authorization.signature)) {
    throw new S3Failure(
      'SignatureDoesNotMatch',
      'The request signature we calculated does not match the signature you provided. Check your key and signing method.',
      {
        AWSAccessKeyId: authorization.accessKeyId,
        StringToSign: toSign,
        SignatureProvided: authorization.signature,
        CanonicalRequest: canonical,
      },
    );
  }
  return { signingKey, instant, scope, signature: expected, payloadHash };
}

export function sameText(left: string, right: string): boolean {
  const one = Buffer.from(left);
  const other = Buffer.from(right);
  return one.length === other.length && timingSafeEqual(one, other);
}

function parseAuthorization(request: S3Request): Authorization {
  const header = request.headers.get('authorization');
  if (header === undefined) throw new S3Failure('AccessDenied', 'Access Denied.');
  if (!header.startsWith(`${ALGORITHM} `)) {
    throw new S3Failure(
      'InvalidRequest',
      `The authorization mechanism you have provided is not supported. Use ${ALGORITHM}.`,
    );
  }
  const parts = new Map<string, string>();
  for (const part of header.slice(ALGORITHM.length + 1).split(',')) {
    const equals = part.indexOf('=');
    if (equals !== -1) parts.set(part.slice(0, equals).trim(), part.slice(equals + 1).trim());
  }
  const credential = parts.get('Credential')?.split('/') ?? [];
  const [date, region, service, terminator] = credential.slice(-4);
  const accessKeyId = credential.slice(0, -4).join('/');
  const signedHeaders = parts.get('SignedHeaders')?.split(';');
  const signature = parts.get('Signature');
  if (accessKeyId === '' || date === undefined || region === undefined || service === undefined) {
    throw headerMalformed(
      'the Credential is mal-formed; expecting "<YOUR-AKID>/YYYYMMDD/REGION/SERVICE/aws4_request".',
    );
  }
  if (terminator === undefined || signedHeaders === undefined || signature === undefined) {
    throw headerMalformed('it lacks one of Credential, SignedHeaders and Signature.');
  }
  return { accessKeyId, date, region, service, terminator, signedHeaders, signature };
}

function checkScope(authorization: Authorization, identity: Identity): void {
  if (authorization.region !== identity.region) {
    throw headerMalformed(
      `the region '${authorization.region}' is wrong; expecting '${identity.region}'`,
      { Region: identity.region },
      // A HEAD has no error document: SDKs find the right region in this header.
      { 'x-amz-bucket-region': identity.region },
    );
  }
  if (authorization.service !== 's3') {
    throw headerMalformed(`incorrect service "${authorization.service}". This endpoint belongs to "s3".`);
  }
  if (authorization.terminator !== 'aws4_request') {
    throw headerMalformed(`incorrect terminal "${authorization.terminator}". Use "aws4_request".`);
  }
}

function headerMalformed(
  why: string,
  facts: Readonly<Record<string, string>> = {},
  headers: Readonly<Record<string, string>> = {},
): S3Failure {
  const message = `The authorization header is malformed; ${why}`;
  return new S3Failure('AuthorizationHeaderMalformed', message, facts, headers);
}

function readInstant(request: S3Request, authorization: Authorization, now: number): string {
  const sent = request.headers.get('x-amz-date') ?? dateHeaderInstant(request.headers.get('date'));
  const match = /^(\d{4})(\d\d)(\d\d)T(\d\d)(\d\d)(\d\d)Z$/.exec(sent ?? '');
  if (sent === undefined || match === null) {
    throw new S3Failure('AccessDenied', 'AWS authentication requires a valid Date or x-amz-date header');
  }
  const [, year, month, day, hour, minute, second] = match;
  const instant = Date.parse(`${year}-${month}-${day}T${hour}:${minute}:${second}Z`);
  if (!(Math.abs(instant - now) <= SKEW_MILLISECONDS)) {
    throw new S3Failure(
      'RequestTimeTooSkewed',
      'The difference between the request time and the current time is too large.',
      {
        RequestTime: sent,
        ServerTime: new Date(now).toISOString().replace(/\.\d+Z$/, 'Z'),
        MaxAllowedSkewMilliseconds: String(SKEW_MILLISECONDS),
      },
    );
  }
  if (authorization.date !== sent.slice(0, 8)) {
    throw headerMalformed(`invalid credential date "${authorization.date}". This date is not the same as X-Amz-Date.`);
  }
  return sent;
}

function dateHeaderInstant(header: string | undefined): string | undefined {
  const milliseconds = Date.parse(header ?? '');
  return Number.isNaN(milliseconds) ? undefined : new Date(milliseconds).toISOString().replace(/[-:]|\.\d+/g, '');
}

function checkSignedHeaders(request: S3Request, authorization: Authorization): void {
  const signed = new Set(authorization.signedHeaders);
  const unsigned = [...request.headers.keys()].filter(
    (name) => !signed.has(name) && (name === 'host' || name === 'content-md5' || name.startsWith('x-amz-')),
  );
  if (unsigned.length > 0) {
    throw new S3Failure('AccessDenied', 'There were headers present in the request which were not signed', {
      HeadersNotSigned: unsigned.join(', '),
    });
  }
}

function canonicalRequest(request: S3Request, signedHeaders: readonly string[], payloadHash: string): string {
  const query = request.query
    .map(([name, value]) => [encodeUri(name, false), encodeUri(value, false)] as const)
    .toSorted((left, right) => compare(left[0], right[0]) || compare(left[1], right[1]))
    .map(([name, value]) => `${name}=${value}`)
    .join('&');
  const headers = signedHeaders.map((name) => {
    const value = request.headers.get(name) ?? '';
    return `${name}:${value.trim().replace(/ +/g, ' ')}\n`;
  });
  return [
    request.method,
    encodeUri(request.path, true),
    query,
    headers.join(''),
    signedHeaders.join(';'),
    payloadHash,
  ].join('\n');
}

function compare(left: string, right: string): number {
  if (left === right) return 0;
  return left < right ? -1 : 1;
}

let lastKey: { readonly of: string; readonly key: Buffer } | null = null;

function deriveKey(secret: string, date: string, region: string): Buffer {
  const of = `${date}/${region}/${secret}`;
  if (lastKey?.of !== of) {
    const dateKey = hmac(`AWS4${secret}`, date);
    lastKey = { of, key: hmac(hmac(hmac(dateKey, region), 's3'), 'aws4_request') };
  }
  return lastKey.key;
}

function hmac(key: string | Buffer, text: string): Buffer {
  return createHmac('sha256', key).update(text).digest();
}
