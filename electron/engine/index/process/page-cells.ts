import type { JsonNode } from '../../../../shared/json/node.ts';
import { KIND_CODES, type PageColumn, type ResultPage, type ValueKind } from '../../../../shared/page.ts';
import type { RecordForm } from '../../../../shared/record.ts';

/** UTF-16 units of a cell; what is longer is clipped and says its length. */
const CLIP_AT = 1_024;
export const PAGE_ROWS = 1_000;
/** Bytes of texts in a page, as UTF-8; with what surrounds them it stays below the contract's 4 MB. */
export const PAGE_BYTES = 4 * 1024 * 1024 - 128 * 1024;
/** What a row costs beside its texts: numbers, quotes, commas. */
const ROW_OVERHEAD = 64;

export interface PageRow {
  readonly key: string;
  readonly id: string;
  readonly form: RecordForm;
  readonly etag: string;
  readonly size: number;
  readonly lastModified: number | null;
  readonly storageClass: string;
  readonly problem: string | null;
}

/** Values of a row, one a column: null where the record has none. Spans are of `text`. */
export interface RowValues {
  readonly values: readonly (JsonNode | null)[];
  readonly text: string;
}

/** Fills a page row by row until it holds as much as a page may. */
export class PageBuilder {
  readonly #from: number;
  readonly #rows: PageRow[] = [];
  readonly #kinds: string[];
  readonly #texts: string[][];
  readonly #clipped: Record<number, number>[];
  #bytes = 0;

  constructor(from: number, columns: number) {
    this.#from = from;
    this.#kinds = Array.from({ length: columns }, () => '');
    this.#texts = Array.from({ length: columns }, () => []);
    this.#clipped = Array.from({ length: columns }, () => ({}));
  }

  /** False, and nothing added, where the row does not fit any more. The first row always fits. */
  add(row: PageRow, { values, text: body }: RowValues): boolean {
    const cells = values.map((value) => cellOf(value, body));
    let bytes = ROW_OVERHEAD + byteLength(row.key) * 2 + byteLength(row.etag) + byteLength(row.problem ?? '');
    for (const { text } of cells) bytes += byteLength(text) + 4;
    if (this.#rows.length > 0 && (this.#bytes + bytes > PAGE_BYTES || this.#rows.length >= PAGE_ROWS)) return false;
    const position = this.#rows.length;
    for (const [column, { kind, text, length }] of cells.entries()) {
      this.#kinds[column] += KIND_CODES[kind];
      this.#texts[column]?.push(text);
      const clipped = this.#clipped[column];
      if (length > text.length && clipped !== undefined) clipped[position] = length;
    }
    const { key, id, form, etag, size, lastModified, storageClass, problem } = row;
    // Only what is shown: a page that kept its records' trees spent most of its time in garbage collection.
    this.#rows.push({ key, id, form, etag, size, lastModified, storageClass, problem });
    this.#bytes += bytes;
    return true;
  }

  finish(): ResultPage {
    const rows = this.#rows;
    return {
      from: this.#from,
      keys: rows.map(({ key }) => key),
      ids: rows.map(({ id }) => id),
      forms: rows.map(({ form }) => form),
      etags: rows.map(({ etag }) => etag),
      sizes: rows.map(({ size }) => size),
      lastModified: rows.map(({ lastModified }) => lastModified),
      storageClasses: rows.map(({ storageClass }) => storageClass),
      problems: rows.map(({ problem }) => problem),
      columns: this.#kinds.map((kinds, column): PageColumn => ({
        kinds,
        texts: this.#texts[column] ?? [],
        clipped: this.#clipped[column] ?? {},
      })),
    };
  }
}

interface Cell {
  readonly kind: ValueKind;
  readonly text: string;
  /** Of the whole value. */
  readonly length: number;
}

const MISSING: Cell = { kind: 'missing', text: '', length: 0 };
const NULL: Cell = { kind: 'null', text: '', length: 0 };

function cellOf(value: JsonNode | null, text: string): Cell {
  if (value === null) return MISSING;
  switch (value.kind) {
    case 'null':
      return NULL;
    case 'string':
      return { kind: 'string', text: clip(value.value, 0, value.value.length), length: value.value.length };
    case 'number':
    case 'boolean':
      return cellOfSpan(value.kind, value, text);
    case 'array':
      return cellOfSpan('list', value, text);
    case 'object':
      return cellOfSpan('object', value, text);
  }
}

function cellOfSpan(kind: ValueKind, { start, end }: JsonNode, text: string): Cell {
  return { kind, text: clip(text, start, end), length: end - start };
}

function clip(text: string, start: number, end: number): string {
  if (end - start <= CLIP_AT) return text.slice(start, end);
  let cut = start + CLIP_AT;
  const last = text.charCodeAt(cut - 1);
  // Half of a surrogate pair would show as a broken character.
  if (last >= 0xd8_00 && last <= 0xdb_ff) cut -= 1;
  return text.slice(start, cut);
}

function byteLength(text: string): number {
  return Buffer.byteLength(text);
}
