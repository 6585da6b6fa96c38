import { expect, test } from 'vitest';
import { isSkewed } from '../../../renderer/profile/bin-words.ts';
import type { NumberBins } from '../../../shared/profile.ts';

function bins(...all: readonly number[]): NumberBins {
  const edges = Array.from({ length: all.length + 1 }, (_, at) => at);
  return { shape: 'numbers', whole: true, edges, all, found: all, least: 0, greatest: all.length };
}

test('bars stand for logarithms only where few bins have nearly all records', () => {
  expect([
    isSkewed(bins(20, 90, 100, 60, 10)),
    isSkewed(bins(2600, 300, 80, 30, 10, 4, 0, 2, 1, 1)),
    // Empty bins and two bars hide nothing from each other.
    isSkewed(bins(1000, 0, 0, 0, 900)),
    isSkewed(bins(1000, 1)),
  ]).toEqual([false, true, false, false]);
});
