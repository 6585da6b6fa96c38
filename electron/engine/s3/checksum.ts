import { hash } from 'node:crypto';
import { crc32 } from 'node:zlib';
import { headerValue, type AnswerHeaders } from './object-headers.ts';

/** By which S3 says what the bytes of an object are; those that Node knows come first. */
const ALGORITHMS = ['CRC32', 'SHA256', 'SHA1', 'CRC32C', 'CRC64NVME'] as const;

export type ChecksumAlgorithm = (typeof ALGORITHMS)[number];

/** Node has no sum of these: 250 MB/s, where it does MD5 at 600. */
export const SUMMED_BY_SCRIPT: ReadonlySet<ChecksumAlgorithm> = new Set(['CRC32C', 'CRC64NVME']);

export interface Checksum {
  readonly algorithm: ChecksumAlgorithm;
  /** In base64. */
  readonly value: string;
}

/** Of the whole object, as an answer tells it; null where it tells none, or one that was made of those of its parts (`…-3`). */
export function readChecksum(headers: AnswerHeaders): Checksum | null {
  if (headerValue(headers, 'x-amz-checksum-type') === 'COMPOSITE') return null;
  for (const algorithm of ALGORITHMS) {
    const value = headerValue(headers, checksumHeader(algorithm));
    if (value !== null && !value.includes('-')) return { algorithm, value };
  }
  return null;
}

export function checksumHeader(algorithm: ChecksumAlgorithm): string {
  return `x-amz-checksum-${algorithm.toLowerCase()}`;
}

/** In base64. */
export function checksumOf(body: Uint8Array, algorithm: ChecksumAlgorithm): string {
  switch (algorithm) {
    case 'CRC32':
      return base64Of(crc32(body));
    case 'SHA256':
      return hash('sha256', body, 'base64');
    case 'SHA1':
      return hash('sha1', body, 'base64');
    case 'CRC32C':
      return base64Of(crc32c(body));
    case 'CRC64NVME':
      return base64Of(...crc64nvme(body));
  }
}

function base64Of(...words: readonly number[]): string {
  const bytes = Buffer.alloc(4 * words.length);
  for (const [at, word] of words.entries()) bytes.writeUInt32BE(word >>> 0, 4 * at);
  return bytes.toString('base64');
}

/** What a byte does to a sum of 64 bits, or of 32 in its lower half. */
interface CrcTable {
  readonly high: Uint32Array;
  readonly low: Uint32Array;
}

/** The polynomials of Castagnoli and of NVM Express, lowest power first. */
const CRC32C: CrcTable = crcTable(0, 0x82f6_3b78);
const CRC64NVME: CrcTable = crcTable(0x9a6c_9329, 0xac4b_c9b5);

function crcTable(polynomialHigh: number, polynomialLow: number): CrcTable {
  const table = { high: new Uint32Array(256), low: new Uint32Array(256) };
  for (let byte = 0; byte < 256; byte += 1) {
    let high = 0;
    let low = byte;
    for (let bit = 0; bit < 8; bit += 1) {
      const isOdd = (low & 1) === 1;
      low = (low >>> 1) | (high << 31);
      high >>>= 1;
      if (isOdd) {
        high ^= polynomialHigh;
        low ^= polynomialLow;
      }
    }
    table.high[byte] = high;
    table.low[byte] = low;
  }
  return table;
}

function crc32c(body: Uint8Array): number {
  const { low: table } = CRC32C;
  let sum = -1;
  // oxlint-disable-next-line typescript/prefer-for-of -- an iterator costs more than the sum
  for (let at = 0; at < body.length; at += 1) sum = (sum >>> 8) ^ (table[(sum ^ (body[at] ?? 0)) & 0xff] ?? 0);
  return ~sum;
}

/** In two halves: numbers of 64 bits are objects to JavaScript. */
function crc64nvme(body: Uint8Array): readonly [high: number, low: number] {
  const { high: highTable, low: lowTable } = CRC64NVME;
  let high = -1;
  let low = -1;
  // oxlint-disable-next-line typescript/prefer-for-of -- an iterator costs more than the sum
  for (let at = 0; at < body.length; at += 1) {
    const entry = (low ^ (body[at] ?? 0)) & 0xff;
    low = ((low >>> 8) | (high << 24)) ^ (lowTable[entry] ?? 0);
    high = (high >>> 8) ^ (highTable[entry] ?? 0);
  }
  return [~high, ~low];
}
