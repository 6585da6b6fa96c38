import { expect, test } from 'vitest';
import { ScrollScale } from '../../../renderer/grid/scroll-scale.ts';

const VIEW = 900;

function scale(content: number, range: number): ScrollScale {
  const made = new ScrollScale();
  made.resize({ content, range, view: VIEW, scrolled: 0 });
  return made;
}

test('a result that fits the scroller scrolls pixel by pixel', () => {
  const rows = scale(100_000, 99_100);
  expect(rows.scrolled(12_345)).toBeNull();
  expect([rows.top, rows.shift]).toEqual([12_345, 0]);
});

test('in a result that is too high a wheel turn moves by its own pixels, a drag in proportion, and both reach the ends', () => {
  const content = 300_000_000;
  const range = 29_999_100;
  const rows = scale(content, range);

  rows.scrolled(range / 2);
  expect(rows.top).toBeCloseTo((content - VIEW) / 2, -1);
  const middle = rows.top;
  rows.scrolled(range / 2 + 100);
  expect(rows.top).toBeCloseTo(middle + 100, 5);

  rows.scrolled(range);
  expect(rows.top).toBe(content - VIEW);
  rows.scrolled(0);
  expect(rows.top).toBe(0);
});

test('scrolling on by the wheel from the middle reaches the last row, whatever was dragged before', () => {
  const content = 300_000_000;
  const range = 29_999_100;
  const rows = scale(content, range);
  let scrollTop = rows.moveTo(content - VIEW - 500_000);
  let turns = 0;
  while (rows.top < content - VIEW && turns < 10_000) {
    turns += 1;
    scrollTop = Math.min(scrollTop + 100, range);
    scrollTop = rows.scrolled(scrollTop) ?? scrollTop;
  }
  // 5,000 turns are the distance itself; what the browser clips at its edge costs a turn each time.
  expect([rows.top, turns < 5_010]).toEqual([content - VIEW, true]);
});

test('a jump to a row and back lands on the same pixel', () => {
  const rows = scale(300_000_000, 29_999_100);
  for (const top of [0, 28, 99_999, 150_000_000, 299_999_100]) {
    rows.moveTo(top);
    expect(rows.top).toBe(top);
  }
});

test('where rows become fewer than it is scrolled to, what is shown are the last ones, in their places', () => {
  const rows = scale(100_000, 99_100);
  rows.scrolled(90_000);
  rows.resize({ content: 2_000, range: 1_100, view: VIEW, scrolled: 1_100 });
  expect([rows.top, rows.shift]).toEqual([1_100, 0]);

  const many = scale(300_000_000, 29_999_100);
  many.moveTo(299_999_100);
  many.resize({ content: 200_000_000, range: 29_999_100, view: VIEW, scrolled: 29_999_100 });
  expect([many.top, many.shift]).toEqual([199_999_100, 29_999_100 - 199_999_100]);
  many.resize({ content: 2_000, range: 1_100, view: VIEW, scrolled: 1_100 });
  expect([many.top, many.shift]).toEqual([1_100, 0]);
});
