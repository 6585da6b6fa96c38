import {
  useCallback,
  useDeferredValue,
  useImperativeHandle,
  useLayoutEffect,
  useMemo,
  useRef,
  useState,
  useSyncExternalStore,
  type KeyboardEvent,
  type MouseEvent,
  type Ref,
} from 'react';
import type { FieldSortKey } from '../../shared/query.ts';
import { ContextMenu } from '../ui/ContextMenu.tsx';
import type { MenuEntry } from '../ui/MenuEntries.tsx';
import { columnMenu } from './column-menu.ts';
import { cellText, cellValue, type GridColumn } from './columns.ts';
import styles from './Grid.module.css';
import { placeAfterKey, type GridPlace } from './grid-keys.ts';
import { drawnColumns } from './drawn-columns.ts';
import { GridHeader } from './GridHeader.tsx';
import { downBy, GridRow } from './GridRow.tsx';
import { waitingBars } from './waiting-bars.ts';
import type { RowSource } from './page-cache.ts';
import { nextRowKeys, type RowKeys } from './row-keys.ts';
import { problemBand, widthWithProblems } from './problem-band.ts';
import type { ScrollScale } from './scroll-scale.ts';
import {
  extendSelection,
  isSelected,
  NOTHING_SELECTED,
  selectAll,
  selectRow,
  toggleRow,
  type Selection,
} from './selection.ts';
import { pressedSort } from './sort-keys.ts';
import { useColumnDrag } from './use-column-drag.ts';
import { useGridColumns } from './use-grid-columns.ts';
import { hasRowsAround, ROW_HEIGHT, useRowWindow } from './use-row-window.ts';

const MARK_WIDTH = 24;
/** Px that Shift and an arrow key in a header widen a column by. */
const WIDTH_STEP = 16;

export interface GridHandle {
  /** Moves the focus to the active cell. */
  focus(): void;
}

/** What a person does to the columns. */
export interface ColumnArranging {
  /** Before the column of the place `gap`; the count of columns is the end. */
  readonly onMove: (column: GridColumn, gap: number) => void;
  readonly onHide: (column: GridColumn) => void;
}

export interface GridProps {
  /** Accessible name: what the records are of. */
  readonly label: string;
  /** Those that are shown, in their order. */
  readonly columns: readonly GridColumn[];
  /** Null where columns and their order are what a statement says. */
  readonly arrange: ColumnArranging | null;
  readonly rows: RowSource;
  /** Rows still to come, after those of `rows`: their places are shown. */
  readonly toCome: number;
  readonly sort: readonly FieldSortKey[];
  readonly onSort: (sort: readonly FieldSortKey[]) => void;
  /** Px by column id, as kept. */
  readonly widths: Readonly<Record<string, number>>;
  readonly onWidths: (changed: Readonly<Record<string, number>>) => void;
  readonly active: GridPlace;
  readonly onActive: (active: GridPlace) => void;
  readonly selection: Selection;
  readonly onSelection: (selection: Selection) => void;
  readonly onOpen: (row: number) => void;
  /** Of the rows' context menu. */
  readonly menu: readonly MenuEntry[];
  /** Where the grid is scrolled to; another mount with the same one starts there. */
  readonly scroll: ScrollScale;
  /** Another number starts at the first row again: the answer of another query. */
  readonly epoch: number;
  readonly ref?: Ref<GridHandle>;
}

/** Records as an ARIA grid with roving focus; only what is near the window is drawn. */
export function Grid(props: GridProps) {
  const { columns, rows, sort, arrange, active, selection, onActive, onSelection, onOpen } = props;
  const scroller = useRef<HTMLDivElement>(null);
  const total = rows.total + props.toCome;
  const version = useSyncExternalStore(
    useCallback((listener) => rows.subscribe(listener), [rows]),
    () => rows.version(),
  );
  const { window, bodyHeight, pageRows, onScroll, reveal, moveTo } = useRowWindow(scroller, rows, total, props.scroll);
  // Null after a jump, which draws what is in sight alone: there is nothing to draw after that.
  const around = useMemo(() => (hasRowsAround(window) ? { window, version } : null), [window, version]);
  const settled = useDeferredValue(around);
  const epoch = useRef(props.epoch);
  useLayoutEffect(() => {
    if (epoch.current === props.epoch) return;
    epoch.current = props.epoch;
    moveTo(0);
  }, [moveTo, props.epoch]);
  const { visibleFrom } = window;
  const sample = rows.row(Math.min(visibleFrom, Math.max(rows.total - 1, 0)))?.page ?? null;
  const { width, startResize, setWidth, fit } = useGridColumns(columns, sample, props.widths, props.onWidths);
  const sizes = columns.map(width);
  const activePlace = Math.min(active.place, columns.length - 1);
  const edges = sizes.reduce<readonly number[]>(
    (before, size) => [...before, (before.at(-1) ?? 0) + size],
    [MARK_WIDTH],
  );
  const edgesKey = edges.join(' ');
  const { left, right } = window;
  const drawn = useMemo(
    () => drawnColumns(columns, edges, { left, right, activePlace }),
    // The edges are made anew by every render; `edgesKey` says whether they differ.
    // oxlint-disable-next-line react/exhaustive-deps
    [columns, edgesKey, left, right, activePlace],
  );
  const bars = useMemo(() => waitingBars(drawn), [drawn]);
  // A row is drawn anew where its band is another object.
  // oxlint-disable-next-line react/exhaustive-deps
  const band = useMemo(() => problemBand(columns, edges), [columns, edgesKey]);
  const bodyWidth = widthWithProblems(columns, edges);

  const activeRow = Math.min(active.row, total - 1);
  const focusWanted = useRef(false);
  const activeCell = useCallback(() => {
    const cell = scroller.current?.querySelector('[data-active]');
    return cell instanceof HTMLElement ? cell : null;
  }, []);
  const focusActive = useCallback(() => activeCell()?.focus({ preventScroll: true }), [activeCell]);
  /** Place of a column that is to be in sight once the columns stand where they will. */
  const placeWanted = useRef<number | null>(null);
  useLayoutEffect(() => {
    const element = scroller.current;
    const place = placeWanted.current;
    placeWanted.current = null;
    if (element === null || place === null) return;
    const [start = 0, end = 0] = [place === 0 ? 0 : edges[place], edges[place + 1]];
    if (start < element.scrollLeft) element.scrollTo({ left: start });
    else if (end > element.scrollLeft + element.clientWidth) element.scrollTo({ left: end - element.clientWidth });
  });
  useLayoutEffect(() => {
    if (!focusWanted.current) return;
    focusWanted.current = false;
    focusActive();
  });
  useImperativeHandle(props.ref, () => ({ focus: focusActive }), [focusActive]);

  function go(next: GridPlace): void {
    focusWanted.current = true;
    onActive(next);
    if (next.row >= 0) reveal(next.row);
    placeWanted.current = next.place;
  }

  function sortBy(column: GridColumn, add: boolean): void {
    if (column.sortField !== null) props.onSort(pressedSort(sort, column.sortField, add));
  }

  function moveColumn(column: GridColumn, gap: number): void {
    const place = columns.indexOf(column);
    if (arrange === null || place === -1 || gap === place || gap === place + 1) return;
    arrange.onMove(column, gap);
    // The column is followed: its header keeps the focus, at its new place.
    const next = gap > place ? gap - 1 : gap;
    onActive({ row: activeRow, place: placeAfterMove(activePlace, place, next) });
    focusWanted.current = activeRow < 0;
    if (activePlace === place) placeWanted.current = next;
  }

  function hideColumn(column: GridColumn): void {
    const place = columns.indexOf(column);
    focusWanted.current = true;
    arrange?.onHide(column);
    if (place !== -1 && place < activePlace) onActive({ row: activeRow, place: activePlace - 1 });
  }

  const { drag, startDrag } = useColumnDrag(scroller, columns, edges, moveColumn);

  function handleHeaderKey(event: KeyboardEvent): boolean {
    const column = columns[activePlace];
    if (column === undefined) return false;
    if (event.altKey) {
      if (event.key === 'ArrowLeft') moveColumn(column, Math.max(activePlace - 1, 0));
      else if (event.key === 'ArrowRight') moveColumn(column, Math.min(activePlace + 2, columns.length));
      else if (event.key === 'ArrowDown') openMenuAt(event.target);
      else return false;
    } else if (event.key === 'Enter' || event.key === ' ') sortBy(column, event.shiftKey);
    else if (event.shiftKey && event.key === 'ArrowRight') setWidth(column, width(column) + WIDTH_STEP);
    else if (event.shiftKey && event.key === 'ArrowLeft') setWidth(column, width(column) - WIDTH_STEP);
    else return false;
    return true;
  }

  function handleKeyDown(event: KeyboardEvent): void {
    const mod = event.ctrlKey || event.metaKey;
    if (activeRow < 0 && handleHeaderKey(event)) return event.preventDefault();
    if (mod && event.key.toLowerCase() === 'a' && !event.shiftKey) {
      event.preventDefault();
      onSelection(selectAll(rows.total));
      return;
    }
    if (event.key === 'Enter' && !mod && activeRow >= 0) {
      event.preventDefault();
      onOpen(activeRow);
      return;
    }
    const next = placeAfterKey(
      event.key,
      mod,
      { row: activeRow, place: activePlace },
      { rows: total, columns: columns.length, pageRows: pageRows() },
    );
    if (next === null || event.altKey) return;
    event.preventDefault();
    go(next);
    if (next.row === activeRow || next.row < 0) return;
    onSelection(event.shiftKey ? extendSelection(anchored(selection, activeRow), next.row) : selectRow(next.row));
  }

  function handleMouseDown(event: MouseEvent): void {
    const place = placeOf(event.target);
    if (place === null || (event.button !== 0 && event.button !== 2)) return;
    focusWanted.current = true;
    onActive(place);
    if (place.row < 0) return;
    if (event.button === 2) {
      if (!isSelected(selection, place.row)) onSelection(selectRow(place.row));
      return;
    }
    if (event.shiftKey) {
      event.preventDefault();
      onSelection(extendSelection(anchored(selection, activeRow), place.row));
    } else if (event.ctrlKey || event.metaKey) onSelection(toggleRow(selection, place.row));
    else onSelection(selectRow(place.row));
  }

  function handleDoubleClick(event: MouseEvent): void {
    const place = placeOf(event.target);
    if (place !== null && place.row >= 0) onOpen(place.row);
  }

  /** The whole value on hover, where the cell shows less; made only for the cell that is pointed at. */
  function handleMouseOver(event: MouseEvent): void {
    const cell = cellOf(event.target);
    const place = placeOf(event.target);
    if (cell === null || place === null || place.row < 0) return;
    const row = rows.row(place.row);
    const column = columns[place.place];
    if (row === null || column === undefined || row.page.problems[row.offset] !== null) return;
    const value = cellValue(row.page, row.offset, column);
    const asShown = cell.scrollWidth <= cell.clientWidth && value.text === cellText(value, column);
    if (!asShown && value.kind !== 'missing') cell.title = wholeText(value.text, value.fullLength);
  }

  // What is in sight comes first. What a turn of the wheel brings into sight is drawn after that, unless a jump overtakes it.
  const isDrawn = (row: number): boolean =>
    settled === around ||
    (row >= window.visibleFrom && row < window.visibleTo) ||
    (settled !== null && row >= settled.window.first && row < settled.window.end);
  const rowNumbers = Array.from({ length: window.end - window.first }, (_, place) => window.first + place).filter(
    isDrawn,
  );
  // As with columns: the active row stays mounted, so that scrolling does not take the focus away.
  if (activeRow >= 0 && activeRow < window.first) rowNumbers.unshift(activeRow);
  else if (activeRow >= window.end) rowNumbers.push(activeRow);

  // Of what was drawn last, also where drawing this is broken off.
  const drawnKeys = useRef<RowKeys>(new Map());
  const rowKeys = nextRowKeys(drawnKeys.current, rowNumbers);
  useLayoutEffect(() => {
    drawnKeys.current = rowKeys;
  });

  const [menuPlace, setMenuPlace] = useState<number | null>(null);
  const menu =
    menuPlace === null
      ? props.menu
      : columnMenu(columns, menuPlace, sort, {
          onSort: props.onSort,
          onFit: fit,
          arrange: arrange === null ? null : { onMove: moveColumn, onHide: hideColumn },
        });

  return (
    <ContextMenu entries={menu} finalFocus={activeCell}>
      <div
        ref={scroller}
        role="grid"
        aria-label={props.label}
        aria-rowcount={total + 1}
        aria-colcount={columns.length}
        aria-multiselectable="true"
        className={styles.scroller}
        onScroll={onScroll}
        onKeyDown={handleKeyDown}
        onMouseDown={handleMouseDown}
        onDoubleClick={handleDoubleClick}
        onMouseOver={handleMouseOver}
        onMouseOut={handleMouseOut}
        onContextMenuCapture={(event) => {
          const place = placeOf(event.target);
          setMenuPlace(place !== null && place.row < 0 ? place.place : null);
        }}
      >
        <GridHeader
          columns={drawn}
          width={bodyWidth}
          sort={sort}
          activePlace={activeRow < 0 ? activePlace : null}
          onSort={sortBy}
          onResizeStart={startResize}
          onFit={fit}
          onDragStart={arrange === null ? null : startDrag}
          drag={drag}
        />
        <div className={styles.body} role="presentation" style={{ height: bodyHeight, width: bodyWidth }}>
          <div
            className={styles.window}
            role="presentation"
            style={{ transform: downBy(window.blockTop), ['--waiting-bars' as string]: bars }}
          >
            {rowNumbers.map((index) => {
              const row = rows.row(index);
              return (
                <GridRow
                  key={rowKeys.get(index)}
                  index={index}
                  top={rowTop(index, window.blockRow)}
                  page={row?.page ?? null}
                  offset={row?.offset ?? 0}
                  columns={drawn}
                  selected={isSelected(selection, index)}
                  activePlace={index === activeRow ? activePlace : null}
                  band={band}
                />
              );
            })}
          </div>
        </div>
      </div>
    </ContextMenu>
  );
}

/** The active row may be millions of px away, where browsers do not place elements: just out of sight is enough. */
function rowTop(index: number, blockRow: number): number {
  return Math.min(Math.max((index - blockRow) * ROW_HEIGHT, -100 * ROW_HEIGHT), 1000 * ROW_HEIGHT);
}

function anchored(selection: Selection, row: number): Selection {
  return selection.anchor === null ? { ...NOTHING_SELECTED, anchor: Math.max(row, 0) } : selection;
}

/** Where a place is after the column at `from` went to `to`. */
function placeAfterMove(place: number, from: number, to: number): number {
  if (place === from) return to;
  if (from < place && place <= to) return place - 1;
  return to <= place && place < from ? place + 1 : place;
}

/** Opens the menu of a header without a mouse, in its lower left corner. */
function openMenuAt(target: EventTarget): void {
  if (!(target instanceof HTMLElement)) return;
  const { left, bottom } = target.getBoundingClientRect();
  target.dispatchEvent(
    new MouseEvent('contextmenu', { bubbles: true, cancelable: true, clientX: left, clientY: bottom }),
  );
}

/** The cell will be that of another row, whose value is another one. */
function handleMouseOut({ target }: MouseEvent): void {
  const place = placeOf(target);
  if (place !== null && place.row >= 0) cellOf(target)?.removeAttribute('title');
}

function cellOf(target: EventTarget): HTMLElement | null {
  const cell = target instanceof Element ? target.closest('[data-place]') : null;
  return cell instanceof HTMLElement ? cell : null;
}

function placeOf(target: EventTarget): GridPlace | null {
  const cell = cellOf(target);
  if (cell === null) return null;
  const row = cell.closest('[data-row]');
  return {
    row: row instanceof HTMLElement ? Number(row.dataset['row']) : -1,
    place: Number(cell.dataset['place']),
  };
}

function wholeText(text: string, fullLength: number | null): string {
  return fullLength === null ? text : `${text}…\n(${fullLength} characters; the record shows all)`;
}
