import { expect, test } from 'vitest';
import { changesOf, formOf, problemsOf } from '../../../renderer/shell/settings-form.ts';
import { DEFAULT_SETTINGS } from '../../../shared/settings.ts';

const form = formOf(DEFAULT_SETTINGS);

test('caps are typed in gigabytes, kept in bytes, and shown as they were typed', () => {
  for (const typed of ['10', '0.5', '0', '1.234']) {
    const changed = { ...form, indexCap: typed, journalCap: typed };
    const settings = { ...DEFAULT_SETTINGS, ...changesOf(changed, DEFAULT_SETTINGS) };
    expect([problemsOf(changed), formOf(settings)]).toEqual([{ indexCap: null, journal: null }, changed]);
  }
  const spaced = { ...form, indexCap: ' 0.5 ', journalDays: '90', notifyOfJobs: false };
  expect(changesOf(spaced, DEFAULT_SETTINGS)).toEqual({
    theme: 'system',
    mostIndexBytes: 512 * 1024 ** 2,
    journalDays: 90,
    notifyOfJobs: false,
  });
});

test('what was written into the file by hand is not rounded unless it is touched', () => {
  const settings = { ...DEFAULT_SETTINGS, mostIndexBytes: 123_456_789 };
  expect([formOf(settings).indexCap, changesOf(formOf(settings), settings)]).toEqual([
    '0.115',
    { theme: 'system', notifyOfJobs: true },
  ]);
});

test.each(['', '-1', '1e3', '1,5', 'ten', '12345678', '1.23456'])(
  '%j is no number, and the reason says what is',
  (typed) => {
    expect(problemsOf({ ...form, indexCap: typed }).indexCap).toMatch(/such as 10 or 0\.5/);
    expect(problemsOf({ ...form, journalDays: typed }).journal).toMatch(/such as 30 and 5/);
    expect(problemsOf({ ...form, journalCap: typed }).journal).toMatch(/such as 30 and 5/);
  },
);
