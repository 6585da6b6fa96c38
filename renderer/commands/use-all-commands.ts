import { useMemo } from 'react';
import { APPLICATION_COMMANDS } from './application-commands.ts';
import type { Command } from './command.ts';
import type { CommandContext } from './context.ts';
import { useRegisteredCommands } from './registry.ts';

/** What can be done now, in the order of the menus: the frame's, then those of the panels that are open. */
export function useAllCommands(): readonly Command<CommandContext>[] {
  const registered = useRegisteredCommands();
  return useMemo(() => [...APPLICATION_COMMANDS, ...registered], [registered]);
}
