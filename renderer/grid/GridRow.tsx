import { memo } from 'react';
import type { ResultPage } from '../../shared/page.ts';
import { Icon } from '../ui/Icon.tsx';
import { classes } from '../ui/classes.ts';
import { renderCell, type DrawnColumn } from './Cell.tsx';
import styles from './Grid.module.css';

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
  /** Where the fields stand: a row that is no record says why in their place. */
  readonly fieldsLeft: number;
  readonly fieldsWidth: number;
}

export const GridRow = memo(function GridRow(props: GridRowProps) {
  const { index, top, page, offset, columns, selected, activePlace } = props;
  const problem = page?.problems[offset] ?? null;
  return (
    <div
      role="row"
      aria-rowindex={index + 2}
      aria-selected={selected}
      aria-busy={page === null || undefined}
      data-row={index}
      className={classes(styles.row, selected && styles.selected, page === null && styles.busy)}
      style={{ top }}
    >
      {problem === null ? (
        columns.map((drawn) => renderCell(page, offset, drawn, drawn.place === activePlace))
      ) : (
        <>
          <span className={styles.mark} title={problem}>
            <Icon name="warn" size={12} />
          </span>
          {columns
            .filter(({ column }) => column.role !== 'field')
            .map((drawn) => renderCell(page, offset, drawn, drawn.place === activePlace))}
          <ProblemCell {...props} problem={problem} />
        </>
      )}
    </div>
  );
});

/** One cell over the place of all fields; it is active whichever of them the keys went to. */
function ProblemCell({
  columns,
  activePlace,
  fieldsLeft,
  fieldsWidth,
  problem,
}: GridRowProps & { readonly problem: string }) {
  const fields = columns.filter(({ column }) => column.role === 'field');
  const active = fields.find(({ place }) => place === activePlace);
  return (
    <div
      role="gridcell"
      aria-colindex={2}
      tabIndex={active === undefined ? -1 : 0}
      data-place={active?.place ?? 1}
      data-active={active === undefined ? undefined : true}
      className={classes(styles.cell, styles.problem)}
      style={{ left: fieldsLeft, width: fieldsWidth }}
    >
      <span className={styles.problemText}>{problem}</span>
    </div>
  );
}
