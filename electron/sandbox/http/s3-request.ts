import type { IncomingMessage } from 'node:http';
import { S3Failure } from '../s3-failure.ts';
import { decodeQueryText, decodeUri } from './uri.ts';

/** One request as S3 sees it; names decoded, header values as received. */
export interface S3Request {
  readonly method: string;
  /** Decoded, with its leading slash; nothing normalised. */
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

/** Throws `InvalidURI`, `KeyTooLongError`. */
export function readRequest(message: IncomingMessage): S3Request {
  const target = (message.url ?? '/').replace(/^https?:\/\/[^/?]*/i, '');
  const mark = target.indexOf('?');
  const path = decodeUri(mark === -1 ? target : target.slice(0, mark));
  if (!path.startsWith('/')) throw new S3Failure('InvalidURI', "Couldn't parse the specified URI.");
  const slash = path.indexOf('/', 1);
  const bucket = slash === -1 ? path.slice(1) : path.slice(1, slash);
  const key = slash === -1 ? '' : path.slice(slash + 1);
  if (Buffer.byteLength(key) > LONGEST_KEY_BYTES) {
    throw new S3Failure('KeyTooLongError', 'Your key is too long', {
      Size: String(Buffer.byteLength(key)),
      MaxSizeAllowed: String(LONGEST_KEY_BYTES),
    });
  }
  return {
    method: message.method ?? 'GET',
    path,
    bucket: bucket === '' ? null : bucket,
    key: key === '' ? null : key,
    query: mark === -1 ? [] : readQuery(target.slice(mark + 1)),
    headers: readHeaders(message.rawHeaders),
    body: message,
  };
}

/** Value of a query parameter; null where it was not sent. */
export function parameter(request: S3Request, name: string): string | null {
  return request.query.find(([sent]) => sent === name)?.[1] ?? null;
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
