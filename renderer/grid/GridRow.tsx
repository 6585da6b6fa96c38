import { memo } from 'react';
import type { ResultPage } from '../../shared/page.ts';
import { Icon } from '../ui/Icon.tsx';
import { classes } from '../ui/classes.ts';
import { Cell, type DrawnColumn } from './Cell.tsx';
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
      className={classes(styles.row, selected && styles.selected)}
      style={{ top }}
    >
      {page === null ? (
        columns.map((drawn) => <WaitingCell key={drawn.column.id} drawn={drawn} active={drawn.place === activePlace} />)
      ) : (
        <>
          {problem === null ? null : (
            <span className={styles.mark} title={problem}>
              <Icon name="warn" size={12} />
            </span>
          )}
          {columns
            .filter(({ column }) => problem === null || column.role !== 'field')
            .map((drawn) => (
              <Cell
                key={drawn.column.id}
                page={page}
                offset={offset}
                drawn={drawn}
                active={drawn.place === activePlace}
              />
            ))}
          {problem === null ? null : <ProblemCell {...props} problem={problem} />}
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

function WaitingCell({ drawn, active }: { readonly drawn: DrawnColumn; readonly active: boolean }) {
  return (
    <div
      role="gridcell"
      aria-colindex={drawn.place + 1}
      tabIndex={active ? 0 : -1}
      data-place={drawn.place}
      data-active={active || undefined}
      className={styles.cell}
      style={{ left: drawn.left, width: drawn.width }}
    >
      <i className={styles.bar} />
    </div>
  );
}
