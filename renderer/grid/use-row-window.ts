import { useCallback, useLayoutEffect, useRef, useState, type RefObject } from 'react';
import { LONGEST_SCROLL, type ScrollScale } from './scroll-scale.ts';

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

/**
 * Which of the rows are drawn, and where. Rows are 28 px, so this is arithmetic: nothing is kept per row. `scale` belongs
 * to whoever owns the answer: another mount starts where the last one was scrolled to. `want` hears of the rows in sight.
 */
export function useRowWindow(
  scroller: RefObject<HTMLDivElement | null>,
  total: number,
  scale: ScrollScale,
  want: (from: number, to: number) => void,
): RowWindowControl {
  const content = total * ROW_HEIGHT;
  const bodyHeight = Math.min(content, LONGEST_SCROLL);
  const [window, setWindow] = useState<RowWindow>(() => windowAt(scale, total));

  const update = useCallback(() => {
    const next = windowAt(scale, total);
    // Before React draws where they will stand: by then the rows are on their way.
    want(next.visibleFrom, next.visibleTo);
    setWindow((before) => (sameWindow(before, next) ? before : next));
  }, [scale, total, want]);

  const measure = useCallback(() => {
    const element = scroller.current;
    if (element === null) return;
    const view = Math.max(element.clientHeight - HEADER_HEIGHT, 0);
    const { scrollHeight, clientHeight, scrollTop } = element;
    scale.resize({ content, range: scrollHeight - clientHeight, view, scrolled: scrollTop });
    update();
  }, [content, scale, scroller, update]);

  const moveTo = useCallback(
    (top: number) => {
      const wanted = scale.moveTo(top);
      scroller.current?.scrollTo({ top: wanted });
      update();
    },
    [scale, scroller, update],
  );

  const restored = useRef(false);
  useLayoutEffect(() => {
    const element = scroller.current;
    if (element === null) return undefined;
    const { top } = scale;
    // oxlint-disable-next-line react/set-state-in-effect -- how many rows fit is known only once the element is laid out
    measure();
    if (!restored.current) {
      restored.current = true;
      if (top > 0) moveTo(top);
    }
    const observer = new ResizeObserver(measure);
    observer.observe(element);
    return () => observer.disconnect();
  }, [measure, moveTo, scale, scroller]);

  const onScroll = useCallback(() => {
    const element = scroller.current;
    if (element === null) return;
    const corrected = scale.scrolled(element.scrollTop);
    if (corrected !== null) element.scrollTo({ top: corrected });
    scale.scrolledSideways(element.scrollLeft);
    update();
  }, [scale, scroller, update]);

  const reveal = useCallback(
    (row: number) => {
      const rowTop = row * ROW_HEIGHT;
      if (rowTop < scale.top) moveTo(rowTop);
      else if (rowTop + ROW_HEIGHT > scale.top + scale.view) moveTo(rowTop + ROW_HEIGHT - scale.view);
    },
    [moveTo, scale],
  );

  const pageRows = useCallback(() => Math.max(Math.floor(scale.view / ROW_HEIGHT) - 1, 1), [scale]);
  return { window, bodyHeight, pageRows, onScroll, reveal, moveTo };
}

function windowAt({ top, view, shift }: ScrollScale, total: number): RowWindow {
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
