import { findMember, resolveMembers } from '../../../../../shared/json/find-node.ts';
import { JsonSyntaxError } from '../../../../../shared/json/json-syntax-error.ts';
import type { JsonNode, JsonObject } from '../../../../../shared/json/node.ts';
import { readJson } from '../../../../../shared/json/read-json.ts';
import {
  BAD_ROW_REASON,
  BAD_ROW_TEXT,
  type ImportField,
  type ImportSettings,
  type ImportType,
} from '../../../../../shared/import.ts';
import { AppFailure } from '../../../../../shared/result.ts';
import { isJson } from '../../../records/decode-record.ts';
import { kindInWords } from '../../../records/plain-codec.ts';
import { REPLACEMENT, type CellsRow, type JsonRow, type SourceRow } from './source-row.ts';
import { cellValue, nodeValue, UnfittingValue } from './value-text.ts';

/** A row as a record. */
export interface MappedRow {
  /** Its JSON text. */
  readonly record: string;
  /** Where the source has it beside the record; null otherwise. */
  readonly id: string | null;
}

/** Throws `invalid-record` for a bad row. */
export type MapRow = (row: SourceRow) => MappedRow;

export type Mapping = Pick<ImportSettings, 'fields' | 'reading' | 'idField' | 'metadataField'>;

/** `columns`: the fields of CSV in the order of its cells. */
export function createRowMapper(settings: Mapping, columns: readonly string[]): MapRow {
  const cells = createCellMapper(settings, columns);
  return (row) => {
    switch (row.kind) {
      case 'broken':
        throw badRow(row.problem);
      case 'cells':
        return cells(row);
      case 'json':
        return recordOf(settings, row);
    }
  };
}

export function badRow(problem: string, cause?: unknown): AppFailure {
  return new AppFailure('invalid-record', problem, cause === undefined ? {} : { cause });
}

const NOT_IN_ENCODING = 'The row holds bytes that are no text in this encoding. Choose another one.';

/** A place in the record: the type of a cell, or what is within. */
type Branch = Map<string, { readonly cell: number; readonly type: ImportType; readonly source: string } | Branch>;

function createCellMapper(
  { fields, reading, idField, metadataField }: Mapping,
  columns: readonly string[],
): (row: CellsRow) => MappedRow {
  const beside = new Set([BAD_ROW_REASON, idField, metadataField]);
  const all = columns.map((source): ImportField => ({ source, path: [source], type: 'auto' }));
  const tree = treeOf(fields ?? all.filter(({ source }) => !beside.has(source)), columns);
  const idCell = idField === null ? -1 : columns.indexOf(idField);
  const metadataCell = metadataField === null ? -1 : columns.indexOf(metadataField);
  const { csv } = reading;
  const isMarked = columns[0] === BAD_ROW_REASON;
  const isWhole = metadataCell >= 0;

  const textOf = (branch: Branch, cells: readonly string[], isRoot: boolean): string => {
    let text = '';
    for (const [name, place] of branch) {
      let value: string | null;
      if (place instanceof Map) value = textOf(place, cells, false);
      else value = fitting(place.source, () => cellValue(cells[place.cell] ?? '', place.type, csv));
      if (value === null || value === '') continue;
      text += `${text === '' ? '{' : ','}${name}:${isRoot && isWhole ? fieldText(value) : value}`;
    }
    if (text !== '') return `${text}}`;
    return isRoot ? '{}' : '';
  };

  return ({ cells }) => {
    if (cells.length !== columns.length) {
      const [has, wanted] = isMarked ? [cells.length - 1, columns.length - 1] : [cells.length, columns.length];
      throw badRow(`The row has ${has} ${has === 1 ? 'value' : 'values'}, not ${wanted} as the others.`);
    }
    const fieldTexts = textOf(tree, cells, true);
    const metadata = isWhole
      ? fitting(metadataField ?? '', () => cellValue(cells[metadataCell] ?? '', 'json', csv))
      : null;
    const record = isWhole ? wholeText(fieldTexts, metadata) : fieldTexts;
    if (record.includes(REPLACEMENT)) throw badRow(NOT_IN_ENCODING);
    const id = idCell < 0 ? null : fitting(idField ?? '', () => cellValue(cells[idCell] ?? '', 'string', csv));
    return { record, id: id === null ? null : String(JSON.parse(id)) };
  };
}

/** A field in dataknobs' own form, which a record with metadata is written in. */
function fieldText(value: string): string {
  return `{"value":${value}}`;
}

function wholeText(fields: string, metadata: string | null): string {
  return `{"fields":${fields},"metadata":${metadata ?? '{}'}}`;
}

/** Names are JSON texts: they are written as often as there are rows. */
function treeOf(fields: readonly ImportField[], columns: readonly string[]): Branch {
  const tree: Branch = new Map();
  for (const { source, path, type } of fields) {
    const cell = columns.indexOf(source);
    if (cell < 0) continue;
    let branch = tree;
    for (const step of path.slice(0, -1)) {
      const name = JSON.stringify(step);
      const below = branch.get(name);
      const next: Branch = below instanceof Map ? below : new Map();
      branch.set(name, next);
      branch = next;
    }
    branch.set(JSON.stringify(path.at(-1) ?? source), { cell, type, source });
  }
  return tree;
}

function recordOf({ fields, idField, metadataField, reading }: Mapping, row: JsonRow): MappedRow {
  const { text, root } = objectOf(row);
  if (text.includes(REPLACEMENT)) throw badRow(NOT_IN_ENCODING);
  const id = row.id ?? idIn(root, idField);
  const metadata = metadataField === null ? null : metadataIn(root, text, metadataField);
  const beside = new Set([BAD_ROW_REASON, idField, metadataField]);
  if (fields === null && metadataField === null && !root.members.some(({ name }) => beside.has(name))) {
    return { record: text, id };
  }
  const parts: Nested = new Map();
  if (fields === null) {
    for (const { name, value } of resolveMembers(root)) {
      if (!beside.has(name)) parts.set(name, text.slice(value.start, value.end));
    }
  } else {
    for (const { source, path, type } of fields) {
      const node = findMember(root, source)?.value;
      // A column of one type has no other way to say that there is nothing.
      const isMissing = node?.kind === 'null' && reading.format === 'parquet' && type !== 'auto';
      if (node !== undefined && !isMissing)
        putAt(
          parts,
          path,
          fitting(source, () => nodeValue(text, node, type)),
        );
    }
  }
  if (metadataField === null) return { record: printNested(parts), id };
  for (const [name, value] of parts) parts.set(name, fieldText(typeof value === 'string' ? value : printNested(value)));
  return { record: wholeText(printNested(parts), metadata), id };
}

/** The text of an object, which a column of Parquet holds as a text. */
function metadataIn(root: JsonObject, text: string, metadataField: string): string | null {
  const node = findMember(root, metadataField)?.value;
  if (node === undefined || node.kind === 'null') return null;
  const isText = node.kind === 'string' && isJson(node.value);
  const metadata = isText ? readJson(node.value) : node;
  if (metadata.kind !== 'object') {
    throw badRow(`The field ${JSON.stringify(metadataField)} holds metadata, and here it is ${kindInWords(metadata)}.`);
  }
  return isText ? node.value : text.slice(node.start, node.end);
}

function idIn(root: JsonObject, idField: string | null): string | null {
  const node = idField === null ? undefined : findMember(root, idField)?.value;
  if (node === undefined || node.kind === 'null') return null;
  if (node.kind === 'string') return node.value;
  if (node.kind === 'number') return node.text;
  throw badRow(`The field ${JSON.stringify(idField)} holds the id, and here it is ${kindInWords(node)}.`);
}

/** Of a row that a file of bad rows holds as a text: what the text says. */
function objectOf(row: JsonRow): { readonly text: string; readonly root: JsonObject } {
  const root = read(row.text);
  if (root.kind !== 'object') throw badRow(`The row is ${kindInWords(root)}, not an object.`);
  const given = findMember(root, BAD_ROW_TEXT)?.value;
  if (given?.kind !== 'string' || root.members.some(({ name }) => name !== BAD_ROW_TEXT && name !== BAD_ROW_REASON)) {
    return { text: row.text, root };
  }
  const inner = read(given.value);
  if (inner.kind !== 'object') throw badRow(`The row is ${kindInWords(inner)}, not an object.`);
  return { text: given.value, root: inner };
}

function read(text: string): JsonNode {
  try {
    return readJson(text);
  } catch (error) {
    if (!(error instanceof JsonSyntaxError)) throw error;
    throw badRow(`The row is no JSON: ${error.message} (column ${error.column})`, error);
  }
}

type Nested = Map<string, string | Nested>;

function putAt(root: Nested, path: readonly string[], text: string): void {
  let within = root;
  for (const step of path.slice(0, -1)) {
    const below = within.get(step);
    const next: Nested = below instanceof Map ? below : new Map();
    within.set(step, next);
    within = next;
  }
  within.set(path.at(-1) ?? '', text);
}

/** Paths are as deep as a person made them. */
function printNested(values: Nested): string {
  const members = Array.from(
    values,
    ([name, value]) => `${JSON.stringify(name)}:${typeof value === 'string' ? value : printNested(value)}`,
  );
  return `{${members.join(',')}}`;
}

function fitting<T>(source: string, value: () => T): T {
  try {
    return value();
  } catch (error) {
    if (!(error instanceof UnfittingValue)) throw error;
    throw badRow(`The field ${JSON.stringify(source)} ${error.message}.`, error);
  }
}
