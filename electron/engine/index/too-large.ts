import type { ObjectProblem } from './protocol.ts';

/** Why an object of `size` bytes is a row without its fields where the index reads no more than `sizeCap` bytes. */
export function tooLarge(size: number, sizeCap: number): ObjectProblem {
  return {
    code: 'record-too-large',
    message: `The object has ${megabytes(size)}; objects above ${megabytes(sizeCap)} are not read into the index. Open it to read it.`,
  };
}

function megabytes(bytes: number): string {
  return `${(bytes / 1_048_576).toFixed(1)} MB`;
}
