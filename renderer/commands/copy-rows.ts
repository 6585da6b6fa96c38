import type { ResultRow } from '../../shared/page.ts';
import { readJson } from '../../shared/json/read-json.ts';
import { call } from '../api/call.ts';
import { countSelected, type Selection } from '../grid/selection.ts';

export const MOST_COPIED_ROWS = 10_000;

/** `value` is the one field of the one row, alone. */
export type CopyForm = 'tsv' | 'json' | 'value';

/** The whole rows of a selection as text: nothing clipped, numbers with all their digits. */
export async function rowsAsText(
  result: string,
  selection: Selection,
  fields: readonly string[],
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
  if (form === 'value') return membersOf(rows[0]?.fields ?? '{}').get(fields[0] ?? '') ?? '';
  return form === 'json' ? asJson(rows) : asTsv(rows, fields);
}

function asJson(rows: readonly ResultRow[]): string {
  const texts = rows.map(({ fields, id }) => fields ?? JSON.stringify({ id }));
  return texts.length === 1 ? (texts[0] ?? '') : `[\n${texts.join(',\n')}\n]`;
}

function asTsv(rows: readonly ResultRow[], fields: readonly string[]): string {
  const lines = [['id', ...fields].map(tsvCell).join('\t')];
  for (const { id, fields: text } of rows) {
    const values = text === null ? new Map<string, string>() : membersOf(text);
    lines.push([id, ...fields.map((name) => values.get(name) ?? '')].map(tsvCell).join('\t'));
  }
  return lines.join('\n');
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
