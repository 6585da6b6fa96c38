import { OBJECT_RULE_FACTS, type StorageRule } from '../../../../shared/storage-rules.ts';
import { isAny, isGroup, type Rule } from '../../../../shared/query.ts';
import { queryJson } from '../../../../shared/query-text/query-json.ts';
import { readStorageRule } from '../../records/class-rules.ts';
import { parseQuery } from '../query/parse-query.ts';
import { bound, joined, parameterTypes, sql } from '../sql/sql-text.ts';
import type { IndexStore } from './index-store.ts';
import { type OpenResult, takeTurn } from './open-result.ts';
import { prepareQuestion, snapshotOf } from './prepare-question.ts';

/**
 * Runs `work` while the table `ruled` of the result's connection says, by their places, which class the first true rule gives
 * each of its rows; null where none is. The table stays until other rules are asked, which must not come in between: so it is
 * made and read in one turn.
 */
export function withRuledRows<T>(
  result: OpenResult,
  {
    store,
    rules,
    signal,
  }: { readonly store: IndexStore; readonly rules: readonly StorageRule[]; readonly signal: AbortSignal },
  work: () => Promise<T>,
): Promise<T> {
  const name = JSON.stringify(rules);
  return takeTurn(
    result,
    async () => {
      if (result.ruled !== name) await makeTable(result, store, rules, signal);
      result.ruled = name;
      return work();
    },
    signal,
  );
}

async function makeTable(
  result: OpenResult,
  store: IndexStore,
  rules: readonly StorageRule[],
  signal: AbortSignal,
): Promise<void> {
  const { connection } = result;
  await connection.run('BEGIN');
  try {
    const asked = await store.exclusively(async () => {
      await connection.run('SELECT version FROM meta');
      return rules.flatMap(({ where, storageClass }, place) => {
        const rule = readStorageRule(where, OBJECT_RULE_FACTS);
        if (rule === null) return [];
        const query = parseQuery(queryJson({ where: rule }));
        const snapshot = snapshotOf(store, connection, query, `rule_${place}`);
        return [{ query, storageClass, snapshot: { ...snapshot, asksObjects: asksObjects(rule) } }];
      });
    });
    const cases = [];
    for (const { query, storageClass, snapshot } of asked) {
      const { rows } = await prepareQuestion(snapshot, query, signal);
      cases.push(sql` WHEN row_id IN (SELECT row_id ${rows}) THEN ${bound(storageClass)}`);
    }
    const { text, parameters } = sql`CREATE OR REPLACE TEMP TABLE ruled AS
      SELECT rowid AS place, CASE WHEN false THEN ''${joined(cases, '')} END AS storage_class FROM temp.result`;
    await connection.run(text, [...parameters], parameterTypes(parameters));
    for (const { snapshot } of asked) {
      for (const { table } of snapshot.translated.texts)
        await connection.run(`DROP TABLE ${table}; DROP TABLE ${table}_all`);
      for (const { table } of snapshot.translated.residuals) await connection.run(`DROP TABLE ${table}`);
    }
    await connection.run('COMMIT');
  } catch (error) {
    await connection.run('ROLLBACK');
    throw error;
  }
}

/** Such a rule is also asked of objects that are no records, or too large for the index: those above all go into another class. */
function asksObjects(rule: Rule): boolean {
  return isGroup(rule) ? rule.rules.every(asksObjects) : !isAny(rule) && 'object' in rule;
}
