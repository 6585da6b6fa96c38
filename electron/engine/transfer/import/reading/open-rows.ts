import { basename } from 'node:path';
import type { ImportReading } from '../../../../../shared/import.ts';
import { AppFailure } from '../../../../../shared/result.ts';
import { aligned } from './aligned-rows.ts';
import { cellRows } from './cell-rows.ts';
import { folderRows } from './folder-rows.ts';
import { jsonRows } from './json-rows.ts';
import { lineRows } from './line-rows.ts';
import { parquetRows } from './parquet-rows.ts';
import { sourceBytes, sourceText } from './source-bytes.ts';
import type { SourceRow, SourceRows } from './source-row.ts';

/** Where a source is. */
export interface SourcePaths {
  readonly path: string;
  /** Further files, read as the first; left out where there is one. */
  readonly more?: readonly string[];
}

/** A source that is being read. */
export interface OpenRows {
  readonly rows: SourceRows;
  /** Of CSV, in the order of its cells; empty for all else. */
  readonly columns: readonly string[];
  /** Of CSV with a header: it as it stands. */
  readonly header: SourceRow | null;
}

/** Opens a source: a file or folder, or several files of one shape, whose rows follow each other. */
export async function openRows({ path, more = [] }: SourcePaths, reading: ImportReading): Promise<OpenRows> {
  const opened = await openFile(path, reading);
  return more.length === 0 ? opened : { ...opened, rows: rowsOfAll(opened, path, reading, more) };
}

async function openFile(path: string, reading: ImportReading): Promise<OpenRows> {
  const text = (): AsyncGenerator<string, void, undefined> =>
    sourceText(sourceBytes(path, reading.compression), checkedEncoding(reading.encoding));
  switch (reading.format) {
    case 'csv':
      return withHeader(cellRows(text(), reading.csv), reading.csv.header);
    case 'ndjson':
      return bare(lineRows(text()));
    case 'json':
      return bare(jsonRows(text()));
    case 'parquet':
      return bare(parquetRows(path));
    case 'folder':
      return bare(folderRows(path));
  }
}

async function* rowsOfAll(
  { rows, columns }: OpenRows,
  path: string,
  reading: ImportReading,
  more: readonly string[],
): SourceRows {
  yield* named(rows, path);
  for (const other of more) {
    const opened = await openFile(other, reading);
    yield* named(reading.format === 'csv' ? aligned(opened, other, { path, columns }) : opened.rows, other);
  }
}

async function* named(rows: SourceRows, path: string): SourceRows {
  const source = basename(path);
  for await (const group of rows) yield group.map((row) => ({ ...row, source }));
}

function bare(rows: SourceRows): OpenRows {
  return { rows, columns: [], header: null };
}

/** Reads up to the first row, which has the names, or tells how many there are. */
async function withHeader(rows: SourceRows, hasHeader: boolean): Promise<OpenRows> {
  for (let next = await rows.next(); next.done !== true; next = await rows.next()) {
    const group = next.value;
    const place = group.findIndex(({ kind }) => kind === 'cells');
    const first = group[place];
    // What is broken before the names are known is given up.
    if (first?.kind !== 'cells') continue;
    const rest = hasHeader ? group.slice(place + 1) : group;
    return {
      rows: behind(rest, rows),
      columns: columnNames(first.cells, hasHeader),
      header: hasHeader ? first : null,
    };
  }
  return { rows, columns: [], header: null };
}

async function* behind(first: readonly SourceRow[], rest: SourceRows): SourceRows {
  yield first;
  yield* rest;
}

/** Names that are empty or there twice get one of their own. */
export function columnNames(cells: readonly string[], hasHeader: boolean): readonly string[] {
  const taken = new Set<string>();
  return cells.map((cell, at) => {
    const given = hasHeader ? (cell.startsWith('"') ? cell.slice(1) : cell).trim() : '';
    const wanted = given === '' ? `column_${at + 1}` : given;
    let name = wanted;
    for (let count = 2; taken.has(name); count += 1) name = `${wanted}_${count}`;
    taken.add(name);
    return name;
  });
}

function checkedEncoding(encoding: string): string {
  try {
    return new TextDecoder(encoding).encoding;
  } catch (cause) {
    throw new AppFailure(
      'invalid-arguments',
      `"${encoding}" is no encoding that Dipper reads. Name one as browsers do: utf-8, utf-16le, windows-1252, shift_jis.`,
      { cause },
    );
  }
}
