import type { CsvReading, ImportCompression, ImportFormat } from '../../../../../shared/import.ts';
import { GUARDED_TEXT } from '../../../../../shared/csv-text.ts';
import { isJson } from '../../../records/decode-record.ts';
import { cellRows } from './cell-rows.ts';
import { isJsonNumber } from './json-number.ts';

export function sniffCompression(head: Uint8Array): ImportCompression {
  if (head[0] === 0x1f && head[1] === 0x8b) return 'gzip';
  if (head[0] === 0x28 && head[1] === 0xb5 && head[2] === 0x2f && head[3] === 0xfd) return 'zstd';
  return 'none';
}

export function isParquet(head: Uint8Array): boolean {
  return head[0] === 0x50 && head[1] === 0x41 && head[2] === 0x52 && head[3] === 0x31;
}

/** The mark at the beginning, else UTF-8 where it is that, else where zeros are, else what Windows wrote in the west. */
export function sniffEncoding(sample: Uint8Array): string {
  if (sample[0] === 0xff && sample[1] === 0xfe) return 'utf-16le';
  if (sample[0] === 0xfe && sample[1] === 0xff) return 'utf-16be';
  if (hasZeros(sample, 1)) return 'utf-16le';
  if (hasZeros(sample, 0)) return 'utf-16be';
  return isUtf8(sample) ? 'utf-8' : 'windows-1252';
}

/** Most of every second byte is zero: ASCII in UTF-16. */
function hasZeros(sample: Uint8Array, from: 0 | 1): boolean {
  const pairs = Math.min(sample.byteLength, 512) >> 1;
  let zeros = 0;
  for (let pair = 0; pair < pairs; pair += 1) if (sample[2 * pair + from] === 0) zeros += 1;
  return pairs > 0 && zeros > pairs * 0.7;
}

/** The sample may end within a character. */
function isUtf8(sample: Uint8Array): boolean {
  try {
    new TextDecoder('utf-8', { fatal: true }).decode(sample, { stream: true });
    return true;
  } catch {
    return false;
  }
}

/** By its content, and by its name where the content leaves it open. */
export function sniffFormat(name: string, text: string): Exclude<ImportFormat, 'parquet' | 'folder'> {
  const plain = name.replace(/\.(?:gz|gzip|zst|zstd)$/i, '').toLowerCase();
  if (/\.(?:csv|tsv|tab)$/.test(plain)) return 'csv';
  if (/\.(?:ndjson|jsonl)$/.test(plain)) return 'ndjson';
  const content = text.trimStart();
  if (content.startsWith('[') && (plain.endsWith('.json') || isListOfValues(content))) return 'json';
  if (!content.startsWith('{')) return plain.endsWith('.json') ? 'json' : 'csv';
  const [first = '', second = ''] = content.split('\n', 2).map((line) => line.trim());
  // Only whole lines tell it; one line alone may as well be one object.
  return second.startsWith('{') && isJson(first) ? 'ndjson' : 'json';
}

function isListOfValues(content: string): boolean {
  return /^\[\s*[{[\]]/.test(content);
}

const DELIMITERS = [',', ';', '\t', '|'] as const;
/** Rows that tell how CSV is written. */
const LOOKED = 200;

/** How the CSV that begins with `text` is written. `isWhole`: it is all of it. */
export async function sniffCsv(name: string, text: string, isWhole: boolean): Promise<CsvReading> {
  const delimiter = await sniffDelimiter(name, text, isWhole);
  const rows = await sampleCells(text, { delimiter, quote: '"' }, isWhole);
  const [first = [], ...rest] = rows;
  const cells = rows.flat();
  return {
    delimiter,
    quote: '"',
    header: isHeader(first, rest),
    quotedAreTexts: !rest.flat().every((cell) => cell === '' || isQuoted(cell)),
    formulaGuard: cells.some((cell) => GUARDED_TEXT.test(isQuoted(cell) ? cell.slice(1) : cell)),
  };
}

/** The one that cuts most rows into the same number of cells, and into more than one. */
async function sniffDelimiter(name: string, text: string, isWhole: boolean): Promise<string> {
  let best: string = /\.(?:tsv|tab)(?:\.|$)/i.test(name) ? '\t' : ',';
  let bestScore = 0;
  for (const delimiter of DELIMITERS) {
    const counts = (await sampleCells(text, { delimiter, quote: '"' }, isWhole)).map(({ length }) => length);
    const usual = counts.toSorted((a, b) => a - b)[counts.length >> 1] ?? 1;
    if (usual < 2) continue;
    const score = counts.filter((count) => count === usual).length / counts.length + Math.min(usual, 50) / 1000;
    if (score > bestScore) [best, bestScore] = [delimiter, score];
  }
  return best;
}

/** Cells of the first whole rows. */
export async function sampleCells(
  text: string,
  reading: Pick<CsvReading, 'delimiter' | 'quote'>,
  isWhole: boolean,
): Promise<readonly (readonly string[])[]> {
  const rows: (readonly string[])[] = [];
  for await (const group of cellRows(once(text), reading)) {
    for (const row of group) if (row.kind === 'cells' && rows.length < LOOKED) rows.push(row.cells);
    // What `end` gives is cut off.
    if (!isWhole && rows.length > 0) break;
  }
  return rows;
}

async function* once(text: string): AsyncGenerator<string, void, undefined> {
  yield text;
}

/** Names: none reads like a value, and where two are the same, a column of numbers below tells that they are names. */
function isHeader(cells: readonly string[], rest: readonly (readonly string[])[]): boolean {
  const names = cells.map((cell) => (isQuoted(cell) ? cell.slice(1) : cell).trim());
  if (names.every((name) => name === '')) return false;
  const given = names.filter((name) => name !== '');
  return (
    (new Set(given).size === given.length || cells.some((_, at) => isColumnOfNumbers(rest, at))) &&
    given.every((name) => !isJsonNumber(name) && !/^(?:true|false|null|\d{4}-\d\d-\d\d.*|0\d+)$/i.test(name))
  );
}

function isColumnOfNumbers(rows: readonly (readonly string[])[], at: number): boolean {
  return rows.length > 0 && rows.every((cells) => isJsonNumber(cells[at] ?? ''));
}

function isQuoted(cell: string): boolean {
  return cell.startsWith('"');
}
