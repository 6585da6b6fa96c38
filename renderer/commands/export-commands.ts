import { MOST_PICKED, type ChosenRecords } from '../jobs/chosen-records.ts';
import { formatCount } from '../ui/format.ts';
import { chosenRecords, inCollection, wholeAnswer } from './availability.ts';
import type { Availability, Command } from './command.ts';
import type { CommandContext } from './context.ts';

function whenThere(context: CommandContext, chosen: ChosenRecords | null, nothing: string): Availability {
  const there = inCollection(context);
  if (there !== 'available') return there;
  if (chosen === null) return { reason: nothing };
  if (chosen.ranges !== null && chosen.count > MOST_PICKED) {
    return {
      reason: `${formatCount(chosen.count)} records are selected; at most ${formatCount(MOST_PICKED)} can be picked, or all of an answer`,
    };
  }
  return context.session?.state().running === true ? { reason: 'The query is being run' } : 'available';
}

function openExport({ collection, session, workspace, tab }: CommandContext, chosen: ChosenRecords | null): void {
  const answer = session?.state().answer ?? null;
  if (chosen === null || collection === null || answer === null) return;
  const isSql = tab?.language === 'sql';
  const sql = isSql ? { statement: answer.query, sort: answer.sort } : null;
  workspace.openDialog({ kind: 'export', collection: collection.id, chosen, query: isSql ? '{}' : answer.query, sql });
}

/** All rows of the answer that is shown, those of a statement too; null where there is none. */
function wholeTable(context: CommandContext): ChosenRecords | null {
  if (context.tab?.language !== 'sql') return wholeAnswer(context);
  const opened = context.session?.state().answer?.opened;
  if (opened === undefined || opened.total === 0) return null;
  return { result: opened.result, ranges: null, count: opened.total, ofAll: opened.total };
}

export const EXPORT_SELECTION: Command<CommandContext> = {
  id: 'records.export',
  name: 'Export the selected records',
  icon: 'download',
  scope: 'page',
  menu: 'Record',
  when: (context) =>
    context.tab?.language === 'sql'
      ? { reason: 'Of a statement all rows are exported: narrow it' }
      : whenThere(context, chosenRecords(context), 'Choose records first'),
  run: (context) => openExport(context, chosenRecords(context)),
};

export const EXPORT_ANSWER: Command<CommandContext> = {
  id: 'answer.export',
  name: 'Export all records of this answer',
  icon: 'download',
  scope: 'page',
  menu: 'Record',
  when: (context) => whenThere(context, wholeTable(context), 'The answer has no rows'),
  run: (context) => openExport(context, wholeTable(context)),
};
