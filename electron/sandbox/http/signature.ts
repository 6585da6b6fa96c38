/**
 * Checks AWS Signature Version 4, in the Authorization header or in the query of a presigned URL. Written from Amazon's "Authenticating Requests" pages and
 * sharing no line with the engine's signer, so that a mistake there cannot pass here.
 */
import { createHash, createHmac, timingSafeEqual } from 'node:crypto';
import { S3Failure } from '../s3-failure.ts';
import { ALGORITHM, malformedAuthorization, readAuthorization, type Authorization } from './authorization.ts';
import { parameter, type S3Request } from './s3-request.ts';
import { encodeUri } from './uri.ts';

export interface Identity {
  readonly accessKeyId: string;
  readonly secretAccessKey: string;
  readonly region: string;
  /** Left out: the keys are lasting ones, and a token beside them is wrong. */
  readonly sessionToken?: string;
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

const SKEW_MILLISECONDS = 15 * 60 * 1000;

/** Throws S3's own failures; `now` in milliseconds since 1970. */
export function verifySignature(request: S3Request, identity: Identity, now: number): SigningContext {
  const authorization = readAuthorization(request);
  if (authorization.accessKeyId !== identity.accessKeyId) {
    throw new S3Failure('InvalidAccessKeyId', 'The AWS Access Key Id you provided does not exist in our records.', {
      AWSAccessKeyId: authorization.accessKeyId,
    });
  }
  checkScope(authorization, identity);
  const instant = checkInstant(authorization, now);
  const token = request.headers.get('x-amz-security-token') ?? parameter(request, 'X-Amz-Security-Token');
  if (token !== null && token !== identity.sessionToken) {
    throw new S3Failure('InvalidToken', 'The provided token is malformed or otherwise invalid.');
  }
  const { payloadHash } = authorization;
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

function checkScope({ place, region, service, terminator }: Authorization, identity: Identity): void {
  if (region !== identity.region) {
    throw malformedAuthorization(
      place,
      `the region '${region}' is wrong; expecting '${identity.region}'`,
      { Region: identity.region },
      // A HEAD has no error document: SDKs find the right region in this header.
      { 'x-amz-bucket-region': identity.region },
    );
  }
  if (service !== 's3') {
    throw malformedAuthorization(place, `incorrect service "${service}". This endpoint belongs to "s3".`);
  }
  if (terminator !== 'aws4_request') {
    throw malformedAuthorization(place, `incorrect terminal "${terminator}". Use "aws4_request".`);
  }
}

function checkInstant({ place, instant: sent, date, expires }: Authorization, now: number): string {
  const match = /^(\d{4})(\d\d)(\d\d)T(\d\d)(\d\d)(\d\d)Z$/.exec(sent ?? '');
  if (sent === undefined || match === null) {
    if (place === 'query') {
      throw new S3Failure(
        'AuthorizationQueryParametersError',
        `X-Amz-Date must be in the ISO8601 Long Format "yyyyMMdd'T'HHmmss'Z'"`,
      );
    }
    throw new S3Failure('AccessDenied', 'AWS authentication requires a valid Date or x-amz-date header');
  }
  const [, year, month, day, hour, minute, second] = match;
  const instant = Date.parse(`${year}-${month}-${day}T${hour}:${minute}:${second}Z`);
  if (expires !== null) checkExpiry(instant, expires, now);
  else if (!(Math.abs(instant - now) <= SKEW_MILLISECONDS)) {
    throw new S3Failure(
      'RequestTimeTooSkewed',
      'The difference between the request time and the current time is too large.',
      { RequestTime: sent, ServerTime: timeText(now), MaxAllowedSkewMilliseconds: String(SKEW_MILLISECONDS) },
    );
  }
  if (date !== sent.slice(0, 8)) {
    const why = `invalid credential date "${date}". This date is not the same as X-Amz-Date.`;
    throw malformedAuthorization(place, why);
  }
  return sent;
}

function checkExpiry(instant: number, expires: number, now: number): void {
  if (!(instant - now <= SKEW_MILLISECONDS)) {
    throw new S3Failure('AccessDenied', 'Request is not valid yet', { ServerTime: timeText(now) });
  }
  const end = instant + expires * 1000;
  if (now > end) {
    throw new S3Failure('AccessDenied', 'Request has expired', {
      'X-Amz-Expires': String(expires),
      Expires: timeText(end),
      ServerTime: timeText(now),
    });
  }
}

function timeText(milliseconds: number): string {
  return new Date(milliseconds).toISOString().replace(/\.\d+Z$/, 'Z');
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
    .filter(([name]) => name !== 'X-Amz-Signature')
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
