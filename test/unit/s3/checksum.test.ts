import { expect, test } from 'vitest';
import { checksumOf, readChecksum, type ChecksumAlgorithm } from '../../../electron/engine/s3/checksum.ts';

/** The sums of "123456789" in the catalogues of such sums. */
const CHECKED: readonly [ChecksumAlgorithm, string][] = [
  ['CRC32', 'cbf43926'],
  ['CRC32C', 'e3069283'],
  ['CRC64NVME', 'ae8b14860a799888'],
  ['SHA1', 'f7c3bc1d808e04732adf679965ccc34ca7ae3441'],
  ['SHA256', '15e2b0d3c33891ebb0f1ef609ec419420c20e320ce94c65fbc8c3312448eb225'],
];

test.each(CHECKED)('%s of a known text is the known sum', (algorithm, sum) => {
  expect(Buffer.from(checksumOf(Buffer.from('123456789'), algorithm), 'base64').toString('hex')).toBe(sum);
});

test('an answer tells the sum of the whole object, or of its parts, which says nothing of the whole', () => {
  const value = checksumOf(Buffer.from('{}'), 'CRC32C');
  expect(readChecksum({ 'x-amz-checksum-crc32c': value, 'x-amz-checksum-type': 'FULL_OBJECT' })).toEqual({
    algorithm: 'CRC32C',
    value,
  });
  expect(readChecksum({ 'x-amz-checksum-crc32c': `${value}-2` })).toBeNull();
  expect(readChecksum({ 'x-amz-checksum-crc32c': value, 'x-amz-checksum-type': 'COMPOSITE' })).toBeNull();
  expect(readChecksum({ etag: '"a"' })).toBeNull();
});
