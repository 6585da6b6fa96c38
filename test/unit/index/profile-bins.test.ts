import { expect, test } from 'vitest';
import { calendarScale, numberScale } from '../../../electron/engine/index/process/profile-bins.ts';

test.each([
  [0, 10, false, 20, [0, 0.5, 1], 10],
  [0, 10, true, 11, [0, 1, 2], 11],
  [1970, 1982, true, 13, [1970, 1971], 1983],
  [8, 230, true, 24, [0, 10], 240],
  [0.1, 0.3, false, 20, [0.1, 0.11, 0.12], 0.3],
  [-3, 7.5, false, 21, [-3, -2.5], 7.5],
  [5, 5, true, 1, [5], 6],
  [0, 485_165_195, true, 10, [0, 50_000_000], 500_000_000],
])('numbers from %d to %d have round edges', (least, greatest, whole, bins, first, last) => {
  const { edges } = numberScale(least, greatest, whole);
  expect(edges).toHaveLength(bins + 1);
  expect(edges.slice(0, first.length)).toEqual(first);
  expect(edges.at(-1)).toBe(last);
});

test.each([
  [0.25, 0.25],
  [-1.7e308, 1.7e308],
  [5e-324, 1e-320],
  [1e15, 1e15 + 0.5],
  [9_007_199_254_740_992, 9_007_199_254_740_994],
])('numbers from %d to %d lie between the edges of a few bins', (least, greatest) => {
  for (const whole of [false, true]) {
    const { edges } = numberScale(least, greatest, whole);
    expect(edges.length).toBeGreaterThan(1);
    expect(edges.length).toBeLessThanOrEqual(26);
    expect(edges.every((edge) => Number.isFinite(edge))).toBe(true);
  }
});

test.each([
  ['2024-05-01T10:00:00Z', '2024-05-01T10:20:00Z', { count: 1, unit: 'minute' }, 21, '2024-05-01T10:00'],
  ['2024-05-01T10:07:00Z', '2024-05-02T20:20:00Z', { count: 1, unit: 'hour' }, 35, '2024-05-01T10:00'],
  ['2024-05-01T10:07:00Z', '2024-05-30T20:20:00Z', { count: 1, unit: 'day' }, 30, '2024-05-01T00:00'],
  ['2024-01-03T00:00:00Z', '2024-12-31T20:20:00Z', { count: 7, unit: 'day' }, 53, '2024-01-01T00:00'],
  ['2022-02-03T00:00:00Z', '2024-12-31T20:20:00Z', { count: 1, unit: 'month' }, 35, '2022-02-01T00:00'],
  ['1969-12-31T23:00:00Z', '1982-01-01T00:00:00Z', { count: 3, unit: 'month' }, 50, '1969-10-01T00:00'],
  ['1928-01-01T00:00:00Z', '2046-01-01T00:00:00Z', { count: 5, unit: 'year' }, 25, '1925-01-01T00:00'],
  ['0001-01-01T00:00:00Z', '9999-12-31T00:00:00Z', { count: 250, unit: 'year' }, 40, '0000-01-01T00:00'],
])('dates from %s to %s have bins of the calendar', (least, greatest, step, bins, first) => {
  const scale = calendarScale(Date.parse(least), Date.parse(greatest));
  expect(scale.step).toEqual(step);
  expect(scale.edges).toHaveLength(bins + 1);
  expect(new Date(scale.edges[0] ?? 0).toISOString().slice(0, 16)).toBe(first);
  expect(scale.edges.at(-1)).toBeGreaterThan(Date.parse(greatest));
});
