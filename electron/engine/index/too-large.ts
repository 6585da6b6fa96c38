import { formatBytes } from '../../../shared/byte-size.ts';
import type { ObjectProblem } from './protocol.ts';

/** Why an object of `size` bytes is a row without its fields where the index reads no more than `sizeCap` bytes. */
export function tooLarge(size: number, sizeCap: number): ObjectProblem {
  return {
    code: 'record-too-large',
    message: `The object has ${formatBytes(size)}; objects above ${formatBytes(sizeCap)} are not read into the index. Open it to read it.`,
  };
}
