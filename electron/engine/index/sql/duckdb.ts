import { isGroup, type Query, type Rule, type SortKey } from '../../../../shared/query.ts';
import type { RecordTest } from '../query/evaluate.ts';
import { addressOfField, findValue, type QueriedRecord } from '../query/field-address.ts';
import {
  KEY_COLUMN,
  SLOT_COLUMNS,
  SLOT_KINDS,
  type ShreddedValue,
  type Slot,
  type Slots,
  shredValue,
} from '../slots.ts';
import { type BodyCondition, ConditionWriter } from './condition-sql.ts';
import { type SortTerms, sortTerms } from './sort-terms.ts';
import { allOf, joined, raw, type Sql } from './sql-text.ts';

/**
 * A query in DuckDB's SQL over a row table with `row_id`, `key` and the columns of slots. To answer it:
 *
 * 1. For each of `residuals`: make its temporary table, `CREATE TEMP TABLE {table} (row_id INTEGER)`, and put into it the
 *    row ids of readable rows where `candidates` holds and `test` says true of the decoded record.
 * 2. For each of `bodySorts`: make its temporary table of `row_id` and the columns of its slot (all of `SLOT_COLUMN_TYPES`, named by `slotColumn`), and
 *    put into it, for rows where `where` holds, what `valueOf` says of the record; no row where that is null. LEFT JOIN it
 *    `USING (row_id)` in what follows.
 * 3. The rows of the result: readable ones where `where` holds; every row, unreadable ones too, where `where` is null.
 *    Never put a NOT around it: for other rows it is FALSE or NULL.
 * 4. Where `probes` is not empty: SELECT them, in order, over those rows.
 * 5. `orderBy` with their answers is the ORDER BY list, ties by key included. Then offset and limit.
 */
export interface TranslatedQuery {
  readonly where: Sql | null;
  readonly residuals: readonly Residual[];
  readonly bodySorts: readonly BodySort[];
  readonly probes: readonly Sql[];
  /** One answer a probe. */
  orderBy(answers: readonly boolean[]): Sql;
}

/** A condition, or the part of it that columns cannot answer, to be asked of decoded bodies. */
export interface Residual {
  readonly table: string;
  /** The rows that matter, narrowed by whatever else must hold; no other row needs to be asked. */
  readonly candidates: Sql;
  readonly test: RecordTest;
}

/** A sort key at a place that has no slot: its values are shredded into a slot of the query's own. */
export interface BodySort {
  readonly table: string;
  readonly slot: Slot;
  readonly valueOf: (record: QueriedRecord) => ShreddedValue | null;
}

export interface TranslateOptions {
  /** First part of the names of temporary tables: lower-case letters, digits and underscores. */
  readonly tablePrefix: string;
}

/**
 * Puts a query into SQL. Names never reach it, values are bound. `pattern-refused` and `invalid-query` as `parseQuery`
 * says them already.
 */
export function translate(query: Query, slots: Slots, options: TranslateOptions): TranslatedQuery {
  let tables = 0;
  const tableName = (): string => `${options.tablePrefix}_${tables++}`;
  const conditions = query.where === undefined || isAlwaysTrue(query.where) ? null : query.where;
  const { where, residuals } = translateWhere(conditions, slots, tableName);
  const { bodySorts, keys } = translateSort(query.sort ?? [], slots, tableName);
  const probes = keys.flatMap(({ probe }) => (probe === null ? [] : [probe]));
  return {
    where,
    residuals,
    bodySorts,
    probes,
    orderBy: (answers) => {
      let probe = 0;
      const terms = keys.flatMap((key) => key.terms(key.probe === null ? false : (answers[probe++] ?? false)));
      return joined([...terms, raw(`${KEY_COLUMN} ASC`)], ', ');
    },
  };
}

/** An empty group is how a query builder says "no condition": unreadable rows are shown then. */
function isAlwaysTrue(rule: Rule): boolean {
  return isGroup(rule) && rule.combinator === 'and' && rule.not !== true && rule.rules.every(isAlwaysTrue);
}

function translateWhere(
  where: Rule | null,
  slots: Slots,
  tableName: () => string,
): { where: Sql | null; residuals: readonly Residual[] } {
  if (where === null) return { where: null, residuals: [] };
  const written = conjuncts(where).map((rule) => {
    const writer = new ConditionWriter(slots, tableName);
    return { condition: writer.write(rule), bodyConditions: writer.bodyConditions };
  });
  const plain = written.filter(({ bodyConditions }) => bodyConditions.length === 0).map(({ condition }) => condition);
  const residuals = written
    .flatMap(({ bodyConditions }) => bodyConditions)
    .map(({ table, about, test }: BodyCondition): Residual => ({ table, candidates: allOf([...plain, about]), test }));
  return { where: allOf(written.map(({ condition }) => condition)), residuals };
}

/** Rules that must all hold. */
function conjuncts(rule: Rule): readonly Rule[] {
  return isGroup(rule) && rule.combinator === 'and' && rule.not !== true ? rule.rules.flatMap(conjuncts) : [rule];
}

/** Far above the numbers of the index's slots. */
const FIRST_BODY_SLOT = 1_000_000;

function translateSort(
  sort: readonly SortKey[],
  slots: Slots,
  tableName: () => string,
): { bodySorts: readonly BodySort[]; keys: readonly SortTerms[] } {
  const bodySorts: BodySort[] = [];
  const keys: SortTerms[] = [];
  for (const { field, direction } of sort) {
    const address = addressOfField(field);
    const found = slots.find(address);
    // What no record has ties all of them.
    if (found === 'absent') continue;
    if (found !== 'body') {
      keys.push(sortTerms(found, direction));
      continue;
    }
    const slot = bodySlot(FIRST_BODY_SLOT + bodySorts.length);
    bodySorts.push({
      table: tableName(),
      slot,
      valueOf: (record) => {
        const value = findValue(record, address);
        return value === undefined ? null : shredValue(value);
      },
    });
    keys.push(sortTerms(slot, direction));
  }
  return { bodySorts, keys };
}

function bodySlot(number: number): Slot {
  return {
    number,
    columns: new Set(SLOT_COLUMNS),
    kinds: new Set(Object.values(SLOT_KINDS)),
  };
}
