import type { GridColumn } from './columns.ts';

/** Px that a reason needs to be read. */
const ROOM = 480;

/** Where a row that is no record says why; places are of columns, px are of the grid's content. */
export interface ProblemBand {
  /** The columns that it stands over: from the first one up to, but not with, the second. */
  readonly from: number;
  readonly to: number;
  readonly left: number;
  /** Null where nothing stands behind it: it goes to the end of what is seen. */
  readonly width: number | null;
}

/**
 * Over the first fields that stand side by side, and over what is beside them where they are too narrow, but never over
 * the id. Where that is too little, behind the last column. `edges` are the left edges of the columns and the right edge
 * of the last one.
 */
export function problemBand(columns: readonly GridColumn[], edges: readonly number[]): ProblemBand {
  const end = columns.length;
  const from = columns.findIndex(({ role }) => role === 'field');
  const behind: ProblemBand = { from: end, to: end, left: edges[end] ?? 0, width: null };
  if (from === -1) return behind;
  const left = edges[from] ?? 0;
  const widthTo = (place: number) => (edges[place] ?? left) - left;
  let to = from;
  for (const column of columns.slice(from)) {
    if (column.role === 'id' || (column.role !== 'field' && widthTo(to) >= ROOM)) break;
    to += 1;
  }
  if (to === end) return { from, to, left, width: null };
  return widthTo(to) < ROOM ? behind : { from, to, left, width: widthTo(to) };
}

/** Px that the grid's content is wide, so that a reason at its end can be read. */
export function widthWithProblems(columns: readonly GridColumn[], edges: readonly number[]): number {
  const { left, width } = problemBand(columns, edges);
  const wide = edges[columns.length] ?? 0;
  return width === null ? Math.max(wide, left + ROOM) : wide;
}
