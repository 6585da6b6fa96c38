import { join } from 'node:path';
import type { Collection } from '../../shared/collection.ts';
import type { Connection } from '../../shared/connection.ts';
import { DEFAULT_SETTINGS, type Settings } from '../../shared/settings.ts';
import { openDataFolder, type DataFolder } from './data-folder.ts';
import { createDrafts, type Drafts } from './drafts.ts';
import { describeIssue } from './describe-issue.ts';
import { collectionSchema, connectionSchema, settingsSchema } from './schemas.ts';
import { openLedgerFile, type LedgerFile } from './ledger-file.ts';
import { openRatesFile, type RatesByConnection } from './rates-file.ts';
import { type PriceFile, readPriceFiles } from './price-files.ts';
import { openStoredFile, type StoredFile } from './stored-file.ts';
import { openStoredList, type StoredList } from './stored-list.ts';
import { openSavedQueries, type SavedQueriesStore } from './saved-queries.ts';
import { openUrlCollections, type UrlCollections } from './url-collections.ts';
import { openViews, type Views } from './views.ts';
import { openWorkspaces, type Workspaces } from './workspaces.ts';

/** What a data folder keeps on disk, apart from indexes and the sandbox. */
export interface Store {
  readonly folder: DataFolder;
  readonly settings: StoredFile<Settings>;
  readonly connections: StoredList<Connection>;
  readonly collections: StoredList<Collection>;
  readonly urlCollections: UrlCollections;
  readonly drafts: Drafts;
  readonly views: Views;
  readonly savedQueries: SavedQueriesStore;
  readonly workspaces: Workspaces;
  readonly ledger: LedgerFile;
  readonly rates: StoredFile<RatesByConnection>;
  /** Of regions besides the one that Dipper knows itself. */
  readonly prices: readonly PriceFile[];
  /** Sentences about what was found in the folder: files that could not be read whole, a format that was brought up. */
  readonly problems: readonly string[];
  /** Writes what is not written yet. */
  close(): Promise<void>;
}

/** Only the owner of the folder opens it. Throws `data-folder-newer`, `data-folder-unusable`, `disk-full`. */
export async function openStore(root: string): Promise<Store> {
  const { folder, notes } = await openDataFolder(root);
  const problems: string[] = [...notes];
  const settings = await openStoredFile(join(root, 'settings.json'), readSettings, DEFAULT_SETTINGS, problems);
  const connections = await openStoredList<Connection>(join(root, 'connections.json'), connectionSchema, problems);
  const collections = await openStoredList<Collection>(join(root, 'collections.json'), collectionSchema, problems);
  const ledger = await openLedgerFile(root, problems);
  const rates = await openRatesFile(root, problems);
  const prices = await readPriceFiles(root, problems);
  const workspaces = await openWorkspaces(root, problems, (id) => collections.find(id)?.memoryOnly === true);
  return {
    folder,
    settings,
    connections,
    collections,
    urlCollections: await openUrlCollections(root, problems),
    drafts: createDrafts(folder.drafts, problems),
    views: await openViews(root, problems),
    savedQueries: await openSavedQueries(root, problems),
    workspaces,
    ledger,
    rates,
    prices,
    problems,
    close: async () => {
      await Promise.all([workspaces.flush(), ledger.flush()]);
    },
  };
}

function readSettings(content: unknown): { value: Settings; lost: string | null } {
  const parsed = settingsSchema.partial().safeParse(content);
  if (parsed.success) return { value: { ...DEFAULT_SETTINGS, ...parsed.data }, lost: null };
  const { path, reason } = describeIssue(parsed.error);
  return { value: DEFAULT_SETTINGS, lost: `${path === '' ? 'its content' : path} ${reason}` };
}
