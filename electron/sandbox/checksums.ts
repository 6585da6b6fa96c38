import { createHash } from 'node:crypto';
import { crc32 } from 'node:zlib';
import { combineCrcs, crc32c, Crc64Nvme, type CrcAlgorithm } from './crc.ts';
import type { ChecksumAlgorithm, ObjectChecksum } from './storage/storage.ts';
import { element } from './xml.ts';

interface Checksum {
  update(bytes: Uint8Array): void;
  digest(): Buffer;
}

export const CHECKSUM_ALGORITHMS: readonly ChecksumAlgorithm[] = ['CRC32', 'CRC32C', 'CRC64NVME', 'SHA1', 'SHA256'];

/** What S3 sums with where the writer names nothing. */
export const USUAL_ALGORITHM: ChecksumAlgorithm = 'CRC64NVME';

export function createChecksum(algorithm: ChecksumAlgorithm): Checksum {
  if (algorithm === 'CRC64NVME') return new Crc64Nvme();
  if (algorithm === 'CRC32') return crc32Checksum(crc32);
  if (algorithm === 'CRC32C') return crc32Checksum(crc32c);
  return createHash(algorithm.toLowerCase());
}

/** Bytes of a sum. */
export function checksumLength(algorithm: ChecksumAlgorithm): number {
  return { CRC32: 4, CRC32C: 4, CRC64NVME: 8, SHA1: 20, SHA256: 32 }[algorithm];
}

/** In any case of letters; null where this server does not know it. */
export function readAlgorithm(text: string): ChecksumAlgorithm | null {
  return CHECKSUM_ALGORITHMS.find((algorithm) => algorithm === text.toUpperCase()) ?? null;
}

/** `x-amz-checksum-crc32` and its like. */
export function checksumHeaderName(algorithm: ChecksumAlgorithm): string {
  return `x-amz-checksum-${algorithm.toLowerCase()}`;
}

/** How an answer's headers tell of a sum. */
export function checksumHeaders(checksum: ObjectChecksum): Record<string, string> {
  return { [checksumHeaderName(checksum.algorithm)]: checksum.value, 'x-amz-checksum-type': checksum.type };
}

/** How a document tells of an object's sum. */
export function checksumElements(checksum: ObjectChecksum): string {
  return partChecksumElement(checksum.algorithm, checksum.value) + element('ChecksumType', checksum.type);
}

/** How a document tells of a part's sum: `<ChecksumCRC32>` and its like. */
export function partChecksumElement(algorithm: ChecksumAlgorithm, value: string): string {
  return element(`Checksum${algorithm}`, value);
}

/** One part of a multipart upload; `value` is its sum in base64. */
export interface SummedPart {
  readonly value: string;
  /** Bytes. */
  readonly size: number;
}

/**
 * Sum of a multipart object from those of its parts, in their order. COMPOSITE is the sum of the parts' sums, `-` and
 * their number behind it; FULL_OBJECT, for CRCs alone, is what one PUT of the whole would have had.
 */
export function multipartChecksum(
  algorithm: ChecksumAlgorithm,
  type: ObjectChecksum['type'],
  parts: readonly SummedPart[],
): ObjectChecksum {
  const sums = parts.map(({ value, size }) => ({ sum: Buffer.from(value, 'base64'), size }));
  if (type === 'FULL_OBJECT') {
    if (!isCrc(algorithm)) throw new Error(`${algorithm} of a whole cannot be made of its parts`);
    return { algorithm, type, value: combineCrcs(algorithm, sums).toString('base64') };
  }
  const checksum = createChecksum(algorithm);
  for (const { sum } of sums) checksum.update(sum);
  return { algorithm, type, value: `${checksum.digest().toString('base64')}-${parts.length}` };
}

function isCrc(algorithm: ChecksumAlgorithm): algorithm is CrcAlgorithm {
  return algorithm.startsWith('CRC');
}

function crc32Checksum(sumOf: (bytes: Uint8Array, before: number) => number): Checksum {
  let sum = 0;
  return {
    update: (bytes) => {
      sum = sumOf(bytes, sum);
    },
    digest: () => {
      const digest = Buffer.alloc(4);
      digest.writeUInt32BE(sum);
      return digest;
    },
  };
}
