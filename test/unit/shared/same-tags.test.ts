import { expect, test } from 'vitest';
import { sameTags } from '../../../shared/same-tags.ts';

test('tags in another order are the same, others are not', () => {
  const one = [
    { key: 'a', value: '1' },
    { key: 'b', value: '2' },
  ];
  expect([sameTags(one, one.toReversed()), sameTags(one, [one[0]!, { key: 'b', value: '3' }])]).toEqual([true, false]);
});
