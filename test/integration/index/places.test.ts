import { afterAll, beforeAll, expect, test } from 'vitest';
import { type IndexWorld, startIndexWorld } from './support/index-world.ts';

let world: IndexWorld;

beforeAll(async () => {
  world = await startIndexWorld();
  const { client } = world;
  const put = (id: string, record: unknown, storageClass?: string): Promise<unknown> =>
    client.putObject('records', `places/${id}.json`, Buffer.from(JSON.stringify(record)), {
      headers: { storageClass: storageClass ?? null },
    });
  await put('a', { 'x.y': 1, tags: ['red', { size: 'Large' }], at: new Date().toISOString(), v: [1, 0] });
  await put(
    'b',
    { 'x.y': 2, tags: ['blue'], at: '2001-01-01', v: [0, 1], deep: { note: 'the LARGE one' } },
    'STANDARD_IA',
  );
  await put('c', { 'x.y': null, tags: [], at: '', v: [1], n: 12_345, ok: true });
  await put('large', { text: 'x'.repeat(2_000), v: [0.9, 0.1] });
  await put('zz', {});
});

afterAll(() => world.stop());

async function ids(query: unknown): Promise<string> {
  const source = world.source('places');
  const opened = await world.open(source, query);
  const page = await world.indexes.page(opened.result, 0, 1_000);
  const { total } = await world.indexes.count(source, JSON.stringify(query), 'held', new AbortController().signal);
  expect(total).toBe(page.ids.length);
  return page.ids.join(' ');
}

const where = (condition: object): Promise<string> => ids({ where: condition });
const nearest = (metric: string, count: number, rest: object = {}): Promise<string> =>
  ids({ nearest: { field: 'v', vector: [1, 0], metric, count }, ...rest });
const not = (condition: object): Promise<string> =>
  ids({ where: { combinator: 'and', not: true, rules: [condition] } });

test('a path leads to names with dots, and into lists', async () => {
  expect({
    dotted: await where({ path: ['x.y'], operator: '>=', value: 2 }),
    item: await where({ path: ['tags', 0], operator: 'in', value: ['red', 'blue'] }),
    below: await where({ path: ['tags', 1, 'size'], operator: '=', value: 'Large' }),
    none: await where({ path: ['tags', 0], operator: 'not_exists' }),
    nowhere: await where({ path: ['x.y', 0], operator: 'exists' }),
    sorted: await ids({ sort: [{ path: ['tags', 0], direction: 'desc' }] }),
  }).toEqual({
    dotted: 'b',
    item: 'a b',
    below: 'a',
    none: 'c large zz',
    nowhere: '',
    sorted: 'a b c large zz',
  });
});

test('facts of objects are asked and sorted by as fields are', async () => {
  const later = new Date(Date.now() + 3_600_000).toISOString();
  expect({
    size: await where({ object: 'size', operator: '>', value: 1_000 }),
    small: await where({ object: 'size', operator: '=', value: 2 }),
    class: await where({ object: 'storage_class', operator: '=', value: 'STANDARD_IA' }),
    otherClass: await not({ object: 'storage_class', operator: '=', value: 'STANDARD_IA' }),
    key: await where({ object: 'key', operator: 'starts_with', value: 'places/l' }),
    recent: await where({ object: 'last_modified', operator: 'within_last', value: { count: 1, unit: 'hours' } }),
    before: await where({ object: 'last_modified', operator: '<', value: later }),
    after: await where({ object: 'last_modified', operator: '>', value: later }),
    version: await where({ object: 'version', operator: 'exists' }),
    both: await ids({
      where: {
        combinator: 'and',
        rules: [
          { object: 'size', operator: '<', value: 1_000 },
          { path: ['tags', 0], operator: 'exists' },
        ],
      },
      sort: [{ object: 'storage_class', direction: 'desc' }],
    }),
    bySize: await ids({ sort: [{ object: 'size', direction: 'desc' }], limit: 1 }),
    byKey: await ids({ sort: [{ object: 'key', direction: 'desc' }], limit: 2 }),
    etag: await where({ object: 'etag', operator: '=', value: '99914b932bd37a50b983c5e7c90ae93b' }),
  }).toEqual({
    size: 'large',
    small: 'zz',
    class: 'b',
    otherClass: 'a c large zz',
    key: 'large',
    recent: 'a b c large zz',
    before: 'a b c large zz',
    after: '',
    version: '',
    both: 'b a',
    bySize: 'large',
    byKey: 'zz large',
    etag: 'zz',
  });
});

test('a word is found in any value, in any case, and in ids', async () => {
  expect({
    text: await where({ any: 'large' }),
    number: await where({ any: '234' }),
    boolean: await where({ any: 'TRUE' }),
    id: await where({ any: 'zz' }),
    none: await where({ any: 'x.y' }),
    not: await not({ any: 'large' }),
    odd: await where({ any: 'é"' }),
  }).toEqual({ text: 'a b large', number: 'c', boolean: 'c', id: 'zz', none: '', not: 'c zz', odd: '' });
});

test('what is off is kept and not asked', async () => {
  const isB = { path: ['x.y'], operator: '=', value: 2 };
  expect({
    condition: await where({ ...isB, off: true }),
    one: await where({ combinator: 'or', rules: [isB, { any: 'zz', off: true }] }),
    group: await where({
      combinator: 'and',
      rules: [isB, { combinator: 'or', off: true, rules: [{ any: 'zz' }] }],
    }),
    allOff: await where({ combinator: 'or', rules: [{ ...isB, off: true }] }),
  }).toEqual({ condition: 'a b c large zz', one: 'b', group: 'b', allOff: 'a b c large zz' });
});

test('the nearest records come first, and those without such a vector not at all', async () => {
  expect({
    cosine: await nearest('cosine', 10),
    euclidean: await nearest('euclidean', 2),
    dot: await nearest('dot', 10, { limit: 1, offset: 1 }),
    filtered: await nearest('cosine', 10, { where: { object: 'size', operator: '<', value: 1_000 } }),
    beyond: await nearest('dot', 2, { offset: 2 }),
  }).toEqual({ cosine: 'a large b', euclidean: 'a large', dot: 'large', filtered: 'a b', beyond: '' });
});
