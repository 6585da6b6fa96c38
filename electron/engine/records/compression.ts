import {
  brotliCompressSync,
  brotliDecompressSync,
  deflateRawSync,
  deflateSync,
  gunzipSync,
  gzipSync,
  inflateRawSync,
  inflateSync,
} from 'node:zlib';
import { formatBytes } from '../../../shared/byte-size.ts';
import { UnreadableRecord } from './unreadable-record.ts';

export type Compression = 'gzip' | 'brotli' | 'deflate' | 'raw-deflate';

const inflaters = {
  gzip: gunzipSync,
  brotli: brotliDecompressSync,
  deflate: inflateSync,
  'raw-deflate': inflateRawSync,
} as const;

const deflaters = {
  gzip: gzipSync,
  brotli: brotliCompressSync,
  deflate: deflateSync,
  'raw-deflate': deflateRawSync,
} as const;

export interface Inflated {
  readonly bytes: Uint8Array;
  /** What was undone, outermost first. */
  readonly compressions: readonly Compression[];
}

/** Undoes the content encoding, or the gzip of a key that ends in `.json.gz`. `maximumBytes` guards against bombs. */
export function inflateBody(
  bytes: Uint8Array,
  key: string,
  contentEncoding: string | null,
  maximumBytes: number,
): Inflated {
  const compressions: Compression[] = [];
  let inflated = bytes;
  for (const encoding of outermostFirst(contentEncoding)) {
    const compression = compressionOf(encoding, inflated);
    if (compression === null) continue;
    inflated = inflate(inflated, compression, maximumBytes);
    compressions.push(compression);
  }
  // A key may say gzip although the body was stored as it is, as a header may.
  if (compressions.length === 0 && key.endsWith('.json.gz') && isGzip(inflated)) {
    inflated = inflate(inflated, 'gzip', maximumBytes);
    compressions.push('gzip');
  }
  return { bytes: inflated, compressions };
}

export function deflateBody(bytes: Uint8Array, compressions: readonly Compression[]): Uint8Array {
  return compressions.reduceRight<Uint8Array>((content, compression) => deflaters[compression](content), bytes);
}

/** `Content-Encoding` names what was applied first, first. `aws-chunked` is of the transfer; some servers store it. */
function outermostFirst(contentEncoding: string | null): readonly string[] {
  return (contentEncoding ?? '')
    .split(',')
    .map((name) => name.trim().toLowerCase())
    .filter((name) => name !== '' && name !== 'identity' && name !== 'aws-chunked')
    .toReversed();
}

function compressionOf(encoding: string, bytes: Uint8Array): Compression | null {
  switch (encoding) {
    case 'gzip':
    case 'x-gzip':
      // Uploaders put the header on bodies that they did not compress; such an object is read as it is.
      return isGzip(bytes) ? 'gzip' : null;
    case 'br':
      return 'brotli';
    case 'deflate':
      return isZlib(bytes) ? 'deflate' : 'raw-deflate';
    default:
      throw new UnreadableRecord(`The body has the content encoding ${encoding}, which Dipper cannot undo.`);
  }
}

function inflate(bytes: Uint8Array, compression: Compression, maximumBytes: number): Uint8Array {
  try {
    return inflaters[compression](bytes, { maxOutputLength: Math.max(1, maximumBytes) });
  } catch (error) {
    if (error instanceof RangeError) {
      throw new UnreadableRecord(`The body is larger than ${formatBytes(maximumBytes)} once it is uncompressed.`);
    }
    const name = compression === 'raw-deflate' ? 'deflate' : compression;
    throw new UnreadableRecord(`The body cannot be uncompressed: it is no complete ${name} stream.`);
  }
}

function isGzip(bytes: Uint8Array): boolean {
  return bytes[0] === 0x1f && bytes[1] === 0x8b;
}

/** RFC 1950: method 8, and the first two bytes are a multiple of 31. `deflate` bodies come with and without that header. */
function isZlib(bytes: Uint8Array): boolean {
  const [first = 0, second = 0] = bytes;
  return (first & 0x0f) === 8 && ((first << 8) | second) % 31 === 0;
}
