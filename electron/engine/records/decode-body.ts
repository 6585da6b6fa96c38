import { decodeText, detectCharset, encodeText, type Charset } from './charset.ts';
import { deflateBody, inflateBody, type Compression } from './compression.ts';

/** What a body's bytes depend on beside their content. */
export interface BodyOrigin {
  readonly key: string;
  /** The object's `Content-Encoding`. */
  readonly contentEncoding: string | null;
}

/** How a text was stored, so that it can be stored the same way again. */
export interface BodyEncoding {
  readonly charset: Charset;
  /** Outermost first. */
  readonly compressions: readonly Compression[];
}

export interface DecodedBody {
  /** Without a byte order mark. */
  readonly text: string;
  readonly encoding: BodyEncoding;
}

export const PLAIN_ENCODING: BodyEncoding = { charset: { name: 'utf-8', byteOrderMark: false }, compressions: [] };

/** Bytes as stored → text. `UnreadableRecord` where they are no text, or more than `maximumBytes` once uncompressed. */
export function decodeBody(bytes: Uint8Array, origin: BodyOrigin, maximumBytes: number): DecodedBody {
  const inflated = inflateBody(bytes, origin.key, origin.contentEncoding, maximumBytes);
  const charset = detectCharset(inflated.bytes);
  return { text: decodeText(inflated.bytes, charset), encoding: { charset, compressions: inflated.compressions } };
}

/** Text → bytes to store, in the encoding that the object had. */
export function encodeBody(text: string, encoding: BodyEncoding): Uint8Array {
  return deflateBody(encodeText(text, encoding.charset), encoding.compressions);
}
