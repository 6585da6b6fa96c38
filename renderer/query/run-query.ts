import type { QueryText } from '../../shared/saved-query.ts';
import { parseWhere } from '../../shared/query-text/parse-where.ts';
import { call } from '../api/call.ts';
import { currentWorkspace, type Tab } from '../shell/workspace.ts';
import { draftOf } from './draft-rule.ts';
import { queryText, whereText } from './query-text.ts';
import { sessionOf } from './sessions.ts';

/** Changes a tab's conditions or sort, and runs them. */
export async function runChanged(id: string, change: Partial<Pick<Tab, 'draft' | 'sort' | 'typed'>>): Promise<void> {
  const { changeTab, askIn, tabs } = currentWorkspace();
  if (tabs.find((tab) => tab.id === id)?.language === 'sql') askIn(id, 'conditions');
  changeTab(id, change);
  await runTab(id);
}

/** Runs a query out of its text. Throws QueryTextError. */
export async function runText(tab: string, { where, sort }: QueryText): Promise<void> {
  await runChanged(tab, { draft: draftOf(parseWhere(where)), sort, typed: null });
}

/** Runs what a tab asks now, not what it asked when it was last drawn. */
export async function runTab(id: string): Promise<void> {
  const tab = currentWorkspace().tabs.find((each) => each.id === id);
  if (tab === undefined || tab.collection === null) return;
  await sessionOf(tab, tab.collection).run(askedText(tab), 'first-rows');
  keepRun(tab);
}

/** What a tab's session is asked. */
export function askedText({ language, statement, draft, sort }: Tab): string {
  return language === 'sql' ? statement : queryText(draft, sort);
}

/** Puts the conditions that a tab asked into the history, where they have been answered. */
export function keepRun(tab: Tab): void {
  const { collection, draft, sort, language } = tab;
  if (collection === null || language === 'sql') return;
  const { answer, failure, running } = sessionOf(tab, collection).state();
  const where = whereText(draft);
  if (where === '' || failure !== null || running || answer?.query !== queryText(draft, sort)) return;
  const { total, complete } = answer.opened;
  const run = { where, sort, ranAt: Date.now(), found: complete ? total : null };
  call('saved-queries:add-run', { collection, run }).catch((error: unknown) => {
    console.warn('What ran could not be kept', error);
  });
}
