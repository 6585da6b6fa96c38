import { BOOLEAN, type DuckDBConnection, DuckDBInstance, INTEGER, VARCHAR } from '@duckdb/node-api';
import type { QueriedRecord } from '../../../../electron/engine/index/query/place.ts';
import {
  type ShreddedValue,
  SLOT_COLUMN_TYPES,
  SLOT_COLUMNS,
  type Slot,
  type SlotAddress,
  type SlotAnswer,
  type SlotColumn,
  type SlotKind,
  shredString,
  shredValue,
  slotColumn,
  visitValues,
} from '../../../../electron/engine/index/slots.ts';
import { translate } from '../../../../electron/engine/index/sql/duckdb.ts';
import { parameterTypes, type Sql } from '../../../../electron/engine/index/sql/sql-text.ts';
import type { Query } from '../../../../shared/query.ts';

export interface KeyedRecord extends QueriedRecord {
  readonly key: string;
}

interface GrowingSlot extends Slot {
  readonly columns: Set<SlotColumn>;
  readonly kinds: Set<SlotKind>;
  readonly values: Map<number, ShreddedValue>;
}

/** An index in miniature: one table in memory, made by the slots and asked by the translator. */
export class QueryTable {
  readonly #connection: DuckDBConnection;
  readonly #instance: DuckDBInstance;
  readonly #records: readonly KeyedRecord[];
  readonly #slots: ReadonlyMap<string, SlotAnswer>;
  #queries = 0;

  private constructor(
    instance: DuckDBInstance,
    connection: DuckDBConnection,
    records: readonly KeyedRecord[],
    slots: ReadonlyMap<string, SlotAnswer>,
  ) {
    this.#instance = instance;
    this.#connection = connection;
    this.#records = records;
    this.#slots = slots;
  }

  /** `hasSlot` says which of the places found get typed columns; the others are left in the bodies. */
  static async of(records: readonly KeyedRecord[], hasSlot: (address: SlotAddress) => boolean): Promise<QueryTable> {
    const slots = new Map<string, GrowingSlot | 'body'>();
    const put = (row: number, address: SlotAddress, value: () => ShreddedValue): void => {
      const name = addressText(address);
      const known = slots.get(name);
      if (known === undefined) {
        const isShredded = address.part === 'id' || hasSlot(address);
        slots.set(
          name,
          isShredded ? { number: slots.size, columns: new Set(), kinds: new Set(), values: new Map() } : 'body',
        );
      }
      const slot = slots.get(name);
      if (slot === undefined || slot === 'body') return;
      const shredded = value();
      slot.values.set(row, shredded);
      slot.kinds.add(shredded.kind);
      for (const column of ['number', 'integer', 'text', 'instant'] as const) {
        if (shredded[column] !== null) slot.columns.add(column);
      }
    };
    for (const [row, record] of records.entries()) {
      put(row, { part: 'id', path: [] }, () => shredString(record.id));
      visitValues(record, (address, node) => put(row, address, () => shredValue(node)));
    }
    const instance = await DuckDBInstance.create(':memory:', { threads: '2' });
    const connection = await instance.connect();
    const columns = [...slots.values()].flatMap((slot) =>
      slot === 'body'
        ? []
        : SLOT_COLUMNS.filter((column) => column === 'kind' || slot.columns.has(column)).map((column) => ({
            slot,
            column,
          })),
    );
    const definitions = columns.map(({ slot, column }) => `${slotColumn(slot, column)} ${SLOT_COLUMN_TYPES[column]}`);
    await connection.run(
      `CREATE TABLE records (${['row_id INTEGER', 'key VARCHAR', 'readable BOOLEAN', ...definitions].join(', ')})`,
    );
    const appender = await connection.createAppender('records');
    for (const [row, record] of records.entries()) {
      appender.appendValue(row, INTEGER);
      appender.appendValue(record.key, VARCHAR);
      appender.appendValue(true, BOOLEAN);
      for (const { slot, column } of columns) appendColumn(appender, column, slot.values.get(row));
      appender.endRow();
    }
    // An object that is no record: no condition may find it.
    appender.appendValue(records.length, INTEGER);
    appender.appendValue('unreadable', VARCHAR);
    appender.appendValue(false, BOOLEAN);
    for (let index = 0; index < columns.length; index++) appender.appendNull();
    appender.endRow();
    appender.closeSync();
    return new QueryTable(instance, connection, records, slots);
  }

  close(): void {
    this.#connection.closeSync();
    this.#instance.closeSync();
  }

  /** Ids in the order of the answer; the steps of `TranslatedQuery`. */
  async ids(query: Query): Promise<string[]> {
    const slots = { find: (address: SlotAddress) => this.#slots.get(addressText(address)) ?? ('absent' as const) };
    const translated = translate(query, slots, { tablePrefix: `q${this.#queries++}`, now: Date.now() });
    for (const { table, text, candidates, test } of translated.texts) {
      await this.#connection.run(`CREATE TEMP TABLE ${table} (text VARCHAR)`);
      const rows = await this.#rows(
        `SELECT DISTINCT ${text.text} FROM records WHERE readable AND ${candidates.text}`,
        text,
        candidates,
      );
      const found = rows.map(([value]) => String(value)).filter(test);
      for (const value of found) await this.#connection.run(`INSERT INTO ${table} VALUES (?)`, [value]);
    }
    for (const { table, candidates, test } of translated.residuals) {
      await this.#connection.run(`CREATE TEMP TABLE ${table} (row_id INTEGER)`);
      const rows = await this.#rows(`SELECT row_id FROM records WHERE readable AND ${candidates.text}`, candidates);
      const found = rows.map(([row]) => Number(row)).filter((row) => test(this.#record(row)));
      if (found.length > 0)
        await this.#connection.run(`INSERT INTO ${table} VALUES ${found.map((row) => `(${row})`).join(', ')}`);
    }
    const where: Sql = translated.where ?? { text: 'TRUE', parameters: [] };
    let from = 'records';
    for (const { table, slot, valueOf } of translated.bodySorts) {
      const definitions = SLOT_COLUMNS.map((column) => `${slotColumn(slot, column)} ${SLOT_COLUMN_TYPES[column]}`);
      await this.#connection.run(`CREATE TEMP TABLE ${table} (row_id INTEGER, ${definitions.join(', ')})`);
      const appender = await this.#connection.createAppender(table);
      for (const [row] of await this.#rows(`SELECT row_id FROM records WHERE readable AND ${where.text}`, where)) {
        const value = valueOf(this.#record(Number(row)));
        if (value === null) continue;
        appender.appendInteger(Number(row));
        for (const column of SLOT_COLUMNS) appendColumn(appender, column, value);
        appender.endRow();
      }
      appender.closeSync();
      from += ` LEFT JOIN ${table} USING (row_id)`;
    }
    const answers: boolean[] = [];
    for (const probe of translated.probes) {
      const [row] = await this.#rows(
        `SELECT ${probe.text} FROM ${from} WHERE readable AND ${where.text}`,
        probe,
        where,
      );
      answers.push(row?.[0] === true);
    }
    const order = translated.orderBy(answers);
    const limit = query.limit === null || query.limit === undefined ? '' : ` LIMIT ${query.limit}`;
    const rows = await this.#rows(
      `SELECT row_id FROM ${from} WHERE readable AND ${where.text} ORDER BY ${order.text}${limit} OFFSET ${query.offset ?? 0}`,
      where,
      order,
    );
    for (const { table } of [...translated.texts, ...translated.residuals, ...translated.bodySorts])
      await this.#connection.run(`DROP TABLE ${table}`);
    return rows.map(([row]) => this.#record(Number(row)).id);
  }

  #record(row: number): KeyedRecord {
    const record = this.#records[row];
    if (record === undefined) throw new Error(`There is no row ${row}.`);
    return record;
  }

  async #rows(text: string, ...pieces: readonly Sql[]): Promise<readonly (readonly unknown[])[]> {
    const parameters = pieces.flatMap((piece) => piece.parameters);
    return (await this.#connection.runAndReadAll(text, parameters, parameterTypes(parameters))).getRows();
  }
}

type Appender = Awaited<ReturnType<DuckDBConnection['createAppender']>>;

function appendColumn(appender: Appender, column: SlotColumn, value: ShreddedValue | undefined): void {
  const part = value?.[column] ?? null;
  if (part === null) appender.appendNull();
  else if (typeof part === 'string') appender.appendVarchar(part);
  else if (typeof part === 'bigint') {
    if (column === 'integer') appender.appendHugeInt(part);
    else appender.appendBigInt(part);
  } else if (column === 'kind') appender.appendUTinyInt(part);
  else appender.appendDouble(part);
}

/** A text for maps: equal for equal addresses only. */
function addressText(address: SlotAddress): string {
  return JSON.stringify([address.part, ...address.path]);
}
