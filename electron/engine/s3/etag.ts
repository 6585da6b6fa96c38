import { createHash } from 'node:crypto';

/**
 * Without quotes and the mark of a weak one, which gateways drop or add. MD5s are lower-case, as some servers' are not;
 * whatever else an ETag is, letter case may tell one object from another.
 */
export function bareEtag(etag: string): string {
  const bare = etag.replace(/^W\//, '').replaceAll('"', '');
  return /^[\dA-F]{32}(?:-\d+)?$/i.test(bare) ? bare.toLowerCase() : bare;
}

/** Whether both name the same object. */
export function sameEtag(left: string, right: string): boolean {
  return left === right || bareEtag(left) === bareEtag(right);
}

/** Whether S3 says by the ETag that an object holds the bytes of this MD5. False also where the ETag is no MD5. */
export function isEtagOf(etag: string, md5: string): boolean {
  return bareEtag(etag) === md5;
}

/** In hexadecimal. */
export function md5Of(body: Uint8Array): string {
  return createHash('md5').update(body).digest('hex');
}

/** The bare ETag of an object made of parts: the MD5 of their MD5s, and how many they are. */
export function etagOfParts(md5s: readonly Uint8Array[]): string {
  const whole = createHash('md5');
  for (const md5 of md5s) whole.update(md5);
  return `${whole.digest('hex')}-${md5s.length}`;
}

/** The number of parts that an ETag names; null for an object that was written at once. */
export function partsOfEtag(etag: string): number | null {
  const count = /^[^-]+-(\d+)$/.exec(bareEtag(etag))?.[1];
  return count === undefined ? null : Number(count);
}
