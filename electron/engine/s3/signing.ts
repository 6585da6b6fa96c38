import { createHmac, hash } from 'node:crypto';
import { keptByName } from './kept-by-name.ts';
import type { RequestBody } from './request-body.ts';
import type { Credentials } from './s3-client.ts';

export interface SignableRequest {
  readonly method: string;
  /** As sent, encoded (uri-encoding.ts), with its leading `/`. */
  readonly path: string;
  /** As sent: canonical, without `?`; empty for none. */
  readonly query: string;
  /** Lower-case names, `host` among them; values as bytes in a Latin-1 string. */
  readonly headers: Record<string, string>;
  readonly body: RequestBody | null;
  /** The signature leaves the body out. Only over TLS, which guards it as well. */
  readonly unsignedBody?: boolean;
}

export interface Signer {
  /** Adds date, payload hash, token and authorization to the request's headers, and answers these. */
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
  /** In order. `prefix`: what stands before the value of each. */
  readonly names: readonly { readonly name: string; readonly prefix: string }[];
  readonly signedHeaders: string;
}

/** Requests of one kind have the same headers. `given`: their names in the order in which they come. */
const signedNames = keptByName(100, (given): SignedNames => {
  const names = given
    .split(';')
    .filter((name) => !NEVER_SIGNED.has(name))
    .toSorted();
  return { names: names.map((name) => ({ name, prefix: `${name}:` })), signedHeaders: names.join(';') };
});

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
  let derivedKey: SigningKey | null = null;
  // Thousands of requests share a second, and writing it out takes as long as hashing a small request.
  let lastSecond = Number.NaN;
  let lastTime = '';

  function timeOf(now: Date): string {
    const second = Math.floor(now.getTime() / 1000);
    if (second !== lastSecond) {
      lastSecond = second;
      lastTime = amazonTime(now);
    }
    return lastTime;
  }

  function signingKey(day: string): SigningKey {
    if (derivedKey === null || derivedDay !== day) {
      derivedKey = deriveKey(credentials.secretAccessKey, day, region);
      derivedDay = day;
    }
    return derivedKey;
  }

  return {
    sign(request, now) {
      const time = timeOf(now);
      const day = time.slice(0, 8);
      const payloadHash = payloadHashOf(request);
      const { headers } = request;
      headers['x-amz-content-sha256'] = payloadHash;
      headers['x-amz-date'] = time;
      if (credentials.sessionToken !== null) headers['x-amz-security-token'] = credentials.sessionToken;

      const { names, signedHeaders } = signedNames(Object.keys(headers).join(';'));
      const canonicalHeaders = canonicalHeadersOf(names, headers);
      const canonicalRequest = `${request.method}\n${request.path}\n${request.query}\n${canonicalHeaders}\n${signedHeaders}\n${payloadHash}`;

      const scope = `${day}/${region}/s3/aws4_request`;
      const requestHash = hash('sha256', bytesOf(canonicalRequest), 'hex');
      const signature = signingKey(day).sign(`AWS4-HMAC-SHA256\n${time}\n${scope}\n${requestHash}`);
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

/** Header values are bytes in a string, everything else is ASCII: nearly all requests are the same bytes as UTF-8. */
function bytesOf(text: string): string | Buffer {
  // oxlint-disable-next-line no-control-regex
  return /[^\x00-\x7f]/.test(text) ? Buffer.from(text, 'latin1') : text;
}

function deriveKey(secret: string, day: string, region: string): SigningKey {
  let key: Buffer = Buffer.from(`AWS4${secret}`);
  for (const part of [day, region, 's3', 'aws4_request']) key = createHmac('sha256', key).update(part).digest();
  return new SigningKey(key, region.length + SIGNED_BYTES);
}

const BLOCK_BYTES = 64;
const HASH_BYTES = 32;
/** `AWS4-HMAC-SHA256`, time, scope and hash, with room to spare, but for the region's name in the scope. */
const SIGNED_BYTES = 160;

/**
 * HMAC-SHA256 (RFC 2104) by two hashes of one call each. A Hmac object of Node takes up to twice as long as both, and has to
 * be cleaned up one by one; the key that it would keep out of JavaScript's memory is one that is made of a secret in there.
 */
class SigningKey {
  readonly #inner: Buffer;
  readonly #outer = Buffer.alloc(BLOCK_BYTES + HASH_BYTES);
  /** What of `#inner` is hashed. */
  #message: Buffer;

  /** @param longest of what is signed, in bytes */
  constructor(key: Buffer, longest: number) {
    this.#inner = Buffer.alloc(BLOCK_BYTES + longest);
    this.#message = this.#inner;
    for (let place = 0; place < BLOCK_BYTES; place += 1) {
      this.#inner[place] = (key[place] ?? 0) ^ 0x36;
      this.#outer[place] = (key[place] ?? 0) ^ 0x5c;
    }
  }

  /** @param text ASCII. Answers in hexadecimal. */
  sign(text: string): string {
    const end = BLOCK_BYTES + this.#inner.write(text, BLOCK_BYTES, 'latin1');
    // Nearly always as long as the one before.
    if (this.#message.length !== end) this.#message = this.#inner.subarray(0, end);
    this.#outer.write(hash('sha256', this.#message, 'hex'), BLOCK_BYTES, 'hex');
    return hash('sha256', this.#outer, 'hex');
  }
}

/** `20261125T032618Z`. */
function amazonTime(now: Date): string {
  return now.toISOString().replace(/[-:]|\.\d{3}/g, '');
}

/** Blanks around a value, or more than one of them together: one search for all values, which nearly never have any. */
const BLANKS = /[ \t]{2}|\t|: | \n/;

function canonicalHeadersOf(names: SignedNames['names'], headers: Readonly<Record<string, string>>): string {
  let lines = '';
  for (const { name, prefix } of names) lines += prefix + (headers[name] ?? '') + '\n';
  if (!BLANKS.test(lines)) return lines;
  return names.map(({ name, prefix }) => `${prefix}${canonicalValue(headers[name] ?? '')}\n`).join('');
}

function canonicalValue(value: string): string {
  return value.replace(/[ \t]+/g, ' ').replace(/^ | $/g, '');
}
