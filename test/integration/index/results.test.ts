import { afterAll, beforeAll, expect, test } from 'vitest';
import type { ResultPage } from '../../../shared/page.ts';
import { BUCKET, type IndexWorld, startIndexWorld } from './support/index-world.ts';

let world: IndexWorld;
beforeAll(async () => {
  world = await startIndexWorld();
});
afterAll(() => world.stop());

async function fill(collection: string, bodies: readonly string[]): Promise<void> {
  await Promise.all(bodies.map((body, row) => world.put(`${collection}/${String(row).padStart(4, '0')}.json`, body)));
}

function cells(page: ResultPage): readonly (readonly string[])[] {
  return page.keys.map((_, row) => page.columns.map(({ kinds, texts }) => `${kinds[row] ?? ''} ${texts[row] ?? ''}`));
}

function dataknobsBody(fields: string, metadata: string): string {
  return `{"fields":${fields},"id":"x","metadata":${metadata}}`;
}

test('cells show kinds, and every digit that the object has', async () => {
  await fill('cells', [
    '{"a":9007199254740993,"b":1.0,"c":-0,"d":null,"e":"","f":[1, 2],"g":{"x": 1e3},"h":true}',
    '{"a":NaN,"c":-Infinity,"e":"\\u00e9\\n"}',
  ]);
  const opened = await world.open(world.source('cells'), {});
  expect(cells(await world.indexes.page(opened.result, 0, 10))).toEqual([
    ['n 9007199254740993', 'n 1.0', 'n -0', '0 ', 's ', 'l [1, 2]', 'o {"x": 1e3}', 'b true'],
    ['n NaN', '- ', 'n -Infinity', '- ', 's é\n', '- ', '- ', '- '],
  ]);
});

test('long cells are clipped and say their length, a pair of surrogates is not cut in two', async () => {
  await fill('long', [JSON.stringify({ text: `${'x'.repeat(1_023)}😀end`, short: 'x'.repeat(1_024) })]);
  const opened = await world.open(world.source('long'), {});
  const { columns } = await world.indexes.page(opened.result, 0, 1);
  expect(columns).toEqual([
    { kinds: 's', texts: ['x'.repeat(1_023)], clipped: { 0: 1_028 } },
    { kinds: 's', texts: ['x'.repeat(1_024)], clipped: {} },
  ]);
});

test('a page holds 1,000 rows at most, and less where they are large; whole rows too', async () => {
  await fill(
    'many',
    Array.from({ length: 1_200 }, (_, row) => JSON.stringify({ row })),
  );
  const wide = Array.from({ length: 20 }, (_, row) => [`field${String(row)}`, 'x'.repeat(1_000)]);
  await fill(
    'large',
    Array.from({ length: 300 }, () => JSON.stringify(Object.fromEntries(wide))),
  );
  const many = await world.open(world.source('many'), {});
  const large = await world.open(world.source('large'), {});
  const first = await world.indexes.page(many.result, 0, 5_000);
  const last = await world.indexes.page(many.result, 1_000, 5_000);
  const part = await world.indexes.page(large.result, 0, 1_000);
  const rows = await world.indexes.rows(large.result, 0, 1_000);
  expect([first.keys.length, last.keys.length, last.from, last.ids.at(-1)]).toEqual([1_000, 200, 1_000, '1199']);
  for (const answer of [part, rows]) {
    const bytes = Buffer.byteLength(JSON.stringify(answer));
    expect([bytes <= 4 * 1024 * 1024, bytes > 3.5 * 1024 * 1024]).toEqual([true, true]);
  }
});

test('an open result keeps its rows in place: a deleted record says so, a changed one shows its new values', async () => {
  await fill('snapshot', ['{"n":0}', '{"n":1}', '{"n":2}']);
  const source = world.source('snapshot');
  const opened = await world.open(source, {});
  await world.client.deleteObject(BUCKET, 'snapshot/0001.json', {});
  await world.put('snapshot/0002.json', '{"n":"two"}');
  await world.put('snapshot/0000a.json', '{"n":"new"}');
  await world.open(source, {}, 'forced');
  const page = await world.indexes.page(opened.result, 0, 10);
  expect([page.ids, cells(page), page.problems]).toEqual([
    ['0000', '0001', '0002'],
    [['n 0'], ['- '], ['s two']],
    [null, 'This record was deleted after the query ran.', null],
  ]);
});

test('first rows, rows behind them and keys of a long result are in one order, of the moment of the query', async () => {
  const bodies = Array.from({ length: 2_500 }, (_, row) => JSON.stringify({ row, part: (row * 7919) % 2_500 }));
  await fill('thousands', bodies);
  const source = world.source('thousands');
  const opened = await world.open(source, { sort: [{ field: 'part', direction: 'desc' }], offset: 10, limit: 2_400 });
  const unread = await world.open(source, { sort: [{ field: 'part', direction: 'desc' }], offset: 10, limit: 2_400 });
  const parts = async (result: string, from: number, count: number): Promise<readonly number[]> => {
    const { columns } = await world.indexes.page(result, from, count);
    const at = opened.columns.findIndex(({ name }) => name === 'part');
    return (columns[at]?.texts ?? []).map(Number);
  };
  await world.indexes.applyDeletes(source, ['thousands/0000.json']);
  expect([opened.total, await parts(opened.result, 0, 2), await parts(opened.result, 2_398, 5)]).toEqual([
    2_400,
    [2_489, 2_488],
    [91, 90],
  ]);
  // The rows behind the first ones come first, and a page across both.
  expect([await parts(unread.result, 1_500, 1), await parts(unread.result, 999, 2)]).toEqual([[989], [1_490, 1_489]]);
  const third = await world.open(source, { sort: [{ field: 'part', direction: 'asc' }] });
  let keys = 0;
  for await (const page of world.indexes.listRecords(third.result, source.collection)) keys += page.keys.length;
  expect([third.total, keys]).toEqual([2_499, 2_499]);
});

test('a result that was closed, or pushed out by 32 newer ones, says so', async () => {
  await fill('closing', ['{"n":0}']);
  const source = world.source('closing');
  const closed = await world.open(source, {});
  const oldest = await world.open(source, {});
  await world.indexes.close(closed.result);
  for (let run = 0; run < 31; run += 1) await world.open(source, {});
  expect((await world.indexes.page(oldest.result, 0, 1)).keys).toHaveLength(1);
  await world.open(source, {});
  for (const { result } of [closed, oldest]) {
    await expect(world.indexes.page(result, 0, 1)).rejects.toMatchObject({ error: { code: 'result-closed' } });
  }
});

test('columns come in the order of the records, rare fields behind; a name with a dot cannot be sorted by', async () => {
  const bodies = Array.from({ length: 20 }, (_, row) =>
    row === 0
      ? '{"rare":[1],"id":"x","title":"a"}'
      : `{"id":"x","title":"a",${row % 3 === 0 ? '' : '"year":1,'}"a.b":{"c":null}}`,
  );
  await fill('columns', bodies);
  const opened = await world.open(world.source('columns'), {});
  expect(opened.columns).toEqual([
    { name: 'id', field: 'fields.id', kind: 'string' },
    { name: 'title', field: 'title', kind: 'string' },
    { name: 'year', field: 'year', kind: 'number' },
    { name: 'a.b', field: null, kind: 'object' },
    { name: 'rare', field: 'rare', kind: 'list' },
  ]);
});

test('fields for the builder: kinds with counts, what nested objects hold, metadata', async () => {
  await fill('builder', [
    dataknobsBody(
      '{"name":{"value":"a"},"at":{"value":"2024-01-05"},"address":{"value":{"city":"B","geo":{"lat":1}}}}',
      '{"source":"x"}',
    ),
    dataknobsBody(
      '{"name":{"value":1},"at":{"value":"2024-02-01T10:00:00Z"},"address":{"value":null}}',
      '{"source":"y","id":"1"}',
    ),
  ]);
  await world.open(world.source('builder', { codec: 'dataknobs' }), {});
  const fields = await world.indexes.fields(world.source('builder', { codec: 'dataknobs' }));
  expect(fields.map(({ field, kinds, kind, missing }) => [field, kinds, kind, missing])).toEqual([
    ['name', { string: 1, number: 1 }, 'number', 0],
    ['at', { date: 2 }, 'date', 0],
    ['address', { object: 1, null: 1 }, 'object', 0],
    ['address.city', { string: 1 }, 'string', 1],
    ['address.geo.lat', { number: 1 }, 'number', 1],
    ['metadata.source', { string: 2 }, 'string', 0],
    ['metadata.id', { string: 1 }, 'string', 1],
  ]);
});

test('more fields than there are typed columns: all are columns of the result, all values are there', async () => {
  const names = Array.from({ length: 260 }, (_, field) => `f${String(field)}`);
  await fill(
    'wide',
    Array.from({ length: 5 }, (_, row) => JSON.stringify(Object.fromEntries(names.map((name) => [name, row])))),
  );
  const opened = await world.open(world.source('wide'), {});
  const page = await world.indexes.page(opened.result, 4, 1);
  expect([opened.columns.map(({ name }) => name), new Set(page.columns.map(({ texts }) => texts[0]))]).toEqual([
    names,
    new Set(['4']),
  ]);
});
