import { chosenRecords, forWritingAnswer, forWritingRecords, wholeAnswer, inCollection } from './availability.ts';
import type { Command } from './command.ts';
import type { CommandContext } from './context.ts';
import { startJob } from '../jobs/start-job.ts';

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

export const SET_FIELD: Command<CommandContext> = {
  id: 'records.set-field',
  name: 'Set a field of the selected records',
  icon: 'edit',
  scope: 'grid',
  menu: 'Record',
  when: forWritingRecords,
  run: (context) => {
    const chosen = chosenRecords(context);
    if (chosen === null || context.collection === null) return;
    context.workspace.openDialog({ kind: 'set-field', collection: context.collection.id, chosen });
  },
};

export const SET_FIELD_OF_ANSWER: Command<CommandContext> = {
  id: 'answer.set-field',
  name: 'Set a field of all records of this answer',
  icon: 'edit',
  scope: 'page',
  menu: 'Record',
  startsSection: true,
  when: forWritingAnswer,
  run: (context) => {
    const chosen = wholeAnswer(context);
    if (chosen === null || context.collection === null) return;
    context.workspace.openDialog({ kind: 'set-field', collection: context.collection.id, chosen });
  },
};

export const SET_CLASS: Command<CommandContext> = {
  id: 'records.set-class',
  name: 'Change the storage class of the selected records',
  icon: 'layers',
  scope: 'grid',
  menu: 'Record',
  when: forWritingRecords,
  run: (context) => {
    const chosen = chosenRecords(context);
    if (chosen === null || context.collection === null) return;
    context.workspace.openDialog({ kind: 'set-class', collection: context.collection.id, chosen });
  },
};

export const SET_CLASS_OF_ANSWER: Command<CommandContext> = {
  id: 'answer.set-class',
  name: 'Change the storage class of all records of this answer',
  icon: 'layers',
  scope: 'page',
  menu: 'Record',
  when: forWritingAnswer,
  run: (context) => {
    const chosen = wholeAnswer(context);
    if (chosen === null || context.collection === null) return;
    context.workspace.openDialog({ kind: 'set-class', collection: context.collection.id, chosen });
  },
};

export const DELETE_ANSWER: Command<CommandContext> = {
  id: 'answer.delete',
  name: 'Delete all records of this answer',
  icon: 'trash',
  scope: 'page',
  menu: 'Record',
  danger: true,
  when: forWritingAnswer,
  run: (context) => {
    const chosen = wholeAnswer(context);
    if (chosen === null || context.collection === null) return;
    context.workspace.openDialog({ kind: 'delete-records', collection: context.collection.id, chosen });
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
