/** Selected rows of a result as ranges, so that "all of a million" costs nothing. */
export interface Selection {
  /** Sorted, disjoint, never touching; `to` is the first row that is not selected. */
  readonly ranges: readonly RowRange[];
  /** Where a Shift selection starts; null where nothing was selected yet. */
  readonly anchor: number | null;
}

export interface RowRange {
  readonly from: number;
  readonly to: number;
}

export const NOTHING_SELECTED: Selection = { ranges: [], anchor: null };

export function selectRow(index: number): Selection {
  return { ranges: [{ from: index, to: index + 1 }], anchor: index };
}

export function selectAll(total: number): Selection {
  return total === 0 ? NOTHING_SELECTED : { ranges: [{ from: 0, to: total }], anchor: 0 };
}

/** From the anchor to `index`, in place of what was selected before. */
export function extendSelection(selection: Selection, index: number): Selection {
  const anchor = selection.anchor ?? index;
  return { ranges: [{ from: Math.min(anchor, index), to: Math.max(anchor, index) + 1 }], anchor };
}

export function toggleRow(selection: Selection, index: number): Selection {
  const row = { from: index, to: index + 1 };
  const ranges = isSelected(selection, index)
    ? selection.ranges.flatMap((range) =>
        [
          { from: range.from, to: Math.min(range.to, index) },
          { from: Math.max(range.from, index + 1), to: range.to },
        ].filter(({ from, to }) => from < to),
      )
    : merge([...selection.ranges, row]);
  return { ranges, anchor: index };
}

export function isSelected(selection: Selection, index: number): boolean {
  let low = 0;
  let high = selection.ranges.length - 1;
  while (low <= high) {
    const middle = (low + high) >> 1;
    const range = selection.ranges[middle];
    if (range === undefined) return false;
    if (index < range.from) high = middle - 1;
    else if (index >= range.to) low = middle + 1;
    else return true;
  }
  return false;
}

export function countSelected(selection: Selection): number {
  return selection.ranges.reduce((count, { from, to }) => count + to - from, 0);
}

function merge(ranges: readonly RowRange[]): readonly RowRange[] {
  const merged: RowRange[] = [];
  for (const range of ranges.toSorted((one, other) => one.from - other.from)) {
    const last = merged.at(-1);
    if (last !== undefined && range.from <= last.to)
      merged[merged.length - 1] = { from: last.from, to: Math.max(last.to, range.to) };
    else merged.push(range);
  }
  return merged;
}
