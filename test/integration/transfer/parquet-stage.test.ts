import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DuckDBInstance } from '@duckdb/node-api';
import { afterEach, expect, test } from 'vitest';
import { VECTOR_ROWS } from '../../../electron/engine/index/process/vector-writer.ts';
import { ParquetStage } from '../../../electron/engine/transfer/export/parquet-stage.ts';

const ROW_BYTES = 16 * 1024;
const BATCHES = 6;

let folder: string | null = null;

afterEach(async () => {
  if (folder !== null) await rm(folder, { recursive: true, force: true });
});

test('rows that are too large for the usual memory are written as Parquet all the same', async () => {
  folder = await mkdtemp(join(tmpdir(), 'dipper-stage-'));
  const stage = await ParquetStage.open(join(folder, 'stage.duckdb'));
  const table = await stage.table('large', [{ name: 'text', type: 'string' }], 0);
  for (let batch = 0; batch < BATCHES; batch += 1) {
    const texts = Array.from({ length: VECTOR_ROWS }, (_, row) => `${batch} ${row} `.padEnd(ROW_BYTES, 'text '));
    await table.append(VECTOR_ROWS, [texts]);
    await table.keep();
  }
  const file = join(folder, 'large.parquet');
  await table.write(file, 'none', '', ROW_BYTES);
  await stage.remove();

  const instance = await DuckDBInstance.create(':memory:');
  const connection = await instance.connect();
  const read = await connection.runAndReadAll(
    `SELECT count(DISTINCT text)::INTEGER, min(length(text))::INTEGER FROM '${file}'`,
  );
  expect(read.getRows()).toEqual([[BATCHES * VECTOR_ROWS, ROW_BYTES]]);
  connection.closeSync();
  instance.closeSync();
});
