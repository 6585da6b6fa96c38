import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DuckDBPreparedStatement } from '@duckdb/node-api';
import { expect, test, vi } from 'vitest';
import { packObjects } from '../../../electron/engine/index/object-batch.ts';
import { createIndexHandlers } from '../../../electron/engine/index/process/handlers.ts';

const FAULT = 'INTERNAL Error: Attempted to access index 0 within vector of size 0';

test('a fault of DuckDB in a statement is told, and the index keeps its file and its rows', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'dipper-sql-'));
  const handlers = createIndexHandlers();
  const { signal } = new AbortController();
  const settings = {
    file: join(folder, 'c.duckdb'),
    bucket: 'b',
    prefix: '',
    codec: 'plain',
    collection: 'c',
  } as const;
  await handlers.open(settings, signal);
  const facts = {
    key: 'a.json',
    etag: 'e',
    size: 7,
    lastModified: null,
    storageClass: 'STANDARD',
    contentEncoding: null,
  };
  const body = new TextEncoder().encode('{"n": 1}');
  const objects = packObjects([{ facts, body, problem: null }]);
  const { version } = await handlers.applyWrite({ collection: 'c', objects }, signal);

  const asked = { collection: 'c', statement: 'SELECT n FROM records', limits: { milliseconds: 10_000, rows: 10 } };
  // Which statement meets one differs from release to release.
  const stream = vi.spyOn(DuckDBPreparedStatement.prototype, 'stream').mockRejectedValueOnce(new Error(FAULT));
  await expect(handlers.sql(asked, signal)).rejects.toMatchObject({
    error: { code: 'internal', message: 'DuckDB met a fault of its own in this query. Write it another way.' },
  });
  stream.mockRestore();

  expect(await handlers.sql(asked, signal)).toMatchObject({ total: 1, state: { version } });
  await handlers.closeAll({}, signal);
  await rm(folder, { recursive: true });
});
