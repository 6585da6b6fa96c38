import { existsSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { packObjects } from '../../../electron/engine/index/object-batch.ts';
import { IndexStores } from '../../../electron/engine/index/process/index-stores.ts';
import type { OpenIndex } from '../../../electron/engine/index/protocol.ts';

const COLLECTION = 'people';

let folder: string;
let settings: OpenIndex & { readonly file: string };
let stores: IndexStores;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'dipper-faults-'));
  const file = join(folder, 'index.duckdb');
  settings = { collection: COLLECTION, file, bucket: 'records', prefix: 'people/', codec: 'plain' };
  stores = new IndexStores(() => Promise.resolve());
  await stores.open(settings);
  await stores.write(COLLECTION, (store) => store.applyWrite(oneObject()));
});
afterEach(async () => {
  await stores.closeAll();
  await rm(folder, { recursive: true, force: true });
});

function oneObject(): ReturnType<typeof packObjects> {
  const body = Buffer.from('{"name":"Ada"}');
  const facts = {
    key: 'people/1.json',
    etag: '"1"',
    size: body.length,
    lastModified: 0,
    storageClass: 'STANDARD',
    contentEncoding: null,
  };
  return packObjects([{ facts, body, problem: null }]);
}

function failing(message: string): () => Promise<never> {
  return () => Promise.reject(new Error(message));
}

const FAULT = 'INTERNAL Error: Attempted to access index 3 within vector of size 3';
const INVALIDATED = 'FATAL Error: Failed: database has been invalidated because of a previous fatal error';
const DAMAGE = 'IO Error: Corrupt database file: computed checksum 1 does not match stored checksum 2 in block at 3';

test.each([FAULT, INVALIDATED])(
  'a question that DuckDB fails at itself does not cost the index: %s',
  async (message) => {
    await expect(stores.read(COLLECTION, failing(message))).rejects.toMatchObject({ error: { code: 'internal' } });
    expect(await stores.read(COLLECTION, (store) => Promise.resolve(store.state.records))).toBe(1);
  },
);

test.each([
  ['a question', 'read', DAMAGE],
  ['a write', 'write', DAMAGE],
  ['a write', 'write', FAULT],
] as const)('a file that %s finds damaged is deleted and said', async (_, way, message) => {
  await expect(stores[way](COLLECTION, failing(message))).rejects.toMatchObject({ error: { code: 'index-damaged' } });
  expect(existsSync(settings.file)).toBe(false);
  expect(await stores.read(COLLECTION, (store) => Promise.resolve(store.state.records))).toBe(0);
});
