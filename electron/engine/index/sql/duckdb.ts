import {
  appliedRule,
  type Nearest,
  type Query,
  type Rule,
  type SortDirection,
  type SortKey,
} from '../../../../shared/query.ts';
import type { RecordTest } from '../query/evaluate.ts';
import { nearestValue } from '../query/nearest.ts';
import { mergeEquals } from '../query/merge-equals.ts';
import {
  addressOf,
  addressOfField,
  type BodyAddress,
  findValue,
  isOutside,
  type PlaceAddress,
  type QueriedRecord,
} from '../query/place.ts';
import { isAlwaysTrue } from '../query/finds-everything.ts';
import { conjuncts } from '../query/tag-places.ts';
import {
  KEY_COLUMN,
  SLOT_COLUMNS,
  SLOT_KINDS,
  type ShreddedValue,
  type Slot,
  type SlotAnswer,
  type Slots,
  shredValue,
} from '../slots.ts';
import { type BodyCondition, type ConditionContext, ConditionWriter, type TextCondition } from './condition-sql.ts';
import { OutsideSlots } from './outside-slots.ts';
import { hasValue } from './slot-conditions.ts';
import { type SortTerms, sortTerms } from './sort-terms.ts';
import { allOf, joined, raw, type Sql, TRUE } from './sql-text.ts';

/**
 * A query in DuckDB's SQL over a row table with `row_id`, `key` and the columns of slots, called `records`, beside what
 * `objects` and `tags` say of the same rows (outside-slots.ts). `from` is the FROM clause of everything below. To answer it:
 *
 * 0. For each of `texts`: make its temporary table, `CREATE TEMP TABLE {table} (text VARCHAR)`, and put into it the different
 *    values of `text`, in readable rows where `candidates` holds, of which `test` says true.
 * 1. For each of `residuals`: make its temporary table, `CREATE TEMP TABLE {table} (row_id INTEGER)`, and put into it the
 *    row ids of readable rows where `candidates` holds and `test` says true of the decoded record.
 * 2. For each of `bodySorts`: make its temporary table of `row_id` and the columns of its slot (all of `SLOT_COLUMN_TYPES`, named by `slotColumn`), and
 *    put into it, for rows where `where` holds, what `valueOf` says of the record; no row where that is null. LEFT JOIN it
 *    `USING (row_id)` in what follows.
 * 3. The rows of the result: readable ones where `where` and `ranked` hold; every row, unreadable ones too, where `where`
 *    is null. Never put a NOT around it: for other rows it is FALSE or NULL.
 * 4. Where `probes` is not empty: SELECT them, in order, over those rows.
 * 5. `orderBy` with their answers is the ORDER BY list, ties by key included. Then offset and limit.
 */
export interface TranslatedQuery {
  /** Begins with `records`. */
  readonly from: Sql;
  readonly where: Sql | null;
  /** What `bodySorts` must have said of a row; TRUE but for the nearest. */
  readonly ranked: Sql;
  /** At most so many rows, before offset and limit; null for all. */
  readonly most: number | null;
  readonly texts: readonly TextResidual[];
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
  readonly hasPattern: boolean;
}

/** A condition on texts in a column, to be asked in JavaScript. */
export interface TextResidual {
  readonly table: string;
  readonly text: Sql;
  readonly candidates: Sql;
  readonly test: TextCondition['test'];
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
  /** Milliseconds since 1970, when the query began. */
  readonly now: number;
}

/**
 * Puts a query into SQL. Names never reach it, values are bound. `pattern-refused` and `invalid-query` as `parseQuery`
 * says them already.
 */
export function translate(query: Query, slots: Slots, options: TranslateOptions): TranslatedQuery {
  let tables = 0;
  const tableName = (): string => `${options.tablePrefix}_${tables++}`;
  const outside = new OutsideSlots();
  const find = (address: PlaceAddress): SlotAnswer => {
    if (isOutside(address)) return outside.find(address);
    // Whether any record has something there is not known without looking.
    return address.part === 'items' ? 'body' : slots.find(address);
  };
  const context: ConditionContext = { find, tableName, now: options.now };
  const applied = query.where === undefined ? null : appliedRule(query.where);
  const conditions = applied === null || isAlwaysTrue(applied) ? null : applied;
  const { where, texts, residuals } = translateWhere(conditions, context);
  const sorts = new SortWriter(context);
  if (query.nearest === undefined) for (const key of query.sort ?? []) sorts.add(key);
  else sorts.addNearest(query.nearest);
  const { bodySorts, keys } = sorts;
  const [nearest] = bodySorts;
  const probes = keys.flatMap(({ probe }) => (probe === null ? [] : [probe]));
  return {
    from: joined([raw('records'), ...outside.joins], ''),
    where: query.nearest === undefined ? where : (where ?? TRUE),
    ranked: query.nearest === undefined || nearest === undefined ? TRUE : hasValue(nearest.slot),
    most: query.nearest?.count ?? null,
    texts,
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

function translateWhere(
  where: Rule | null,
  context: ConditionContext,
): { where: Sql | null; texts: readonly TextResidual[]; residuals: readonly Residual[] } {
  if (where === null) return { where: null, texts: [], residuals: [] };
  const written = conjuncts(mergeEquals(where)).map((rule) => {
    const writer = new ConditionWriter(context);
    return { condition: writer.write(rule), writer };
  });
  const plain = written
    .filter(({ writer }) => writer.bodyConditions.length + writer.textConditions.length === 0)
    .map(({ condition }) => condition);
  const residuals = written
    .flatMap(({ writer }) => writer.bodyConditions)
    .map(({ about, ...condition }: BodyCondition): Residual => ({
      ...condition,
      candidates: allOf([...plain, about]),
    }));
  const texts = written
    .flatMap(({ writer }) => writer.textConditions)
    .map(({ about, ...condition }): TextResidual => ({ ...condition, candidates: allOf([...plain, about]) }));
  return { where: allOf(written.map(({ condition }) => condition)), texts, residuals };
}

/** Far above the numbers of the index's slots. */
const FIRST_BODY_SLOT = 1_000_000;

class SortWriter {
  readonly bodySorts: BodySort[] = [];
  readonly keys: SortTerms[] = [];
  readonly #context: ConditionContext;

  constructor(context: ConditionContext) {
    this.#context = context;
  }

  add(key: SortKey): void {
    const address = addressOf(key);
    const found = this.#context.find(address);
    // What no record has ties all of them.
    if (found === 'absent') return;
    if (found !== 'body' || isOutside(address)) {
      if (found !== 'body') this.keys.push(sortTerms(found, key.direction));
      return;
    }
    this.#addBodySort(key.direction, (record) => shreddedAt(record, address));
  }

  addNearest(nearest: Nearest): void {
    const address = addressOfField(nearest.field);
    this.#addBodySort('asc', (record) => nearestValue(nearest, findValue(record, address)));
  }

  #addBodySort(direction: SortDirection, valueOf: BodySort['valueOf']): void {
    const slot = bodySlot(FIRST_BODY_SLOT + this.bodySorts.length);
    this.bodySorts.push({ table: this.#context.tableName(), slot, valueOf });
    this.keys.push(sortTerms(slot, direction));
  }
}

function shreddedAt(record: QueriedRecord, address: BodyAddress): ShreddedValue | null {
  const value = findValue(record, address);
  return value === undefined ? null : shredValue(value);
}

function bodySlot(number: number): Slot {
  return {
    number,
    columns: new Set(SLOT_COLUMNS),
    kinds: new Set(Object.values(SLOT_KINDS)),
  };
}
