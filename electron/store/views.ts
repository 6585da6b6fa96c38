import { join } from 'node:path';
import { DEFAULT_VIEW, type View } from '../../shared/view.ts';
import { openKeptByCollection } from './kept-by-collection.ts';
import { viewSchema } from './schemas.ts';

/** How each collection is looked at, by its id. */
export interface Views {
  /** The default where nothing was kept. */
  of(collection: string): View;
  /** With `memoryOnly` nothing of it reaches the disk: names of columns are names of fields. */
  save(collection: string, view: View, memoryOnly: boolean): Promise<void>;
  /** Answers whether there was one. */
  remove(collection: string): Promise<boolean>;
}

export async function openViews(root: string, problems: string[]): Promise<Views> {
  const noun = { one: 'view', many: 'views' };
  const kept = await openKeptByCollection<View>(join(root, 'views.json'), viewSchema, DEFAULT_VIEW, noun, problems);
  return {
    of: kept.of,
    save: async (collection, view, memoryOnly) => {
      await kept.change(collection, () => view, memoryOnly);
    },
    remove: kept.remove,
  };
}
