import { ByteWriter, ParquetWriter, type KeyValue } from 'hyparquet-writer';
import type { PartFile } from './part-file.ts';
import type { Part } from './part.ts';
import { ParquetColumns } from './parquet-columns.ts';
import type { ExportRow, RowShape } from './row-shape.ts';

/** Records and UTF-16 units of them in a row group: it is in memory as a whole. */
const GROUP_ROWS = 50_000;
const GROUP_SIZE = 32 * 1024 * 1024;

export interface PageCodec {
  readonly codec: 'SNAPPY' | 'GZIP' | 'ZSTD';
  readonly compress: ((page: Uint8Array) => Uint8Array) | null;
}

/** A part as a Parquet file. Where its row groups are is written at its end: one that was broken off is begun anew. */
export class ParquetPart implements Part {
  readonly place = null;
  readonly #file: PartFile;
  readonly #columns: ParquetColumns;
  readonly #bytes = new ByteWriter();
  readonly #writer: ParquetWriter;
  #waiting = 0;

  constructor(file: PartFile, shape: RowShape, { codec, compress }: PageCodec, kvMetadata: KeyValue[]) {
    this.#file = file;
    this.#columns = new ParquetColumns(shape);
    this.#writer = new ParquetWriter({
      writer: this.#bytes,
      schema: this.#columns.schema,
      codec,
      kvMetadata,
      ...(compress === null ? {} : { compressors: { [codec]: compress } }),
    });
  }

  get size(): number {
    return this.#file.bytes + this.#waiting;
  }

  get isDue(): boolean {
    return this.#columns.rows >= GROUP_ROWS || this.#waiting >= GROUP_SIZE;
  }

  add(row: ExportRow): void {
    this.#columns.add(row);
    this.#waiting += row.text.length;
  }

  async flush(): Promise<void> {
    if (this.#columns.rows === 0) return;
    const rowGroupSize = this.#columns.rows;
    await this.#writer.write({ columnData: this.#columns.take(), rowGroupSize });
    this.#waiting = 0;
    await this.#drain();
  }

  async finish(): Promise<number> {
    await this.flush();
    await this.#writer.finish();
    await this.#drain();
    await this.#file.finish();
    return this.#file.bytes;
  }

  close(): Promise<void> {
    return this.#file.close();
  }

  async #drain(): Promise<void> {
    await this.#file.append(this.#bytes.getBytes());
    // Its offset goes on: only the buffer begins again.
    this.#bytes.index = 0;
  }
}
