import { createHash } from 'node:crypto';

/** Gateways drop quotes or mark an ETag as weak (`W/`); both name the same object. */
export function sameEtag(left: string, right: string): boolean {
  return bare(left) === bare(right);
}

/** Whether S3 says by the ETag that an object holds these bytes. False also where the ETag is no MD5. */
export function isEtagOf(etag: string, body: Uint8Array): boolean {
  return bare(etag) === createHash('md5').update(body).digest('hex');
}

function bare(etag: string): string {
  return etag.replace(/^W\//, '').replaceAll('"', '');
}
