import type { z } from 'zod';
import { describeIssue } from './describe-issue.ts';
import { openStoredFile, type ReadContent, type StoredFile } from './stored-file.ts';

/** A file that holds a list of things with an id. */
export interface StoredList<T extends { readonly id: string }> {
  readonly existed: boolean;
  readonly entries: readonly T[];
  find(id: string): T | undefined;
  /** Replaces the entry with the same id in its place, else adds at the end. */
  put(entry: T): Promise<void>;
  /** Several at once, in one write. */
  putAll(entries: readonly T[]): Promise<void>;
  remove(id: string): Promise<void>;
  /** The entries as `change` leaves them, in one write. */
  rewrite(change: (entries: readonly T[]) => readonly T[]): Promise<void>;
}

/** Entries that do not fit `schema` are left out; the file as it was is kept aside and `problems` says so. */
export async function openStoredList<T extends { readonly id: string }>(
  path: string,
  schema: z.ZodType<T>,
  problems: string[],
): Promise<StoredList<T>> {
  const file: StoredFile<readonly T[]> = await openStoredFile(
    path,
    (content) => readList(content, schema),
    [],
    problems,
  );
  return {
    existed: file.existed,
    get entries() {
      return file.value;
    },
    find: (id) => file.value.find((entry) => entry.id === id),
    put: async (entry) => {
      await file.update((entries) => withEntry(entries, entry));
    },
    putAll: async (added) => {
      await file.update((entries) => added.reduce<readonly T[]>(withEntry, entries));
    },
    remove: async (id) => {
      await file.update((entries) => entries.filter((entry) => entry.id !== id));
    },
    rewrite: async (change) => {
      await file.update(change);
    },
  };
}

function withEntry<T extends { readonly id: string }>(entries: readonly T[], entry: T): readonly T[] {
  const place = entries.findIndex((other) => other.id === entry.id);
  return place < 0 ? [...entries, entry] : entries.with(place, entry);
}

function readList<T extends { readonly id: string }>(
  content: unknown,
  schema: z.ZodType<T>,
): ReadContent<readonly T[]> {
  if (!Array.isArray(content)) return { value: [], lost: 'it holds no list' };
  const entries: T[] = [];
  const lost: string[] = [];
  for (const [place, entry] of content.entries()) {
    const parsed = schema.safeParse(entry);
    if (parsed.success) {
      entries.push(parsed.data);
    } else {
      const { path, reason } = describeIssue(parsed.error);
      lost.push(`${path === '' ? '' : `${path} of `}entry ${place + 1} ${reason}`);
    }
  }
  return { value: entries, lost: lost.length === 0 ? null : lost.slice(0, 3).join(', ') };
}
