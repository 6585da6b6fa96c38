import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { IndexSource } from '../../../electron/engine/index/collection-index.ts';
import type { DraggedRows } from '../../../electron/engine/index/protocol.ts';
import { EXPORT_DEFAULTS } from '../../../shared/export.ts';
import type { OpenedQuery } from '../../../shared/page.ts';
import { type IndexWorld, startIndexWorld } from './support/index-world.ts';

let world: IndexWorld;
let folder: string;

beforeAll(async () => {
  world = await startIndexWorld();
  folder = await mkdtemp(join(tmpdir(), 'dipper-dragged-'));
});

afterAll(async () => {
  await world.stop();
  await rm(folder, { recursive: true, force: true });
});

const { signal } = new AbortController();

function drag(
  { result }: OpenedQuery,
  ...rows: readonly (readonly [from: number, to: number])[]
): Promise<DraggedRows> {
  return world.indexes.dragged({ result, ranges: rows.map(([from, to]) => ({ from, to })) }, signal);
}

async function exported(source: IndexSource, query: unknown): Promise<string> {
  const path = join(folder, `${source.collection}.ndjson`);
  const running = await world.indexes.beginExport(
    source,
    {
      job: 'a1b2c3d4-job',
      query: JSON.stringify(query),
      form: { ...EXPORT_DEFAULTS, format: 'ndjson' },
      target: { path, overwrite: false },
      checkpoint: null,
    },
    signal,
  );
  while (!(await running.step(null)).isWhole);
  await running.publish();
  await running.close();
  return readFile(path, 'utf8');
}

test('several records are the lines of an export, in their order; one is as it stands in its object', async () => {
  const odd = '{ "id": "own",\n  "big": 12345678901234567890, "one": 1.0, "no": NaN }\n';
  await world.put('plain/a.json', odd);
  await world.put('plain/b/c.json', '{"x":"é"}');
  await world.put('plain/d.json', '{"x":2}');
  const source = world.source('plain');
  const query = { sort: [{ object: 'key', direction: 'desc' }] };
  const opened = await world.open(source, query);
  const { text, key } = await drag(opened, [0, 3]);
  expect([key, text]).toEqual([null, await exported(source, query)]);
  expect((await drag(opened, [0, 1], [2, 3])).text).toBe(
    '{"_id":"d","x":2}\n{"_id":"a","id":"own","big":12345678901234567890,"one":1.0,"no":"NaN"}\n',
  );
  expect(await drag(opened, [2, 3])).toEqual({ key: 'plain/a.json', text: odd });
});

test('records of dataknobs keep their metadata, as in an export', async () => {
  for (const id of ['a', 'b'])
    await world.put(`knobs/${id}.json`, `{"fields":{"n":1.0},"id":"${id}","metadata":{"by":"${id}"}}`);
  const source = world.source('knobs', { codec: 'dataknobs' });
  const query = { sort: [{ object: 'key', direction: 'asc' }] };
  const { text } = await drag(await world.open(source, query), [0, 2]);
  expect(text).toBe('{"id":"a","n":1.0,"metadata":{"by":"a"}}\n{"id":"b","n":1.0,"metadata":{"by":"b"}}\n');
  expect(text).toBe(await exported(source, query));
});

test('what is no record, too much, or of an answer that is closed is refused, and says what to do', async () => {
  await world.put('mixed/a.json', '{"a":1}');
  await world.put('mixed/b.json', 'no json');
  for (const id of ['c', 'd', 'e'])
    await world.put(`mixed/${id}.json`, JSON.stringify({ long: 'x'.repeat(1_500_000) }));
  const opened = await world.open(world.source('mixed'), { sort: [{ object: 'key', direction: 'asc' }] });
  await expect(drag(opened, [0, 2])).rejects.toMatchObject({
    error: { code: 'record-unreadable', message: expect.stringMatching(/^b cannot be dragged: .*export/) },
  });
  await expect(drag(opened, [2, 5])).rejects.toMatchObject({
    error: { code: 'invalid-arguments', message: expect.stringContaining('more than the 4.0 MB that can be dragged') },
  });
  expect((await drag(opened, [0, 1], [2, 4])).text.length).toBeGreaterThan(3_000_000);
  await world.indexes.close(opened.result);
  await expect(drag(opened, [0, 1])).rejects.toMatchObject({ error: { code: 'result-closed' } });
});
