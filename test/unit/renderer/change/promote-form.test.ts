import { expect, test } from 'vitest';
import {
  countPromoted,
  FIRST_PROMOTION,
  inOrder,
  promotionOf,
  wholeOnly,
} from '../../../../renderer/change/promote-form.ts';
import type { ComparedRecord, Comparison } from '../../../../shared/comparison.ts';

const differing = (['new', 'changed', 'changed', 'only-there'] as const).map((state, place): ComparedRecord => {
  return { name: `${place}.json`, state, etag: '"a"', etagThere: '"b"' };
});
const comparison: Comparison = {
  counts: { new: 1, changed: 2, same: 7, 'only-there': 1 },
  differing,
  more: false,
};

test('what differs is promoted by its state, and by name once a record is left out', () => {
  expect([countPromoted(comparison, FIRST_PROMOTION), promotionOf(comparison, FIRST_PROMOTION)]).toEqual([
    3,
    { states: ['new', 'changed'] },
  ]);
  const choice = { states: ['changed'] as const, leftOut: new Set(['0.json', '1.json']) };
  expect([countPromoted(comparison, choice), promotionOf(comparison, choice)]).toEqual([
    1,
    { states: ['changed'], names: ['2.json'] },
  ]);
});

test('what is replaced stands before what is new, and what stays at the end', () => {
  expect(inOrder(differing.toReversed()).map(({ name }) => name)).toEqual(['2.json', '1.json', '0.json', '3.json']);
});

test('single records can be left out only where all that differ are listed', () => {
  expect(wholeOnly(comparison)).toBeNull();
  expect(wholeOnly({ ...comparison, counts: { ...comparison.counts, new: 50_000 } })).toMatch(/^More differ/);
});
