import { EventEmitter, once } from 'node:events';
import { setImmediate as nextTurn } from 'node:timers/promises';
import { expect, test, vi } from 'vitest';
import { aheadOfBulk, restForCalls, takeTurn } from '../../electron/engine/turns.ts';

/** Works for no less than a millisecond, however slow the machine is. */
function work(): void {
  const end = performance.now() + 1;
  while (performance.now() < end);
}

test('of many answers that arrive together, few are worked on before a timer, a page or a click has its turn', async () => {
  const inTurn: number[] = [];
  let turn = 0;
  let isOver = false;
  const count = (): void => {
    turn += 1;
    if (!isOver) setImmediate(count);
  };
  setImmediate(count);

  const answers = Array.from({ length: 40 }, async () => {
    await takeTurn();
    // What an answer leads to goes on over several promises, and is the same answer's still.
    for (let step = 0; step < 5; step += 1) await Promise.resolve();
    work();
    inTurn[turn] = (inTurn[turn] ?? 0) + 1;
  });
  await Promise.all(answers);
  isOver = true;

  expect(inTurn.reduce((sum, done) => sum + (done ?? 0), 0)).toBe(40);
  // A millisecond a turn, and the answer that goes beyond it.
  expect(Math.max(...Object.values(inTurn))).toBeLessThanOrEqual(2);
});

test('answers are worked on in the order in which they came, and later ones do not wait for a turn that has ended', async () => {
  const order: number[] = [];
  const take = async (number: number): Promise<void> => {
    await takeTurn();
    order.push(number);
  };
  await Promise.all([take(1), take(2), take(3).then(async () => take(5)), take(4)]);
  await take(6);
  expect(order).toEqual([1, 2, 3, 4, 5, 6]);
});

test('bulk work rests while somebody waits for rows, and goes on once they are here', async () => {
  const happened: string[] = [];
  // A turn that the test before began is over.
  await nextTurn();
  const index = new EventEmitter();
  const rows = aheadOfBulk(() => once(index, 'rows'));
  const bulk = takeTurn().then(() => happened.push('bulk'));
  await turnsOfTheLoop();
  happened.push('rows');
  index.emit('rows');
  await rows;
  await bulk;
  expect(happened).toEqual(['rows', 'bulk']);
});

test('work in steps rests between them while somebody waits for rows, and for nothing else', async () => {
  const happened: string[] = [];
  const steps = async (): Promise<void> => {
    for (const step of ['first', 'second', 'third']) {
      await restForCalls();
      happened.push(step);
      await nextTurn();
    }
  };
  await steps();
  const index = new EventEmitter();
  const rows = aheadOfBulk(() => once(index, 'rows'));
  const again = steps();
  await turnsOfTheLoop();
  happened.push('rows');
  index.emit('rows');
  await Promise.all([rows, again]);
  expect(happened).toEqual(['first', 'second', 'third', 'rows', 'first', 'second', 'third']);
});

test('bulk work does not wait for an answer that takes long, nor for ever after one that failed', async () => {
  // A turn that is under way would let it through before the call is given up, which the next test would meet.
  await nextTurn();
  const rows = aheadOfBulk(() => new Promise<never>(() => {}));
  void rows;
  await Promise.all([takeTurn(), restForCalls()]);
  await expect(aheadOfBulk(() => Promise.reject(new Error('closed')))).rejects.toThrow('closed');
  await Promise.all([takeTurn(), takeTurn()]);
});

async function turnsOfTheLoop(): Promise<void> {
  for (let turn = 0; turn < 5; turn += 1) await nextTurn();
}

test('after it bulk work goes on by single turns, and leaves the machine to who draws the rows between them', async () => {
  // A turn that the test before began is over.
  await nextTurn();
  vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout', 'performance'] });
  try {
    await aheadOfBulk(() => Promise.resolve());
    let taken = 0;
    const take = async (): Promise<void> => {
      await takeTurn();
      taken += 1;
    };
    for (let turn = 0; turn < 5; turn += 1) {
      const taking = take();
      vi.advanceTimersByTime(7);
      await turnsOfTheLoop();
      expect(taken).toBe(turn);
      vi.advanceTimersByTime(1);
      await taking;
      await turnsOfTheLoop();
      expect(taken).toBe(turn + 1);
    }
    // Nobody has asked for anything for a tenth of a second.
    vi.advanceTimersByTime(100);
    await take();
    expect(taken).toBe(6);
  } finally {
    vi.useRealTimers();
  }
});
