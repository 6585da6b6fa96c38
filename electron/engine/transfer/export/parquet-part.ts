import { open, stat } from 'node:fs/promises';
import type { ExportCompression } from '../../../../shared/export.ts';
import { VECTOR_ROWS } from '../../index/process/vector-writer.ts';
import { localFileFailure } from '../../local-file-failure.ts';
import type { Part, PartPlace } from './part.ts';
import { ParquetColumns } from './parquet-columns.ts';
import type { StageTable } from './parquet-stage.ts';
import type { ExportRow } from './row-shape.ts';

/** UTF-16 units of rows that DuckDB collects in memory, beside its limit, before they are in its file. */
const MOST_COLLECTED = 32 * 1024 * 1024;

/** A part as a Parquet file, which is written once all of its rows are there. */
export class ParquetPart implements Part {
  readonly #path: string;
  readonly #table: StageTable;
  readonly #columns: ParquetColumns;
  readonly #compression: ExportCompression;
  readonly #description: string;
  #rows: number;
  #size: number;
  #keptSize: number;

  constructor(
    path: string,
    at: PartPlace,
    table: StageTable,
    columns: ParquetColumns,
    compression: ExportCompression,
    description: string,
  ) {
    this.#path = path;
    this.#table = table;
    this.#columns = columns;
    this.#compression = compression;
    this.#description = description;
    this.#rows = at.rows;
    this.#size = at.size;
    this.#keptSize = at.size;
  }

  get size(): number {
    return this.#size;
  }

  get isDue(): boolean {
    return this.#columns.rows >= VECTOR_ROWS;
  }

  add(row: ExportRow): void {
    this.#columns.add(row);
    this.#size += row.text.length;
  }

  async flush(): Promise<void> {
    const { rows } = this.#columns;
    if (rows === 0) return;
    await this.#table.append(rows, this.#columns.take());
    this.#rows += rows;
    if (this.#size - this.#keptSize >= MOST_COLLECTED) await this.#keepTable();
  }

  async keep(): Promise<PartPlace> {
    await this.flush();
    await this.#keepTable();
    return { rows: this.#rows, bytes: 0, size: this.#size };
  }

  async finish(): Promise<number> {
    await this.flush();
    await this.#table.write(this.#path, this.#compression, this.#description, this.#size / Math.max(1, this.#rows));
    try {
      const file = await open(this.#path, 'r');
      try {
        await file.sync();
      } finally {
        await file.close();
      }
      return (await stat(this.#path)).size;
    } catch (cause) {
      throw localFileFailure(this.#path, 'written', cause);
    }
  }

  async #keepTable(): Promise<void> {
    await this.#table.keep();
    this.#keptSize = this.#size;
  }

  close(): Promise<void> {
    this.#table.close();
    return Promise.resolve();
  }
}
