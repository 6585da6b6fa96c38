import { join } from 'node:path';
import { AppFailure } from '../../shared/result.ts';
import {
  LONGEST_RUN,
  MOST_RUNS,
  MOST_SAVED,
  NO_QUERIES,
  type QueryRun,
  type SavedQueries,
  type SavedQuery,
} from '../../shared/saved-query.ts';
import { openKeptByCollection } from './kept-by-collection.ts';
import { savedQueriesSchema } from './schemas.ts';

/** Queries of each collection that were given a name, and those that ran. */
export interface SavedQueriesStore {
  of(collection: string): SavedQueries;
  /** Adds, or replaces the one with the same id. With `memoryOnly` nothing reaches the disk: conditions hold values. */
  save(collection: string, query: SavedQuery, memoryOnly: boolean): Promise<void>;
  removeSaved(collection: string, id: string, memoryOnly: boolean): Promise<void>;
  /** The same query that ran before is known once, as the last. */
  addRun(collection: string, run: QueryRun, memoryOnly: boolean): Promise<void>;
  clearHistory(collection: string, memoryOnly: boolean): Promise<void>;
  /** Takes everything of the collection off the disk, for as long as this process lives. */
  moveToMemory(collection: string): Promise<void>;
  /** Answers whether there was something. */
  remove(collection: string): Promise<boolean>;
}

export async function openSavedQueries(root: string, problems: string[]): Promise<SavedQueriesStore> {
  const path = join(root, 'saved-queries.json');
  const noun = { one: 'queries', many: 'queries' };
  const kept = await openKeptByCollection<SavedQueries>(path, savedQueriesSchema, NO_QUERIES, noun, problems);
  const change = async (
    collection: string,
    memoryOnly: boolean,
    how: (queries: SavedQueries) => Partial<SavedQueries>,
  ): Promise<void> => {
    await kept.change(collection, (queries) => ({ ...queries, ...how(queries) }), memoryOnly);
  };
  return {
    of: kept.of,
    save: (collection, query, memoryOnly) =>
      change(collection, memoryOnly, ({ saved }) => ({ saved: withSaved(saved, query) })),
    removeSaved: (collection, id, memoryOnly) =>
      change(collection, memoryOnly, ({ saved }) => ({ saved: saved.filter((other) => other.id !== id) })),
    addRun: async (collection, run, memoryOnly) => {
      if (run.where.length > LONGEST_RUN) return;
      await change(collection, memoryOnly, ({ history }) => ({
        history: [run, ...history.filter(({ where }) => where !== run.where)].slice(0, MOST_RUNS),
      }));
    },
    clearHistory: (collection, memoryOnly) => change(collection, memoryOnly, () => ({ history: [] })),
    moveToMemory: (collection) => change(collection, true, () => ({})),
    remove: kept.remove,
  };
}

function withSaved(saved: readonly SavedQuery[], query: SavedQuery): readonly SavedQuery[] {
  const others = saved.filter(({ id }) => id !== query.id);
  if (others.some(({ name }) => name === query.name)) {
    throw new AppFailure(
      'invalid-arguments',
      `There is a saved query called ${query.name} already. Give this one another name.`,
    );
  }
  if (others.length >= MOST_SAVED) {
    throw new AppFailure(
      'invalid-arguments',
      `A collection keeps ${MOST_SAVED} queries. Delete one that is not needed.`,
    );
  }
  return [...others, query].toSorted((one, other) => one.name.localeCompare(other.name, 'en'));
}
