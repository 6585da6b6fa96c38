import { expect, test } from 'vitest';
import { sameTags, tagProblems, tooManyTags } from '../../../../renderer/record/tag-limits.ts';

test('what S3 would refuse of tags is said while they are typed', () => {
  const tags = [
    { key: 'reviewed', value: 'yes' },
    { key: '', value: '' },
    { key: 'AWS:x', value: 'y' },
    { key: 'reviewed', value: 'a'.repeat(257) },
    { key: '😀'.repeat(129), value: 'é ü_.:/=+-@9' },
    { key: 'ok', value: 'a#b' },
  ];
  expect(tagProblems(tags).map(({ index, part }) => `${index} ${part}`)).toEqual([
    '1 key',
    '2 key',
    '3 key',
    '3 value',
    '4 key',
    '5 value',
  ]);
  expect(tooManyTags(Array.from({ length: 12 }, (_, index) => ({ key: String(index), value: '' })))).toBe(
    'S3 keeps 10 tags on an object; remove 2.',
  );
});

test('tags in another order are the same, others are not', () => {
  const one = [
    { key: 'a', value: '1' },
    { key: 'b', value: '2' },
  ];
  expect([sameTags(one, one.toReversed()), sameTags(one, [one[0]!, { key: 'b', value: '3' }])]).toEqual([true, false]);
});
