import type { IncomingMessage } from 'node:http';
import { S3Failure } from '../s3-failure.ts';
import { decodeQueryText, decodeUri } from './uri.ts';

/** One request as S3 sees it; names decoded, header values as received. */
export interface S3Request {
  readonly method: string;
  /** Decoded, with its leading slash; nothing normalised. In virtual-host style it is the key's alone. */
  readonly path: string;
  readonly bucket: string | null;
  readonly key: string | null;
  /** In the order sent. */
  readonly query: readonly (readonly [name: string, value: string])[];
  /** By lower-case name; repeated headers joined by commas; characters are latin1 bytes. */
  readonly headers: ReadonlyMap<string, string>;
  readonly body: IncomingMessage;
}

const LONGEST_KEY_BYTES = 1024;

const SIGNATURE_PARAMETERS: ReadonlySet<string> = new Set([
  'x-amz-algorithm',
  'x-amz-content-sha256',
  'x-amz-credential',
  'x-amz-date',
  'x-amz-expires',
  'x-amz-security-token',
  'x-amz-signature',
  'x-amz-signedheaders',
]);

/** Throws `InvalidURI`, `KeyTooLongError`. */
export function readRequest(message: IncomingMessage): S3Request {
  const target = (message.url ?? '/').replace(/^https?:\/\/[^/?]*/i, '');
  const mark = target.indexOf('?');
  const path = decodeUri(mark === -1 ? target : target.slice(0, mark));
  if (!path.startsWith('/')) throw new S3Failure('InvalidURI', "Couldn't parse the specified URI.");
  const headers = readHeaders(message.rawHeaders);
  const { bucket, key } = readPlace(path, headers.get('host') ?? '');
  checkKey(key);
  return {
    method: message.method ?? 'GET',
    path,
    bucket: bucket === '' ? null : bucket,
    key: key === '' ? null : key,
    query: mark === -1 ? [] : readQuery(target.slice(mark + 1)),
    headers,
    body: message,
  };
}

/**
 * A presigned request as if what its URL says in `x-amz-…` parameters were said in headers, which is how whoever
 * presigns writes them; those of the signature itself are taken out. Throws `InvalidArgument` for what no header can be.
 */
export function withQueryHeaders(request: S3Request): S3Request {
  const headers = new Map(request.headers);
  const query = request.query.filter(([name, value]) => {
    const header = name.toLowerCase();
    if (!header.startsWith('x-amz-')) return true;
    if (!SIGNATURE_PARAMETERS.has(header) && !headers.has(header)) headers.set(header, headerText(header, value));
    return false;
  });
  return { ...request, query, headers };
}

/** A value as if it had come in a header: characters are its bytes. It would come out again in one. */
function headerText(name: string, value: string): string {
  const text = Buffer.from(value, 'utf8').toString('latin1');
  // oxlint-disable-next-line no-control-regex -- they are what must not be there
  if (/^[a-z0-9!#$%&'*+.^_`|~-]+$/.test(name) && !/[\u0000-\u0008\u000a-\u001f\u007f]/.test(text)) return text.trim();
  throw new S3Failure('InvalidArgument', 'A parameter that stands for a header can hold no control characters.', {
    ArgumentName: name,
    ArgumentValue: value,
  });
}

/** Throws `KeyTooLongError`. */
export function checkKey(key: string): void {
  const bytes = Buffer.byteLength(key);
  if (bytes <= LONGEST_KEY_BYTES) return;
  throw new S3Failure('KeyTooLongError', 'Your key is too long', {
    Size: String(bytes),
    MaxSizeAllowed: String(LONGEST_KEY_BYTES),
  });
}

/** Value of a query parameter; null where it was not sent. */
export function parameter(request: S3Request, name: string): string | null {
  return request.query.find(([sent]) => sent === name)?.[1] ?? null;
}

/**
 * Virtual-host style is `BUCKET.localhost`: a name that by RFC 6761 is nobody else's, so that no foreign Host header
 * chooses a bucket; whatever else stands there means path style. A name that was made to lead here (DNS rebinding) gains
 * nothing: every request is signed, its Host too.
 */
function readPlace(path: string, host: string): { readonly bucket: string; readonly key: string } {
  const bucket = /^([a-z0-9][a-z0-9.-]{1,61}[a-z0-9])\.localhost(?::\d+)?$/i.exec(host)?.[1];
  if (bucket !== undefined) return { bucket: bucket.toLowerCase(), key: path.slice(1) };
  const slash = path.indexOf('/', 1);
  return slash === -1
    ? { bucket: path.slice(1), key: '' }
    : { bucket: path.slice(1, slash), key: path.slice(slash + 1) };
}

function readQuery(text: string): readonly (readonly [string, string])[] {
  return text
    .split('&')
    .filter((part) => part !== '')
    .map((part) => {
      const equals = part.indexOf('=');
      return equals === -1
        ? ([decodeQueryText(part), ''] as const)
        : ([decodeQueryText(part.slice(0, equals)), decodeQueryText(part.slice(equals + 1))] as const);
    });
}

function readHeaders(raw: readonly string[]): ReadonlyMap<string, string> {
  const headers = new Map<string, string>();
  for (let at = 0; at + 1 < raw.length; at += 2) {
    const name = raw[at]?.toLowerCase() ?? '';
    const value = raw[at + 1]?.trim() ?? '';
    const before = headers.get(name);
    headers.set(name, before === undefined ? value : `${before},${value}`);
  }
  return headers;
}
