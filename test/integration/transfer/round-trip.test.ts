import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { Collection } from '../../../shared/collection.ts';
import { EXPORT_DEFAULTS, type ExportForm } from '../../../shared/export.ts';
import { hasEnded, type Job, type JobRequest } from '../../../shared/job.ts';
import {
  BUCKET,
  COLLECTION,
  collectionOf,
  CONNECTION,
  startJobsWorld,
  type JobsWorld,
} from '../jobs/support/jobs-world.ts';

/** The table of docs/transfer-formats.md: what comes back of each value. */
const VALUES = {
  text: '"Ä, \\"b\\"\\r\\n é"',
  blanks: '"  x "',
  likeNumber: '"00501"',
  likeTrue: '"true"',
  likeNull: '"null"',
  formula: '"=1+1"',
  guarded: '"\'=1"',
  empty: '""',
  date: '"2024-01-05T10:00:00Z"',
  integer: '42',
  large: '9007199254740993',
  huge: '99999999999999999999999',
  decimal: '0.1',
  negative: '-12.5',
  yes: 'true',
  list: '[1, "a", {"b": null}]',
  object: '{"a": {"b": [1.0]}}',
} as const;

/** Fields that one record has in one way and the other in another. */
const FIRST = `{${Object.entries(VALUES)
  .map(([name, text]) => `"${name}":${text}`)
  .join(',')},"mixed":1,"nothing":null,"sometimes":7,"point":1.0}`;
const SECOND = '{"text":"b","mixed":"1","nothing":null,"point":2.0}';

/** A column of whole numbers has no point; a column of numbers has no null of its own. */
const OF_PARQUET = [FIRST.replace('"point":1.0', '"point":1'), SECOND.replace('"point":2.0', '"point":2')] as const;

let world: JobsWorld;

beforeAll(async () => {
  world = await startJobsWorld();
});
afterAll(() => world.stop());

async function useCollection(changes: Partial<Collection>): Promise<void> {
  await world.engine.forgetCollection(COLLECTION);
  world.collections.set(COLLECTION, collectionOf(changes));
}

async function run(request: JobRequest): Promise<Job> {
  const { id } = await world.start(request);
  return world.wait(id, ({ state }) => hasEnded(state) || state === 'paused');
}

async function put(prefix: string, bodies: Readonly<Record<string, string>>): Promise<void> {
  for (const [name, body] of Object.entries(bodies)) {
    await world.client.putObject(BUCKET, `${prefix}${name}.json`, Buffer.from(body), {});
  }
}

async function bodiesBelow(prefix: string): Promise<Readonly<Record<string, string>>> {
  const found: Record<string, string> = {};
  for await (const { objects } of world.client.listAllObjects(BUCKET, { prefix })) {
    for (const { key } of objects) {
      const { body } = await world.client.getObject(BUCKET, key, {});
      found[key.slice(prefix.length, -'.json'.length)] = Buffer.from(body).toString();
    }
  }
  return found;
}

/** Exports what is below one prefix and imports it below another. */
async function throughFile(name: string, form: Partial<ExportForm>, codec: Collection['codec']): Promise<void> {
  const path = join(world.folder, name);
  await useCollection({ prefix: 'from/', codec });
  const exported = await run({
    kind: 'export',
    collection: COLLECTION,
    query: '{}',
    form: { ...EXPORT_DEFAULTS, format: 'ndjson', ...form },
    target: { path, overwrite: false },
  });
  expect(exported.state).toBe('completed');
  await useCollection({ prefix: `to-${name}/`, codec });
  const target = { collection: collectionOf({ prefix: `to-${name}/`, codec }), connection: CONNECTION };
  const { settings } = await world.engine.imports.inspect(target, { path }, {}, new AbortController().signal);
  const imported = await run({ kind: 'import', collection: COLLECTION, source: { path }, settings, badRows: null });
  expect(await world.report(imported.id, true)).toEqual([]);
  expect(imported.state).toBe('completed');
}

test.each<[string, Partial<ExportForm>, readonly [string, string]]>([
  ['all.ndjson', { format: 'ndjson' }, [FIRST, SECOND]],
  ['all.ndjson.zst', { format: 'ndjson', compression: 'zstd' }, [FIRST, SECOND]],
  ['all.json', { format: 'json' }, [FIRST, SECOND]],
  ['all.csv', { format: 'csv' }, [FIRST, SECOND]],
  ['all.csv.gz', { format: 'csv', compression: 'gzip' }, [FIRST, SECOND]],
  ['all.parquet', { format: 'parquet' }, OF_PARQUET],
  ['all', { format: 'files' }, [FIRST, SECOND]],
])('plain records come back through %s as its format can hold them', async (name, form, [first, second]) => {
  await put('from/', { first: FIRST, 'folder/second': SECOND });
  await throughFile(name, form, 'plain');
  const found = await bodiesBelow(`to-${name}/`);
  expect(found).toEqual({ first, 'folder/second': second });
});

const OF_DATAKNOBS = {
  fields: {
    name: { name: 'name', value: 'Ann', type: 'string', metadata: {} },
    count: { name: 'count', value: 3, type: 'integer', metadata: {} },
    metadata: { name: 'metadata', value: 'a field of this name', type: 'string', metadata: {} },
  },
  id: 'first',
  metadata: {
    source: { of: ['a', 1] },
    id: 'first',
    created_at: '2024-01-05T10:00:00.5+00:00',
    updated_at: '2025-01-05T10:00:00+00:00',
  },
};

test.each<[string, Partial<ExportForm>]>([
  ['known.ndjson', { format: 'ndjson' }],
  ['known.json', { format: 'json' }],
  ['known.csv', { format: 'csv' }],
  ['known.parquet', { format: 'parquet' }],
  ['known', { format: 'files' }],
])('dataknobs records come back through %s with their metadata and times', async (name, form) => {
  await put('from/', { first: JSON.stringify(OF_DATAKNOBS) });
  await throughFile(name, form, 'dataknobs');
  const { first = '' } = await bodiesBelow(`to-${name}/`);
  expect(JSON.parse(first)).toEqual(OF_DATAKNOBS);
});
