import { join } from 'node:path';
import type { Collection } from '../../shared/collection.ts';
import type { Connection } from '../../shared/connection.ts';
import { DEFAULT_SETTINGS, type Settings } from '../../shared/settings.ts';
import { openDataFolder, type DataFolder } from './data-folder.ts';
import { createDrafts, type Drafts } from './drafts.ts';
import { describeIssue } from './describe-issue.ts';
import { collectionSchema, connectionSchema, settingsSchema } from './schemas.ts';
import { openStoredFile, type StoredFile } from './stored-file.ts';
import { openStoredList, type StoredList } from './stored-list.ts';
import { openUrlCollections, type UrlCollections } from './url-collections.ts';
import { openViews, type Views } from './views.ts';

/** What a data folder keeps on disk, apart from indexes and the sandbox. */
export interface Store {
  readonly folder: DataFolder;
  readonly settings: StoredFile<Settings>;
  readonly connections: StoredList<Connection>;
  readonly collections: StoredList<Collection>;
  readonly urlCollections: UrlCollections;
  readonly drafts: Drafts;
  readonly views: Views;
  /** Sentences about what was found in the folder: files that could not be read whole, a format that was brought up. */
  readonly problems: readonly string[];
}

/** Only the owner of the folder opens it. Throws `data-folder-newer`, `data-folder-unusable`, `disk-full`. */
export async function openStore(root: string): Promise<Store> {
  const { folder, notes } = await openDataFolder(root);
  const problems: string[] = [...notes];
  return {
    folder,
    settings: await openStoredFile(join(root, 'settings.json'), readSettings, DEFAULT_SETTINGS, problems),
    connections: await openStoredList<Connection>(join(root, 'connections.json'), connectionSchema, problems),
    collections: await openStoredList<Collection>(join(root, 'collections.json'), collectionSchema, problems),
    urlCollections: await openUrlCollections(root, problems),
    drafts: createDrafts(folder.drafts, problems),
    views: await openViews(root, problems),
    problems,
  };
}

function readSettings(content: unknown): { value: Settings; lost: string | null } {
  const parsed = settingsSchema.partial().safeParse(content);
  if (parsed.success) return { value: { ...DEFAULT_SETTINGS, ...parsed.data }, lost: null };
  const { path, reason } = describeIssue(parsed.error);
  return { value: DEFAULT_SETTINGS, lost: `${path === '' ? 'its content' : path} ${reason}` };
}
