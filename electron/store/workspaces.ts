import { join } from 'node:path';
import { z } from 'zod';
import type { KeptWorkspace } from '../../shared/workspace.ts';
import { describeIssue } from './describe-issue.ts';
import { workspaceSchema } from './schemas.ts';
import { openStoredFile, type ReadContent } from './stored-file.ts';
import { createWrittenSoon } from './written-soon.ts';

/** What each window shows, newest first: a page that loads anew finds its own, a new window goes on from the last one. */
export interface Workspaces {
  read(window: string): KeptWorkspace | null;
  /**
   * Known at once, written soon: a selection that moves with a held key must not become a write a row. Rejects with what
   * kept the write before this one from being done.
   */
  save(window: string, workspace: KeptWorkspace): Promise<void>;
  /** Closes the tabs of a collection. */
  removeCollection(collection: string): Promise<void>;
  /** Leaves the tabs of a collection open, without what was done in them. */
  forgetCollection(collection: string): Promise<void>;
  /** Writes the file anew, because a collection is kept in memory only now. */
  rewrite(): Promise<void>;
  /** Writes what is not written yet. */
  flush(): Promise<void>;
}

const MOST_WINDOWS = 8;
const MILLISECONDS_BETWEEN_WRITES = 1_000;

const windowsSchema = z.array(z.strictObject({ window: z.string(), workspace: workspaceSchema }));
type Windows = readonly { readonly window: string; readonly workspace: KeptWorkspace }[];

/** `isMemoryOnly`: of such a collection the file has only that its tab is open. */
export async function openWorkspaces(
  root: string,
  problems: string[],
  isMemoryOnly: (collection: string) => boolean,
): Promise<Workspaces> {
  const file = await openStoredFile<Windows>(join(root, 'workspaces.json'), readWindows, [], problems);
  let windows = file.value;
  const soon = createWrittenSoon(
    () =>
      file.update(() =>
        windows.map(({ window, workspace }) => ({
          window,
          workspace: withTabs(workspace, (tab) =>
            tab.collection !== null && isMemoryOnly(tab.collection) ? [{ ...tab, state: null }] : [tab],
          ),
        })),
      ),
    MILLISECONDS_BETWEEN_WRITES,
  );

  const change = async (tabsOf: TabsOf): Promise<void> => {
    windows = windows.map(({ window, workspace }) => ({ window, workspace: withTabs(workspace, tabsOf) }));
    await soon.write();
  };

  return {
    read: (window) => (windows.find((other) => other.window === window) ?? windows[0])?.workspace ?? null,
    save: async (window, workspace) => {
      windows = [{ window, workspace }, ...windows.filter((other) => other.window !== window)].slice(0, MOST_WINDOWS);
      const failed = soon.changed();
      if (failed !== null) throw failed;
    },
    removeCollection: (collection) => change((tab) => (tab.collection === collection ? [] : [tab])),
    forgetCollection: (collection) =>
      change((tab) => (tab.collection === collection ? [{ ...tab, state: null }] : [tab])),
    rewrite: soon.write,
    flush: soon.flush,
  };
}

type Tab = KeptWorkspace['tabs'][number];
type TabsOf = (tab: Tab) => readonly Tab[];

function withTabs(workspace: KeptWorkspace, tabsOf: TabsOf): KeptWorkspace {
  return { ...workspace, tabs: workspace.tabs.flatMap(tabsOf) };
}

function readWindows(content: unknown): ReadContent<Windows> {
  const parsed = windowsSchema.safeParse(content);
  if (parsed.success) return { value: parsed.data, lost: null };
  const { path, reason } = describeIssue(parsed.error);
  return { value: [], lost: `${path === '' ? 'its content' : path} ${reason}` };
}
