import { memo } from 'react';
import type { ResultPage } from '../../shared/page.ts';
import { Icon } from '../ui/Icon.tsx';
import { classes } from '../ui/classes.ts';
import { renderCell, type DrawnColumn } from './Cell.tsx';
import styles from './Grid.module.css';
import type { ProblemBand } from './problem-band.ts';

export interface GridRowProps {
  readonly index: number;
  readonly top: number;
  /** Null while the row is on its way. */
  readonly page: ResultPage | null;
  readonly offset: number;
  readonly columns: readonly DrawnColumn[];
  readonly selected: boolean;
  /** Place of the active cell in this row, or null. */
  readonly activePlace: number | null;
  /** Where a row that is no record says why. */
  readonly band: ProblemBand;
}

export const GridRow = memo(function GridRow(props: GridRowProps) {
  const { index, top, page, offset, columns, selected, activePlace, band } = props;
  const problem = page?.problems[offset] ?? null;
  return (
    <div
      role="row"
      aria-rowindex={index + 2}
      aria-selected={selected}
      aria-busy={page === null || undefined}
      data-row={index}
      className={classes(styles.row, selected && styles.selected, page === null && styles.busy)}
      style={{ transform: downBy(top) }}
    >
      {page === null ? (
        // The bars are the row's background: a jump draws every cell once, when its page is here.
        columns.filter(({ place }) => place === activePlace).map((drawn) => renderCell(null, offset, drawn, true))
      ) : problem === null ? (
        columns.map((drawn) => renderCell(page, offset, drawn, drawn.place === activePlace))
      ) : (
        <>
          <span className={styles.mark} title={problem}>
            <Icon name="warn" size={12} />
          </span>
          {columns
            .filter((drawn) => !isUnder(drawn, band))
            .map((drawn) => renderCell(page, offset, drawn, drawn.place === activePlace))}
          <ProblemCell {...props} problem={problem} />
        </>
      )}
    </div>
  );
});

/** Not `top`: elements that are given to other rows would count as having been moved about. */
export function downBy(px: number): string {
  return `translateY(${px}px)`;
}

/** The fields, which such a row has none of, and what the reason stands over. */
function isUnder({ column, place }: DrawnColumn, { from, to }: ProblemBand): boolean {
  return column.role === 'field' || (place >= from && place < to);
}

/** One cell in place of all that are under it; it is active whichever of them the keys went to. */
function ProblemCell({ columns, activePlace, band, problem }: GridRowProps & { readonly problem: string }) {
  const under = columns.filter((drawn) => isUnder(drawn, band));
  const active = under.find(({ place }) => place === activePlace);
  return (
    <div
      role="gridcell"
      aria-colindex={band.from + 1}
      tabIndex={active === undefined ? -1 : 0}
      data-place={active?.place ?? under[0]?.place ?? band.from}
      data-active={active === undefined ? undefined : true}
      className={classes(styles.cell, styles.problem)}
      style={band.width === null ? { left: band.left, right: 0 } : { left: band.left, width: band.width }}
    >
      <span className={styles.problemText}>{problem}</span>
    </div>
  );
}
