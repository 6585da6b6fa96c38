import type { Tab } from '../shell/workspace.ts';
import { IN_SQL, ResultSession } from './result-session.ts';

/** What a tab asks in. Each has a session of its own, so that both answers are there when somebody goes to and fro. */
export type Language = Tab['language'];

const sessions = new Map<string, Partial<Record<Language, ResultSession>>>();

/** The session of what a tab shows: made when first asked for, kept while the tab is open, also while another one is shown. */
export function sessionOf({ id, language }: Pick<Tab, 'id' | 'language'>, collection: string): ResultSession {
  const ofTab = sessions.get(id) ?? {};
  sessions.set(id, ofTab);
  const found = ofTab[language];
  if (found !== undefined && found.collection === collection) return found;
  found?.dispose();
  const made = language === 'sql' ? new ResultSession(collection, IN_SQL) : new ResultSession(collection);
  ofTab[language] = made;
  return made;
}

/** Ends the sessions of tabs that are gone. */
export function keepSessions(tabs: readonly string[]): void {
  for (const [tab, ofTab] of sessions) {
    if (tabs.includes(tab)) continue;
    for (const session of Object.values(ofTab)) session.dispose();
    sessions.delete(tab);
  }
}
