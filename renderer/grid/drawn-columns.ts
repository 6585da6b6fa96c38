import type { DrawnColumn } from './Cell.tsx';
import type { GridColumn } from './columns.ts';

/** Columns beside those in sight that are drawn too, so that a step sideways shows no gap. */
const OVERSCAN = 3;

/** Px of the grid's content, from where to where it is in sight. */
export interface Sight {
  readonly left: number;
  readonly right: number;
  /** Drawn wherever the grid is scrolled to: the active cell keeps its element, and with it the focus. */
  readonly activePlace: number;
}

/** `edges` are the left edges of the columns and the right edge of the last one. */
export function drawnColumns(
  columns: readonly GridColumn[],
  edges: readonly number[],
  { left, right, activePlace }: Sight,
): readonly DrawnColumn[] {
  const all = columns.map((column, place): DrawnColumn => {
    const start = edges[place] ?? 0;
    return { column, place, left: start, width: (edges[place + 1] ?? start) - start };
  });
  const inSight = all.filter((drawn) => drawn.left + drawn.width > left && drawn.left < right);
  const first = (inSight[0]?.place ?? 0) - OVERSCAN;
  const last = (inSight.at(-1)?.place ?? 0) + OVERSCAN;
  return all.filter(({ place }) => (place >= first && place <= last) || place === activePlace);
}
