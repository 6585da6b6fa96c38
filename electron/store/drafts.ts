import { createHash } from 'node:crypto';
import { dirname, join } from 'node:path';
import type { Draft } from '../../shared/record.ts';
import { makePrivateFolder, namesIn } from './data-folder.ts';
import { draftSchema } from './schemas.ts';
import { openStoredFile, type StoredFile } from './stored-file.ts';
import { removePath } from '../files/durable-file.ts';

/** Edits that are not sent yet: one a record, a file each, so that a crash between two keystrokes costs one of them. */
export interface Drafts {
  list(collection: string): Promise<readonly Draft[]>;
  /** With `memoryOnly` nothing of it reaches the disk. */
  save(draft: Draft, memoryOnly: boolean): Promise<void>;
  discard(collection: string, key: string): Promise<void>;
  discardAll(collection: string): Promise<void>;
  /** Takes the drafts of a collection off the disk and keeps them until the process ends. */
  moveToMemory(collection: string): Promise<void>;
}

export function createDrafts(folder: string, problems: string[]): Drafts {
  const inMemory = new Map<string, Map<string, Draft>>();
  // One writer for each draft: two saves of one record follow each other.
  const files = new Map<string, Promise<StoredFile<Draft | null>>>();

  const pathOf = (collection: string, key: string): string => join(folder, collection, `${hashOf(key)}.json`);

  const openFile = (path: string): Promise<StoredFile<Draft | null>> => {
    const opened = files.get(path);
    if (opened) return opened;
    const opening = openStoredFile<Draft | null>(path, readDraft, null, problems);
    files.set(path, opening);
    opening.catch(() => files.delete(path));
    return opening;
  };

  const drafts: Drafts = {
    list: async (collection) => {
      const found = new Map(inMemory.get(collection));
      for (const name of await namesIn(join(folder, collection))) {
        if (!name.endsWith('.json')) continue;
        const file = await openFile(join(folder, collection, name));
        if (file.value !== null) found.set(file.value.key, file.value);
      }
      return [...found.values()].toSorted((a, b) => a.savedAt - b.savedAt);
    },
    save: async (draft, memoryOnly) => {
      if (memoryOnly) {
        const others = inMemory.get(draft.collection) ?? new Map<string, Draft>();
        inMemory.set(draft.collection, others.set(draft.key, draft));
        return;
      }
      await makePrivateFolder(join(folder, draft.collection));
      const file = await openFile(pathOf(draft.collection, draft.key));
      await file.update(() => draft);
    },
    discard: async (collection, key) => {
      inMemory.get(collection)?.delete(key);
      // In turn with the saves of this draft: one on its way would bring it back, one that follows would be deleted.
      await (await openFile(pathOf(collection, key))).remove();
    },
    discardAll: async (collection) => {
      inMemory.delete(collection);
      const path = join(folder, collection);
      const open = [...files].filter(([file]) => dirname(file) === path);
      // After the saves that are still on their way, or one of them would bring its draft back.
      await Promise.allSettled(open.map(async ([, opening]) => (await opening).remove()));
      for (const [file] of open) files.delete(file);
      await removePath(path);
    },
    moveToMemory: async (collection) => {
      const kept = await drafts.list(collection);
      await drafts.discardAll(collection);
      for (const draft of kept) await drafts.save(draft, true);
    },
  };
  return drafts;
}

function readDraft(content: unknown): { value: Draft | null; lost: string | null } {
  if (content === null) return { value: null, lost: null };
  const parsed = draftSchema.safeParse(content);
  return parsed.success
    ? { value: parsed.data, lost: null }
    : { value: null, lost: 'it does not hold a draft as Dipper writes it' };
}

/** Keys have any length and any characters; names of files do not. */
function hashOf(key: string): string {
  return createHash('sha256').update(key).digest('hex').slice(0, 40);
}
