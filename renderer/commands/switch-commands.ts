import type { Connection } from '../../shared/connection.ts';
import { call, toAppError } from '../api/call.ts';
import { switchTo } from '../connections/switch-connection.ts';
import { currentWorkspace } from '../shell/workspace.ts';
import { inCollection } from './availability.ts';
import type { Command } from './command.ts';
import type { CommandContext } from './context.ts';

/** Those that have a digit. */
const MOST_WITH_KEYS = 9;

/** One for each connection, the first nine with a digit: in the order in which they are listed. */
export function switchCommands(connections: readonly Connection[]): readonly Command<CommandContext>[] {
  return connections.map((connection, place) => ({
    id: `connection.switch.${connection.id}`,
    name: `Switch to ${connection.name}`,
    icon: 'server',
    // Browsers have their own tabs behind Mod and a digit.
    ...(place < MOST_WITH_KEYS ? { shortcuts: [`Mod+${place + 1}`], browserShortcuts: [`Alt+${place + 1}`] } : {}),
    scope: 'anywhere',
    menu: 'View',
    startsSection: place === 0,
    when: (context) => (context.connection?.id === connection.id ? 'hidden' : 'available'),
    run: ({ collection }) => switchTo(connection, collection),
  }));
}

export const SHOW_ELSEWHERE: Command<CommandContext> = {
  id: 'collection.show-elsewhere',
  name: 'Show on another connection, or copy records there',
  icon: 'server',
  scope: 'page',
  menu: 'Collection',
  when: inCollection,
  run: ({ collection, workspace }) => {
    if (collection === null) return;
    // Its records are what can be copied.
    workspace.openCollection(collection.id);
    workspace.openDialog({ kind: 'show-elsewhere', collection: collection.id, connection: null });
  },
};

export const START_SANDBOX: Command<CommandContext> = {
  id: 'sandbox.start',
  name: 'Start the Sandbox',
  icon: 'play',
  scope: 'page',
  menu: 'File',
  startsSection: true,
  when: () => 'available',
  run: () => saying('The Sandbox runs', () => call('servers:start-sandbox', {})),
};

export const STOP_SANDBOX: Command<CommandContext> = {
  id: 'sandbox.stop',
  name: 'Stop the Sandbox',
  icon: 'stop',
  scope: 'page',
  menu: 'File',
  when: () => 'available',
  run: () => saying('The Sandbox is stopped', () => call('servers:stop-sandbox', {})),
};

export const START_LOCALSTACK: Command<CommandContext> = {
  id: 'localstack.start',
  name: 'Start a LocalStack',
  icon: 'terminal',
  scope: 'page',
  menu: 'File',
  when: () => 'available',
  run: ({ workspace }) => workspace.openDialog({ kind: 'start-localstack' }),
};

async function saying(done: string, act: () => Promise<unknown>): Promise<void> {
  const { say } = currentWorkspace();
  try {
    await act();
    say(done);
  } catch (error) {
    say(toAppError(error).message);
  }
}
