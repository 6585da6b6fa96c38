import { expect, it } from 'vitest';
import { CHECKSUM_ALGORITHMS, createChecksum, multipartChecksum } from '../../../electron/sandbox/checksums.ts';
import type { ChecksumAlgorithm } from '../../../electron/sandbox/storage/storage.ts';

function sumOf(algorithm: ChecksumAlgorithm, ...pieces: readonly Uint8Array[]): Buffer {
  const checksum = createChecksum(algorithm);
  for (const piece of pieces) checksum.update(piece);
  return checksum.digest();
}

it('sums what the catalogues of CRCs and hashes sum, and nothing', () => {
  const check = Buffer.from('123456789');
  expect(
    CHECKSUM_ALGORITHMS.map((algorithm) => [
      algorithm,
      sumOf(algorithm, check).toString('hex'),
      sumOf(algorithm).length,
    ]),
  ).toEqual([
    ['CRC32', 'cbf43926', 4],
    ['CRC32C', 'e3069283', 4],
    ['CRC64NVME', 'ae8b14860a799888', 8],
    ['SHA1', 'f7c3bc1d808e04732adf679965ccc34ca7ae3441', 20],
    ['SHA256', '15e2b0d3c33891ebb0f1ef609ec419420c20e320ce94c65fbc8c3312448eb225', 32],
  ]);
});

it('sums the same however a body is cut, and from the sums of its parts', () => {
  const body = Buffer.from(Array.from({ length: 5_003 }, (_, at) => (at * 31 + (at >> 5)) & 255));
  const cuts = [0, 1, 1, 9, 1_000, 5_003];
  const pieces = cuts.slice(1).map((end, at) => body.subarray(cuts[at], end));
  for (const algorithm of CHECKSUM_ALGORITHMS) {
    const whole = sumOf(algorithm, body);
    const sums = pieces.map((piece) => sumOf(algorithm, piece));
    const parts = sums.map((sum, at) => ({ value: sum.toString('base64'), size: pieces[at]?.length ?? 0 }));
    expect(sumOf(algorithm, ...pieces)).toEqual(whole);
    expect(multipartChecksum(algorithm, 'COMPOSITE', parts)).toEqual({
      algorithm,
      type: 'COMPOSITE',
      value: `${sumOf(algorithm, Buffer.concat(sums)).toString('base64')}-5`,
    });
    if (algorithm.startsWith('CRC')) {
      expect(multipartChecksum(algorithm, 'FULL_OBJECT', parts).value).toBe(whole.toString('base64'));
    }
  }
});
