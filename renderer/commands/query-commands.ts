import { addRule, newCondition } from '../query/draft.ts';
import { queryText } from '../query/query-text.ts';
import { isUnderWay } from '../query/result-session.ts';
import { currentWorkspace, type Tab } from '../shell/workspace.ts';
import { inCollection } from './availability.ts';
import type { Command } from './command.ts';
import type { CommandContext } from './context.ts';

/** What a tab's session is asked. */
function askedText({ language, statement, draft, sort }: Tab): string {
  return language === 'sql' ? statement : queryText(draft, sort);
}

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
  menu: 'Collection',
  when: inCollection,
  run: async ({ tab, session }) => {
    // The same key press may have added to the draft: what counts is the draft now, not the one last drawn.
    const now = currentWorkspace().tabs.find(({ id }) => id === tab?.id);
    if (now !== undefined) await session?.run(askedText(now), 'first-rows');
  },
};

export const STOP: Command<CommandContext> = {
  id: 'query.stop',
  name: 'Stop reading',
  icon: 'stop',
  shortcuts: ['Escape'],
  scope: 'page',
  menu: 'Collection',
  when: (context) => (canStop(context) ? 'available' : 'hidden'),
  run: ({ session }) => session?.stop(),
};

export const REFRESH: Command<CommandContext> = {
  id: 'query.refresh',
  name: 'Refresh: list the bucket again',
  icon: 'refresh',
  shortcuts: ['Mod+R', 'F5'],
  scope: 'anywhere',
  menu: 'Collection',
  when: inCollection,
  run: ({ tab, session }) => {
    // A statement is run when somebody says so, and this is one way to say it.
    if (tab !== null && session?.state().asked === null) return session.run(askedText(tab), 'forced');
    return session?.rerun('forced');
  },
};

/** No listing shows that another client has changed tags alone. */
export const READ_TAGS: Command<CommandContext> = {
  id: 'query.read-tags',
  name: 'Read the tags again',
  icon: 'tag',
  shortcuts: [],
  scope: 'anywhere',
  menu: 'Collection',
  when: ({ session }) => (session?.state().answer?.opened.tagsReadAt === undefined ? 'hidden' : 'available'),
  run: ({ session }) => session?.rerun('first-rows', { tagsReadBefore: Date.now() }),
};

export const EDIT_QUERY: Command<CommandContext> = {
  id: 'query.edit',
  name: 'Edit the query',
  icon: 'filter',
  shortcuts: ['Mod+L'],
  scope: 'anywhere',
  menu: 'Collection',
  when: inCollection,
  run: ({ tab, workspace }) => {
    if (tab === null) return;
    const draft = tab.draft.rules.length > 0 ? tab.draft : addRule(tab.draft, tab.draft.id, newCondition());
    if (tab.language === 'sql') workspace.askIn(tab.id, 'conditions');
    workspace.changeTab(tab.id, { builderOpen: true, draft });
  },
};

export const ASK_IN_SQL: Command<CommandContext> = {
  id: 'query.sql',
  name: 'Ask in SQL, or with conditions again',
  icon: 'terminal',
  shortcuts: ['Shift+Mod+E'],
  browserShortcuts: ['Alt+S'],
  scope: 'anywhere',
  menu: 'Collection',
  when: inCollection,
  checked: ({ tab }) => tab?.language === 'sql',
  run: ({ tab, workspace }) => {
    if (tab !== null) workspace.askIn(tab.id, tab.language === 'sql' ? 'conditions' : 'sql');
  },
};
