import { createHmac, createSecretKey, hash, type KeyObject } from 'node:crypto';
import type { RequestBody } from './request-body.ts';
import type { Credentials } from './s3-client.ts';

export interface SignableRequest {
  readonly method: string;
  /** As sent, encoded (uri-encoding.ts), with its leading `/`. */
  readonly path: string;
  /** As sent: canonical, without `?`; empty for none. */
  readonly query: string;
  /** Lower-case names, `host` among them; values as bytes in a Latin-1 string. */
  readonly headers: Readonly<Record<string, string>>;
  readonly body: RequestBody | null;
  /** The signature leaves the body out. Only over TLS, which guards it as well. */
  readonly unsignedBody?: boolean;
}

export interface Signer {
  /** The request's headers with date, payload hash, token and authorization added. */
  sign(request: SignableRequest, now: Date): Record<string, string>;
}

/**
 * A signer for each region that a client signs for, made anew when the credentials are others: what they are now has to
 * be asked for with each request.
 */
export function createSigners(): (credentials: Credentials, region: string) => Signer {
  const made = new Map<string, { readonly credentials: Credentials; readonly signer: Signer }>();
  return (credentials, region) => {
    let entry = made.get(region);
    if (entry === undefined || entry.credentials !== credentials) {
      entry = { credentials, signer: createSigner(credentials, region) };
      made.set(region, entry);
    }
    return entry.signer;
  };
}

interface SignedNames {
  readonly names: readonly string[];
  readonly signedHeaders: string;
}

const MOST_NAMES_KNOWN = 100;

const EMPTY_SHA256 = 'e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855';

/** What proxies may change on the way, so the AWS SDK leaves it out of the signature; we do the same. */
const NEVER_SIGNED = new Set([
  'authorization',
  'cache-control',
  'connection',
  'expect',
  'transfer-encoding',
  'user-agent',
  'x-amzn-trace-id',
]);

/**
 * AWS Signature Version 4 in headers, for service `s3`: the path is encoded once and never normalised. The key derived
 * from secret, day and region is kept for the day.
 */
export function createSigner(credentials: Credentials, region: string): Signer {
  let derivedDay = '';
  let derivedKey: KeyObject | null = null;
  // Thousands of requests share a second, and writing it out takes as long as hashing a small request.
  let lastSecond = Number.NaN;
  let lastTime = '';
  const namesKnown = new Map<string, SignedNames>();

  function timeOf(now: Date): string {
    const second = Math.floor(now.getTime() / 1000);
    if (second !== lastSecond) {
      lastSecond = second;
      lastTime = amazonTime(now);
    }
    return lastTime;
  }

  function signingKey(day: string): KeyObject {
    if (derivedKey === null || derivedDay !== day) {
      derivedKey = deriveKey(credentials.secretAccessKey, day, region);
      derivedDay = day;
    }
    return derivedKey;
  }

  /** Requests of one kind have the same headers. `given`: their names in the order in which they come. */
  function signedNames(given: string): SignedNames {
    let known = namesKnown.get(given);
    if (known === undefined) {
      const names = given
        .split(';')
        .filter((name) => !NEVER_SIGNED.has(name))
        .toSorted();
      known = { names, signedHeaders: names.join(';') };
      // User metadata has names of its own, without end.
      if (namesKnown.size >= MOST_NAMES_KNOWN) namesKnown.clear();
      namesKnown.set(given, known);
    }
    return known;
  }

  return {
    sign(request, now) {
      const time = timeOf(now);
      const day = time.slice(0, 8);
      const payloadHash = payloadHashOf(request);
      const headers: Record<string, string> = {
        ...request.headers,
        'x-amz-content-sha256': payloadHash,
        'x-amz-date': time,
      };
      if (credentials.sessionToken !== null) headers['x-amz-security-token'] = credentials.sessionToken;

      const { names, signedHeaders } = signedNames(Object.keys(headers).join(';'));
      let canonicalHeaders = '';
      for (const name of names) canonicalHeaders += `${name}:${canonicalValue(headers[name] ?? '')}\n`;
      const canonicalRequest = `${request.method}\n${request.path}\n${request.query}\n${canonicalHeaders}\n${signedHeaders}\n${payloadHash}`;

      const scope = `${day}/${region}/s3/aws4_request`;
      // Latin-1, because header values are bytes in a string and everything else is ASCII.
      const requestHash = hash('sha256', Buffer.from(canonicalRequest, 'latin1'), 'hex');
      const signature = createHmac('sha256', signingKey(day))
        .update(`AWS4-HMAC-SHA256\n${time}\n${scope}\n${requestHash}`)
        .digest('hex');
      headers['authorization'] =
        `AWS4-HMAC-SHA256 Credential=${credentials.accessKeyId}/${scope}, SignedHeaders=${signedHeaders}, Signature=${signature}`;
      return headers;
    },
  };
}

/** `hash` in one call costs a third of a Hash object, which counts at 10,000 requests a second. */
function payloadHashOf({ body, unsignedBody }: SignableRequest): string {
  if (body === null) return EMPTY_SHA256;
  if (unsignedBody === true) return 'UNSIGNED-PAYLOAD';
  return body instanceof Uint8Array ? hash('sha256', body, 'hex') : body.sha256;
}

function deriveKey(secret: string, day: string, region: string): KeyObject {
  let key: Buffer = Buffer.from(`AWS4${secret}`);
  for (const part of [day, region, 's3', 'aws4_request']) key = createHmac('sha256', key).update(part).digest();
  return createSecretKey(key);
}

/** `20261125T032618Z`. */
function amazonTime(now: Date): string {
  return now.toISOString().replace(/[-:]|\.\d{3}/g, '');
}

function canonicalValue(value: string): string {
  return /[ \t]{2}|\t|^ | $/.test(value) ? value.replace(/[ \t]+/g, ' ').replace(/^ | $/g, '') : value;
}
