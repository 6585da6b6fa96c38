import { createHash } from 'node:crypto';

/** Gateways drop quotes or mark an ETag as weak (`W/`); both name the same object. */
export function sameEtag(left: string, right: string): boolean {
  return left === right || bare(left) === bare(right);
}

/** Whether S3 says by the ETag that an object holds the bytes of this MD5. False also where the ETag is no MD5. */
export function isEtagOf(etag: string, md5: string): boolean {
  return bare(etag) === md5;
}

/** In hexadecimal. */
export function md5Of(body: Uint8Array): string {
  return createHash('md5').update(body).digest('hex');
}

function bare(etag: string): string {
  return etag.replace(/^W\//, '').replaceAll('"', '');
}
