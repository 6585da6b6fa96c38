import { expect, test } from 'vitest';
import { placeAfterKey } from '../../../renderer/grid/grid-keys.ts';
import {
  countSelected,
  extendSelection,
  isSelected,
  NOTHING_SELECTED,
  selectAll,
  selectRow,
  toggleRow,
} from '../../../renderer/grid/selection.ts';
import { pressedSort } from '../../../renderer/grid/sort-keys.ts';

const BOUNDS = { rows: 1_000_000, columns: 8, pageRows: 20 };

test.each([
  ['ArrowDown', false, { row: 3, place: 2 }, { row: 4, place: 2 }],
  ['ArrowDown', false, { row: -1, place: 2 }, { row: 0, place: 2 }],
  ['ArrowUp', false, { row: 0, place: 2 }, { row: -1, place: 2 }],
  ['ArrowDown', true, { row: 3, place: 2 }, { row: 999_999, place: 2 }],
  ['ArrowUp', true, { row: 3, place: 2 }, { row: 0, place: 2 }],
  ['ArrowRight', false, { row: 3, place: 7 }, { row: 3, place: 7 }],
  ['Home', false, { row: 3, place: 5 }, { row: 3, place: 0 }],
  ['End', true, { row: 3, place: 5 }, { row: 999_999, place: 7 }],
  ['PageDown', false, { row: 999_990, place: 5 }, { row: 999_999, place: 5 }],
  ['PageUp', false, { row: 5, place: 5 }, { row: 0, place: 5 }],
  ['x', false, { row: 5, place: 5 }, null],
] as const)('%s (with Mod: %s) from %j leads to %j', (key, mod, from, to) => {
  expect(placeAfterKey(key, mod, from, BOUNDS)).toEqual(to);
});

test('selecting with Shift and Mod, as in any list', () => {
  const five = extendSelection(selectRow(10), 14);
  expect([five.anchor, countSelected(five)]).toEqual([10, 5]);
  expect(extendSelection(five, 8).ranges).toEqual([{ from: 8, to: 11 }]);
  const without = toggleRow(five, 12);
  expect(without.ranges).toEqual([
    { from: 10, to: 12 },
    { from: 13, to: 15 },
  ]);
  expect(toggleRow(without, 12).ranges).toEqual([{ from: 10, to: 15 }]);
  expect([isSelected(without, 12), isSelected(without, 14), isSelected(NOTHING_SELECTED, 0)]).toEqual([
    false,
    true,
    false,
  ]);
  expect(countSelected(selectAll(3_000_000))).toBe(3_000_000);
});

test('a press on a header sorts up, down, not at all; Shift adds a key', () => {
  const up = pressedSort([], 'rating', false);
  const down = pressedSort(up, 'rating', false);
  const two = pressedSort(down, 'title', true);
  expect([up, down, pressedSort(down, 'rating', false), two, pressedSort(two, 'year', false)]).toEqual([
    [{ field: 'rating', direction: 'asc' }],
    [{ field: 'rating', direction: 'desc' }],
    [],
    [
      { field: 'rating', direction: 'desc' },
      { field: 'title', direction: 'asc' },
    ],
    [{ field: 'year', direction: 'asc' }],
  ]);
});
