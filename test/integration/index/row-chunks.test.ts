import {
  BIGINT,
  BOOLEAN,
  DOUBLE,
  type DuckDBConnection,
  DuckDBInstance,
  type DuckDBValue,
  HUGEINT,
  INTEGER,
  UTINYINT,
  VARCHAR,
} from '@duckdb/node-api';
import { afterEach, expect, test } from 'vitest';
import { appendColumns } from '../../../electron/engine/index/process/row-chunks.ts';

let opened: { instance: DuckDBInstance; connection: DuckDBConnection } | null = null;

afterEach(() => {
  opened?.connection.closeSync();
  opened?.instance.closeSync();
  opened = null;
});

const TYPES = [VARCHAR, DOUBLE, INTEGER, UTINYINT, BOOLEAN, BIGINT, HUGEINT];
const TEXTS = ['', 'a', 'twelve chars', 'thirteen char', 'é', 'twelve chärs', '\0', 'a\0b', '🜲', 'x'.repeat(70_000)];

test('cells of every type are in the table as they were, whatever the number of rows, with and without nulls', async () => {
  const { connection } = await open();
  for (const count of [0, 1, 63, 64, 65, 2_047, 2_048, 2_049, 5_000]) {
    for (const isSparse of [false, true]) {
      const columns = cellsOf(count, isSparse);
      await connection.run(
        'CREATE OR REPLACE TABLE cells (a VARCHAR, b DOUBLE, c INTEGER, d UTINYINT, e BOOLEAN, f BIGINT, g HUGEINT)',
      );
      await appendColumns(connection, { table: 'cells' }, TYPES, columns);
      const stored = (await connection.runAndReadAll('SELECT * FROM cells ORDER BY rowid')).getColumns();
      if (count > 0) expect(stored).toEqual(columns);
    }
  }
  // Texts that stand in the vector itself are the same values as those that do not.
  const [found] = (
    await connection.runAndReadAll("SELECT count(*)::INTEGER FROM cells WHERE a = 'a' OR a = 'é'")
  ).getRows();
  expect(found).toEqual([cellsOf(5_000, true)[0]?.filter((text) => text === 'a' || text === 'é').length]);
});

test('a cell of another type is refused, not kept as none', async () => {
  const { connection } = await open();
  await connection.run('CREATE TABLE cells (a VARCHAR)');
  await expect(appendColumns(connection, { table: 'cells' }, [VARCHAR], [['a', 1]])).rejects.toThrow('row 1');
});

function cellsOf(count: number, isSparse: boolean): DuckDBValue[][] {
  const values: ((row: number) => DuckDBValue)[] = [
    (row) => TEXTS[row % TEXTS.length] ?? null,
    (row) => [0.1, -1e300, Number.POSITIVE_INFINITY][row % 3] ?? null,
    (row) => row - 100,
    (row) => row % 256,
    (row) => row % 3 === 0,
    (row) => (BigInt(row) * -9_007_199_254_740_993n) % 2n ** 63n,
    (row) => 2n ** 100n + BigInt(row),
  ];
  return values.map((value, column) =>
    Array.from({ length: count }, (_, row) => (isSparse && (row + column) % 3 === 0 ? null : value(row))),
  );
}

async function open(): Promise<{ connection: DuckDBConnection }> {
  const instance = await DuckDBInstance.create(':memory:');
  opened = { instance, connection: await instance.connect() };
  return opened;
}
