import { expect, test } from 'vitest';
import { BLOCK_ROWS, PageCache } from '../../../renderer/grid/page-cache.ts';
import type { ResultPage } from '../../../shared/page.ts';

interface Call {
  readonly from: number;
  readonly count: number;
  readonly signal: AbortSignal;
  /** With fewer rows than asked for, where `rows` says so. */
  readonly answer: (rows?: number) => Promise<void>;
  readonly fail: (error: Error) => Promise<void>;
}

function page(from: number, count: number): ResultPage {
  const keys = Array.from({ length: count }, (_, place) => `key ${from + place}`);
  return {
    from,
    keys,
    ids: keys,
    forms: keys.map(() => 'plain'),
    etags: keys,
    sizes: keys.map(() => 1),
    lastModified: keys.map(() => null),
    storageClasses: keys.map(() => 'STANDARD'),
    problems: keys.map(() => null),
    columns: [],
  };
}

/** Settles a load and lets what waits for it run. */
async function settle(act: () => void): Promise<void> {
  act();
  await new Promise((done) => setImmediate(done));
}

/** A cache whose loads are answered by hand. */
function cacheOf(total: number): { cache: PageCache; calls: Call[]; failures: unknown[] } {
  const calls: Call[] = [];
  const failures: unknown[] = [];
  const cache = new PageCache(
    total,
    (from, count, signal) =>
      new Promise((resolve, reject) => {
        signal.addEventListener('abort', () => reject(new Error('aborted')));
        calls.push({
          from,
          count,
          signal,
          answer: (rows = count) => settle(() => resolve(page(from, rows))),
          fail: (error) => settle(() => reject(error)),
        });
      }),
    (error) => failures.push(error),
  );
  return { cache, calls, failures };
}

/** From and to, as rows. */
function asked(calls: readonly Call[]): readonly (readonly number[])[] {
  return calls.map(({ from, count }) => [from, from + count]);
}

test('a jump fetches the blocks in sight with one request, and nothing beside them', async () => {
  const { cache, calls } = cacheOf(1_000_000);
  cache.want(0, 25);
  cache.want(500_010, 500_035);
  expect(asked(calls.slice(1))).toEqual([[500_008, 500_040]]);
  expect([calls[0]?.signal.aborted, cache.row(500_010)]).toEqual([true, null]);
  await calls[1]?.answer();
  expect(calls.length).toBe(2);
  const row = cache.row(500_010);
  expect(row?.page.keys[row.offset]).toBe('key 500010');
});

test('scrolling on from there fetches what is below and above, once the rows in sight are here', async () => {
  const { cache, calls } = cacheOf(1_000_000);
  cache.want(500_010, 500_025);
  cache.want(500_012, 500_027);
  expect(asked(calls)).toEqual([[500_008, 500_032]]);
  await calls[0]?.answer();
  expect(asked(calls.slice(1))).toEqual([
    [500_032, 500_128],
    [499_904, 500_008],
  ]);
});

test('who scrolls on row by row asks for what is ahead some rows at a time', async () => {
  const { cache, calls } = cacheOf(1_000_000);
  for (let row = 500_000; row < 500_320; row += 1) {
    cache.want(row, row + 23);
    // oxlint-disable-next-line no-await-in-loop -- one after the other, as a person scrolls
    for (let place = 0; place < calls.length; place += 1) await calls[place]?.answer();
  }
  // What is in sight at first, what is around it, and one for each 32 rows.
  expect(calls.length).toBe(1 + 2 + 320 / 32);
});

test('after a rest what is around the rows of a jump is fetched too', async () => {
  const { cache, calls } = cacheOf(1_000_000);
  cache.want(500_010, 500_025);
  cache.wantAround();
  expect(calls.length).toBe(1);
  await calls[0]?.answer();
  expect(asked(calls.slice(1))).toEqual([
    [500_032, 500_128],
    [499_904, 500_008],
  ]);
  cache.want(800_000, 800_023);
  expect(calls.slice(1).map(({ signal }) => signal.aborted)).toEqual([true, true, false]);
});

test('rows that did not fit into the answer are asked for again', async () => {
  const { cache, calls } = cacheOf(1_000_000);
  cache.want(0, 3 * BLOCK_ROWS);
  await calls[0]?.answer(BLOCK_ROWS + 3);
  expect(asked(calls.slice(1))).toEqual([[BLOCK_ROWS, 3 * BLOCK_ROWS]]);
  await calls[1]?.answer();
  expect([cache.row(BLOCK_ROWS + 5)?.offset, cache.row(3 * BLOCK_ROWS - 1)?.offset]).toEqual([5, 2 * BLOCK_ROWS - 1]);
});

test('dragging through a result keeps at most three requests alive and cancels those nobody looks at', () => {
  const { cache, calls } = cacheOf(1_000_000);
  for (let row = 0; row < 1_000_000; row += 10_000) cache.want(row, row + 40);
  const alive = calls.filter(({ signal }) => !signal.aborted);
  expect(alive.length).toBeLessThanOrEqual(3);
});

test('the last rows come in a short page and rows behind the end are asked for by nobody', async () => {
  const { cache, calls } = cacheOf(450);
  cache.want(430, 460);
  expect(asked(calls)).toEqual([[424, 450]]);
  await calls[0]?.answer();
  cache.want(429, 459);
  expect(asked(calls.slice(1))).toEqual([[320, 424]]);
  expect([cache.row(449)?.offset, cache.row(450)]).toEqual([25, null]);
});

test('a page that fails is said once and asked for again only when it is looked at anew', async () => {
  const { cache, calls, failures } = cacheOf(100);
  cache.want(0, 40);
  await calls[0]?.fail(new Error('the index process ended'));
  expect([failures.length, calls.length]).toEqual([1, 1]);
  cache.want(0, 0);
  cache.want(0, 40);
  expect(calls.length).toBe(2);
});

test('scrolling through everything keeps a bounded number of pages', async () => {
  const { cache, calls } = cacheOf(40_000);
  for (let row = 0; row < 40_000; row += BLOCK_ROWS) {
    cache.want(row, row + 40);
    // oxlint-disable-next-line no-await-in-loop -- one after the other, as a person scrolls
    for (let place = 0; place < calls.length; place += 1) await calls[place]?.answer();
    calls.length = 0;
  }
  const kept = Array.from({ length: 40_000 / BLOCK_ROWS }, (_, number) => cache.row(number * BLOCK_ROWS));
  expect(kept.filter((row) => row !== null).length).toBe(256);
  expect([cache.row(0), cache.row(39_999) === null]).toEqual([null, false]);
});
