import { call } from '../api/call.ts';
import { exportConnections } from '../connections/export-connections.ts';
import type { Command } from './command.ts';
import type { CommandContext } from './context.ts';

export const MANAGE_CONNECTIONS: Command<CommandContext> = {
  id: 'connection.manage',
  name: 'Manage connections',
  icon: 'arrange',
  scope: 'page',
  menu: 'File',
  when: () => 'available',
  run: ({ workspace }) => workspace.openDialog({ kind: 'connections' }),
};

export const IMPORT_CONNECTIONS: Command<CommandContext> = {
  id: 'connection.import',
  name: 'Import connections',
  icon: 'upload',
  scope: 'page',
  menu: 'File',
  when: () => 'available',
  run: ({ workspace }) => workspace.openDialog({ kind: 'import-connections', file: null }),
};

export const EXPORT_CONNECTIONS: Command<CommandContext> = {
  id: 'connection.export-all',
  name: 'Export connections',
  icon: 'download',
  scope: 'page',
  menu: 'File',
  when: () => 'available',
  run: ({ workspace }) => exportConnections(null, workspace.say),
};

export const EXPORT_CONNECTION: Command<CommandContext> = {
  id: 'connection.export',
  name: 'Export the connection',
  icon: 'download',
  scope: 'page',
  menu: 'File',
  when: ({ connection }) => ofOne(connection, 'exported'),
  run: async ({ connection, workspace }) => {
    if (connection !== null) await exportConnections(connection, workspace.say);
  },
};

export const DUPLICATE_CONNECTION: Command<CommandContext> = {
  id: 'connection.duplicate',
  name: 'Duplicate the connection',
  icon: 'copy',
  scope: 'page',
  menu: 'File',
  when: ({ connection }) => ofOne(connection, 'duplicated'),
  run: async ({ connection, workspace }) => {
    if (connection === null) return;
    const { name } = await call('connections:duplicate', { connection: connection.id });
    workspace.say(`${connection.name} duplicated as ${name}`);
  },
};

function ofOne(connection: CommandContext['connection'], what: string) {
  if (connection === null) return { reason: 'Open a collection of the connection first' };
  return connection.kind === 'sandbox' ? { reason: `There is one Sandbox: it is not ${what}` } : ('available' as const);
}
