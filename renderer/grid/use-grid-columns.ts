import {
  columnResizingFeature,
  columnSizingFeature,
  tableFeatures,
  useTable,
  type ColumnDef,
  type ColumnSizingState,
} from '@tanstack/react-table';
import { useCallback, useEffect, useMemo, useRef, useState, type SyntheticEvent } from 'react';
import type { ResultPage } from '../../shared/page.ts';
import { createMeasureText, fittingWidth, growsWithRows, NARROWEST, WIDEST } from './column-widths.ts';
import type { GridColumn } from './columns.ts';

const features = tableFeatures({ columnSizingFeature, columnResizingFeature });

/** Rows are virtual and come in pages, so the table has columns alone. */
const NO_ROWS: readonly never[] = [];

export interface GridColumnWidths {
  readonly width: (column: GridColumn) => number;
  readonly startResize: (column: GridColumn, event: SyntheticEvent) => void;
  readonly setWidth: (column: GridColumn, width: number) => void;
  readonly fit: (column: GridColumn) => void;
}

/**
 * Widths of the columns: what the person set, else what fits the first rows that came. `onWidths` is told of what the
 * person sets, when the hand lets go.
 */
export function useGridColumns(
  columns: readonly GridColumn[],
  samplePage: ResultPage | null,
  kept: Readonly<Record<string, number>>,
  onWidths: (widths: Readonly<Record<string, number>>) => void,
): GridColumnWidths {
  const measure = useMemo(() => createMeasureText(), []);
  const [fitted, setFitted] = useState<Readonly<Record<string, number>>>({});
  const [sizing, setSizing] = useState<ColumnSizingState>({});

  // Fitted once a column, from the first rows that are here, and before they are painted: nothing moves later.
  const [fittedPage, setFittedPage] = useState<ResultPage | null>(null);
  if (samplePage !== null && samplePage !== fittedPage) {
    setFittedPage(samplePage);
    const grown = columns.flatMap((column): readonly (readonly [string, number])[] => {
      const before = fitted[column.id];
      if (before !== undefined && !growsWithRows(column)) return [];
      const width = fittingWidth(column, samplePage, measure);
      return before === undefined || width > before ? [[column.id, width]] : [];
    });
    if (grown.length > 0) setFitted({ ...fitted, ...Object.fromEntries(grown) });
  }

  const definitions = useMemo(
    () =>
      columns.map((column): ColumnDef<typeof features, never> => ({
        id: column.id,
        header: column.name,
        size: kept[column.id] ?? fitted[column.id] ?? fittingWidth(column, null, measure),
        minSize: NARROWEST,
        maxSize: WIDEST,
      })),
    [columns, kept, fitted, measure],
  );

  const table = useTable({
    features,
    columns: definitions,
    data: NO_ROWS,
    columnResizeMode: 'onChange',
    state: { columnSizing: sizing },
    onColumnSizingChange: setSizing,
  });

  const resizing = table.state.columnResizing.isResizingColumn;
  // What was set here is kept by now, or was reset: from here on the kept widths count.
  const [keptBefore, setKeptBefore] = useState(kept);
  if (kept !== keptBefore && resizing === false) {
    setKeptBefore(kept);
    setSizing({});
  }
  const resized = useRef<string | null>(null);
  useEffect(() => {
    if (resizing !== false) {
      resized.current = resizing;
      return;
    }
    const id = resized.current;
    resized.current = null;
    const width = id === null ? undefined : sizing[id];
    if (id !== null && width !== undefined) onWidths({ [id]: Math.round(width) });
  }, [resizing, sizing, onWidths]);

  const setWidth = useCallback(
    (column: GridColumn, width: number) => {
      const next = Math.round(Math.min(Math.max(width, NARROWEST), WIDEST));
      setSizing((before) => ({ ...before, [column.id]: next }));
      onWidths({ [column.id]: next });
    },
    [onWidths],
  );

  return {
    width: (column) => table.getColumn(column.id)?.getSize() ?? NARROWEST,
    startResize: (column, event) => {
      const header = table.getFlatHeaders().find(({ column: owner }) => owner.id === column.id);
      header?.getResizeHandler(document)(event);
    },
    setWidth,
    fit: (column) => setWidth(column, fittingWidth(column, samplePage, measure, WIDEST)),
  };
}
