import type { ChosenRecords } from '../jobs/chosen-records.ts';
import { startJob } from '../jobs/start-job.ts';
import type { IconName } from '../ui/icon-shapes.ts';
import type { BulkDialog } from '../shell/workspace.ts';
import {
  chosenRecords,
  forCopyingAnswer,
  forCopyingRecords,
  forWriting,
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

interface BulkWork {
  readonly dialog: BulkDialog | 'set-class';
  /** Of the commands: `records.ID` and `answer.ID`. */
  readonly id: string;
  /** What stands before and behind "the selected records": `Copy`, `to another collection`. */
  readonly words: readonly [verb: string, rest?: string];
  readonly icon: IconName;
  /** The records stay as they are. */
  readonly onlyReads?: boolean;
}

/** The same for the records that are selected, and for all of an answer. */
function bulkCommands({ dialog, id, words: [verb, rest], icon, onlyReads = false }: BulkWork) {
  const named = (records: string): string => [verb, records, ...(rest === undefined ? [] : [rest])].join(' ');
  const selected: Command<CommandContext> = {
    id: `records.${id}`,
    name: named('the selected records'),
    icon,
    scope: 'grid',
    menu: 'Record',
    when: onlyReads ? forCopyingRecords : forWritingRecords,
    run: (context) => open(dialog, context, chosenRecords(context)),
  };
  const answer: Command<CommandContext> = {
    id: `answer.${id}`,
    name: named('all records of this answer'),
    icon,
    scope: 'page',
    menu: 'Record',
    when: onlyReads ? forCopyingAnswer : forWritingAnswer,
    run: (context) => open(dialog, context, wholeAnswer(context)),
  };
  return { selected, answer };
}

export const CHANGE = bulkCommands({ dialog: 'change-records', id: 'change', words: ['Change'], icon: 'edit' });

export const SET_CLASS = bulkCommands({
  dialog: 'set-class',
  id: 'set-class',
  words: ['Change the storage class of'],
  icon: 'layers',
});

export const RESTORE = bulkCommands({
  dialog: 'restore-records',
  id: 'restore',
  words: ['Restore', 'from the archive'],
  icon: 'snow',
});

export const COPY_TO = bulkCommands({
  dialog: 'copy-records',
  id: 'copy-to',
  words: ['Copy or move', 'to another collection'],
  icon: 'arrow-right',
  onlyReads: true,
});

/** Of the selected records it is the record's own command. */
export const DELETE_ANSWER: Command<CommandContext> = {
  ...bulkCommands({ dialog: 'delete-records', id: 'delete', words: ['Delete'], icon: 'trash' }).answer,
  danger: true,
};

export const UNDELETE: Command<CommandContext> = {
  id: 'collection.undelete',
  name: 'Bring back deleted records',
  icon: 'undo',
  scope: 'page',
  menu: 'Collection',
  when: forWriting,
  run: ({ collection, workspace }) => {
    if (collection !== null) workspace.openDialog({ kind: 'undelete', collection: collection.id });
  },
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
