import { promisify } from 'node:util';
import { gzip } from 'node:zlib';
import { Zstd } from '@hpcc-js/wasm-zstd';
import type { ExportCompression } from '../../../../shared/export.ts';

const gzipAsync = promisify(gzip);

/** Zstandard's own default. Node has it from version 22.15 on, which is not the oldest that Dipper runs on. */
const ZSTD_LEVEL = 3;

/**
 * Compresses pieces of a file, each of which stands alone: gzip members and Zstandard frames may follow each other, so that a
 * file can be cut behind any of them and gone on with.
 */
export async function compressorOf(
  compression: ExportCompression,
): Promise<(piece: Uint8Array) => Promise<Uint8Array> | Uint8Array> {
  switch (compression) {
    case 'none':
      return (piece) => piece;
    case 'gzip':
      return (piece) => gzipAsync(piece);
    case 'zstd': {
      const zstd = await Zstd.load();
      return (piece) => zstd.compress(piece, ZSTD_LEVEL);
    }
  }
}
