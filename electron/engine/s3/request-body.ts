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
 * A long body goes piece by piece: given to the socket whole, all of it would stay in memory until the last byte has
 * left.
 */
export function isSentWhole(body: RequestBody): body is Uint8Array {
  return body instanceof Uint8Array && body.byteLength <= PIECE_BYTES;
}

export function piecesOf(body: RequestBody): AsyncIterable<Uint8Array> | Iterable<Uint8Array> {
  return body instanceof Uint8Array ? piecesOfBytes(body) : body.open();
}

function* piecesOfBytes(bytes: Uint8Array): Generator<Uint8Array, void, undefined> {
  for (let from = 0; from < bytes.byteLength; from += PIECE_BYTES) yield bytes.subarray(from, from + PIECE_BYTES);
}
