import type { PreviewedRow } from '../../../../../shared/import.ts';
import { openRows, type OpenRows, type SourcePaths } from './open-rows.ts';
import { createPreparer, type PreparedRow, type Preparing } from './prepare-rows.ts';
import type { SourceRow } from './source-row.ts';

export interface OpenImport extends Preparing, SourcePaths {
  /** Rows before this one are passed over: they have their outcome. */
  readonly from: number;
}

export interface ImportedRows {
  readonly rows: readonly PreparedRow[];
  readonly isLast: boolean;
}

/** Rows of one answer, and characters of their texts: what takes about as long as 500 requests. */
const MOST_ROWS = 500;
const MOST_LENGTH = 2 * 1024 * 1024;

/** Reads a source row by row and makes records of them; a group ahead of who takes them. */
export class ImportReader {
  readonly #opened: OpenRows;
  readonly #prepare: (row: SourceRow, index: number) => PreparedRow;
  readonly #from: number;
  #group: readonly SourceRow[] = [];
  #place = 0;
  #index = 0;
  #ahead: Promise<ImportedRows> | null = null;

  private constructor(opened: OpenRows, { from, ...preparing }: OpenImport) {
    this.#opened = opened;
    this.#from = from;
    this.#prepare = createPreparer(preparing, opened.columns);
  }

  static async open(settings: OpenImport): Promise<ImportReader> {
    const opened = await openRows(settings, settings.settings.reading);
    try {
      return new ImportReader(opened, settings);
    } catch (error) {
      await opened.rows.return();
      throw error;
    }
  }

  async next(): Promise<ImportedRows> {
    const now = await (this.#ahead ?? this.#read());
    this.#ahead = null;
    if (!now.isLast) {
      this.#ahead = this.#read();
      // Who asks next is told.
      this.#ahead.catch(() => undefined);
    }
    return now;
  }

  async close(): Promise<void> {
    await this.#ahead?.catch(() => undefined);
    await this.#opened.rows.return();
  }

  async #read(): Promise<ImportedRows> {
    const rows: PreparedRow[] = [];
    let length = 0;
    while (rows.length < MOST_ROWS && length < MOST_LENGTH) {
      const row = this.#group[this.#place];
      if (row === undefined) {
        const next = await this.#opened.rows.next();
        if (next.done === true) return { rows, isLast: true };
        this.#group = next.value;
        this.#place = 0;
        continue;
      }
      this.#place += 1;
      const index = this.#index;
      this.#index += 1;
      if (index < this.#from) continue;
      const prepared = this.#prepare(row, index);
      if (prepared.problem === null) length += prepared.record.length + (prepared.body?.length ?? 0);
      rows.push(prepared);
    }
    return { rows, isLast: false };
  }
}

/** The first rows as the records that they will be. */
export async function previewRows(settings: Omit<OpenImport, 'from'>, count: number): Promise<readonly PreviewedRow[]> {
  const reader = await ImportReader.open({ ...settings, from: 0 });
  const shown: PreviewedRow[] = [];
  try {
    for (let isLast = false; !isLast && shown.length < count;) {
      const next = await reader.next();
      ({ isLast } = next);
      shown.push(...next.rows.slice(0, count - shown.length).map(shownRow));
    }
  } finally {
    await reader.close();
  }
  return shown;
}

function shownRow(row: PreparedRow): PreviewedRow {
  const { index, place } = row;
  if (row.problem !== null) {
    return { index, place, id: '', key: '', body: '', tags: [], storageClass: null, problem: row.problem };
  }
  const { id, key, record, body, tags, storageClass } = row;
  return { index, place, id, key, body: body ?? record, tags: tags ?? [], storageClass, problem: null };
}
