import { afterEach, expect, test } from 'vitest';
import { packObjects } from '../../../electron/engine/index/object-batch.ts';
import { IndexStore } from '../../../electron/engine/index/process/index-store.ts';
import { openQuery } from '../../../electron/engine/index/process/open-query.ts';
import type { OpenResult } from '../../../electron/engine/index/process/open-result.ts';
import { profileResult } from '../../../electron/engine/index/process/result-profile.ts';
import type { DateBins, FieldFigures, NumberBins, ResultProfile, TopValues } from '../../../shared/profile.ts';

const forever = new AbortController().signal;
let store: IndexStore | null = null;
const results: OpenResult[] = [];

afterEach(async () => {
  for (const { connection } of results.splice(0)) connection.closeSync();
  await store?.close();
  store = null;
});

test('numbers, dates, texts and truths are counted in the result and in the whole collection', async () => {
  const random = seeded(7);
  const records = Array.from({ length: 400 }, (_, row): Readonly<Record<string, unknown>> => {
    const day = new Date(Date.UTC(1990, 0, 1 + Math.floor(random() * 3_000))).toISOString();
    return {
      rating: row % 40 === 0 ? 'unknown' : Math.round(random() * 100) / 10,
      year: 1980 + Math.floor(random() * 40),
      genre: ['Drama', 'Drama', 'Comedy', 'Action', '2024-01-01'][Math.floor(random() * 5)],
      released: row % 50 === 0 ? day : day.slice(0, 10),
      seen: random() < 0.3,
      odd: [1e300, true, '2024-05-01', Number.POSITIVE_INFINITY][row % 4],
      crew: { director: `person ${String(Math.floor(random() * 30))}` },
      tags: [],
      ...(row % 4 === 0 ? {} : { runtime: row % 5 === 0 ? null : 60 + Math.floor(random() * 100) }),
    };
  });
  const index = await indexOf(records, ['not a record']);
  const paths = [
    ['rating'],
    ['year'],
    ['genre'],
    ['released'],
    ['seen'],
    ['crew', 'director'],
    ['tags'],
    ['runtime'],
    ['odd'],
  ];
  const everything = await profile(index, {}, paths);
  expect(everything.records).toEqual({ found: 400, all: 400 });
  const [rating, year, genre, released, seen, director, tags, runtime, odd] = everything.fields;
  expect(rating?.kinds).toEqual({ number: { found: 390, all: 390 }, string: { found: 10, all: 10 } });
  expect(tags).toEqual({
    path: ['tags'],
    rare: false,
    kinds: { list: { found: 400, all: 400 } },
    missing: none(),
    chart: null,
  });
  expect(runtime?.missing).toEqual({ found: 100, all: 100 });
  expect(runtime?.kinds.null).toEqual({ found: 60, all: 60 });
  expect(odd?.kinds).toEqual({ number: both(200), boolean: both(100), date: both(100) });
  expect(numbersOf(odd)).toMatchObject({ least: 1e300, greatest: 1e300, all: [100] });
  expect(valuesOf(seen).values.map(({ value }) => value)).toEqual([false, true]);
  expect(valuesOf(director)).toMatchObject({ distinct: 30, sampled: false });
  expect(valuesOf(genre).values[0]).toEqual({
    value: 'Drama',
    ...both(records.filter((each) => each['genre'] === 'Drama').length),
  });
  expect(valuesOf(genre).others).toEqual(none());

  // What a bin says is what the query for it finds, whatever the other conditions.
  const where = { field: 'genre', operator: '=', value: 'Drama' };
  const dramas = await profile(index, { where }, paths);
  const [ratingOfDramas, yearOfDramas, , releasedOfDramas] = dramas.fields;
  expect(dramas.records).toEqual({ found: (await open(index, { where })).total, all: 400 });
  for (const [whole, found] of [
    [rating, ratingOfDramas],
    [year, yearOfDramas],
  ]) {
    const bins = numbersOf(found);
    expect(bins.all).toEqual(numbersOf(whole).all);
    expect(bins.found).toEqual(await countByQuery(index, found?.path ?? [], bins.edges, where));
    expect(bins.all).toEqual(await countByQuery(index, found?.path ?? [], bins.edges, null));
  }
  expect(numbersOf(year)).toMatchObject({ whole: true, least: 1980, greatest: 2019 });
  expect(numbersOf(rating).whole).toBe(false);
  const dates = datesOf(released);
  // The few with an offset do not compare with the others, and stand in no bin.
  expect(dates).toMatchObject({ hasOffset: false, days: true, step: { unit: 'month' } });
  expect(total(dates.all)).toBe(392);
  const edges = dates.edges.map((edge) => new Date(edge).toISOString().slice(0, 10));
  expect(datesOf(releasedOfDramas).found).toEqual(await countByQuery(index, ['released'], edges, where));
});

test('a record without the number is in no bin, one on the last edge in the last bin', async () => {
  const index = await indexOf(
    Array.from({ length: 200 }, (_, row) => (row % 20 === 0 ? {} : { level: 1 + (row % 10), share: (row % 11) / 10 })),
  );
  const { fields } = await profile(index, {}, [['level'], ['share']]);
  for (const field of fields) {
    const bins = numbersOf(field);
    expect(total(bins.all)).toBe(190);
    expect(bins.all).toEqual(await countByQuery(index, field.path, bins.edges, null));
  }
  expect(fields[0]?.missing).toEqual(both(10));
});

test('metadata, rare fields, fields that nobody has and a result that others changed meanwhile', async () => {
  const index = await indexOf([
    ...Array.from({ length: 299 }, (_, row) => ({ n: row, big: `9007199254740993${String(row)}` })),
    { n: 'NaN', rare: 1 },
  ]);
  const result = await open(index, { where: { field: 'n', operator: '>=', value: 100 } });
  await index.applyDelete(['r/000150.json']);
  const figures = await profileResult(index, result, [['n'], ['rare'], ['nothing'], ['metadata', 'x']], forever);
  expect(figures.records).toEqual({ found: 198, all: 299 });
  expect(figures.fields.map(({ rare }) => rare)).toEqual([false, true, true, true]);
  expect(total(numbersOf(figures.fields[0]).found)).toBe(198);
  expect(numbersOf(figures.fields[0])).toMatchObject({ least: 100, greatest: 298 });
});

test('values that are frequent only in the result are counted in the whole collection too; of many values a sample says which', async () => {
  const index = await indexOf(
    Array.from({ length: 51_000 }, (_, row) => ({
      id: `number ${String(row)}`,
      user: row % 3 === 0 ? 'root' : `user ${String(row % 20_000)}`,
      city: `city ${String(row % 3_000)}`,
      group: row < 40 ? 'few' : 'many',
    })),
  );
  const paths = [['id'], ['user'], ['city']];
  const [id, user, city] = (await profile(index, {}, paths)).fields;
  expect(valuesOf(id).sampled).toBe(true);
  expect(valuesOf(id).values).toEqual([]);
  expect(valuesOf(id).others).toEqual(both(51_000));
  expect(city?.kinds).toEqual({ string: both(51_000) });
  expect(valuesOf(user).sampled).toBe(true);
  expect(valuesOf(user).values[0]).toEqual({ value: 'root', ...both(17_000) });
  expect(valuesOf(city)).toMatchObject({ sampled: false, distinct: 3_000 });
  const few = await profile(index, { where: { field: 'group', operator: '=', value: 'few' } }, paths);
  expect(valuesOf(few.fields[1]).values.slice(0, 2)).toEqual([
    { value: 'root', found: 14, all: 17_000 },
    { value: 'user 1', found: 1, all: 2 },
  ]);
  expect(valuesOf(few.fields[2]).values[0]).toEqual({ value: 'city 0', found: 1, all: 17 });
});

test('a profile that is cancelled leaves the result open', async () => {
  const index = await indexOf([{ n: 1 }, { n: 2 }]);
  const result = await open(index, {});
  await expect(profileResult(index, result, [['n']], AbortSignal.abort())).rejects.toMatchObject({
    error: { code: 'aborted' },
  });
  expect((await profileResult(index, result, [['n']], forever)).records.found).toBe(2);
});

async function indexOf(
  records: readonly Readonly<Record<string, unknown>>[],
  unreadable: readonly string[] = [],
): Promise<IndexStore> {
  store = await IndexStore.open({ collection: 'r', file: null, bucket: 'b', prefix: 'r/', codec: 'plain' });
  await store.beginSync({ collection: 'r', sizeCap: 1_000_000, retryProblems: false });
  const bodies = [...records.map((record) => jsonOf(record)), ...unreadable];
  for (let from = 0; from < bodies.length; from += 10_000) {
    const objects = bodies.slice(from, from + 10_000).map((body, place) => ({
      facts: {
        key: `r/${String(from + place).padStart(6, '0')}.json`,
        etag: 'e',
        size: body.length,
        lastModified: 0,
        storageClass: 'STANDARD',
        contentEncoding: null,
      },
      body: Buffer.from(body),
      problem: null,
    }));
    await store.appendObjects(packObjects(objects));
  }
  await store.endSync(1, null);
  return store;
}

/** Python writes infinities so. */
function jsonOf(record: Readonly<Record<string, unknown>>): string {
  const members = Object.entries(record).map(
    ([name, value]) =>
      `${JSON.stringify(name)}: ${value === Number.POSITIVE_INFINITY ? 'Infinity' : JSON.stringify(value)}`,
  );
  return `{${members.join(', ')}}`;
}

async function open(index: IndexStore, query: unknown): Promise<OpenResult> {
  const { result } = await openQuery(index, JSON.stringify(query), forever);
  results.push(result);
  return result;
}

async function profile(
  index: IndexStore,
  query: unknown,
  paths: readonly (readonly string[])[],
): Promise<ResultProfile> {
  return profileResult(index, await open(index, query), paths, forever);
}

/** By a query a bin. */
async function countByQuery(
  index: IndexStore,
  path: readonly string[],
  edges: readonly (number | string)[],
  where: unknown,
): Promise<readonly number[]> {
  const field = path.join('.');
  const counts: number[] = [];
  for (const [bin, edge] of edges.slice(0, -1).entries()) {
    const isLast = bin === edges.length - 2;
    const rules = [
      ...(where === null ? [] : [where]),
      { field, operator: '>=', value: edge },
      { field, operator: isLast ? '<=' : '<', value: edges[bin + 1] },
    ];
    counts.push((await open(index, { where: { combinator: 'and', rules } })).total);
    results.pop()?.connection.closeSync();
  }
  return counts;
}

function numbersOf(figures: FieldFigures | undefined): NumberBins {
  if (figures?.chart?.shape !== 'numbers') throw new Error('No bins of numbers');
  return figures.chart;
}

function datesOf(figures: FieldFigures | undefined): DateBins {
  if (figures?.chart?.shape !== 'dates') throw new Error('No bins of dates');
  return figures.chart;
}

function valuesOf(figures: FieldFigures | undefined): TopValues {
  if (figures?.chart?.shape !== 'values') throw new Error('No values');
  return figures.chart;
}

function total(counts: readonly number[]): number {
  return counts.reduce((sum, count) => sum + count, 0);
}

function both(count: number): { found: number; all: number } {
  return { found: count, all: count };
}

function none(): { found: number; all: number } {
  return both(0);
}

function seeded(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state * 1_103_515_245 + 12_345) % 2_147_483_648;
    return state / 2_147_483_648;
  };
}
