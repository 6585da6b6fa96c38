import type { Command } from './command.ts';
import type { CommandContext } from './context.ts';

export const SAVE_DIAGNOSTICS: Command<CommandContext> = {
  id: 'application.diagnostics',
  name: 'Diagnostics for a report of a bug',
  scope: 'page',
  menu: 'Help',
  startsSection: true,
  when: () => 'available',
  run: ({ workspace }) => workspace.openDialog({ kind: 'diagnostics' }),
};

export const SHOW_ABOUT: Command<CommandContext> = {
  id: 'application.about',
  name: 'About Dipper, and the licences of what is in it',
  scope: 'page',
  menu: 'Help',
  when: () => 'available',
  run: ({ workspace }) => workspace.openDialog({ kind: 'about' }),
};
