import {
  activeRecord,
  chosenRecords,
  forWriting,
  forWritingRecord,
  forWritingRecords,
  onRecord,
  openRecord,
} from './availability.ts';
import type { Command } from './command.ts';
import type { CommandContext } from './context.ts';
import { download } from '../record/downloads.ts';

export const NEW_RECORD: Command<CommandContext> = {
  id: 'record.new',
  name: 'New record',
  icon: 'plus',
  shortcuts: ['Mod+N'],
  browserShortcuts: ['Alt+N'],
  scope: 'anywhere',
  menu: 'Record',
  when: forWriting,
  run: ({ collection, workspace }) => {
    if (collection !== null) workspace.openDialog({ kind: 'new-record', collection: collection.id, copyOf: null });
  },
};

export const OPEN_RECORD: Command<CommandContext> = {
  id: 'record.open',
  name: 'Open the record',
  icon: 'panel-right',
  shortcuts: ['Enter'],
  scope: 'grid',
  menu: 'Record',
  startsSection: true,
  when: onRecord,
  run: (context) => {
    const record = activeRecord(context);
    if (record === null || context.tab === null) return;
    context.workspace.changeTab(context.tab.id, { record: record.key });
    context.workspace.setInspectorOpen(true);
  },
};

export const PEEK: Command<CommandContext> = {
  id: 'record.peek',
  name: 'Show or hide the record beside the grid',
  icon: 'panel-right',
  shortcuts: ['Space'],
  scope: 'grid',
  menu: 'Record',
  when: onRecord,
  run: (context) => {
    if (context.workspace.inspectorOpen) context.workspace.setInspectorOpen(false);
    else return OPEN_RECORD.run(context);
  },
};

export const DUPLICATE_RECORD: Command<CommandContext> = {
  id: 'record.duplicate',
  name: 'Duplicate the record',
  icon: 'copy',
  shortcuts: ['Mod+D'],
  browserShortcuts: ['Alt+D'],
  scope: 'page',
  menu: 'Record',
  when: forWritingRecord,
  run: (context) => {
    const record = activeRecord(context);
    if (record === null || context.collection === null) return;
    context.workspace.openDialog({ kind: 'new-record', collection: context.collection.id, copyOf: record.key });
  },
};

export const DOWNLOAD_RECORD: Command<CommandContext> = {
  id: 'record.download',
  name: 'Download the object of the record',
  icon: 'download',
  scope: 'page',
  menu: 'Record',
  when: (context) => (openRecord(context) === null ? onRecord(context) : 'available'),
  run: async (context) => {
    const key = openRecord(context) ?? activeRecord(context)?.key;
    if (key !== undefined && context.collection !== null) await download({ collection: context.collection.id, key });
  },
};

export const DELETE_RECORD: Command<CommandContext> = {
  id: 'record.delete',
  name: 'Delete the record, or the selected records',
  icon: 'trash',
  shortcuts: ['Delete', 'Mod+Backspace'],
  scope: 'grid',
  menu: 'Record',
  startsSection: true,
  danger: true,
  when: forWritingRecords,
  run: (context) => {
    const { collection, workspace } = context;
    const chosen = chosenRecords(context);
    if (collection === null || chosen === null) return;
    const record = activeRecord(context);
    if (chosen.count > 1) workspace.openDialog({ kind: 'delete-records', collection: collection.id, chosen });
    else if (record !== null) workspace.openDialog({ kind: 'delete-record', collection: collection.id, ...record });
  },
};
