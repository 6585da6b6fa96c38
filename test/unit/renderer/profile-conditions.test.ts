import { expect, test } from 'vitest';
import type { DateBins, NumberBins } from '../../../shared/profile.ts';
import { binWords, placeOnAxis, rangeOfBins, shareWords } from '../../../renderer/profile/bin-words.ts';
import {
  asksForMissing,
  rangeOn,
  valuesOn,
  withMissingToggled,
  withRange,
  withValueToggled,
} from '../../../renderer/profile/profile-conditions.ts';
import { addRule, EMPTY_DRAFT, newCondition, type DraftGroup } from '../../../renderer/query/draft.ts';
import { queryText } from '../../../renderer/query/query-text.ts';

const seven = { low: '7', high: '9.2' };

test('a range becomes a condition, another one takes its place, and it can be taken away', () => {
  const drama = { field: 'genre', operator: '=', value: 'Drama' };
  const other = addRule(EMPTY_DRAFT, 'root', {
    ...newCondition(),
    place: { field: 'genre' },
    values: ['Drama'],
    kindKnown: true,
  });
  const once = withRange(other, 'rating', 'number', seven);
  expect(whereOf(once)).toEqual(all(drama, { field: 'rating', operator: 'between', value: [7, 9.2] }));
  expect(rangeOn(once, 'rating')).toEqual(seven);
  const twice = withRange(once, 'rating', 'number', { low: '1', high: '2' });
  expect(whereOf(twice)).toEqual(all(drama, { field: 'rating', operator: 'between', value: [1, 2] }));
  expect(twice.rules[1]?.id).toBe(once.rules[1]?.id);
  expect(whereOf(withRange(twice, 'rating', 'number', null))).toEqual(all(drama));
});

test('a range takes the place of the ends that were typed in the builder', () => {
  const typed = [
    { operator: '>=', values: ['1'] },
    { operator: '<', values: ['5'] },
  ] as const;
  const draft = typed.reduce<DraftGroup>(
    (before, condition) =>
      addRule(before, 'root', { ...newCondition(), place: { field: 'rating' }, valueKind: 'number', ...condition }),
    EMPTY_DRAFT,
  );
  expect(rangeOn(draft, 'rating')).toEqual({ low: '1', high: '5' });
  const changed = withRange(draft, 'rating', 'number', seven);
  expect(whereOf(changed)).toEqual(all({ field: 'rating', operator: 'between', value: [7, 9.2] }));
});

test('values are added to the one condition of their field and taken out of it', () => {
  const one = withValueToggled(EMPTY_DRAFT, 'genre', 'Drama');
  const drama = { field: 'genre', operator: '=', value: 'Drama' };
  expect(whereOf(one)).toEqual(all(drama));
  const two = withValueToggled(one, 'genre', '5');
  expect(whereOf(two)).toEqual(all({ field: 'genre', operator: 'in', value: ['Drama', '5'] }));
  expect(valuesOn(two, 'genre')).toEqual(new Set(['Drama', '5']));
  expect(whereOf(withValueToggled(two, 'genre', 'Drama'))).toEqual(all({ field: 'genre', operator: '=', value: '5' }));
  expect(withValueToggled(one, 'genre', 'Drama').rules).toEqual([]);
  const seen = withValueToggled(EMPTY_DRAFT, 'seen', true);
  expect(whereOf(seen)).toEqual(all({ field: 'seen', operator: '=', value: true }));
  const missing = withMissingToggled(one, 'genre');
  expect(asksForMissing(missing, 'genre')).toBe(true);
  expect(whereOf(missing)).toEqual(all(drama, { field: 'genre', operator: 'not_exists' }));
  expect(withMissingToggled(missing, 'genre')).toEqual(one);
});

test('beside conditions of which any has to fit, a range has to fit with all of them', () => {
  const any: DraftGroup = { ...withValueToggled(withValueToggled(EMPTY_DRAFT, 'a', 'x'), 'b', 'y'), mode: 'any' };
  expect(rangeOn(any, 'a')).toBeNull();
  const draft = withRange(any, 'rating', 'number', seven);
  expect(whereOf(draft)).toMatchObject({
    where: {
      combinator: 'and',
      rules: [{ combinator: 'or', rules: [{ field: 'a' }, { field: 'b' }] }, { field: 'rating' }],
    },
  });
  expect(rangeOn(draft, 'rating')).toEqual(seven);
});

const bins = { found: [1, 1], all: [1, 1], least: null, greatest: null };
const years: NumberBins = { shape: 'numbers', whole: true, edges: [1990, 1995, 2000], ...bins };
const ratings: NumberBins = { shape: 'numbers', whole: false, edges: [7, 7.5, 8], ...bins };
const months: DateBins = {
  shape: 'dates',
  step: { count: 1, unit: 'month' },
  hasOffset: false,
  days: true,
  edges: [Date.UTC(2024, 0), Date.UTC(2024, 1), Date.UTC(2024, 2)],
  ...bins,
};
const instants: DateBins = { ...months, hasOffset: true, days: false };

test('bins say what they hold, and what to ask for', () => {
  expect(rangeOfBins(years, 0, 1)).toEqual({ low: '1990', high: '1999' });
  expect(binWords(years, 0, 'year')).toBe('1990 to 1994');
  expect(rangeOfBins(ratings, 0, 0)).toEqual({ low: '7', high: '7.5' });
  expect(binWords(ratings, 1, 'rating')).toBe('7.5 to 8');
  expect(rangeOfBins(months, 0, 1)).toEqual({ low: '2024-01-01', high: '2024-02-29' });
  expect(binWords(months, 1, 'released')).toBe('2024-02');
  expect(rangeOfBins(instants, 0, 0)).toEqual({ low: '2024-01-01T00:00:00Z', high: '2024-02-01T00:00:00Z' });
  expect(placeOnAxis(instants, '2024-01-01T00:00:00Z')).toBe(Date.UTC(2024, 0));
  expect(placeOnAxis(months, '2024-01-01T12:00')).toBe(Date.UTC(2024, 0, 1, 12));
  expect(placeOnAxis(months, 'May')).toBeNull();
});

test('a share is never called nothing or everything where it is not', () => {
  expect([shareWords(1, 1_000), shareWords(62, 100), shareWords(999, 1_000), shareWords(5, 5)]).toEqual([
    'under 1 %',
    '62 %',
    'over 99 %',
    '100 %',
  ]);
});

function whereOf(draft: DraftGroup): unknown {
  return JSON.parse(queryText(draft, []));
}

function all(...rules: readonly unknown[]): unknown {
  return { where: rules.length === 1 ? rules[0] : { combinator: 'and', rules } };
}
