import { describe, expect, test } from 'vitest';
import { concurrentMap } from '../../../electron/engine/records/batch/concurrent-map.ts';
import { AppFailure } from '../../../shared/result.ts';

const TASKS = 4;

interface Piece {
  readonly number: number;
  readonly size: number;
}

/** Work that ends when the test says so, and what the map did so far. */
function makeWorld(options: { readonly ordered?: boolean; readonly size?: number; readonly count?: number } = {}) {
  const { ordered = false, size = 0, count = Infinity } = options;
  const stopper = new AbortController();
  const world = { asked: 0, left: false, aborted: 0 };
  const underWay = new Map<number, { end(): void; fail(error: unknown): void }>();
  function* source(): Generator<Piece> {
    try {
      for (let number = 0; number < count; number += 1) {
        world.asked += 1;
        yield { number, size };
      }
    } finally {
      world.left = true;
    }
  }
  const results = concurrentMap(
    source(),
    (piece, index, signal) =>
      new Promise<Piece>((resolve, reject) => {
        const over = (): boolean => underWay.delete(index);
        underWay.set(index, { end: () => over() && resolve(piece), fail: (error) => over() && reject(asError(error)) });
        signal.addEventListener('abort', () => {
          if (!over()) return;
          world.aborted += 1;
          reject(new AppFailure('aborted', 'Stopped.'));
        });
      }),
    {
      signal: stopper.signal,
      tasks: () => TASKS,
      ordered,
      sizeOf: (piece) => piece.size,
      sizeOfResult: (piece) => piece.size,
    },
  );
  return { world, underWay, results, stop: () => stopper.abort() };
}

function asError(error: unknown): Error {
  return error instanceof Error ? error : new Error(String(error));
}

/** Everything that needs no answer from outside has happened by then. */
async function settled(): Promise<void> {
  await new Promise<void>((resolve) => {
    setImmediate(() => setImmediate(resolve));
  });
}

async function* brokenSource(): AsyncGenerator<Piece> {
  yield { number: 0, size: 0 };
  await settled();
  throw new AppFailure('disk-full', 'No room.');
}

/** Ends after the source has failed. */
async function endsLater(piece: Piece): Promise<Piece> {
  await settled();
  await settled();
  return piece;
}

async function numbersOf(results: AsyncIterable<Piece>): Promise<readonly number[]> {
  const numbers = [];
  for await (const { number } of results) numbers.push(number);
  return numbers;
}

async function numberOf(result: Promise<IteratorResult<Piece, void>>): Promise<number | undefined> {
  return (await result).value?.number;
}

describe('many records at once', () => {
  test('are so many and no more, however slowly their results are taken', async () => {
    const { world, underWay, results } = makeWorld();
    const first = results.next();
    await settled();
    expect([...underWay.keys()]).toEqual([0, 1, 2, 3]);
    for (const number of [2, 0, 1, 3]) underWay.get(number)?.end();
    await settled();
    // Eight are there, and nobody has taken more than the first of them.
    expect([world.asked, underWay.size, await numberOf(first)]).toEqual([8, 4, 2]);
    for (const work of underWay.values()) work.end();
    await settled();
    expect([world.asked, underWay.size]).toEqual([8, 0]);
    expect(await numberOf(results.next())).toBe(0);
    await settled();
    expect([world.asked, underWay.size]).toEqual([9, 1]);
    underWay.get(8)?.end();
    await results.return();
    expect(world).toMatchObject({ asked: 9, left: true });
  });

  test('never take more memory than is allowed, and one more', async () => {
    const { underWay, results } = makeWorld({ size: 30 * 1024 * 1024 });
    const first = results.next();
    await settled();
    expect(underWay.size).toBe(3);
    underWay.get(0)?.end();
    await first;
    await settled();
    // Its consumer has it still.
    expect(underWay.size).toBe(2);
    const second = results.next();
    await settled();
    expect(underWay.size).toBe(3);
    underWay.get(1)?.end();
    await second;
    await results.return();
  });

  test('come in the order of the source where that is asked', async () => {
    const { underWay, results } = makeWorld({ ordered: true, count: 6 });
    const all = numbersOf(results);
    for (const number of [3, 1, 2, 0, 5, 4]) {
      await settled();
      underWay.get(number)?.end();
    }
    expect(await all).toEqual([0, 1, 2, 3, 4, 5]);
  });

  test.each([false, true])(
    'end at once when they are stopped, with what was done by then (ordered: %s)',
    async (ordered) => {
      const { world, underWay, results, stop } = makeWorld({ ordered });
      const first = results.next();
      await settled();
      underWay.get(0)?.end();
      underWay.get(2)?.end();
      expect(await numberOf(first)).toBe(0);
      stop();
      expect(await numberOf(results.next())).toBe(2);
      await expect(results.next()).rejects.toMatchObject({ error: { code: 'aborted' } });
      expect(world).toMatchObject({ aborted: 4, left: true });
      expect(underWay.size).toBe(0);
    },
  );

  test('stop for all where one meets what all would meet', async () => {
    const { world, underWay, results } = makeWorld();
    const first = results.next();
    await settled();
    underWay.get(1)?.end();
    underWay.get(3)?.fail(new AppFailure('no-such-bucket', 'There is no bucket.'));
    expect(await numberOf(first)).toBe(1);
    await expect(results.next()).rejects.toMatchObject({ error: { code: 'no-such-bucket' } });
    expect(world).toMatchObject({ aborted: 2, left: true });
  });

  test('are brought to their end before a source that fails is', async () => {
    const seen: number[] = [];
    const all = async (): Promise<void> => {
      const bounds = { tasks: () => TASKS, ordered: false, sizeOf: () => 0, sizeOfResult: () => 0 };
      const { signal } = new AbortController();
      for await (const { number } of concurrentMap(brokenSource(), endsLater, { ...bounds, signal })) seen.push(number);
    };
    await expect(all()).rejects.toMatchObject({ error: { code: 'disk-full' } });
    expect(seen).toEqual([0]);
  });

  test('can be stopped while their source says nothing', async () => {
    const silent: AsyncIterable<Piece> = { [Symbol.asyncIterator]: () => ({ next: () => new Promise(() => {}) }) };
    const stopper = new AbortController();
    const bounds = { tasks: () => TASKS, ordered: false, sizeOf: () => 0, sizeOfResult: () => 0 };
    const next = concurrentMap(silent, async (piece) => piece, { ...bounds, signal: stopper.signal }).next();
    await settled();
    stopper.abort();
    await expect(next).rejects.toMatchObject({ error: { code: 'aborted' } });
  });
});
