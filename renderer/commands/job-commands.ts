import type { ChosenRecords } from '../jobs/chosen-records.ts';
import { startJob } from '../jobs/start-job.ts';
import type { BulkDialog } from '../shell/workspace.ts';
import {
  chosenRecords,
  forCopyingAnswer,
  forCopyingRecords,
  forWritingAnswer,
  forWritingRecords,
  inCollection,
  wholeAnswer,
} from './availability.ts';
import type { Command } from './command.ts';
import type { CommandContext } from './context.ts';

export const TOGGLE_JOBS: Command<CommandContext> = {
  id: 'jobs.toggle',
  name: 'Show or hide the jobs',
  icon: 'list',
  shortcuts: ['Shift+Mod+A'],
  browserShortcuts: ['Alt+A'],
  scope: 'anywhere',
  menu: 'View',
  when: () => 'available',
  checked: ({ workspace }) => workspace.panel === 'jobs',
  run: ({ workspace }) => workspace.openPanel(workspace.panel === 'jobs' ? null : 'jobs'),
};

function open(
  kind: BulkDialog | 'set-class',
  { collection, workspace }: CommandContext,
  chosen: ChosenRecords | null,
): void {
  if (chosen !== null && collection !== null) workspace.openDialog({ kind, collection: collection.id, chosen });
}

export const CHANGE_RECORDS: Command<CommandContext> = {
  id: 'records.change',
  name: 'Change the selected records',
  icon: 'edit',
  scope: 'grid',
  menu: 'Record',
  when: forWritingRecords,
  run: (context) => open('change-records', context, chosenRecords(context)),
};

export const COPY_RECORDS: Command<CommandContext> = {
  id: 'records.copy-to',
  name: 'Copy or move the selected records to another collection',
  icon: 'arrow-right',
  scope: 'grid',
  menu: 'Record',
  when: forCopyingRecords,
  run: (context) => open('copy-records', context, chosenRecords(context)),
};

export const CHANGE_ANSWER: Command<CommandContext> = {
  id: 'answer.change',
  name: 'Change all records of this answer',
  icon: 'edit',
  scope: 'page',
  menu: 'Record',
  startsSection: true,
  when: forWritingAnswer,
  run: (context) => open('change-records', context, wholeAnswer(context)),
};

export const COPY_ANSWER: Command<CommandContext> = {
  id: 'answer.copy-to',
  name: 'Copy or move all records of this answer to another collection',
  icon: 'arrow-right',
  scope: 'page',
  menu: 'Record',
  when: forCopyingAnswer,
  run: (context) => open('copy-records', context, wholeAnswer(context)),
};

export const SET_CLASS: Command<CommandContext> = {
  id: 'records.set-class',
  name: 'Change the storage class of the selected records',
  icon: 'layers',
  scope: 'grid',
  menu: 'Record',
  when: forWritingRecords,
  run: (context) => open('set-class', context, chosenRecords(context)),
};

export const SET_CLASS_OF_ANSWER: Command<CommandContext> = {
  id: 'answer.set-class',
  name: 'Change the storage class of all records of this answer',
  icon: 'layers',
  scope: 'page',
  menu: 'Record',
  when: forWritingAnswer,
  run: (context) => open('set-class', context, wholeAnswer(context)),
};

export const DELETE_ANSWER: Command<CommandContext> = {
  id: 'answer.delete',
  name: 'Delete all records of this answer',
  icon: 'trash',
  scope: 'page',
  menu: 'Record',
  danger: true,
  when: forWritingAnswer,
  run: (context) => open('delete-records', context, wholeAnswer(context)),
};

export const PROMOTE: Command<CommandContext> = {
  id: 'collection.promote',
  name: 'Compare with another collection, and promote what differs',
  icon: 'arrow-up',
  scope: 'page',
  menu: 'Collection',
  when: inCollection,
  run: ({ collection, workspace }) => {
    if (collection !== null) workspace.openDialog({ kind: 'promote', collection: collection.id });
  },
};

export const REBUILD_INDEX: Command<CommandContext> = {
  id: 'collection.rebuild-index',
  name: 'Rebuild the index: read every record again',
  icon: 'refresh',
  scope: 'page',
  menu: 'Collection',
  when: inCollection,
  run: ({ collection, workspace }) => {
    if (collection === null) return;
    const { id } = collection;
    startJob({ kind: 'sync', collection: id, rebuild: true }, 'within-budget', () =>
      workspace.openDialog({ kind: 'rebuild-index', collection: id }),
    );
  },
};
