import type { Availability, Command } from './command.ts';
import type { CommandContext } from './context.ts';

const onCollection = ({ collection }: CommandContext): Availability =>
  collection === null ? { reason: 'Open a collection first' } : 'available';

const onConnection = ({ connection }: CommandContext): Availability =>
  connection === null ? { reason: 'Open a collection of the connection first' } : 'available';

/** For the sidebar, where the collection need not be the one that is shown. */
export const SHOW_COLLECTION: Command<CommandContext> = {
  id: 'collection.show',
  name: 'Open the collection',
  icon: 'collection',
  scope: 'page',
  menu: 'Collection',
  when: ({ collection, tab }) => (collection === null || collection.id === tab?.collection ? 'hidden' : 'available'),
  run: ({ collection, workspace }) => {
    if (collection !== null) workspace.openCollection(collection.id);
  },
};

export const OPEN_COLLECTION: Command<CommandContext> = {
  id: 'collection.open',
  name: 'Open a bucket or prefix',
  icon: 'bucket',
  shortcuts: ['Mod+O'],
  browserShortcuts: ['Alt+O'],
  scope: 'anywhere',
  menu: 'File',
  startsSection: true,
  when: () => 'available',
  run: ({ connection, workspace }) =>
    workspace.openDialog({ kind: 'collection', connection: connection?.id ?? null, collection: null }),
};

export const EDIT_COLLECTION: Command<CommandContext> = {
  id: 'collection.edit',
  name: 'Edit the collection',
  icon: 'edit',
  scope: 'page',
  menu: 'Collection',
  startsSection: true,
  when: onCollection,
  run: ({ collection, workspace }) => {
    if (collection === null) return;
    workspace.openDialog({ kind: 'collection', connection: collection.connectionId, collection: collection.id });
  },
};

export const FORGET_COLLECTION: Command<CommandContext> = {
  id: 'collection.forget',
  name: 'Forget what is on this machine',
  icon: 'trash',
  scope: 'page',
  menu: 'Collection',
  startsSection: true,
  when: onCollection,
  run: ({ collection, workspace }) => {
    if (collection !== null) workspace.openDialog({ kind: 'forget-collection', collection: collection.id });
  },
};

export const REMOVE_COLLECTION: Command<CommandContext> = {
  id: 'collection.remove',
  name: 'Remove from the sidebar',
  icon: 'close',
  scope: 'page',
  menu: 'Collection',
  when: onCollection,
  run: ({ collection, workspace }) => {
    if (collection !== null) workspace.openDialog({ kind: 'remove-collection', collection: collection.id });
  },
};

export const NEW_CONNECTION: Command<CommandContext> = {
  id: 'connection.new',
  name: 'New connection',
  icon: 'plus',
  scope: 'page',
  menu: 'File',
  when: () => 'available',
  run: ({ workspace }) => workspace.openDialog({ kind: 'connection', connection: null }),
};

export const EDIT_CONNECTION: Command<CommandContext> = {
  id: 'connection.edit',
  name: 'Edit the connection',
  icon: 'edit',
  scope: 'page',
  menu: 'File',
  when: onConnection,
  run: ({ connection, workspace }) => {
    if (connection !== null) workspace.openDialog({ kind: 'connection', connection: connection.id });
  },
};

export const SIGN_IN: Command<CommandContext> = {
  id: 'connection.sign-in',
  name: 'Sign in to the profile of the connection',
  icon: 'key',
  scope: 'page',
  menu: 'File',
  when: (context) =>
    context.connection !== null && context.connection.credentials.source !== 'profile'
      ? { reason: 'This connection uses no profile that somebody signs in to' }
      : onConnection(context),
  run: ({ connection, workspace }) => {
    if (connection?.credentials.source !== 'profile') return;
    workspace.openDialog({ kind: 'sign-in', profile: connection.credentials.profile, next: null });
  },
};

export const REMOVE_CONNECTION: Command<CommandContext> = {
  id: 'connection.remove',
  name: 'Remove the connection',
  icon: 'trash',
  scope: 'page',
  menu: 'File',
  when: onConnection,
  run: ({ connection, workspace }) => {
    if (connection !== null) workspace.openDialog({ kind: 'remove-connection', connection: connection.id });
  },
};
