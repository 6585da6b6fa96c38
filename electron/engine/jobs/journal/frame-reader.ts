import { HEAD_BYTES, readContent, readHead, TAIL_BYTES, type FrameKind } from './frame.ts';
import type { JournalFile, ReadableJournal } from './journal-file.ts';

/** Bytes read at once; a larger frame is read by itself. */
const CHUNK = 256 * 1024;

export interface Frame {
  readonly kind: FrameKind;
  readonly position: number;
  /** Null where the kind was not asked for: such a frame is passed over unread. */
  readonly content: unknown;
}

/** Reads a journal's frames one after the other, a chunk in memory at a time. */
export class FrameReader {
  readonly #file: ReadableJournal;
  #chunk: Uint8Array = new Uint8Array();
  #chunkAt = 0;
  #position: number;

  constructor(file: ReadableJournal, position = 0) {
    this.#file = file;
    this.#position = position;
  }

  /** Where the last whole frame ended. */
  get position(): number {
    return this.#position;
  }

  /** Null at the end, or where what follows is no whole frame: a crash cut it off. */
  async next(wanted: ReadonlySet<FrameKind>): Promise<Frame | null> {
    const position = this.#position;
    const head = readHead(await this.#read(position, HEAD_BYTES));
    if (head === null) return null;
    const end = position + head.bytes;
    // Also before so much memory is asked for: a power cut can leave anything for a length.
    if (end > this.#file.size) return null;
    if (!wanted.has(head.kind)) {
      this.#position = end;
      return { kind: head.kind, position, content: null };
    }
    const bytes = await this.#read(position, head.bytes);
    if (bytes.byteLength < head.bytes) return null;
    const frame = readContent(bytes);
    if (frame === null) return null;
    this.#position = end;
    return { kind: head.kind, position, content: frame.content };
  }

  async #read(position: number, length: number): Promise<Uint8Array> {
    const from = position - this.#chunkAt;
    if (from < 0 || from + length > this.#chunk.byteLength) {
      this.#chunk = await this.#file.read(position, Math.max(CHUNK, length));
      this.#chunkAt = position;
      return this.#chunk.subarray(0, length);
    }
    return this.#chunk.subarray(from, from + length);
  }
}

/** One frame with its bodies. Throws where there is none: its position was one of a whole frame. */
export async function readFrameAt(
  file: ReadableJournal,
  position: number,
): Promise<Frame & { readonly bodies: Uint8Array }> {
  const head = readHead(await file.read(position, HEAD_BYTES));
  const read = head === null ? null : readContent(await file.read(position, head.bytes));
  if (head === null || read === null) throw new Error(`no frame of a journal begins at ${position}`);
  return { kind: head.kind, position, ...read };
}

/** The last frame, found from the end; null where the end is no whole frame. */
export async function readLastFrame(file: JournalFile): Promise<Frame | null> {
  const { size } = file;
  if (size < HEAD_BYTES + TAIL_BYTES) return null;
  const tail = await file.read(size - TAIL_BYTES, TAIL_BYTES);
  const length = new DataView(tail.buffer, tail.byteOffset, TAIL_BYTES).getUint32(0, true);
  const position = size - TAIL_BYTES - length - HEAD_BYTES;
  if (position < 0) return null;
  const bytes = await file.read(position, size - position);
  const head = readHead(bytes);
  if (head === null || head.bytes !== bytes.byteLength) return null;
  const content = readContent(bytes);
  return content === null ? null : { kind: head.kind, position, content: content.content };
}
