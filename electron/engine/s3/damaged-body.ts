import { hash } from 'node:crypto';
import { headerValue, readEncryption, type AnswerHeaders } from './object-headers.ts';

/** A sum of 600 MB/s holds up everything else meanwhile. Larger objects are compared by who keeps them (download/). */
const MOST_COMPARED_BYTES = 4 * 1024 * 1024;

/**
 * Whether an object's body arrived other than it is, by the ETag of its answer: a damaged body would be written back by an
 * edit, and stay in the index as long as the object is not written. Where it comes the same twice, it is the ETag that is
 * no MD5: some gateways unpack or encrypt what they store.
 */
export function createDamageCheck(): (headers: AnswerHeaders, body: Uint8Array) => boolean {
  let before: string | null = null;
  return (headers, body) => {
    const etag = /^"?([0-9a-f]{32})"?$/.exec(headerValue(headers, 'etag') ?? '')?.[1];
    const encryption = readEncryption(headers);
    // KMS encrypts before the sum is made.
    const isMd5 = etag !== undefined && (encryption === null || encryption.algorithm === 'AES256');
    if (!isMd5 || body.byteLength > MOST_COMPARED_BYTES) return false;
    const md5 = hash('md5', body, 'hex');
    if (md5 === etag || md5 === before) return false;
    before = md5;
    return true;
  };
}
