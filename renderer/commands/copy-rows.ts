import type { ResultRow } from '../../shared/page.ts';
import { readJson } from '../../shared/json/read-json.ts';
import { call } from '../api/call.ts';
import type { GridColumn } from '../grid/columns.ts';
import { countSelected, type Selection } from '../grid/selection.ts';

export const MOST_COPIED_ROWS = 10_000;

export type CopyForm = 'tsv' | 'json';

export interface CopiedFields {
  /** As shown. Facts of the object are left out: what is copied is the record. */
  readonly columns: readonly GridColumn[];
  /** Names of fields that are hidden. */
  readonly left: readonly string[];
}

/** The whole rows of a selection as text: nothing clipped, numbers with all their digits. */
export async function rowsAsText(
  result: string,
  selection: Selection,
  fields: CopiedFields,
  form: CopyForm,
): Promise<string> {
  if (countSelected(selection) > MOST_COPIED_ROWS) throw new Error('More rows than can be copied');
  const rows: ResultRow[] = [];
  for (const { from, to } of selection.ranges) {
    for (let at = from; at < to;) {
      const answer = await call('query:rows', { result, from: at, count: Math.min(to - at, 1000) });
      if (answer.length === 0) break;
      rows.push(...answer);
      at += answer.length;
    }
  }
  return form === 'json' ? asJson(rows, new Set(fields.left)) : asTsv(rows, fields.columns);
}

/** One field of one row, of which the grid has only the beginning. */
export async function wholeValue(result: string, row: number, field: string): Promise<string> {
  const [found] = await call('query:rows', { result, from: row, count: 1 });
  return membersOf(found?.fields ?? '{}').get(field) ?? '';
}

/** The records' own texts, without the members that are hidden; the others stand in the record's order. */
export function asJson(rows: readonly ResultRow[], left: ReadonlySet<string>): string {
  const texts = rows.map(({ fields, id }) => {
    if (fields === null) return JSON.stringify({ id });
    return left.size === 0 ? fields : withoutMembers(fields, left);
  });
  return texts.length === 1 ? (texts[0] ?? '') : `[\n${texts.join(',\n')}\n]`;
}

export function asTsv(rows: readonly ResultRow[], columns: readonly GridColumn[]): string {
  const copied = columns.filter(({ role }) => role === 'id' || role === 'field');
  const lines = [copied.map(({ name }) => tsvCell(name)).join('\t')];
  for (const { id, fields } of rows) {
    const values = fields === null ? new Map<string, string>() : membersOf(fields);
    lines.push(copied.map(({ role, name }) => tsvCell(role === 'id' ? id : (values.get(name) ?? ''))).join('\t'));
  }
  return lines.join('\n');
}

function withoutMembers(text: string, left: ReadonlySet<string>): string {
  const root = readJson(text);
  if (root.kind !== 'object') return text;
  const kept = root.members.filter(({ name }) => !left.has(name));
  return `{${kept.map(({ name, value }) => `${JSON.stringify(name)}: ${text.slice(value.start, value.end)}`).join(', ')}}`;
}

/** Texts of the members: strings as themselves, all else as JSON. */
function membersOf(text: string): ReadonlyMap<string, string> {
  const root = readJson(text);
  if (root.kind !== 'object') return new Map();
  return new Map(
    root.members.map(({ name, value }) => [
      name,
      value.kind === 'string' ? value.value : value.kind === 'null' ? '' : text.slice(value.start, value.end),
    ]),
  );
}

/** Spreadsheets end a cell at a tab and a row at a line break. */
function tsvCell(text: string): string {
  return /[\t\n\r"]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}
