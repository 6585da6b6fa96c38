import { readJson } from '../../shared/json/read-json.ts';
import type { OpenedQuery, ResultRow } from '../../shared/page.ts';
import { createCsvWriter } from './csv-rows.ts';
import { rowLine } from './row-line.ts';
import type { OpenCollection } from './session.ts';
import { createTableWriter } from './table.ts';
import type { Terminal } from './terminal.ts';

export const FORMATS = ['table', 'json', 'ndjson', 'csv'] as const;
export type Format = (typeof FORMATS)[number];

export interface AnswerForm {
  readonly format: Format;
  /** JSON text of the query, for the columns that it selects. */
  readonly query: string;
  readonly formulaGuard: boolean;
}

/** As many as a call answers at most. */
const ROWS = 1000;

/** Page by page, so that an answer of any size needs no more memory. */
export async function writeAnswer(
  terminal: Terminal,
  open: OpenCollection,
  opened: OpenedQuery,
  { format, query, formulaGuard }: AnswerForm,
): Promise<void> {
  switch (format) {
    case 'table':
      await writeTable(terminal, open, opened);
      return;
    case 'ndjson':
      await eachPage(open, opened, (rows) => terminal.write(`${rows.map(rowLine).join('\n')}\n`));
      return;
    case 'json': {
      let written = 0;
      await eachPage(open, opened, async (rows) => {
        await terminal.write(`${written === 0 ? '[\n' : ',\n'}${rows.map(rowLine).join(',\n')}`);
        written += rows.length;
      });
      await terminal.write(written === 0 ? '[]\n' : '\n]\n');
      return;
    }
    case 'csv': {
      const fields = selectedFields(query) ?? opened.columns.map(({ name }) => name);
      const csv = createCsvWriter({ fields, hasUnreadable: opened.unreadable > 0, guard: formulaGuard });
      await terminal.write(csv.header);
      await eachPage(open, opened, (rows) => terminal.write(csv.lines(rows)));
    }
  }
}

async function writeTable(terminal: Terminal, { caller, signal }: OpenCollection, opened: OpenedQuery): Promise<void> {
  const table = createTableWriter(opened);
  let from = 0;
  do {
    const page = await caller.call('query:page', { result: opened.result, from, count: ROWS }, signal);
    await terminal.write(table.lines(page));
    if (page.keys.length === 0) break;
    from += page.keys.length;
  } while (from < opened.total);
}

async function eachPage(
  { caller, signal }: OpenCollection,
  { result, total }: OpenedQuery,
  write: (rows: readonly ResultRow[]) => Promise<void>,
): Promise<void> {
  let from = 0;
  while (from < total) {
    const rows = await caller.call('query:rows', { result, from, count: ROWS }, signal);
    if (rows.length === 0) break;
    await write(rows);
    from += rows.length;
  }
}

/** A field that is asked for has its column also where no record has it. Null where all fields are shown. */
function selectedFields(query: string): readonly string[] | null {
  const root = readJson(query);
  const select = root.kind === 'object' ? root.members.findLast(({ name }) => name === 'select')?.value : undefined;
  if (select?.kind !== 'array' || select.items.length === 0) return null;
  return select.items.flatMap((item) => (item.kind === 'string' ? [item.value] : []));
}
