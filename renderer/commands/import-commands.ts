import { forWriting } from './availability.ts';
import type { Command } from './command.ts';
import type { CommandContext } from './context.ts';

export const IMPORT: Command<CommandContext> = {
  id: 'collection.import',
  name: 'Import a file or folder',
  icon: 'upload',
  scope: 'page',
  menu: 'Collection',
  startsSection: true,
  when: forWriting,
  run: ({ collection, workspace }) => {
    if (collection !== null) workspace.openDialog({ kind: 'import', collection: collection.id, picked: null });
  },
};
