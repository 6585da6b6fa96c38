import { DEFAULT_VIEW } from '../../shared/view.ts';
import { toAppError } from '../api/call.ts';
import { shownColumns } from '../grid/column-layout.ts';
import { cellValue, type GridColumn } from '../grid/columns.ts';
import { countSelected, selectRow, type Selection } from '../grid/selection.ts';
import { sqlGridColumns } from '../sql/sql-columns.ts';
import { copyText } from '../ui/copy-text.ts';
import { countOf, formatCount } from '../ui/format.ts';
import type { Availability, Command } from './command.ts';
import type { CommandContext } from './context.ts';
import { MOST_COPIED_ROWS, rowsAsText, wholeValue, type CopyForm } from './copy-rows.ts';

function chosen({ tab }: CommandContext): Selection | null {
  if (tab === null) return null;
  return tab.selection.ranges.length > 0 ? tab.selection : selectRow(Math.max(tab.active.row, 0));
}

const withRows = (context: CommandContext): Availability => {
  const answer = context.session?.state().answer ?? null;
  const selection = chosen(context);
  if (answer === null || selection === null || answer.opened.total === 0) return { reason: 'Choose a record first' };
  const count = countSelected(selection);
  return count > MOST_COPIED_ROWS
    ? { reason: `${formatCount(count)} records are selected; at most ${formatCount(MOST_COPIED_ROWS)} can be copied` }
    : 'available';
};

/** What is copied is what is seen: the columns that are shown, in their order. */
function seenColumns({ session, view, tab }: CommandContext): readonly GridColumn[] {
  const answered = session?.state().answer?.opened.columns ?? [];
  if (tab?.language === 'sql') return sqlGridColumns(answered);
  return shownColumns(answered, (view ?? DEFAULT_VIEW).columns);
}

async function copyRows(context: CommandContext, form: CopyForm): Promise<void> {
  const answer = context.session?.state().answer ?? null;
  const selection = chosen(context);
  if (answer === null || selection === null) return;
  const columns = seenColumns(context);
  const answered = answer.opened.columns.map(({ name }) => name);
  const seen = new Set(columns.flatMap((column) => (column.role === 'field' ? [column.name] : [])));
  const left = answered.filter((name) => !seen.has(name));
  const without = left.length === 0 ? '' : `, without ${countOf(left.length, 'hidden field')}`;
  await copy(
    context,
    () => rowsAsText(answer.opened.result, selection, { columns, left }, form),
    `${countOf(countSelected(selection), context.tab?.language === 'sql' ? 'row' : 'record')} copied as ${form === 'tsv' ? 'a table' : 'JSON'}${without}`,
  );
}

async function copyCell(context: CommandContext): Promise<void> {
  const { tab, session } = context;
  const answer = session?.state().answer ?? null;
  const columns = seenColumns(context);
  // The grid keeps its active cell among the columns that there are.
  const column = tab === null ? undefined : columns[Math.min(tab.active.place, columns.length - 1)];
  const row = tab === null ? null : (answer?.pages.row(tab.active.row) ?? null);
  if (answer === null || tab === null || row === null || column === undefined) return;
  const value = cellValue(row.page, row.offset, column);
  const whole = async (): Promise<string> => {
    if (value.fullLength === null) return value.kind === 'null' ? 'null' : value.text;
    return wholeValue(answer.opened.result, tab.active.row, column.name);
  };
  await copy(context, whole, `${column.name} copied`);
}

async function copy({ workspace }: CommandContext, text: () => Promise<string>, done: string): Promise<void> {
  try {
    workspace.say((await copyText(await text())) ? done : 'Nothing was copied: the system refuses the clipboard');
  } catch (error) {
    workspace.say(`Nothing was copied. ${toAppError(error).message}`);
  }
}

export const COPY: Command<CommandContext> = {
  id: 'record.copy',
  name: 'Copy the cell, or the selected records as a table',
  icon: 'copy',
  shortcuts: ['Mod+C'],
  scope: 'grid',
  menu: 'Record',
  startsSection: true,
  when: withRows,
  run: (context) =>
    countSelected(context.tab?.selection ?? { ranges: [], anchor: null }) > 1
      ? copyRows(context, 'tsv')
      : copyCell(context),
};

export const COPY_TABLE: Command<CommandContext> = {
  id: 'record.copy-table',
  name: 'Copy as a table',
  icon: 'table',
  scope: 'grid',
  menu: 'Record',
  when: withRows,
  run: (context) => copyRows(context, 'tsv'),
};

export const COPY_JSON: Command<CommandContext> = {
  id: 'record.copy-json',
  name: 'Copy as JSON',
  icon: 'braces',
  shortcuts: ['Shift+Mod+C'],
  browserShortcuts: ['Alt+C'],
  scope: 'grid',
  menu: 'Record',
  when: withRows,
  run: (context) => copyRows(context, 'json'),
};
