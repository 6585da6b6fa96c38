import { expect, test } from 'vitest';
import {
  countPromoted,
  FIRST_PROMOTION,
  inOrder,
  promotedRecords,
  promotionOf,
  wholeOnly,
} from '../../../../renderer/change/promote-form.ts';
import type { ComparedRecord, Comparison } from '../../../../shared/comparison.ts';

const differing = (['new', 'changed', 'changed', 'only-there'] as const).map((state, place): ComparedRecord => {
  const sizeThere = state === 'new' ? 0 : 10 * place;
  return {
    name: `${place}.json`,
    state,
    etag: '"a"',
    etagThere: '"b"',
    storageClass: 'GLACIER_IR',
    size: 1,
    sizeThere,
  };
});
const comparison: Comparison = {
  promoted: {
    new: { sizes: [{ storageClass: 'GLACIER_IR', bound: 0, objects: 1, bytes: 1 }], replaced: 0 },
    changed: { sizes: [{ storageClass: 'GLACIER_IR', bound: 0, objects: 2, bytes: 2 }], replaced: 30 },
  },
  counts: { new: 1, changed: 2, same: 7, 'only-there': 1 },
  differing,
  more: false,
  sent: { requests: [] },
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

const sizes = (objects: number) => [{ storageClass: 'GLACIER_IR', bound: 0, objects, bytes: objects }];

test('what is copied and written over is known of all, and of what is left of them', () => {
  expect(promotedRecords(comparison, FIRST_PROMOTION)).toEqual({ sizes: sizes(3), replaced: 30 });
  const choice = { ...FIRST_PROMOTION, leftOut: new Set(['1.json']) };
  expect(promotedRecords(comparison, choice)).toEqual({ sizes: sizes(2), replaced: 20 });
});
