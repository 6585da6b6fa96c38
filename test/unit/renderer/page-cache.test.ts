import { expect, test } from 'vitest';
import { PAGE_ROWS, PageCache } from '../../../renderer/grid/page-cache.ts';
import type { ResultPage } from '../../../shared/page.ts';

interface Call {
  readonly from: number;
  readonly count: number;
  readonly signal: AbortSignal;
  readonly answer: () => Promise<void>;
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
          answer: () => settle(() => resolve(page(from, count))),
          fail: (error) => settle(() => reject(error)),
        });
      }),
    (error) => failures.push(error),
  );
  return { cache, calls, failures };
}

test('looking at rows fetches their page, and once it is here the one below and the one above', async () => {
  const { cache, calls } = cacheOf(1_000_000);
  cache.want(500_010, 500_040);
  expect(calls.map(({ from, count }) => [from, count])).toEqual([[500_000, PAGE_ROWS]]);
  expect(cache.row(500_010)).toBeNull();
  await calls[0]?.answer();
  expect(calls.slice(1).map(({ from, count }) => [from, count])).toEqual([
    [500_000 + PAGE_ROWS, PAGE_ROWS],
    [500_000 - PAGE_ROWS, PAGE_ROWS],
  ]);
  const row = cache.row(500_010);
  expect(row?.page.keys[row.offset]).toBe('key 500010');
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
  expect(calls.map(({ from, count }) => [from, count])).toEqual([[400, 50]]);
  await calls[0]?.answer();
  expect(calls.slice(1).map(({ from, count }) => [from, count])).toEqual([[300, 100]]);
  expect([cache.row(449)?.offset, cache.row(450)]).toEqual([49, null]);
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
  for (let row = 0; row < 40_000; row += PAGE_ROWS) {
    cache.want(row, row + 40);
    // oxlint-disable-next-line no-await-in-loop -- one after the other, as a person scrolls
    for (let place = 0; place < calls.length; place += 1) await calls[place]?.answer();
    calls.length = 0;
  }
  const kept = Array.from({ length: 400 }, (_, number) => cache.row(number * PAGE_ROWS)).filter((row) => row !== null);
  expect([kept.length, cache.row(0), cache.row(39_999)?.offset]).toEqual([100, null, 99]);
});
