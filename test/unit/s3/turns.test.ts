import { expect, test } from 'vitest';
import { takeTurn } from '../../../electron/engine/s3/turns.ts';

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
  // Two milliseconds a turn, and the answer that goes beyond them.
  expect(Math.max(...Object.values(inTurn))).toBeLessThanOrEqual(3);
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
