import { crc32 } from 'node:zlib';

/**
 * A journal is a row of frames, numbers little-endian:
 *
 *     length u32 │ kind u8 │ crc u32 │ json length u32 │ JSON │ bodies, one behind the other │ length u32
 *
 * `length` is that of JSON and bodies. The checksum covers kind, json length, JSON and bodies: a frame that a crash cut off
 * is recognised by it. The second length lets the last frame be found from the end, so that a long journal is not read to
 * know how its job stands. Bodies are raw, since records are any bytes.
 */
export type FrameKind = (typeof FRAME)[keyof typeof FRAME];

export const FRAME = {
  /** What the job is to do; the first frame, and there once. */
  header: 1,
  /** Keys and ETags of the records that the job is about. */
  records: 2,
  /** The job as it stands, at each change of its state. */
  state: 3,
  /** Writes that are about to be sent, with what they replace. */
  intents: 4,
  /** What became of records: those that came out well, and… */
  outcomes: 5,
  /** …those that failed, apart, so that a report of failures skips all others. */
  failures: 6,
  /** How far a kind of job has got, in words of its own; the last one counts. */
  checkpoint: 7,
} as const;

export const HEAD_BYTES = 13;
export const TAIL_BYTES = 4;

/** Most frames are small and many: without bodies one is a single piece. */
export function encodeFrame(kind: FrameKind, content: unknown, bodies: readonly Uint8Array[] = []): Uint8Array[] {
  const json = JSON.stringify(content);
  const jsonBytes = Buffer.byteLength(json);
  let length = jsonBytes;
  for (const body of bodies) length += body.byteLength;
  const start = Buffer.allocUnsafe(HEAD_BYTES + jsonBytes + (bodies.length === 0 ? TAIL_BYTES : 0));
  start.writeUInt32LE(length, 0);
  start.writeUInt8(kind, 4);
  start.writeUInt32LE(jsonBytes, 9);
  start.write(json, HEAD_BYTES);
  start.writeUInt32LE(checksum(kind, [start.subarray(9, HEAD_BYTES + jsonBytes), ...bodies]), 5);
  const tail = bodies.length === 0 ? start.subarray(-TAIL_BYTES) : Buffer.allocUnsafe(TAIL_BYTES);
  tail.writeUInt32LE(length);
  return bodies.length === 0 ? [start] : [start, ...bodies, tail];
}

export interface FrameHead {
  readonly kind: FrameKind;
  /** Of the whole frame. */
  readonly bytes: number;
}

/** Null where these bytes begin no frame. */
export function readHead(bytes: Uint8Array): FrameHead | null {
  if (bytes.byteLength < HEAD_BYTES) return null;
  const kind = bytes[4] ?? 0;
  if (!isKind(kind)) return null;
  return { kind, bytes: HEAD_BYTES + view(bytes).getUint32(0, true) + TAIL_BYTES };
}

/** JSON and bodies of a whole frame; null where it is not whole. */
export function readContent(frame: Uint8Array): { readonly content: unknown; readonly bodies: Uint8Array } | null {
  const head = view(frame);
  const jsonEnd = HEAD_BYTES + head.getUint32(9, true);
  const end = frame.byteLength - TAIL_BYTES;
  if (jsonEnd > end || head.getUint32(end, true) !== end - HEAD_BYTES) return null;
  if (head.getUint32(5, true) !== checksum(frame[4] ?? 0, [frame.subarray(9, end)])) return null;
  const json = Buffer.from(frame.buffer, frame.byteOffset + HEAD_BYTES, jsonEnd - HEAD_BYTES).toString('utf8');
  return { content: JSON.parse(json), bodies: frame.subarray(jsonEnd, end) };
}

/** `parts` begin with the length of the JSON. */
function checksum(kind: number, parts: readonly Uint8Array[]): number {
  let sum = kind;
  for (const part of parts) sum = crc32(part, sum);
  return sum;
}

const KINDS: ReadonlySet<number> = new Set(Object.values(FRAME));

function isKind(kind: number): kind is FrameKind {
  return KINDS.has(kind);
}

function view(bytes: Uint8Array): DataView {
  return new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
}
