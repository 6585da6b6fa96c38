import { join } from 'node:path';
import { z } from 'zod';
import { DEFAULT_VIEW, type View } from '../../shared/view.ts';
import { describeIssue } from './describe-issue.ts';
import { viewSchema } from './schemas.ts';
import { openStoredFile, type ReadContent } from './stored-file.ts';

/** How each collection is looked at, by its id. */
export interface Views {
  /** The default where nothing was kept. */
  of(collection: string): View;
  /** With `memoryOnly` nothing of it reaches the disk: names of columns are names of fields. */
  save(collection: string, view: View, memoryOnly: boolean): Promise<void>;
  /** Answers whether there was one. */
  remove(collection: string): Promise<boolean>;
}

type ViewsByCollection = Readonly<Record<string, View>>;

export async function openViews(root: string, problems: string[]): Promise<Views> {
  const file = await openStoredFile<ViewsByCollection>(join(root, 'views.json'), readViews, {}, problems);
  const inMemory = new Map<string, View>();
  const isKept = (collection: string): boolean => Object.hasOwn(file.value, collection);

  const removeKept = async (collection: string): Promise<boolean> => {
    if (!isKept(collection)) return false;
    await file.update((views) => Object.fromEntries(Object.entries(views).filter(([id]) => id !== collection)));
    return true;
  };

  return {
    of: (collection) =>
      inMemory.get(collection) ?? (isKept(collection) ? file.value[collection] : undefined) ?? DEFAULT_VIEW,
    save: async (collection, view, memoryOnly) => {
      if (memoryOnly) {
        inMemory.set(collection, view);
        await removeKept(collection);
        return;
      }
      inMemory.delete(collection);
      await file.update((views) => ({ ...views, [collection]: view }));
    },
    remove: async (collection) => {
      const wasInMemory = inMemory.delete(collection);
      return (await removeKept(collection)) || wasInMemory;
    },
  };
}

/** A view that does not fit is left out alone. */
function readViews(content: unknown): ReadContent<ViewsByCollection> {
  const parsed = z.record(z.string(), z.unknown()).safeParse(content);
  if (!parsed.success) return { value: {}, lost: 'it holds no views by collection' };
  const views: [string, View][] = [];
  const lost: string[] = [];
  for (const [collection, value] of Object.entries(parsed.data)) {
    const view = viewSchema.safeParse(value);
    if (view.success) {
      views.push([collection, view.data]);
    } else {
      const { path, reason } = describeIssue(view.error);
      lost.push(`${path === '' ? '' : `${path} of `}the view of ${collection} ${reason}`);
    }
  }
  return { value: Object.fromEntries(views), lost: lost.length === 0 ? null : lost.slice(0, 3).join(', ') };
}
