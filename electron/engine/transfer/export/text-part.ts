import type { PartFile } from './part-file.ts';
import type { Part, PartPlace } from './part.ts';
import type { ExportRow } from './row-shape.ts';

/** What stands around and between the texts of records. */
export interface TextFrame {
  readonly head: string;
  readonly between: string;
  readonly foot: (rows: number) => string;
}

/** UTF-16 units that are written at once. */
const PIECE = 1024 * 1024;

/** A part in one of the text formats. */
export class TextPart implements Part {
  readonly #file: PartFile;
  readonly #frame: TextFrame;
  readonly #textOf: (row: ExportRow) => string;
  readonly #compress: (piece: Uint8Array) => Promise<Uint8Array> | Uint8Array;
  #waiting: string;
  #rows: number;
  #size: number;

  constructor(
    file: PartFile,
    at: PartPlace,
    frame: TextFrame,
    textOf: (row: ExportRow) => string,
    compress: (piece: Uint8Array) => Promise<Uint8Array> | Uint8Array,
  ) {
    this.#file = file;
    this.#frame = frame;
    this.#textOf = textOf;
    this.#compress = compress;
    this.#waiting = at.bytes === 0 ? frame.head : '';
    this.#rows = at.rows;
    this.#size = at.size;
  }

  get size(): number {
    return this.#size + this.#waiting.length;
  }

  get isDue(): boolean {
    return this.#waiting.length >= PIECE;
  }

  add(row: ExportRow): void {
    const text = this.#textOf(row);
    this.#waiting += this.#rows === 0 ? text : this.#frame.between + text;
    this.#rows += 1;
  }

  async flush(): Promise<void> {
    if (this.#waiting === '') return;
    const piece = Buffer.from(this.#waiting);
    this.#waiting = '';
    this.#size += piece.byteLength;
    await this.#file.append(await this.#compress(piece));
  }

  async keep(): Promise<PartPlace> {
    await this.flush();
    return { rows: this.#rows, bytes: this.#file.bytes, size: this.#size };
  }

  async finish(): Promise<number> {
    this.#waiting += this.#frame.foot(this.#rows);
    await this.flush();
    await this.#file.finish();
    return this.#file.bytes;
  }

  close(): Promise<void> {
    return this.#file.close();
  }
}
