import { createHash } from 'node:crypto';
import { setImmediate as letOthersRun } from 'node:timers/promises';
import { PIECE_BYTES, type StreamedBody } from '../request-body.ts';

/** What is uploaded, cut into parts: all of `partBytes` but the last. */
export interface PartSource {
  readonly size: number;
  readonly partBytes: number;
  /** Bytes `start` up to `end` (not included), in pieces; may be read more than once. Fails with `AppFailure`. */
  read(start: number, end: number): AsyncIterable<Uint8Array>;
}

export interface Part {
  /** From 1. */
  readonly number: number;
  readonly start: number;
  readonly end: number;
}

export interface SummedPart extends Part {
  readonly body: StreamedBody;
  readonly md5: Buffer;
}

/** An empty object is one empty part. */
export function partsOf({ size, partBytes }: Pick<PartSource, 'size' | 'partBytes'>): readonly Part[] {
  return Array.from({ length: Math.max(1, Math.ceil(size / partBytes)) }, (_, at) => ({
    number: at + 1,
    start: at * partBytes,
    end: Math.min(size, (at + 1) * partBytes),
  }));
}

export function memorySource(bytes: Uint8Array, partBytes: number): PartSource {
  return {
    size: bytes.byteLength,
    partBytes,
    async *read(start, end) {
      for (let from = start; from < end; from += PIECE_BYTES) {
        yield bytes.subarray(from, Math.min(end, from + PIECE_BYTES));
        // Hashing a piece takes half a millisecond: in one go, a part would hold up everything else in this process.
        await letOthersRun();
      }
    },
  };
}

/** Reads a part once for its sums, which have to be known before it is sent; sending reads it again. */
export async function sumPart(source: PartSource, part: Part): Promise<SummedPart> {
  const md5 = createHash('md5');
  const sha256 = createHash('sha256');
  for await (const piece of source.read(part.start, part.end)) {
    md5.update(piece);
    sha256.update(piece);
  }
  return {
    ...part,
    md5: md5.digest(),
    body: {
      byteLength: part.end - part.start,
      sha256: sha256.digest('hex'),
      open: () => source.read(part.start, part.end),
    },
  };
}
