import { hash } from 'node:crypto';
import { checksumOf, readChecksum, SUMMED_BY_SCRIPT, type Checksum } from './checksum.ts';
import { headerValue, readEncryption, type AnswerHeaders } from './object-headers.ts';

/** A sum of 600 MB/s holds up everything else meanwhile. Larger objects are compared by who keeps them (download/). */
const MOST_COMPARED_BYTES = 4 * 1024 * 1024;
const MOST_SUMMED_BY_SCRIPT = 1024 * 1024;

/** The MD5 in hexadecimal that an answer's ETag is; null where it says nothing of the bytes: of a body in parts, or by KMS. */
function md5OfEtag(headers: AnswerHeaders): string | null {
  const md5 = /^"?([0-9a-f]{32})"?$/.exec(headerValue(headers, 'etag') ?? '')?.[1] ?? null;
  const encryption = readEncryption(headers);
  // KMS encrypts before the sum is made.
  return encryption === null || encryption.algorithm === 'AES256' ? md5 : null;
}

/**
 * Whether an object's body arrived other than it is, by the ETag of its answer, or by a checksum where that says nothing: a
 * damaged body would be written back by an edit, and stay in the index as long as the object is not written. Where it comes
 * the same twice, it is the ETag that is no MD5: some gateways unpack or encrypt what they store. A checksum is nothing else.
 * @param tellOpaque called where the ETag says nothing
 */
export function createDamageCheck(tellOpaque: () => void): (headers: AnswerHeaders, body: Uint8Array) => boolean {
  let before: string | null = null;
  return (headers, body) => {
    if (body.byteLength > MOST_COMPARED_BYTES) return false;
    const expected = md5OfEtag(headers);
    if (expected === null) tellOpaque();
    const md5 = expected === null ? null : hash('md5', body, 'hex');
    if (md5 !== null && md5 === expected) return false;
    const checksum = readChecksum(headers);
    if (checksum !== null) return differs(body, checksum);
    if (md5 === null || md5 === before) return false;
    before = md5;
    return true;
  };
}

function differs(body: Uint8Array, { algorithm, value }: Checksum): boolean {
  if (SUMMED_BY_SCRIPT.has(algorithm) && body.byteLength > MOST_SUMMED_BY_SCRIPT) return false;
  return checksumOf(body, algorithm) !== value;
}
