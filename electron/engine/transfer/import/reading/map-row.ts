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
import { kindInWords } from '../../../records/plain-codec.ts';
import { REPLACEMENT, type CellsRow, type JsonRow, type SourceRow } from './source-row.ts';
import { cellValue, nodeValue, UnfittingValue } from './value-text.ts';

/** The JSON text of the record that a row becomes. Throws `invalid-record` for a bad one. */
export type MapRow = (row: SourceRow) => string;

type Mapping = Pick<ImportSettings, 'fields' | 'reading'>;

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

function createCellMapper({ fields, reading }: Mapping, columns: readonly string[]): (row: CellsRow) => string {
  const all = columns.map((source): ImportField => ({ source, path: [source], type: 'auto' }));
  const tree = treeOf(fields ?? all.filter(({ source }) => source !== BAD_ROW_REASON), columns);
  const { formulaGuard } = reading.csv;
  const isMarked = columns[0] === BAD_ROW_REASON;

  const textOf = (branch: Branch, cells: readonly string[], isRoot: boolean): string => {
    let text = '';
    for (const [name, place] of branch) {
      let value: string | null;
      if (place instanceof Map) value = textOf(place, cells, false);
      else value = fitting(place.source, () => cellValue(cells[place.cell] ?? '', place.type, formulaGuard));
      if (value === null || value === '') continue;
      text += `${text === '' ? '{' : ','}${name}:${value}`;
    }
    if (text !== '') return `${text}}`;
    return isRoot ? '{}' : '';
  };

  return ({ cells }) => {
    if (cells.length !== columns.length) {
      const [has, wanted] = isMarked ? [cells.length - 1, columns.length - 1] : [cells.length, columns.length];
      throw badRow(`The row has ${has} ${has === 1 ? 'value' : 'values'}, not ${wanted} as the others.`);
    }
    const text = textOf(tree, cells, true);
    if (text.includes(REPLACEMENT)) throw badRow(NOT_IN_ENCODING);
    return text;
  };
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

function recordOf(settings: Mapping, row: JsonRow): string {
  const { text, root } = objectOf(row);
  if (text.includes(REPLACEMENT)) throw badRow(NOT_IN_ENCODING);
  if (settings.fields === null) return findMember(root, BAD_ROW_REASON) === null ? text : withoutReason(text, root);
  const parts: Nested = new Map();
  for (const { source, path, type } of settings.fields) {
    const node = findMember(root, source)?.value;
    if (node !== undefined)
      putAt(
        parts,
        path,
        fitting(source, () => nodeValue(text, node, type)),
      );
  }
  return printNested(parts);
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

function withoutReason(text: string, root: JsonObject): string {
  const members = resolveMembers(root).filter(({ name }) => name !== BAD_ROW_REASON);
  return `{${members.map(({ nameStart, value }) => text.slice(nameStart, value.end)).join(', ')}}`;
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
