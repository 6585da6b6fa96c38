import { createReadStream } from 'node:fs';
import { pipeline } from 'node:stream';
import { createGunzip } from 'node:zlib';
import { Decompress } from 'fzstd';
import { fileErrorCode } from '../../../../../shared/file-failure.ts';
import type { ImportCompression } from '../../../../../shared/import.ts';
import { AppFailure } from '../../../../../shared/result.ts';
import { localFileFailure } from '../../../local-file-failure.ts';

/** Bytes at once: a piece of CSV takes about 2 ms. */
const PIECE = 64 * 1024;
/** A block of zstd grows from 4 bytes to 128 KB: that many of them at once fill 64 MB at most. */
const ZSTD_PIECE = 2 * 1024;

/** The content of a file, uncompressed; a piece in memory at a time. Who stops early closes the file. */
export async function* sourceBytes(
  path: string,
  compression: ImportCompression,
): AsyncGenerator<Uint8Array, void, undefined> {
  const file = createReadStream(path, { highWaterMark: PIECE });
  try {
    if (compression === 'gzip') yield* gunzipped(file, path);
    else if (compression === 'zstd') yield* unzstd(file, path);
    else yield* file;
  } catch (error) {
    if (error instanceof AppFailure || fileErrorCode(error) === undefined) throw error;
    throw localFileFailure(path, 'read', error);
  } finally {
    file.destroy();
  }
}

async function* gunzipped(
  file: AsyncIterable<Uint8Array> & NodeJS.ReadableStream,
  path: string,
): AsyncGenerator<Uint8Array, void, undefined> {
  const gunzip = createGunzip({ chunkSize: PIECE });
  // Its failure is what the loop throws.
  pipeline(file, gunzip, () => undefined);
  try {
    for await (const piece of gunzip) yield piece;
  } catch (error) {
    if (fileErrorCode(error)?.startsWith('Z_') === true) throw damaged(path, 'gzip', error);
    throw error;
  } finally {
    gunzip.destroy();
  }
}

async function* unzstd(file: AsyncIterable<Uint8Array>, path: string): AsyncGenerator<Uint8Array, void, undefined> {
  let ready: Uint8Array[] = [];
  const decompress = new Decompress((piece) => {
    if (piece.byteLength > 0) ready.push(piece);
  });
  const push = (piece: Uint8Array, isLast: boolean): readonly Uint8Array[] => {
    try {
      decompress.push(piece, isLast);
    } catch (error) {
      throw damaged(path, 'zstd', error);
    }
    const pieces = ready;
    ready = [];
    return pieces;
  };
  for await (const chunk of file) {
    for (let from = 0; from < chunk.byteLength; from += ZSTD_PIECE) {
      // It keeps and changes what it was given.
      yield* push(chunk.slice(from, from + ZSTD_PIECE), false);
    }
  }
  yield* push(new Uint8Array(), true);
}

function damaged(path: string, format: string, cause: unknown): AppFailure {
  return new AppFailure(
    'invalid-arguments',
    `${path} is damaged: its ${format} stream is broken, or ends too early. Get the file again.`,
    { cause },
  );
}

/** The content as text. Bytes that are none in this encoding become U+FFFD, which no reader lets through. */
export async function* sourceText(
  bytes: AsyncIterable<Uint8Array>,
  encoding: string,
): AsyncGenerator<string, void, undefined> {
  const decoder = new TextDecoder(encoding);
  for await (const piece of bytes) yield decoder.decode(piece, { stream: true });
  yield decoder.decode();
}
