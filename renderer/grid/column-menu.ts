import type { FieldSortKey } from '../../shared/query.ts';
import type { MenuEntry } from '../ui/MenuEntries.tsx';
import { mayHide, WHY_SHOWN } from './column-layout.ts';
import type { GridColumn } from './columns.ts';

export interface ColumnActions {
  readonly onSort: (sort: readonly FieldSortKey[]) => void;
  readonly onFit: (column: GridColumn) => void;
  /** Null where columns and their order are what a statement says. */
  readonly arrange: {
    /** Before the column of the place `gap`. */
    readonly onMove: (column: GridColumn, gap: number) => void;
    readonly onHide: (column: GridColumn) => void;
  } | null;
}

/** What a header's menu offers for the column at `place`. */
export function columnMenu(
  columns: readonly GridColumn[],
  place: number,
  sort: readonly FieldSortKey[],
  actions: ColumnActions,
): readonly MenuEntry[] {
  const column = columns[place];
  if (column === undefined) return [];
  const { onSort, arrange } = actions;
  const { sortField } = column;
  const sortable =
    sortField !== null
      ? null
      : column.role === 'field'
        ? 'A query cannot name this field'
        : 'A query cannot sort by what S3 knows of the object';
  const sortBy = (direction: FieldSortKey['direction']) => () => {
    if (sortField !== null) onSort([{ field: sortField, direction }]);
  };
  const key = sort.find(({ field }) => field === sortField);
  const fit = { id: 'fit', label: 'Size to fit', separator: true, run: () => actions.onFit(column) };
  const sorting: readonly MenuEntry[] = [
    {
      id: 'sort-ascending',
      label: 'Sort ascending',
      disabledReason: sortable,
      run: sortBy('asc'),
    },
    {
      id: 'sort-descending',
      label: 'Sort descending',
      disabledReason: sortable,
      run: sortBy('desc'),
    },
    {
      id: 'sort-none',
      label: 'Do not sort by it',
      disabledReason: sortable ?? (key === undefined ? 'The records are not sorted by it' : null),
      run: () => onSort(sort.filter((each) => each !== key)),
    },
  ];
  if (arrange === null) return [...sorting, fit];
  const { onMove, onHide } = arrange;
  const first = place === 0 ? 'It is the first column' : null;
  const last = place === columns.length - 1 ? 'It is the last column' : null;
  return [
    ...sorting,
    {
      id: 'move-left',
      label: 'Move left',
      separator: true,
      disabledReason: first,
      run: () => onMove(column, place - 1),
    },
    {
      id: 'move-right',
      label: 'Move right',
      disabledReason: last,
      run: () => onMove(column, place + 2),
    },
    { id: 'move-first', label: 'Move to the start', disabledReason: first, run: () => onMove(column, 0) },
    {
      id: 'move-last',
      label: 'Move to the end',
      disabledReason: last,
      run: () => onMove(column, columns.length),
    },
    fit,
    {
      id: 'hide',
      label: 'Hide the column',
      disabledReason: mayHide(column) ? null : WHY_SHOWN,
      run: () => onHide(column),
    },
  ];
}
