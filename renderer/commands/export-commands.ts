import { MOST_PICKED, type ChosenRecords } from '../jobs/chosen-records.ts';
import { formatCount } from '../ui/format.ts';
import { chosenRecords, inCollection, wholeAnswer } from './availability.ts';
import type { Availability, Command } from './command.ts';
import type { CommandContext } from './context.ts';

function whenThere(context: CommandContext, chosen: ChosenRecords | null, nothing: string): Availability {
  const there = inCollection(context);
  if (there !== 'available') return there;
  if (context.tab?.language === 'sql') return { reason: 'The rows of a statement are no records; ask with conditions' };
  if (chosen === null) return { reason: nothing };
  if (chosen.ranges !== null && chosen.count > MOST_PICKED) {
    return {
      reason: `${formatCount(chosen.count)} records are selected; at most ${formatCount(MOST_PICKED)} can be picked, or all of an answer`,
    };
  }
  return context.session?.state().running === true ? { reason: 'The query is being run' } : 'available';
}

function openExport({ collection, session, workspace }: CommandContext, chosen: ChosenRecords | null): void {
  const query = session?.state().answer?.query;
  if (chosen === null || collection === null || query === undefined) return;
  workspace.openDialog({ kind: 'export', collection: collection.id, chosen, query });
}

export const EXPORT_SELECTION: Command<CommandContext> = {
  id: 'records.export',
  name: 'Export the selected records',
  icon: 'download',
  scope: 'page',
  menu: 'Record',
  when: (context) => whenThere(context, chosenRecords(context), 'Choose records first'),
  run: (context) => openExport(context, chosenRecords(context)),
};

export const EXPORT_ANSWER: Command<CommandContext> = {
  id: 'answer.export',
  name: 'Export all records of this answer',
  icon: 'download',
  scope: 'page',
  menu: 'Record',
  when: (context) => whenThere(context, wholeAnswer(context), 'The answer has no records'),
  run: (context) => openExport(context, wholeAnswer(context)),
};
