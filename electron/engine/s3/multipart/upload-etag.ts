import { createHash } from 'node:crypto';

/** The ETag of an object made of parts: the MD5 of their MD5s, and how many they are. Without quotes. */
export function etagOfParts(md5s: readonly Uint8Array[]): string {
  const whole = createHash('md5');
  for (const md5 of md5s) whole.update(md5);
  return `${whole.digest('hex')}-${md5s.length}`;
}

/** The number of parts that an ETag names; null for an object that was written at once. */
export function partsOfEtag(etag: string): number | null {
  const count = /^(?:W\/)?"?[^"-]+-(\d+)"?$/.exec(etag)?.[1];
  return count === undefined ? null : Number(count);
}

/** To be compared with MD5s in hexadecimal. Objects encrypted by KMS have ETags of the same form that are none. */
export function bareEtag(etag: string): string {
  return etag.replace(/^W\//, '').replaceAll('"', '').toLowerCase();
}
