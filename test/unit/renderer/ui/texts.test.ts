import { expect, test } from 'vitest';
import { isDateText, stepDateText } from '../../../../renderer/ui/date-text.ts';
import { agoChangesIn, formatAgo } from '../../../../renderer/ui/format.ts';
import { formatBytes } from '../../../../shared/byte-size.ts';
import { groupDigits, isNumberText, stepNumberText } from '../../../../renderer/ui/number-text.ts';

test('a number keeps its digits: grouped for the eye, stepped beyond 2^53, refused where JSON has no such number', () => {
  expect(['-1234567.50', '9007199254740993', '1e400', 'NaN', '12'].map(groupDigits)).toEqual([
    '-1,234,567.50',
    '9,007,199,254,740,993',
    '1e400',
    'NaN',
    '12',
  ]);
  expect([stepNumberText('9007199254740993', 1), stepNumberText('1.5', 1)]).toEqual(['9007199254740994', null]);
  expect(['0', '-0.0', '1E+5', '01', '+1', '.5', '1.', 'NaN', ' 1'].map((text) => isNumberText(text))).toEqual([
    true,
    true,
    true,
    false,
    false,
    false,
    false,
    false,
    false,
  ]);
  expect(isNumberText('-Infinity', true)).toBe(true);
});

test('a date is a day that exists, and steps keep its time', () => {
  expect(
    ['2024-02-29', '2023-02-29', '2024-13-01', '2024-01-05T10:00', '2024-01-05T25:00', '2024-01-05 10:00:00.5Z'].map(
      isDateText,
    ),
  ).toEqual([true, false, false, true, false, true]);
  expect([stepDateText('2024-02-29T10:00Z', 1), stepDateText('0001-01-01', -1), stepDateText('x', 1)]).toEqual([
    '2024-03-01T10:00Z',
    '0000-12-31',
    null,
  ]);
});

test('sizes and ages read as people say them', () => {
  expect([0, 449, 1024, 1_048_575, 5_000_000_000].map(formatBytes)).toEqual([
    '0 B',
    '449 B',
    '1.0 KB',
    '1.0 MB',
    '4.7 GB',
  ]);
  expect([0, 14_000, 200_000, 7_200_000].map((age) => formatAgo(1e12 - age, 1e12))).toEqual([
    'just now',
    '14 s ago',
    '3 min ago',
    '2 h ago',
  ]);
});

test('an age is read again exactly when its words change', () => {
  for (const age of [0, 1, 499, 1_500, 13_999, 59_499, 59_500, 60_000, 1_234_567, 3_599_499, 3_599_500, 9_999_999]) {
    const wait = agoChangesIn(0, age);
    expect([age, formatAgo(0, age + wait - 1)]).toEqual([age, formatAgo(0, age)]);
    if (age >= 1_500) expect([age, formatAgo(0, age + wait)]).not.toEqual([age, formatAgo(0, age)]);
  }
});
