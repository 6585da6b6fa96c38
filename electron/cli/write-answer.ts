import { readJson } from '../../shared/json/read-json.ts';
import type { OpenedQuery, ResultRow } from '../../shared/page.ts';
import { createCsvWriter, type CsvWriter } from './csv-rows.ts';
import { jsonLine } from '../../shared/json/json-line.ts';
import { rowLine } from './row-line.ts';
import type { OpenCollection } from './session.ts';
import { createTableWriter, type TableWriter } from './table.ts';
import type { Terminal } from './terminal.ts';

export const FORMATS = ['table', 'json', 'ndjson', 'csv'] as const;
export type Format = (typeof FORMATS)[number];

export interface AnswerForm {
  readonly format: Format;
  readonly formulaGuard: boolean;
}

/** As many as a call answers at most. */
const ROWS = 1000;

/** Records that a query found. `query` is its JSON text, for the columns that it selects. */
export async function writeAnswer(
  terminal: Terminal,
  open: OpenCollection,
  opened: OpenedQuery,
  { query, format, formulaGuard }: AnswerForm & { readonly query: string },
): Promise<void> {
  const { columns, unreadable } = opened;
  const fields = (): readonly string[] => selectedFields(query) ?? columns.map(({ name }) => name);
  await writeAs(terminal, open, opened, format, {
    table: () => createTableWriter({ columns, hasIds: true, hasUnreadable: unreadable > 0 }),
    line: rowLine,
    csv: () => createCsvWriter({ fields: fields(), hasIds: true, hasUnreadable: unreadable > 0, guard: formulaGuard }),
  });
}

/** Rows of a statement in SQL: its columns alone. */
export async function writeSqlAnswer(
  terminal: Terminal,
  open: OpenCollection,
  opened: OpenedQuery,
  { format, formulaGuard }: AnswerForm,
): Promise<void> {
  const { columns } = opened;
  const fields = columns.map(({ name }) => name);
  await writeAs(terminal, open, opened, format, {
    table: () => createTableWriter({ columns, hasIds: false, hasUnreadable: false }),
    line: (row) => jsonLine(row.fields ?? '{}'),
    csv: () => createCsvWriter({ fields, hasIds: false, hasUnreadable: false, guard: formulaGuard }),
  });
}

interface Writers {
  readonly table: () => TableWriter;
  /** One of NDJSON. */
  readonly line: (row: ResultRow) => string;
  readonly csv: () => CsvWriter;
}

/** Page by page, so that an answer of any size needs no more memory. */
async function writeAs(
  terminal: Terminal,
  open: OpenCollection,
  opened: OpenedQuery,
  format: Format,
  writers: Writers,
): Promise<void> {
  switch (format) {
    case 'table':
      await writeTable(terminal, open, opened, writers.table());
      return;
    case 'ndjson':
      await eachPage(open, opened, (rows) => terminal.write(`${rows.map(writers.line).join('\n')}\n`));
      return;
    case 'json': {
      let written = 0;
      await eachPage(open, opened, async (rows) => {
        await terminal.write(`${written === 0 ? '[\n' : ',\n'}${rows.map(writers.line).join(',\n')}`);
        written += rows.length;
      });
      await terminal.write(written === 0 ? '[]\n' : '\n]\n');
      return;
    }
    case 'csv': {
      const csv = writers.csv();
      await terminal.write(csv.header);
      await eachPage(open, opened, (rows) => terminal.write(csv.lines(rows)));
    }
  }
}

async function writeTable(
  terminal: Terminal,
  { caller, signal }: OpenCollection,
  { result, total }: OpenedQuery,
  table: TableWriter,
): Promise<void> {
  let from = 0;
  do {
    const page = await caller.call('query:page', { result, from, count: ROWS }, signal);
    await terminal.write(table.lines(page));
    if (page.keys.length === 0) break;
    from += page.keys.length;
  } while (from < total);
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
