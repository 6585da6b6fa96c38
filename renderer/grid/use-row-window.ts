import { useCallback, useLayoutEffect, useRef, useState, type RefObject } from 'react';
import { LONGEST_SCROLL, ScrollScale } from './scroll-scale.ts';

export const ROW_HEIGHT = 28;
export const HEADER_HEIGHT = 32;
const OVERSCAN = 8;
/** Rows stand in a block that starts at a multiple of this, so that scrolling seldom gives a row a new place. */
const BLOCK = 64;

export interface RowWindow {
  /** First drawn row, and the first that is not drawn. */
  readonly first: number;
  readonly end: number;
  /** First visible row, and the first that is not visible. */
  readonly visibleFrom: number;
  readonly visibleTo: number;
  /** First row of the block, and its px in the scroller's body. */
  readonly blockRow: number;
  readonly blockTop: number;
}

export interface RowWindowControl {
  readonly window: RowWindow;
  readonly bodyHeight: number;
  readonly pageRows: () => number;
  readonly onScroll: () => void;
  /** Scrolls as little as needed. */
  readonly reveal: (row: number) => void;
  readonly moveTo: (top: number) => void;
}

export interface ScrollMemory {
  /** Px of the rows, in the content's own measure. */
  top: number;
  left: number;
}

/** Which of the rows are drawn, and where. Rows are 28 px, so this is arithmetic: nothing is kept per row. */
export function useRowWindow(
  scroller: RefObject<HTMLDivElement | null>,
  total: number,
  memory: ScrollMemory,
): RowWindowControl {
  const content = total * ROW_HEIGHT;
  const bodyHeight = Math.min(content, LONGEST_SCROLL);
  const scale = useRef<ScrollScale>(null);
  scale.current ??= new ScrollScale();
  const view = useRef(0);
  const [window, setWindow] = useState<RowWindow>(() => windowAt(memory.top, 0, total, 0));

  const update = useCallback(() => {
    const { current } = scale;
    if (current === null) return;
    memory.top = current.top;
    const next = windowAt(current.top, view.current, total, current.shift);
    setWindow((before) => (sameWindow(before, next) ? before : next));
  }, [memory, total]);

  const measure = useCallback(() => {
    const element = scroller.current;
    if (element === null || scale.current === null) return;
    view.current = Math.max(element.clientHeight - HEADER_HEIGHT, 0);
    scale.current.resize({ content, range: element.scrollHeight - element.clientHeight, view: view.current });
    update();
  }, [content, scroller, update]);

  const moveTo = useCallback(
    (top: number) => {
      if (scroller.current === null || scale.current === null) return;
      scroller.current.scrollTop = scale.current.moveTo(top);
      update();
    },
    [scroller, update],
  );

  const restored = useRef(false);
  useLayoutEffect(() => {
    const element = scroller.current;
    if (element === null) return;
    const { top } = memory;
    measure();
    if (!restored.current) {
      restored.current = true;
      if (top > 0) moveTo(top);
    }
    const observer = new ResizeObserver(measure);
    observer.observe(element);
    return () => observer.disconnect();
  }, [measure, memory, moveTo, scroller]);

  const onScroll = useCallback(() => {
    const element = scroller.current;
    if (element === null || scale.current === null) return;
    const corrected = scale.current.scrolled(element.scrollTop);
    if (corrected !== null) element.scrollTop = corrected;
    memory.left = element.scrollLeft;
    update();
  }, [memory, scroller, update]);

  const reveal = useCallback(
    (row: number) => {
      const top = scale.current?.top ?? 0;
      const rowTop = row * ROW_HEIGHT;
      if (rowTop < top) moveTo(rowTop);
      else if (rowTop + ROW_HEIGHT > top + view.current) moveTo(rowTop + ROW_HEIGHT - view.current);
    },
    [moveTo],
  );

  const pageRows = useCallback(() => Math.max(Math.floor(view.current / ROW_HEIGHT) - 1, 1), []);
  return { window, bodyHeight, pageRows, onScroll, reveal, moveTo };
}

function windowAt(top: number, view: number, total: number, shift: number): RowWindow {
  const visibleFrom = Math.min(Math.floor(top / ROW_HEIGHT), Math.max(total - 1, 0));
  const visibleTo = Math.min(Math.ceil((top + view) / ROW_HEIGHT), total);
  const first = Math.max(visibleFrom - OVERSCAN, 0);
  const blockRow = Math.floor(first / BLOCK) * BLOCK;
  return {
    first,
    end: Math.min(visibleTo + OVERSCAN, total),
    visibleFrom,
    visibleTo,
    blockRow,
    blockTop: blockRow * ROW_HEIGHT + shift,
  };
}

function sameWindow(one: RowWindow, other: RowWindow): boolean {
  return (
    one.first === other.first &&
    one.end === other.end &&
    one.visibleFrom === other.visibleFrom &&
    one.visibleTo === other.visibleTo &&
    one.blockTop === other.blockTop
  );
}
