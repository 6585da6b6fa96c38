import { addRule, newCondition } from '../query/draft.ts';
import { isUnderWay } from '../query/result-session.ts';
import { queryText } from '../query/query-text.ts';
import { currentWorkspace } from '../shell/workspace.ts';
import type { Availability, Command } from './command.ts';
import type { CommandContext } from './context.ts';
import { COPY, COPY_JSON, COPY_TABLE } from './copy-commands.ts';

const OPEN_A_COLLECTION: Availability = { reason: 'Open a collection first' };

const inCollection = ({ tab, collection }: CommandContext): Availability =>
  tab === null || collection === null ? OPEN_A_COLLECTION : 'available';

const forWriting = (context: CommandContext): Availability => {
  if (context.connection?.readOnly === true)
    return { reason: `The connection ${context.connection.name} is read-only` };
  return inCollection(context);
};

/** The record of the active row, where its page is here. */
function activeRecord({ tab, session }: CommandContext): { readonly key: string; readonly etag: string | null } | null {
  const row = tab === null ? null : (session?.state().answer?.pages.row(tab.active.row) ?? null);
  if (row === null) return null;
  const key = row.page.keys[row.offset];
  return key === undefined ? null : { key, etag: row.page.etags[row.offset] ?? null };
}

const onRecord = (context: CommandContext): Availability =>
  activeRecord(context) === null ? { reason: 'Choose a record first' } : 'available';

/** Busy: a query is on its way, or a sync behind the answer. */
export function canStop(context: CommandContext): boolean {
  const state = context.session?.state();
  return state !== undefined && (state.running || isUnderWay(state.progress));
}

export const RUN: Command<CommandContext> = {
  id: 'query.run',
  name: 'Run the query',
  shortcuts: ['Mod+Enter'],
  scope: 'anywhere',
  group: 'Query',
  when: inCollection,
  run: async ({ tab, session }) => {
    // The same key press may have added to the draft: what counts is the draft now, not the one last drawn.
    const now = currentWorkspace().tabs.find(({ id }) => id === tab?.id);
    if (now !== undefined) await session?.run(queryText(now.draft, now.sort), 'first-rows');
  },
};

export const STOP: Command<CommandContext> = {
  id: 'query.stop',
  name: 'Stop reading',
  icon: 'stop',
  shortcuts: ['Escape'],
  scope: 'page',
  group: 'Query',
  when: (context) => (canStop(context) ? 'available' : 'hidden'),
  run: ({ session }) => session?.stop(),
};

export const REFRESH: Command<CommandContext> = {
  id: 'query.refresh',
  name: 'Refresh: list the bucket again',
  icon: 'refresh',
  shortcuts: ['Mod+R', 'F5'],
  scope: 'anywhere',
  group: 'Query',
  when: inCollection,
  run: ({ session }) => session?.rerun('forced'),
};

export const EDIT_QUERY: Command<CommandContext> = {
  id: 'query.edit',
  name: 'Edit the query',
  icon: 'filter',
  shortcuts: ['Mod+L'],
  scope: 'anywhere',
  group: 'Query',
  when: inCollection,
  run: ({ tab, workspace }) => {
    if (tab === null) return;
    const draft = tab.draft.rules.length > 0 ? tab.draft : addRule(tab.draft, tab.draft.id, newCondition());
    workspace.changeTab(tab.id, { builderOpen: true, draft });
  },
};

export const NEW_RECORD: Command<CommandContext> = {
  id: 'record.new',
  name: 'New record',
  icon: 'plus',
  shortcuts: ['Mod+N'],
  browserShortcuts: ['Alt+N'],
  scope: 'anywhere',
  group: 'Records',
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
  group: 'Records',
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
  group: 'Records',
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
  group: 'Records',
  when: (context) => {
    const writing = forWriting(context);
    return writing === 'available' ? onRecord(context) : writing;
  },
  run: (context) => {
    const record = activeRecord(context);
    if (record === null || context.collection === null) return;
    context.workspace.openDialog({ kind: 'new-record', collection: context.collection.id, copyOf: record.key });
  },
};

export const DELETE_RECORD: Command<CommandContext> = {
  id: 'record.delete',
  name: 'Delete the record',
  icon: 'trash',
  shortcuts: ['Delete', 'Mod+Backspace'],
  scope: 'grid',
  group: 'Records',
  when: (context) => {
    const writing = forWriting(context);
    return writing === 'available' ? onRecord(context) : writing;
  },
  run: (context) => {
    const record = activeRecord(context);
    if (record === null || context.collection === null) return;
    context.workspace.openDialog({ kind: 'delete-record', collection: context.collection.id, ...record });
  },
};

export const TOGGLE_INSPECTOR: Command<CommandContext> = {
  id: 'inspector.toggle',
  name: 'Show or hide the inspector',
  icon: 'panel-right',
  shortcuts: ['Mod+I'],
  browserShortcuts: ['Alt+I'],
  scope: 'anywhere',
  group: 'Tabs and panels',
  when: inCollection,
  run: (context) => {
    const { tab, workspace } = context;
    if (workspace.inspectorOpen || tab === null) return workspace.setInspectorOpen(false);
    const record = tab.record ?? activeRecord(context)?.key ?? null;
    workspace.changeTab(tab.id, { record });
    workspace.setInspectorOpen(true);
  },
};

export const TOGGLE_REQUESTS: Command<CommandContext> = {
  id: 'requests.toggle',
  name: 'Show or hide the request log',
  icon: 'requests',
  shortcuts: ['Shift+Mod+L'],
  browserShortcuts: ['Alt+L'],
  scope: 'anywhere',
  group: 'Tabs and panels',
  when: () => 'available',
  run: ({ workspace }) => workspace.setRequestsOpen(!workspace.requestsOpen),
};

export const NEW_TAB: Command<CommandContext> = {
  id: 'tab.new',
  name: 'New tab',
  icon: 'plus',
  shortcuts: ['Mod+T'],
  browserShortcuts: ['Alt+T'],
  scope: 'anywhere',
  group: 'Tabs and panels',
  when: () => 'available',
  run: ({ workspace }) => workspace.openWelcome(),
};

export const CLOSE_TAB: Command<CommandContext> = {
  id: 'tab.close',
  name: 'Close the tab',
  icon: 'close',
  shortcuts: ['Mod+W'],
  browserShortcuts: ['Alt+W'],
  scope: 'anywhere',
  group: 'Tabs and panels',
  when: ({ tab }) => (tab === null ? 'hidden' : 'available'),
  run: ({ tab, workspace }) => {
    if (tab !== null) workspace.closeTab(tab.id);
  },
};

export const OPEN_COLLECTION: Command<CommandContext> = {
  id: 'collection.open',
  name: 'Open a bucket or prefix',
  icon: 'bucket',
  scope: 'page',
  group: 'Application',
  when: () => 'available',
  run: ({ connection, workspace }) =>
    workspace.openDialog({ kind: 'collection', connection: connection?.id ?? null, collection: null }),
};

export const NEW_CONNECTION: Command<CommandContext> = {
  id: 'connection.new',
  name: 'New connection',
  icon: 'plus',
  scope: 'page',
  group: 'Application',
  when: () => 'available',
  run: ({ workspace }) => workspace.openDialog({ kind: 'connection', connection: null }),
};

export const SHOW_SHORTCUTS: Command<CommandContext> = {
  id: 'application.shortcuts',
  name: 'Shortcuts',
  shortcuts: ['?'],
  scope: 'page',
  group: 'Application',
  when: () => 'available',
  run: ({ workspace }) => workspace.openDialog({ kind: 'shortcuts' }),
};

/** Commands of the frame; those of a panel are registered by the panel. */
export const APPLICATION_COMMANDS: readonly Command<CommandContext>[] = [
  RUN,
  STOP,
  REFRESH,
  EDIT_QUERY,
  NEW_RECORD,
  OPEN_RECORD,
  PEEK,
  DUPLICATE_RECORD,
  DELETE_RECORD,
  COPY,
  COPY_TABLE,
  COPY_JSON,
  TOGGLE_INSPECTOR,
  TOGGLE_REQUESTS,
  NEW_TAB,
  CLOSE_TAB,
  OPEN_COLLECTION,
  NEW_CONNECTION,
  SHOW_SHORTCUTS,
];
