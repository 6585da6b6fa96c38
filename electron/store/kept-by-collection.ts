import { z } from 'zod';
import { describeIssue } from './describe-issue.ts';
import { openStoredFile, type ReadContent } from './stored-file.ts';

/** A value for each collection, by its id, in one file. */
export interface KeptByCollection<T> {
  /** The initial one where nothing was kept. */
  readonly of: (collection: string) => T;
  /** With `memoryOnly` nothing of it reaches the disk, and what was there is taken away. */
  readonly change: (collection: string, change: (value: T) => T, memoryOnly: boolean) => Promise<T>;
  /** Answers whether there was one. */
  readonly remove: (collection: string) => Promise<boolean>;
}

/** A value that does not fit is left out alone. `noun` names one in a sentence. */
export async function openKeptByCollection<T>(
  path: string,
  schema: z.ZodType<T>,
  initial: T,
  noun: { readonly one: string; readonly many: string },
  problems: string[],
): Promise<KeptByCollection<T>> {
  const read = (content: unknown): ReadContent<Readonly<Record<string, T>>> => readValues(content, schema, noun);
  const file = await openStoredFile(path, read, {}, problems);
  const inMemory = new Map<string, T>();
  const keptOf = (values: Readonly<Record<string, T>>, collection: string): T | undefined =>
    Object.hasOwn(values, collection) ? values[collection] : undefined;
  const of = (collection: string): T => inMemory.get(collection) ?? keptOf(file.value, collection) ?? initial;

  const removeKept = async (collection: string): Promise<boolean> => {
    if (keptOf(file.value, collection) === undefined) return false;
    await file.update((values) => Object.fromEntries(Object.entries(values).filter(([id]) => id !== collection)));
    return true;
  };

  return {
    of,
    change: async (collection, change, memoryOnly) => {
      if (memoryOnly) {
        const changed = change(of(collection));
        inMemory.set(collection, changed);
        await removeKept(collection);
        return changed;
      }
      const before = inMemory.get(collection);
      inMemory.delete(collection);
      const values = await file.update((all) => ({
        ...all,
        [collection]: change(before ?? keptOf(all, collection) ?? initial),
      }));
      return keptOf(values, collection) ?? initial;
    },
    remove: async (collection) => {
      const wasInMemory = inMemory.delete(collection);
      return (await removeKept(collection)) || wasInMemory;
    },
  };
}

function readValues<T>(
  content: unknown,
  schema: z.ZodType<T>,
  noun: { readonly one: string; readonly many: string },
): ReadContent<Readonly<Record<string, T>>> {
  const parsed = z.record(z.string(), z.unknown()).safeParse(content);
  if (!parsed.success) return { value: {}, lost: `it holds no ${noun.many} by collection` };
  const values: [string, T][] = [];
  const lost: string[] = [];
  for (const [collection, found] of Object.entries(parsed.data)) {
    const value = schema.safeParse(found);
    if (value.success) {
      values.push([collection, value.data]);
    } else {
      const { path, reason } = describeIssue(value.error);
      lost.push(`${path === '' ? '' : `${path} of `}the ${noun.one} of ${collection} ${reason}`);
    }
  }
  return { value: Object.fromEntries(values), lost: lost.length === 0 ? null : lost.slice(0, 3).join(', ') };
}
