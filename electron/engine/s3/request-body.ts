import { Readable } from 'node:stream';

/** A body that is read piece by piece while it is sent: a part of a file. Each try opens it anew. */
export interface StreamedBody {
  readonly byteLength: number;
  /** Of all bytes, in hexadecimal: the signature needs it before the first byte leaves. */
  readonly sha256: string;
  open(): AsyncIterable<Uint8Array>;
}

export type RequestBody = Uint8Array | StreamedBody;

export const PIECE_BYTES = 256 * 1024;

/**
 * A long body goes piece by piece: given to undici whole, the time that it takes to leave would count as waiting for the
 * answer, and a slow but steady upload would be given up.
 */
export function bodyToSend(
  headers: Record<string, string>,
  body: RequestBody | null,
): { readonly headers: Record<string, string>; readonly body: Uint8Array | Readable | null } {
  if (body === null || (body instanceof Uint8Array && body.byteLength <= PIECE_BYTES)) return { headers, body };
  return {
    headers: { ...headers, 'content-length': String(body.byteLength) },
    body: Readable.from(body instanceof Uint8Array ? piecesOf(body) : body.open(), { objectMode: false }),
  };
}

function* piecesOf(bytes: Uint8Array): Generator<Uint8Array, void, undefined> {
  for (let from = 0; from < bytes.byteLength; from += PIECE_BYTES) yield bytes.subarray(from, from + PIECE_BYTES);
}
