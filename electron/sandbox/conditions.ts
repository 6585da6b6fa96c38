import { noSuchKey, S3Failure } from './s3-failure.ts';
import type { ObjectEntry, WriteCheck } from './storage/storage.ts';

type Headers = ReadonlyMap<string, string>;

/**
 * What a conditional read comes to: `null` to go on, 304 where the reader has it already. Throws `PreconditionFailed`.
 * The ETag conditions win over those of time (RFC 9110, 13.2.2; Amazon's GetObject says the same).
 */
export function checkRead(headers: Headers, entry: ObjectEntry): 304 | null {
  const match = headers.get('if-match');
  const unmodified = readDate(headers.get('if-unmodified-since'));
  if (match !== undefined) {
    if (!matches(match, entry.etag)) throw preconditionFailed('If-Match');
  } else if (unmodified !== null && entry.modified > unmodified) {
    throw preconditionFailed('If-Unmodified-Since');
  }
  const noneMatch = headers.get('if-none-match');
  const modified = readDate(headers.get('if-modified-since'));
  if (noneMatch !== undefined) return matches(noneMatch, entry.etag) ? 304 : null;
  return modified !== null && entry.modified <= modified ? 304 : null;
}

/** The conditions of a PUT, to be asked at the moment of writing. */
export function putCheck(headers: Headers, key: string): WriteCheck {
  const match = headers.get('if-match');
  const noneMatch = headers.get('if-none-match');
  if (noneMatch !== undefined && (noneMatch !== '*' || match !== undefined)) throw unsupportedHeader('If-None-Match');
  if (match === '*') throw unsupportedHeader('If-Match');
  return (current) => {
    if (noneMatch !== undefined && current !== null) throw preconditionFailed('If-None-Match');
    if (match === undefined) return;
    if (current === null) throw noSuchKey(key);
    if (!matches(match, current.etag)) throw preconditionFailed('If-Match');
  };
}

/** What one object of a DeleteObjects document must be to be deleted; null where that does not matter. */
export interface DeleteConditions {
  readonly etag: string | null;
  /** Milliseconds since 1970. */
  readonly modified: number | null;
  /** Bytes. */
  readonly size: number | null;
}

/** The conditions of one object of DeleteObjects, to be asked at the moment of writing. */
export function deleteManyCheck({ etag, modified, size }: DeleteConditions, key: string): WriteCheck {
  return (current) => {
    if (etag === null && modified === null && size === null) return;
    if (current === null) throw noSuchKey(key);
    if (etag !== null && !matches(etag, current.etag)) throw preconditionFailed('ETag');
    if (modified !== null && modified !== current.modified) throw preconditionFailed('LastModifiedTime');
    if (size !== null && size !== current.size) throw preconditionFailed('Size');
  };
}

/** The condition of a DELETE, to be asked at the moment of writing. */
export function deleteCheck(headers: Headers, key: string): WriteCheck {
  const match = headers.get('if-match');
  if (headers.has('if-none-match')) throw unsupportedHeader('If-None-Match');
  return (current) => {
    if (match === undefined) return;
    if (current === null) throw noSuchKey(key);
    if (!matches(match, current.etag)) throw preconditionFailed('If-Match');
  };
}

function matches(header: string, etag: string): boolean {
  return header.split(',').some((part) => {
    const wanted = part.trim();
    // S3 takes an ETag without its quotes too.
    return wanted === '*' || wanted.replace(/^W\//, '').replace(/^"(.*)"$/, '$1') === etag;
  });
}

function readDate(text: string | undefined): number | null {
  const milliseconds = Date.parse(text ?? '');
  return Number.isNaN(milliseconds) ? null : milliseconds;
}

function preconditionFailed(condition: string): S3Failure {
  return new S3Failure('PreconditionFailed', 'At least one of the pre-conditions you specified did not hold', {
    Condition: condition,
  });
}

function unsupportedHeader(header: string): S3Failure {
  return new S3Failure('NotImplemented', 'A header you provided implies functionality that is not implemented', {
    Header: header,
  });
}
