import type { PointerEvent, SyntheticEvent } from 'react';
import type { FieldSortKey } from '../../shared/query.ts';
import { Icon } from '../ui/Icon.tsx';
import { glyphWord, TypeGlyph } from '../ui/TypeGlyph.tsx';
import { classes } from '../ui/classes.ts';
import type { DrawnColumn } from './Cell.tsx';
import { glyphOf, type GridColumn } from './columns.ts';
import styles from './Grid.module.css';
import type { ColumnDrag } from './use-column-drag.ts';

export interface GridHeaderProps {
  readonly columns: readonly DrawnColumn[];
  readonly width: number;
  readonly sort: readonly FieldSortKey[];
  /** Place of the active header cell, or null while a row's cell is active. */
  readonly activePlace: number | null;
  readonly onSort: (column: GridColumn, add: boolean) => void;
  readonly onResizeStart: (column: GridColumn, event: SyntheticEvent) => void;
  readonly onFit: (column: GridColumn) => void;
  /** Null where columns stay where they are. */
  readonly onDragStart: ((column: GridColumn, event: PointerEvent) => void) | null;
  readonly drag: ColumnDrag | null;
}

export function GridHeader({
  columns,
  width,
  sort,
  activePlace,
  onSort,
  onResizeStart,
  onFit,
  onDragStart,
  drag,
}: GridHeaderProps) {
  return (
    <div role="row" aria-rowindex={1} className={styles.header} style={{ width }}>
      {columns.map(({ column, place, left, width: columnWidth }) => {
        const at = sort.findIndex(({ field }) => field === column.sortField);
        const key = column.sortField === null ? undefined : sort[at];
        const number = column.role === 'size' || (column.role === 'field' && column.kind === 'number');
        return (
          <div
            key={column.id}
            role="columnheader"
            aria-colindex={place + 1}
            aria-sort={key === undefined ? 'none' : key.direction === 'asc' ? 'ascending' : 'descending'}
            aria-label={column.name}
            aria-description={describe(column)}
            aria-keyshortcuts={onDragStart === null ? 'Alt+ArrowDown' : 'Alt+ArrowLeft Alt+ArrowRight Alt+ArrowDown'}
            tabIndex={activePlace === place ? 0 : -1}
            data-place={place}
            data-header
            data-active={activePlace === place || undefined}
            title={column.name}
            className={classes(
              styles.head,
              number && styles.headRight,
              key !== undefined && styles.sorted,
              drag?.id === column.id && styles.dragged,
            )}
            style={{ left, width: columnWidth }}
            onPointerDown={(event) => onDragStart?.(column, event)}
            onClick={(event) => onSort(column, event.shiftKey)}
          >
            {key === undefined ? (
              <TypeGlyph kind={glyphOf(column)} />
            ) : (
              <span className={styles.sortMark}>
                <Icon name={key.direction === 'asc' ? 'arrow-up' : 'arrow-down'} size={12} />
                {sort.length > 1 ? at + 1 : null}
              </span>
            )}
            <span className={styles.headName}>{column.name}</span>
            <span
              aria-hidden="true"
              className={styles.resizer}
              onPointerDown={(event) => event.stopPropagation()}
              onMouseDown={(event) => onResizeStart(column, event)}
              onTouchStart={(event) => onResizeStart(column, event)}
              onClick={(event) => event.stopPropagation()}
              onDoubleClick={() => onFit(column)}
            />
          </div>
        );
      })}
      {drag === null ? null : (
        <div aria-hidden="true">
          {drag.dropLeft === null ? null : (
            <div className={styles.dropLine} style={{ left: drag.dropLeft - 1, height: drag.height }} />
          )}
          <div className={styles.draggedName} style={{ left: drag.left }}>
            {drag.name}
          </div>
        </div>
      )}
    </div>
  );
}

function describe(column: GridColumn): string {
  const kind = glyphWord(glyphOf(column));
  return column.sortField === null ? `${kind}; cannot be sorted by, because a query cannot name it` : kind;
}
