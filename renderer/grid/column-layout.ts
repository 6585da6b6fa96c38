import type { OpenedQuery } from '../../shared/page.ts';
import { gridColumns, type GridColumn } from './columns.ts';

/** Which columns a person sees, by column id. Both empty: as the answer gives them. */
export interface ColumnLayout {
  /** May name columns that this answer lacks: they keep their place until they are back. */
  readonly order: readonly string[];
  readonly hidden: readonly string[];
}

/** The id is what a row is called: with it hidden nobody could tell two records apart. */
export const WHY_SHOWN = 'The id names the record, so it stays in sight';

/** Every column, in the order of the layout; those that it does not know are new and stand at the end. */
export function orderedColumns(columns: readonly GridColumn[], { order }: ColumnLayout): readonly GridColumn[] {
  const places = new Map(order.map((id, place) => [id, place]));
  const placeOf = ({ id }: GridColumn): number => places.get(id) ?? order.length;
  return columns.toSorted((one, other) => placeOf(one) - placeOf(other));
}

/** The columns that the grid draws and that copies follow. */
export function shownColumns(answered: OpenedQuery['columns'], layout: ColumnLayout): readonly GridColumn[] {
  const hidden = new Set(layout.hidden);
  return orderedColumns(gridColumns(answered), layout).filter((column) => !mayHide(column) || !hidden.has(column.id));
}

export function mayHide(column: GridColumn): boolean {
  return column.role !== 'id';
}

/** The layout with one column moved right before or behind another one. `columns` are all that are known. */
export function moveColumn(
  layout: ColumnLayout,
  columns: readonly GridColumn[],
  id: string,
  to: { readonly before: string } | { readonly behind: string },
): ColumnLayout {
  const anchor = 'before' in to ? to.before : to.behind;
  if (anchor === id) return layout;
  const order = wholeOrder(layout, columns).filter((each) => each !== id);
  const at = order.indexOf(anchor);
  if (at === -1) return layout;
  return { ...layout, order: order.toSpliced('before' in to ? at : at + 1, 0, id) };
}

/** Moved among the columns that are seen: to the gap before the one at `gap`, or to the end. */
export function moveToGap(
  layout: ColumnLayout,
  columns: readonly GridColumn[],
  seen: readonly GridColumn[],
  id: string,
  gap: number,
): ColumnLayout {
  const next = seen[gap];
  const last = seen.at(-1);
  if (next !== undefined) return moveColumn(layout, columns, id, { before: next.id });
  return last === undefined ? layout : moveColumn(layout, columns, id, { behind: last.id });
}

export function setShown(layout: ColumnLayout, column: GridColumn, shown: boolean): ColumnLayout {
  const hidden = layout.hidden.filter((id) => id !== column.id);
  return { ...layout, hidden: shown || !mayHide(column) ? hidden : [...hidden, column.id] };
}

/** Shows or hides all of `columns`; those that are not among them, and the id, stay as they are. */
export function setAllShown(layout: ColumnLayout, columns: readonly GridColumn[], shown: boolean): ColumnLayout {
  return columns.reduce((before, column) => setShown(before, column, shown), layout);
}

/** How many of these columns are hidden. */
export function countHidden(columns: readonly GridColumn[], { hidden }: ColumnLayout): number {
  const ids = new Set(hidden);
  return columns.filter((column) => mayHide(column) && ids.has(column.id)).length;
}

/** Ids of the layout with those that it does not know yet behind them. */
function wholeOrder(layout: ColumnLayout, columns: readonly GridColumn[]): readonly string[] {
  const known = new Set(layout.order);
  return [...layout.order, ...columns.map(({ id }) => id).filter((id) => !known.has(id))];
}
