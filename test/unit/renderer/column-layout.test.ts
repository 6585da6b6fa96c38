import { expect, test } from 'vitest';
import { columnMenu } from '../../../renderer/grid/column-menu.ts';
import {
  countHidden,
  moveToGap,
  orderedColumns,
  setAllShown,
  setShown,
  shownColumns,
  type ColumnLayout,
} from '../../../renderer/grid/column-layout.ts';
import { gridColumns, type GridColumn } from '../../../renderer/grid/columns.ts';
import { gapAt } from '../../../renderer/grid/use-column-drag.ts';
import { asJson, asTsv } from '../../../renderer/commands/copy-rows.ts';
import type { ResultColumn } from '../../../shared/page.ts';

const AS_ANSWERED: ColumnLayout = { order: [], hidden: [] };

function answered(...fields: readonly string[]): readonly ResultColumn[] {
  return fields.map((name) => ({ name, field: name, kind: 'string' }));
}

function names(columns: readonly GridColumn[]): string {
  return columns.map(({ name }) => name).join(' ');
}

const MOVIES = answered('title', 'genre', 'rating');
const TITLE: GridColumn = {
  role: 'field',
  id: 'field:title',
  name: 'title',
  sortField: 'title',
  kind: 'string',
  position: 0,
};

/** Moves what is seen, as a hand or a key does: the column of a name to the gap before the column at a place. */
function moved(layout: ColumnLayout, name: string, gap: number): ColumnLayout {
  const seen = shownColumns(MOVIES, layout);
  const column = seen.find((each) => each.name === name);
  return moveToGap(layout, gridColumns(MOVIES), seen, column?.id ?? '', gap);
}

test('a column is moved between the ones that are seen, past those that are hidden', () => {
  const hidden = { order: [], hidden: ['field:genre'] };
  expect([
    names(shownColumns(MOVIES, AS_ANSWERED)),
    names(shownColumns(MOVIES, moved(AS_ANSWERED, 'rating', 1))),
    names(shownColumns(MOVIES, moved(AS_ANSWERED, 'id', 7))),
    names(orderedColumns(gridColumns(MOVIES), moved(hidden, 'rating', 1))),
    names(orderedColumns(gridColumns(MOVIES), moved(hidden, 'title', 3))),
    moved(AS_ANSWERED, 'title', 1),
  ]).toEqual([
    'id title genre rating class size modified',
    'id rating title genre class size modified',
    'title genre rating class size modified id',
    'id rating title genre class size modified',
    'id genre rating title class size modified',
    AS_ANSWERED,
  ]);
});

test('a field that turns up later stands at the end and is shown; one that is gone for a while keeps its place', () => {
  const layout = setShown(moved(AS_ANSWERED, 'rating', 0), TITLE, false);
  const later = answered('title', 'votes', 'genre', 'rating');
  expect(names(shownColumns(later, layout))).toBe('rating id genre class size modified votes');
  const without = answered('genre');
  const again = moveToGap(layout, gridColumns(without), shownColumns(without, layout), '@size', 0);
  expect([names(shownColumns(without, again)), names(shownColumns(MOVIES, again))]).toEqual([
    'size id genre class modified',
    'rating size id genre class modified',
  ]);
});

test('the id cannot be hidden, whatever is kept', () => {
  const columns = gridColumns(MOVIES);
  const none = setAllShown(AS_ANSWERED, columns, false);
  expect([
    names(shownColumns(MOVIES, none)),
    names(shownColumns(MOVIES, { order: [], hidden: ['@id'] })),
    countHidden(columns, none),
    setAllShown(none, columns, true),
  ]).toEqual(['id', 'id title genre rating class size modified', 6, AS_ANSWERED]);
  const hide = columnMenu(columns, 0, [], {
    onSort,
    onFit: onSort,
    arrange: { onMove: onSort, onHide: onSort },
  }).at(-1);
  expect(hide).toMatchObject({ id: 'hide', disabledReason: 'The id names the record, so it stays in sight' });
});

function onSort(): void {
  throw new Error('nothing was chosen');
}

test('a dragged header goes to the nearest gap', () => {
  const edges = [24, 124, 174, 374];
  expect([0, 73, 75, 148, 150, 273, 275, 900].map((left) => gapAt(edges, left))).toEqual([0, 0, 1, 1, 2, 2, 3, 3]);
});

test('what is copied follows what is shown: columns in their order, hidden fields left out, digits kept', () => {
  const layout = moved({ order: [], hidden: ['field:genre'] }, 'rating', 0);
  const rows = [
    {
      id: 'm1',
      key: 'm1.json',
      fields: '{"title": "A\\tB", "rating": 1.50, "genre": "Drama", "big": 9007199254740993}',
      metadata: null,
      problem: null,
    },
    { id: 'm2', key: 'm2.json', fields: null, metadata: null, problem: 'no JSON' },
  ];
  expect([
    asTsv(rows, shownColumns(MOVIES, layout)),
    asJson(rows, new Set(['genre'])),
    asJson(rows.slice(0, 1), new Set()),
  ]).toEqual([
    'rating\tid\ttitle\n1.50\tm1\t"A\tB"\n\tm2\t',
    '[\n{"title": "A\\tB", "rating": 1.50, "big": 9007199254740993},\n{"id":"m2"}\n]',
    rows[0]?.fields,
  ]);
});
