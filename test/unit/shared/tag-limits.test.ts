import { expect, test } from 'vitest';
import { tagProblems, tooManyTags } from '../../../shared/tag-limits.ts';

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
