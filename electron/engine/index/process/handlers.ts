import { AppFailure } from '../../../../shared/result.ts';
import type { IndexStore } from './index-store.ts';
import { IndexStores } from './index-stores.ts';
import { listFields } from './list-fields.ts';
import { readKeys, readPage, readWholeRows } from './open-result.ts';
import { Results } from './results.ts';
import { openQuery } from './open-query.ts';
import { openUnreadTags, readPlanFacts } from './plan-facts.ts';
import type { IndexHandlers } from './serve.ts';
import { checkSql, openSql, sqlColumns } from './sql-view/open-sql.ts';
import { isFault } from './sql-view/sql-failure.ts';
import { readSqlPage, readSqlRows } from './sql-view/sql-result.ts';

/** What the index process answers, method by method. */
export function createIndexHandlers(): IndexHandlers {
  const results = new Results();
  const stores = new IndexStores((collection) => results.closeAllOf(collection));

  /** A fault of DuckDB's own in a person's statement closes the database in memory; the file is as it was. */
  async function onStore<T>(collection: string, work: (store: IndexStore) => Promise<T>): Promise<T> {
    try {
      return await work(await stores.get(collection));
    } catch (error) {
      if (!isFault(error)) throw error;
      await stores.close(collection);
      throw new AppFailure('internal', 'DuckDB met a fault of its own in this statement. Write it another way.', {
        cause: error,
      });
    }
  }

  return {
    open: async (settings) => {
      const { state, database } = await stores.open(settings);
      return { state, isRemade: database.isRemade };
    },
    beginSync: (settings) => stores.use(settings.collection, (store) => store.beginSync(settings)),
    compareListing: ({ collection, listing, mayRepeat }) =>
      stores.use(collection, async (store) => {
        const { read, state } = await store.compareListing(listing, mayRepeat);
        return { read: Uint32Array.from(read), state };
      }),
    appendObjects: ({ collection, objects }) => stores.use(collection, (store) => store.appendObjects(objects)),
    endSync: ({ collection, listedAt, below }) => stores.use(collection, (store) => store.endSync(listedAt, below)),
    applyWrite: ({ collection, objects }) => stores.use(collection, (store) => store.applyWrite(objects)),
    applyDelete: ({ collection, keys }) => stores.use(collection, (store) => store.applyDelete(keys)),
    query: ({ collection, query }, signal) =>
      stores.use(collection, (store) =>
        store.read(signal, async (stop) => {
          const { result, answer } = await openQuery(store, query, stop);
          await results.add(result);
          return answer;
        }),
      ),
    planFacts: (question, signal) =>
      stores.use(question.collection, (store) => store.read(signal, (stop) => readPlanFacts(store, question, stop))),
    unreadTags: (question, signal) =>
      stores.use(question.collection, (store) =>
        store.read(signal, async (stop) => {
          const { result, oldestReadAt } = await openUnreadTags(store, question, stop);
          await results.add(result);
          return { result: result.handle, total: result.total, oldestReadAt };
        }),
      ),
    appendTags: async ({ collection, tags }) => {
      await stores.use(collection, (store) => store.appendTags(tags));
      return null;
    },
    checkSql: ({ collection, statement }) =>
      onStore(collection, async (store) => {
        await checkSql(store, statement);
        return null;
      }),
    sql: ({ collection, statement, limits }, signal) =>
      onStore(collection, (store) =>
        store.read(signal, async (stop) => {
          const { result, answer } = await openSql(store, statement, limits, stop);
          await results.add(result);
          return answer;
        }),
      ),
    sqlColumns: ({ collection }) =>
      onStore(collection, async (store) =>
        (await sqlColumns(store)).map(({ name, type, field }) => ({ name, type, field })),
      ),
    page: ({ result, from, count }) => {
      const open = results.get(result);
      if (open.kind === 'sql') return onStore(open.collection, () => readSqlPage(open, from, count));
      return stores.use(open.collection, () => readPage(open, from, count));
    },
    rows: ({ result, from, count }) => {
      const open = results.get(result);
      if (open.kind === 'sql') return onStore(open.collection, () => readSqlRows(open, from, count));
      return stores.use(open.collection, () => readWholeRows(open, from, count));
    },
    holdResult: ({ result }) => Promise.resolve({ total: results.hold(result).total }),
    releaseResult: async ({ result }) => {
      await results.release(result);
      return null;
    },
    keys: ({ result, from, count }) => {
      const open = results.getRecords(result);
      return stores.use(open.collection, () => readKeys(open, from, count));
    },
    closeResult: async ({ result }) => {
      await results.close(result);
      return null;
    },
    fields: ({ collection }) =>
      stores.use(collection, (store) =>
        store.exclusively(() => Promise.resolve(listFields(store.slots.profile, store.state.records))),
      ),
    closeIndex: async ({ collection }) => {
      await stores.release(collection);
      return null;
    },
    closeAll: async () => {
      await stores.closeAll();
      return null;
    },
  };
}
