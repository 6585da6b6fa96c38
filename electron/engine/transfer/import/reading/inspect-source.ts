import { open, stat } from 'node:fs/promises';
import { basename } from 'node:path';
import type { CodecName } from '../../../../../shared/collection.ts';
import { BAD_ROW_REASON } from '../../../../../shared/import.ts';
import type {
  FoundField,
  GivenReading,
  ImportInspection,
  ImportReading,
  ImportSettings,
} from '../../../../../shared/import.ts';
import { JsonSyntaxError } from '../../../../../shared/json/json-syntax-error.ts';
import type { JsonNode } from '../../../../../shared/json/node.ts';
import { readJson } from '../../../../../shared/json/read-json.ts';
import { AppFailure } from '../../../../../shared/result.ts';
import { localFileFailure } from '../../../local-file-failure.ts';
import { aligned, type FirstFile } from './aligned-rows.ts';
import { listFolder } from './folder-rows.ts';
import { foundColumns, foundMembers } from './found-fields.ts';
import { openRows, type OpenRows, type SourcePaths } from './open-rows.ts';
import { isParquet, sniffCompression, sniffCsv, sniffEncoding, sniffFormat } from './sniff.ts';
import { readManifest, type KnownExport } from './read-manifest.ts';
import { sourceBytes } from './source-bytes.ts';
import type { SourceRow } from './source-row.ts';

/** Uncompressed bytes that format and encoding are found from. */
const SAMPLE = 256 * 1024;
/** Rows that fields and types are found from; of several files, of each. */
const LOOKED = 1_000;
const LOOKED_OF_SEVERAL = 200;

/**
 * Looks at the beginning of a file, and at what an export of Dipper wrote beside it. `name`: what a person calls it. `codec`:
 * of the collection that it is for. Throws where it cannot be read as what it is said to be.
 */
export async function inspectSource(
  paths: SourcePaths,
  name: string,
  given: GivenReading,
  codec: CodecName,
): Promise<ImportInspection> {
  const { path, more = [] } = paths;
  const known = await knownOf(paths);
  const { reading, size } = await findReading(path, name, known === null ? given : withKnown(given, known));
  const further = await sizesOfFurther(more, given, { path, reading });
  const opened = await openRows({ path }, reading);
  const rows = await firstRows(opened, more.length === 0 ? LOOKED : LOOKED_OF_SEVERAL);
  for (const each of more) rows.push(...(await furtherRows(each, reading, { path, columns: opened.columns })));
  const found = reading.format === 'csv' ? columnsOf(opened, rows, reading) : membersOf(rows);
  const fields = known === null ? found : found.map((field) => withKnownType(field, known, reading));
  const idField = known?.idColumn ?? null;
  const metadataField = codec === 'dataknobs' ? (known?.metadataColumn ?? null) : null;
  const own = fields.filter(({ source }) => source !== idField && source !== metadataField);
  // Columns have types that were found or are known; the values of JSON say themselves what they are.
  const isTyped = reading.format === 'csv' || (reading.format === 'parquet' && known !== null);
  const settings: ImportSettings = {
    reading,
    fields: isTyped ? own.map(({ source, type }) => ({ source, path: [source], type })) : null,
    idField,
    metadataField,
    key: reading.format === 'folder' && known === null ? '{path}' : '{id}',
    tags: [],
    userMetadata: [],
    storageClass: null,
    encryption: null,
    onConflict: 'fail',
    stopAfter: null,
  };
  const exportedFrom = known?.codec ?? null;
  return { settings, fields: own, size: size + further, exportedFrom, notes: notesOf(settings, rows, fields) };
}

/** Of several files: of one export. */
async function knownOf({ path, more = [] }: SourcePaths): Promise<KnownExport | null> {
  const known = await readManifest(path);
  return known !== null && more.every((each) => known.files.includes(basename(each))) ? known : null;
}

/** Bytes of the files behind the first; throws where one is read otherwise. */
async function sizesOfFurther(
  more: readonly string[],
  given: GivenReading,
  first: { readonly path: string; readonly reading: ImportReading },
): Promise<number> {
  let total = 0;
  for (const each of more) {
    const { reading, size } = await findReading(each, basename(each), given);
    total += size;
    const { format, compression } = reading;
    if (format === first.reading.format && compression === first.reading.compression) continue;
    throw new AppFailure(
      'invalid-arguments',
      `${each} is ${formText(reading)}, and ${basename(first.path)} ${formText(first.reading)}. Files that are imported together are of one form; import this one by itself.`,
    );
  }
  return total;
}

function formText({ format, compression }: ImportReading): string {
  return compression === 'none' ? format : `${format} with ${compression}`;
}

async function furtherRows(path: string, reading: ImportReading, first: FirstFile): Promise<readonly SourceRow[]> {
  const opened = await openRows({ path }, reading);
  const rows = reading.format === 'csv' ? aligned(opened, path, first) : opened.rows;
  return firstRows({ ...opened, rows }, LOOKED_OF_SEVERAL);
}

function withKnown(given: GivenReading, { format, formulaGuard }: KnownExport): GivenReading {
  if (format !== 'csv') return given;
  const written = { delimiter: ',', quote: '"', header: true, quotedAreTexts: true, formulaGuard };
  return { ...given, csv: { ...written, ...given.csv } };
}

/** A look at its first rows may have taken a column for something else than all of it is. */
function withKnownType(field: FoundField, { columns }: KnownExport, { format }: ImportReading): FoundField {
  const type = columns.find(({ name }) => name === field.source)?.type;
  if (type === undefined) return field;
  // In CSV values of several kinds are told apart by their quotes.
  return { ...field, type: type === 'json' && format === 'csv' ? 'auto' : type };
}

async function findReading(
  path: string,
  name: string,
  given: GivenReading,
): Promise<{ readonly reading: ImportReading; readonly size: number }> {
  const facts = await stat(path).catch((cause: unknown) => {
    throw localFileFailure(path, 'read', cause);
  });
  const csv = { delimiter: ',', quote: '"', header: true, quotedAreTexts: true, formulaGuard: false, ...given.csv };
  if (facts.isDirectory()) {
    const files = await listFolder(path);
    const size = files.reduce((total, file) => total + file.size, 0);
    return { reading: { format: 'folder', compression: 'none', encoding: 'utf-8', csv }, size };
  }
  const head = await headOf(path);
  if (given.format === undefined) refuseOthers(path, head);
  const compression = given.compression ?? sniffCompression(head);
  if (given.format === 'parquet' || (given.format === undefined && isParquet(head))) {
    return { reading: { format: 'parquet', compression: 'none', encoding: 'utf-8', csv }, size: facts.size };
  }
  const { bytes, isWhole } = await sampleOf(path, compression);
  const encoding = given.encoding ?? sniffEncoding(bytes);
  // Text of one byte a character has no zeros.
  if (given.encoding === undefined && encoding === 'windows-1252' && bytes.includes(0)) throw noText(path, 'no text');
  const text = new TextDecoder(encoding).decode(bytes, { stream: !isWhole });
  const format = given.format ?? sniffFormat(name, text);
  const found = format === 'csv' ? await sniffCsv(name, text, isWhole) : csv;
  return { reading: { format, compression, encoding, csv: { ...found, ...given.csv } }, size: facts.size };
}

/** Files that people take for tables, and compressions that are not read: by how they begin, in Latin-1. */
const OTHERS: readonly (readonly [begin: string, what: string])[] = [
  ['PK\x03\x04', 'a ZIP file, as Excel workbooks are'],
  ['\xd0\xcf\x11\xe0', 'an old Excel workbook'],
  ['SQLite format 3\0', 'an SQLite database'],
  ['Obj\x01', 'an Avro file'],
  ['ORC', 'an ORC file'],
  ['ARROW1', 'an Arrow file'],
  ['%PDF-', 'a PDF'],
  ['BZh', 'compressed with bzip2'],
  ['\xfd7zXZ\0', 'compressed with xz'],
];

function refuseOthers(path: string, head: Uint8Array): void {
  const beginning = Buffer.from(head).toString('latin1');
  const other = OTHERS.find(([begin]) => beginning.startsWith(begin));
  if (other !== undefined) throw noText(path, other[1]);
}

function noText(path: string, what: string): AppFailure {
  return new AppFailure(
    'invalid-arguments',
    `${path} is ${what}. What is imported is CSV, NDJSON, JSON and Parquet, also with gzip or zstd: save it as one of these.`,
  );
}

async function headOf(path: string): Promise<Uint8Array> {
  try {
    const file = await open(path);
    try {
      const { buffer, bytesRead } = await file.read(Buffer.alloc(16), 0, 16, 0);
      return buffer.subarray(0, bytesRead);
    } finally {
      await file.close();
    }
  } catch (error) {
    throw localFileFailure(path, 'read', error);
  }
}

async function sampleOf(
  path: string,
  compression: ImportReading['compression'],
): Promise<{ readonly bytes: Uint8Array; readonly isWhole: boolean }> {
  const pieces: Uint8Array[] = [];
  let length = 0;
  for await (const piece of sourceBytes(path, compression)) {
    pieces.push(piece);
    length += piece.byteLength;
    if (length >= SAMPLE) return { bytes: Buffer.concat(pieces), isWhole: false };
  }
  return { bytes: Buffer.concat(pieces), isWhole: true };
}

/** The first rows of a source, which is closed then. */
export async function firstRows({ rows }: OpenRows, most: number): Promise<SourceRow[]> {
  const first: SourceRow[] = [];
  for await (const group of rows) {
    first.push(...group.slice(0, most - first.length));
    if (first.length >= most) break;
  }
  return first;
}

function columnsOf({ columns }: OpenRows, rows: readonly SourceRow[], { csv }: ImportReading): readonly FoundField[] {
  const cells = rows.flatMap((row) => (row.kind === 'cells' ? [row.cells] : []));
  return foundColumns(columns, cells, csv).filter(({ source }) => source !== BAD_ROW_REASON);
}

function membersOf(rows: readonly SourceRow[]): readonly FoundField[] {
  const read = rows.flatMap((row) => {
    const root = row.kind === 'json' ? readOrNull(row.text) : null;
    return root === null || row.kind !== 'json' ? [] : [{ text: row.text, root }];
  });
  return foundMembers(read).filter(({ source }) => source !== BAD_ROW_REASON);
}

function readOrNull(text: string): JsonNode | null {
  try {
    return readJson(text);
  } catch (error) {
    if (!(error instanceof JsonSyntaxError)) throw error;
    return null;
  }
}

function notesOf(
  { reading: { format, encoding, csv }, idField }: Pick<ImportSettings, 'reading' | 'idField'>,
  rows: readonly SourceRow[],
  fields: readonly FoundField[],
): readonly string[] {
  const notes: string[] = [];
  if (rows.length === 0) notes.push('There is no row in it.');
  if (encoding === 'windows-1252') {
    notes.push(
      'It is no UTF-8 and does not name its encoding: it is read as Windows-1252. Look at names with accents.',
    );
  }
  if (rows.length > 0 && format === 'csv' && !csv.header) {
    notes.push('Its first row is read as no row of names: the fields are called column_1, column_2 and so on.');
  }
  const hasId = idField !== null || fields.some(({ source }) => OF_ID.has(source));
  if (rows.length > 0 && format !== 'folder' && !hasId) {
    notes.push('Its rows have no field "id": each record gets a new id, unless the key template names another field.');
  }
  return notes;
}

/** Fields that a record takes its id from; those of a dataknobs record in its own form are within others. */
const OF_ID: ReadonlySet<string> = new Set(['id', 'record_id', 'fields', 'metadata']);
