import { ResultSession } from './result-session.ts';

const sessions = new Map<string, ResultSession>();

/** The session of a tab: made when first asked for, kept while the tab is open, also while another tab is shown. */
export function sessionOf(tab: string, collection: string): ResultSession {
  const found = sessions.get(tab);
  if (found !== undefined && found.collection === collection) return found;
  found?.dispose();
  const made = new ResultSession(collection);
  sessions.set(tab, made);
  return made;
}

/** Ends the sessions of tabs that are gone. */
export function keepSessions(tabs: readonly string[]): void {
  for (const [tab, session] of sessions) {
    if (tabs.includes(tab)) continue;
    session.dispose();
    sessions.delete(tab);
  }
}
