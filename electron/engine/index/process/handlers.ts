import { aheadOfBulk } from '../../turns.ts';
import { readDraggedRows } from './export/dragged-rows.ts';
import { OpenExport } from './export/open-export.ts';
import { OpenExports } from './export/open-exports.ts';
import { importHandlers } from '../../transfer/import/reading/import-handlers.ts';
import { countQuery } from './count-query.ts';
import { IndexStores } from './index-stores.ts';
import { listFields } from './list-fields.ts';
import { inTurn, readKeys, readPage, readWholeRows } from './open-result.ts';
import { profileResult } from './result-profile.ts';
import { Results } from './results.ts';
import { openQuery } from './open-query.ts';
import { openUnreadTags, readPlanFacts } from './plan-facts.ts';
import { withRuledRows } from './ruled-rows.ts';
import type { IndexHandlers } from './serve.ts';
import { countSizes, countSizesOfResult } from './size-counts.ts';
import { checkSql, openSql, sqlColumns } from './sql-view/open-sql.ts';
import { readSqlPage, readSqlRows, sortSqlResult } from './sql-view/sql-result.ts';

/** What the index process answers, method by method. */
export function createIndexHandlers(): IndexHandlers {
  const results = new Results();
  const exports = new OpenExports();
  const stores = new IndexStores(async (collection) => {
    await results.closeAllOf(collection);
    await exports.closeAllOf(collection);
  });

  return {
    open: async (settings) => {
      const { state, database } = await stores.open(settings);
      return { state, isRemade: database.isRemade };
    },
    beginSync: (settings) => stores.write(settings.collection, (store) => store.beginSync(settings)),
    compareListing: ({ collection, listing, mayRepeat }) =>
      stores.write(collection, async (store) => {
        const { read, state } = await store.compareListing(listing, mayRepeat);
        return { read: Uint32Array.from(read), state };
      }),
    appendObjects: ({ collection, objects }) => stores.write(collection, (store) => store.appendObjects(objects)),
    endSync: ({ collection, listedAt, below }) => stores.write(collection, (store) => store.endSync(listedAt, below)),
    applyWrite: ({ collection, objects }) => stores.write(collection, (store) => store.applyWrite(objects)),
    applyDelete: ({ collection, keys }) => stores.write(collection, (store) => store.applyDelete(keys)),
    query: ({ collection, query }, signal) =>
      stores.read(collection, (store) =>
        store.read(signal, async (stop) => {
          const { result, answer } = await openQuery(store, query, stop);
          await results.add(result);
          return answer;
        }),
      ),
    count: ({ collection, query }, signal) =>
      stores.read(collection, (store) => store.read(signal, (stop) => countQuery(store, query, stop))),
    planFacts: (question, signal) =>
      stores.read(question.collection, (store) => store.read(signal, (stop) => readPlanFacts(store, question, stop))),
    sizes: (asked, signal) => {
      if ('result' in asked) {
        const { result, ranges, rules = [] } = asked;
        const open = results.getRecords(result);
        const read = (isRuled: boolean) => countSizesOfResult(open, ranges, isRuled);
        return stores.read(open.collection, (store) =>
          rules.length === 0
            ? inTurn(open, () => read(false), signal)
            : withRuledRows(open, { store, rules, signal }, () => read(true)),
        );
      }
      return stores.read(asked.collection, (store) => store.read(signal, () => countSizes(store, asked.keys)));
    },
    unreadTags: (question, signal) =>
      stores.read(question.collection, (store) =>
        store.read(signal, async (stop) => {
          const { result, oldestReadAt } = await openUnreadTags(store, question, stop);
          await results.add(result);
          return { result: result.handle, total: result.total, oldestReadAt };
        }),
      ),
    appendTags: async ({ collection, tags }) => {
      await stores.write(collection, (store) => store.appendTags(tags));
      return null;
    },
    checkSql: ({ collection, statement }) =>
      stores.read(collection, async (store) => {
        await checkSql(store, statement);
        return null;
      }),
    sql: ({ collection, statement, limits }, signal) =>
      stores.read(collection, (store) =>
        store.read(signal, async (stop) => {
          const { result, answer } = await openSql(store, statement, limits, stop);
          await results.add(result);
          return answer;
        }),
      ),
    sqlColumns: ({ collection }) =>
      stores.read(collection, async (store) =>
        (await sqlColumns(store)).map(({ name, type, field }) => ({ name, type, field })),
      ),
    sortSql: async ({ result, sort }) => {
      const open = results.getSql(result);
      await stores.read(open.collection, () => sortSqlResult(open, sort));
      return null;
    },
    page: ({ result, from, count }, signal) => {
      const open = results.get(result);
      // Ahead of what writes, once the store is there: it may have to be closed and opened again, behind its writes.
      return stores.read(open.collection, () =>
        aheadOfBulk(() =>
          open.kind === 'sql' ? readSqlPage(open, from, count, signal) : readPage(open, from, count, signal),
        ),
      );
    },
    rows: ({ result, from, count }, signal) => {
      const open = results.get(result);
      return stores.read(open.collection, () =>
        open.kind === 'sql' ? readSqlRows(open, from, count, signal) : readWholeRows(open, from, count, signal),
      );
    },
    dragged: ({ result, ranges }, signal) => {
      const open = results.getRecords(result);
      return stores.read(open.collection, (store) => readDraggedRows(store, open, ranges, signal));
    },
    profile: ({ result, fields }, signal) => {
      const open = results.getRecords(result);
      return stores.read(open.collection, (store) =>
        store.read(signal, (stop) => profileResult(store, open, fields, stop)),
      );
    },
    holdResult: ({ result }) => Promise.resolve({ total: results.hold(result).total }),
    releaseResult: async ({ result }) => {
      await results.release(result);
      return null;
    },
    keys: ({ result, from, count, rules = [] }, signal) => {
      const open = results.getRecords(result);
      const read = (isRuled: boolean) => readKeys(open, { from, count, isRuled });
      return stores.read(open.collection, (store) =>
        rules.length === 0
          ? inTurn(open, () => read(false), signal)
          : withRuledRows(open, { store, rules, signal }, () => read(true)),
      );
    },
    closeResult: async ({ result }) => {
      await results.close(result);
      return null;
    },
    beginExport: (begin, signal) =>
      stores.read(begin.collection, (store) =>
        store.read(signal, async (stop) => {
          await exports.close(begin.job);
          const opened = await OpenExport.begin(store, begin, stop);
          await exports.add(opened);
          return { total: opened.total, position: opened.position };
        }),
      ),
    exportStep: ({ job, large }) => {
      const opened = exports.get(job);
      return stores.read(opened.collection, () => opened.step(large));
    },
    publishExport: async ({ job }) => ({ files: await exports.get(job).publish() }),
    closeExport: async ({ job }) => {
      await exports.close(job);
      return null;
    },
    fields: ({ collection }) =>
      stores.read(collection, (store) =>
        store.exclusively(() => Promise.resolve(listFields(store.slots.profile, store.state.records))),
      ),
    ...importHandlers(),
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
