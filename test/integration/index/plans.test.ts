import { afterAll, beforeAll, expect, test } from 'vitest';
import { BudgetMeter } from '../../../electron/engine/cost/budget-meter.ts';
import type { IndexSource, QueryRun } from '../../../electron/engine/index/collection-index.ts';
import type { OpenedQuery } from '../../../shared/page.ts';
import type { Budget } from '../../../shared/plan.ts';
import { AppFailure } from '../../../shared/result.ts';
import { BUCKET, type IndexWorld, startIndexWorld } from './support/index-world.ts';

let world: IndexWorld;

beforeAll(async () => {
  world = await startIndexWorld();
});

afterAll(() => world.stop());

async function fill(
  collection: string,
  count: number,
  tagged: (row: number) => string | null = () => null,
): Promise<IndexSource> {
  for (let row = 0; row < count; row += 1) {
    const tag = tagged(row);
    await world.client.putObject(
      BUCKET,
      `${collection}/${row % 2 === 0 ? 'a' : 'b'}${row}.json`,
      Buffer.from(`{"n":${row}}`),
      {
        headers: { tags: tag === null ? [] : [{ key: 'reviewed', value: tag }] },
      },
    );
  }
  return world.source(collection);
}

function run(change: Partial<QueryRun> & { readonly budget?: Budget } = {}): QueryRun {
  const { budget, ...rest } = change;
  return {
    freshness: 'complete',
    meter: new BudgetMeter(budget === undefined ? null : { budget, prices: null, connection: 'Archive' }),
    tagsUnasked: 1_000,
    tagsReadBefore: null,
    measured: () => undefined,
    ...rest,
  };
}

const signal = new AbortController().signal;

function open(source: IndexSource, query: unknown, how: QueryRun = run()): Promise<OpenedQuery> {
  return world.indexes.open(source, JSON.stringify(query), how, signal);
}

async function ids({ result }: OpenedQuery): Promise<string> {
  return (await world.indexes.page(result, 0, 1_000)).ids.join(' ');
}

async function codeOf(work: Promise<unknown>): Promise<string | null> {
  try {
    await work;
    return null;
  } catch (error) {
    if (error instanceof AppFailure) return error.error.code;
    throw error;
  }
}

const known = (source: IndexSource, query: unknown, freshness: QueryRun['freshness'] = 'complete') =>
  world.indexes.knownBefore(source, JSON.stringify(query), { freshness, tagsReadBefore: null }, signal);

const REVIEWED = { tag: 'reviewed', operator: '=', value: 'yes' };
const below = (start: string) => ({ where: { field: 'id', operator: 'starts_with', value: start } });

test('tags are read of the records that the other conditions leave, once, a request each', async () => {
  const source = await fill('tags', 10, (row) => (row < 4 ? 'yes' : row < 6 ? 'no' : null));
  await open(source, {});
  const some = { where: { combinator: 'and', rules: [REVIEWED, { field: 'n', operator: '<', value: 3 }] } };
  expect((await known(source, some)).tags).toEqual({
    unread: [{ storageClass: 'STANDARD', objects: 3, bytes: 21 }],
    known: 0,
    oldestReadAt: null,
  });
  const first = await open(source, some);
  const all = await open(source, { where: REVIEWED, sort: [{ tag: 'reviewed', direction: 'asc' }] });
  const again = await open(source, { where: { tag: 'reviewed', operator: 'exists' } });
  expect([first, all, again].map(({ statistics }) => statistics.requests)).toEqual([
    { GetObjectTagging: 3 },
    { GetObjectTagging: 7 },
    {},
  ]);
  expect([await ids(first), await ids(all), await ids(again)]).toEqual([
    'a0 a2 b1',
    'a0 a2 b1 b3',
    'a0 a2 a4 b1 b3 b5',
  ]);
  expect(Date.now() - (again.tagsReadAt ?? 0)).toBeLessThan(60_000);
  expect((await open(source, {})).tagsReadAt).toBeUndefined();

  // Another client changes tags alone: no listing shows it, so that a person asks for younger ones.
  await world.client.putObjectTagging(BUCKET, 'tags/a0.json', [], {});
  expect(await ids(await open(source, { where: REVIEWED }, run({ freshness: 'forced' })))).toBe('a0 a2 b1 b3');
  const younger = await open(source, some, run({ tagsReadBefore: Date.now() + 1 }));
  expect([younger.statistics.requests, await ids(younger)]).toEqual([{ GetObjectTagging: 3 }, 'a2 b1']);
});

test('a record that another client wrote again is asked for its tags again, one of our own is not', async () => {
  const source = await fill('rewritten', 3, () => 'yes');
  await open(source, { where: REVIEWED });
  await world.put('rewritten/a0.json', '{"n":100}');
  const after = await open(source, { where: REVIEWED }, run({ freshness: 'forced' }));
  expect([after.statistics.requests, await ids(after)]).toEqual([
    { ListObjectsV2: 1, GetObject: 1, GetObjectTagging: 1 },
    'a2 b1',
  ]);
  const { head, body } = await world.client.getObject(BUCKET, 'rewritten/a0.json', {});
  await world.indexes.applyWrites(source, [{ facts: head, body, tags: [{ key: 'reviewed', value: 'yes' }] }]);
  const own = await open(source, { where: REVIEWED });
  expect([own.statistics.requests, await ids(own)]).toEqual([{}, 'a0 a2 b1']);
});

test('more tags than may be read unasked are asked about before the first is read', async () => {
  const source = await fill('asked', 5, () => 'yes');
  expect(await codeOf(open(source, { where: REVIEWED }, run({ tagsUnasked: 4 })))).toBe('ask-first');
  expect(await codeOf(open(source, { where: REVIEWED }, run({ budget: { requests: 4, dollars: null } })))).toBe(
    'ask-first',
  );
  expect((await known(source, { where: REVIEWED })).tags?.unread[0]?.objects).toBe(5);
  expect((await open(source, { where: REVIEWED })).total).toBe(5);
});

test('tags that were read before somebody stopped stay, and progress is told', async () => {
  const source = await fill('stopped', 200, () => 'yes');
  await open(source, {});
  const told = world.progress.length;
  const stop = new AbortController();
  let asked = 0;
  const client: IndexSource['client'] = {
    ...source.client,
    getObjectTagging: async (...call) => {
      asked += 1;
      if (asked === 150) stop.abort();
      return source.client.getObjectTagging(...call);
    },
  };
  const reading = world.indexes.open({ ...source, client }, JSON.stringify({ where: REVIEWED }), run(), stop.signal);
  expect(await codeOf(reading)).toBe('aborted');
  const rest = await open(source, { where: REVIEWED });
  expect(rest.total).toBe(200);
  expect(rest.statistics.requests['GetObjectTagging']).toBeLessThan(200);
  const states = world.progress
    .slice(told)
    .filter(({ subject }) => subject === 'tags')
    .map(({ state }) => state);
  expect([states[0], states.includes('cancelled'), states.at(-1)]).toEqual(['reading', true, 'done']);
});

test('a sync stops at the budget, keeps what it has read, and goes on from there', async () => {
  const source = await fill('budget', 20);
  const first = run({ budget: { requests: 11, dollars: null } });
  expect(await codeOf(open(source, {}, first))).toBe('ask-first');
  expect(first.meter.total).toBe(11);
  expect(await known(source, {})).toMatchObject({ isWhole: false, leftToRead: { objects: 10 } });
  const rest = await open(source, {}, run());
  expect([rest.total, rest.statistics.requests]).toEqual([20, { ListObjectsV2: 1, GetObject: 10 }]);
});

test('a key condition lists below its prefix alone, and leaves the index as whole and as old as it was', async () => {
  const source = await fill('narrow', 10);
  const part = await open(source, below('a'));
  const again = await open(source, below('a2'));
  expect([part, again].map(({ total, complete, statistics }) => [total, complete, statistics.requests])).toEqual([
    [5, true, { ListObjectsV2: 1, GetObject: 5 }],
    [1, true, {}],
  ]);
  expect(part.syncedAt).not.toBeNull();
  const whole = await open(source, {});
  expect([whole.total, whole.statistics.requests]).toEqual([10, { ListObjectsV2: 1, GetObject: 5 }]);

  const old = { ...source, cacheTtlSeconds: 0 };
  await world.client.deleteObject(BUCKET, 'narrow/a4.json', {});
  await world.client.deleteObject(BUCKET, 'narrow/b5.json', {});
  await world.put('narrow/a9.json', '{"n":9}');
  const changed = await open(old, below('a'));
  expect([await ids(changed), changed.statistics.requests]).toEqual([
    'a0 a2 a6 a8 a9',
    { ListObjectsV2: 1, GetObject: 1 },
  ]);
  expect((await open(source, {}, run({ freshness: 'held' }))).total).toBe(10);
  expect((await open(source, {}, run({ freshness: 'forced' }))).total).toBe(9);
});

test('where no record begins so, nothing is read and nothing is wrong', async () => {
  const source = await fill('nobody', 2);
  const query = { ...below('zz'), sort: [{ field: 'id', direction: 'desc' }] };
  const none = await open(source, query);
  expect([none.total, none.complete, none.statistics.requests]).toEqual([0, true, { ListObjectsV2: 1 }]);
  expect(
    (await open(source, { where: { field: 'id', operator: 'not_exists' } }, run({ freshness: 'held' }))).total,
  ).toBe(0);
});

test('queries of all and of some keys at once are both right', async () => {
  const source = await fill('both', 10);
  const opened = await Promise.all([open(source, below('a')), open(source, {}), open(source, below('b'))]);
  expect(opened.map(({ total, complete }) => [total, complete])).toEqual([
    [5, true],
    [10, true],
    [5, true],
  ]);
});
