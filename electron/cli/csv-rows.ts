import { csvLine, type CsvCell } from '../../shared/csv-text.ts';
import type { JsonNode } from '../../shared/json/node.ts';
import { readJson } from '../../shared/json/read-json.ts';
import type { ResultRow } from '../../shared/page.ts';
import { jsonLine } from '../../shared/json/json-line.ts';

/** Writes rows of a result as CSV: the id, the fields, and where objects are no records the reason. */
export interface CsvWriter {
  readonly header: string;
  lines(rows: readonly ResultRow[]): string;
}

export interface CsvShape {
  /** Names of top-level fields, in the order of the columns. */
  readonly fields: readonly string[];
  /** The rows are records: their ids stand first. */
  readonly hasIds: boolean;
  readonly hasUnreadable: boolean;
  /** False with `--no-formula-guard`. */
  readonly guard: boolean;
}

export function createCsvWriter({ fields, hasIds, hasUnreadable, guard }: CsvShape): CsvWriter {
  const line = (cells: readonly CsvCell[]): string => csvLine(cells, guard);
  const ours = new Set([...(hasIds ? ['id'] : []), ...(hasUnreadable ? ['error'] : [])]);
  // A field that is called like a column of ours has the name that queries give it.
  const titles = [...(hasIds ? ['id'] : []), ...fields.map((name) => (ours.has(name) ? `fields.${name}` : name))];
  if (hasUnreadable) titles.push('error');

  const cellsOf = ({ id, fields: own, problem }: ResultRow): readonly CsvCell[] => {
    const values = own === null ? new Map<string, CsvCell>() : valuesOf(own);
    const cells = [...(hasIds ? [text(id)] : []), ...fields.map((name) => values.get(name) ?? MISSING)];
    if (hasUnreadable) cells.push(problem === null ? MISSING : text(problem));
    return cells;
  };
  return { header: line(titles.map(text)), lines: (rows) => rows.map((row) => line(cellsOf(row))).join('') };
}

const MISSING: CsvCell = { kind: 'missing' };

function text(of: string): CsvCell {
  return { kind: 'text', text: of };
}

/** The members of a record, by name: of two with one name the last counts. */
function valuesOf(record: string): ReadonlyMap<string, CsvCell> {
  const root = readJson(record);
  if (root.kind !== 'object') return new Map();
  return new Map(root.members.map(({ name, value }) => [name, cellOf(record, value)]));
}

function cellOf(record: string, node: JsonNode): CsvCell {
  if (node.kind === 'string') return { kind: 'string', text: node.value };
  const own = record.slice(node.start, node.end);
  // Digits stay as they are; NaN and the infinities need no quotes outside of JSON.
  return { kind: 'json', text: node.kind === 'number' ? own : jsonLine(own) };
}
