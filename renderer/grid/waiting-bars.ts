import type { DrawnColumn } from './Cell.tsx';

/** Px from the column's edge, as the texts of cells; and from the row's. */
const INSET = 8;
const TOP = 10;
const HEIGHT = 8;
const LONGEST = 120;

/** The background of a row that is on its way, a bar a column: what is about to be replaced needs no element a cell. */
export function waitingBars(columns: readonly DrawnColumn[]): string {
  const bars = columns.map(({ left, width }) => {
    const length = Math.min(Math.round((width - 2 * INSET) * 0.6), LONGEST);
    return `linear-gradient(var(--line) 0 0) ${left + INSET}px ${TOP}px / ${length}px ${HEIGHT}px no-repeat`;
  });
  return bars.length === 0 ? 'none' : bars.join(', ');
}
