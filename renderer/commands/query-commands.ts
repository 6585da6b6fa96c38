import { ruleOf } from '../query/draft-rule.ts';
import { addRule, newCondition } from '../query/draft.ts';
import { whereText } from '../query/query-text.ts';
import { isUnderWay } from '../query/result-session.ts';
import { askedText, runTab } from '../query/run-query.ts';
import { textProblem } from '../query/typed-text.ts';
import { copyText } from '../ui/copy-text.ts';
import { inCollection } from './availability.ts';
import type { Availability, Command } from './command.ts';
import type { CommandContext } from './context.ts';

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
  when: (context) => {
    const { tab } = context;
    const isText = tab?.builderOpen === true && tab.asText && tab.language === 'conditions';
    const problem = isText ? textProblem(tab) : null;
    return problem === null ? inCollection(context) : { reason: `The text cannot be read: ${problem.message}` };
  },
  run: async ({ tab }) => {
    if (tab !== null) await runTab(tab.id);
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

/** In the builder the same key goes to the text and back. */
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
    const isShown = tab.builderOpen && tab.language === 'conditions';
    const asText = isShown && !tab.asText;
    const isBare = !asText && tab.draft.rules.length === 0;
    const draft = isBare ? addRule(tab.draft, tab.draft.id, newCondition()) : tab.draft;
    if (tab.language === 'sql') workspace.askIn(tab.id, 'conditions');
    workspace.changeTab(tab.id, { builderOpen: true, asText, draft });
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

/** Shows the builder with the query as text, where one can be pasted as well. */
export const EDIT_AS_TEXT: Command<CommandContext> = {
  id: 'query.text',
  name: 'Edit or paste the query as text',
  icon: 'edit',
  scope: 'anywhere',
  menu: 'Collection',
  when: inCollection,
  run: ({ tab, workspace }) => {
    if (tab === null) return;
    if (tab.language === 'sql') workspace.askIn(tab.id, 'conditions');
    workspace.changeTab(tab.id, { builderOpen: true, asText: true });
  },
};

const withConditions = (context: CommandContext): Availability => {
  const available = inCollection(context);
  if (available !== 'available' || context.tab === null) return available;
  return ruleOf(context.tab.draft) === null ? { reason: 'The query has no conditions' } : 'available';
};

export const SAVE_QUERY: Command<CommandContext> = {
  id: 'query.save',
  name: 'Save the query under a name',
  icon: 'star',
  scope: 'anywhere',
  menu: 'Collection',
  startsSection: true,
  when: withConditions,
  run: ({ tab, workspace }) => {
    if (tab?.collection == null) return;
    workspace.openDialog({ kind: 'save-query', collection: tab.collection, tab: tab.id });
  },
};

export const SHOW_SAVED: Command<CommandContext> = {
  id: 'query.saved',
  name: 'Saved queries',
  icon: 'list',
  scope: 'anywhere',
  menu: 'Collection',
  when: inCollection,
  run: (context) => openQueries(context, 'saved'),
};

export const SHOW_HISTORY: Command<CommandContext> = {
  id: 'query.history',
  name: 'Queries that ran',
  icon: 'clock',
  scope: 'anywhere',
  menu: 'Collection',
  when: inCollection,
  run: (context) => openQueries(context, 'history'),
};

export const COPY_QUERY: Command<CommandContext> = {
  id: 'query.copy',
  name: 'Copy the query as text',
  icon: 'copy',
  scope: 'anywhere',
  menu: 'Collection',
  startsSection: true,
  when: withConditions,
  run: async ({ tab, workspace }) => {
    if (tab === null) return;
    const copied = await copyText(whereText(tab.draft));
    workspace.say(copied ? 'The query is copied as text' : 'The clipboard refused it');
  },
};

export const COPY_QUERY_AS: Command<CommandContext> = {
  id: 'query.copy-as',
  name: 'Copy the query as code: Python, AWS CLI, SQL',
  icon: 'braces',
  scope: 'anywhere',
  menu: 'Collection',
  when: inCollection,
  run: ({ tab, workspace }) => {
    if (tab?.collection == null) return;
    workspace.openDialog({ kind: 'copy-query', collection: tab.collection, tab: tab.id });
  },
};

function openQueries({ tab, workspace }: CommandContext, shown: 'saved' | 'history'): void {
  if (tab?.collection == null) return;
  workspace.openDialog({ kind: 'queries', collection: tab.collection, tab: tab.id, shown });
}
