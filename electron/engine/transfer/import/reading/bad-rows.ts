import { randomBytes } from 'node:crypto';
import { open, rename, rm, type FileHandle } from 'node:fs/promises';
import { BAD_ROW_REASON, BAD_ROW_TEXT, type CsvReading, type ImportSettings } from '../../../../../shared/import.ts';
import { resolveMembers } from '../../../../../shared/json/find-node.ts';
import { printCompact } from '../../../../../shared/json/print-json.ts';
import { readJson } from '../../../../../shared/json/read-json.ts';
import { AppFailure } from '../../../../../shared/result.ts';
import { localFileFailure } from '../../../local-file-failure.ts';
import { isJson } from '../../../records/decode-record.ts';
import { openRows, type OpenRows, type SourcePaths } from './open-rows.ts';
import { createPreparer, placeOf, type Preparing } from './prepare-rows.ts';
import type { SourceRow } from './source-row.ts';

export interface BadRowsFile extends Preparing, SourcePaths {
  /** Where the rows go. */
  readonly target: string;
  /** Positions of the rows that failed, with the reason; empty where the row itself tells it. */
  readonly failed: ReadonlyMap<number, string>;
}

/** Bytes that are written at once. */
const PIECE = 256 * 1024;

/**
 * Writes the rows that failed into a file of their own that can be imported as it is, once it was mended: CSV as CSV, with
 * the reason as its first column, all else as NDJSON, with the reason as the first member. The file appears when it is whole.
 * Answers how many rows it has.
 */
export async function writeBadRows(file: BadRowsFile): Promise<number> {
  const { target, settings } = file;
  const opened = await openRows(file, settings.reading);
  const draft = `${target}.${randomBytes(6).toString('hex')}.part`;
  try {
    const handle = await open(draft, 'wx', 0o600);
    let count: number;
    try {
      count = await writeRows(handle, opened, file);
      await handle.sync();
    } finally {
      await handle.close();
    }
    await rename(draft, target);
    return count;
  } catch (error) {
    await rm(draft, { force: true });
    throw error instanceof AppFailure ? error : localFileFailure(target, 'written', error);
  } finally {
    await opened.rows.return();
  }
}

async function writeRows(
  handle: FileHandle,
  opened: OpenRows,
  { failed, settings, place, minting }: BadRowsFile,
): Promise<number> {
  const printer = printerOf(settings, opened);
  const prepare = createPreparer({ settings, place, minting }, opened.columns);
  let text = printer.head;
  let count = 0;
  let index = -1;
  for await (const group of opened.rows) {
    for (const row of group) {
      index += 1;
      const said = failed.get(index);
      if (said === undefined) continue;
      // What the row itself is to blame for needs not be remembered.
      const reason = said === '' ? (prepare(row, index).problem ?? 'The row failed.') : said;
      text += printer.line(row, `${placeOf(row, settings.reading.format)}: ${reason}`);
      count += 1;
    }
    if (text.length < PIECE) continue;
    await handle.write(text);
    text = '';
  }
  await handle.write(text);
  return count;
}

interface Printer {
  readonly head: string;
  readonly line: (row: SourceRow, reason: string) => string;
}

function printerOf({ reading }: Pick<ImportSettings, 'reading'>, { header, columns }: OpenRows): Printer {
  if (reading.format !== 'csv') return { head: '', line: jsonLine };
  const { csv } = reading;
  const isMarked = columns[0] === BAD_ROW_REASON;
  const line = (cells: readonly string[], first: string): string =>
    `${[first, ...cells.slice(isMarked ? 1 : 0)].map((cell) => cellText(cell, csv)).join(csv.delimiter)}\n`;
  return {
    // Without names the reason would be one more value of the row.
    head: header?.kind === 'cells' ? line(header.cells, BAD_ROW_REASON) : '',
    line: (row, reason) => {
      // What stands in a cell beginning with a quote was in quotes.
      const first = `"${reason}`;
      if (row.kind === 'cells') return header === null ? plainLine(row.cells, csv) : line(row.cells, first);
      const text = row.kind === 'broken' || row.kind === 'json' ? (row.text ?? '') : '';
      return header === null
        ? `${text}\n`
        : `${cellText(first, csv)}${csv.delimiter}${withoutReason(text, isMarked, csv)}\n`;
    },
  };
}

/** A line that could not be read as cells: of an earlier file of bad rows, without its reason. */
function withoutReason(text: string, isMarked: boolean, { delimiter, quote }: CsvReading): string {
  if (!isMarked) return text;
  const quoted = text.startsWith(quote) ? text.indexOf(`${quote}${delimiter}`, 1) + 1 : text.indexOf(delimiter);
  return quoted > 0 ? text.slice(quoted + 1) : text;
}

function plainLine(cells: readonly string[], csv: CsvReading): string {
  return `${cells.map((cell) => cellText(cell, csv)).join(csv.delimiter)}\n`;
}

function cellText(cell: string, { quote }: CsvReading): string {
  return cell.startsWith('"') ? `${quote}${cell.slice(1).replaceAll(quote, quote + quote)}${quote}` : cell;
}

/** One line, whatever the row was: an object with the reason before its members, anything else as the text that it is. */
function jsonLine(row: SourceRow, reason: string): string {
  const head = `{${JSON.stringify(BAD_ROW_REASON)}:${JSON.stringify(reason)}`;
  const text = row.kind === 'cells' ? '' : (row.text ?? '');
  const root = isJson(text) ? readJson(text) : null;
  if (root?.kind !== 'object') return `${head},${JSON.stringify(BAD_ROW_TEXT)}:${JSON.stringify(text)}}\n`;
  const members = resolveMembers(root)
    .filter(({ name }) => name !== BAD_ROW_REASON)
    .map(({ nameStart, nameEnd, value }) => `,${text.slice(nameStart, nameEnd)}:${printCompact(text, value)}`);
  return `${head}${members.join('')}}\n`;
}
