import { expect, test } from 'vitest';
import { capOf, capProblem, capText } from '../../../renderer/shell/settings-form.ts';

test('a cap is typed in gigabytes, kept in bytes, and shown as it was typed', () => {
  for (const typed of ['10', '0.5', '0', '1.234'])
    expect([capProblem(typed), capText(capOf(typed))]).toEqual([null, typed]);
  expect([capOf('10'), capOf(' 0.5 ')]).toEqual([10 * 1024 ** 3, 512 * 1024 ** 2]);
  // One that was written into the file by hand.
  expect(capText(123_456_789)).toBe('0.115');
});

test.each(['', '-1', '1e3', '1,5', 'ten', '12345678', '1.23456'])(
  '%j is no cap, and the reason says what is',
  (typed) => {
    expect(capProblem(typed)).toMatch(/such as 10 or 0\.5/);
  },
);
