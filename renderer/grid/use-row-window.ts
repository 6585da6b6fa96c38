import { useCallback, useLayoutEffect, useRef, useState, type RefObject } from 'react';
import { flushSync } from 'react-dom';
import { afterFrames } from './after-frames.ts';
import type { RowSource } from './page-cache.ts';
import { LONGEST_SCROLL, type ScrollScale } from './scroll-scale.ts';

export const ROW_HEIGHT = 28;
export const HEADER_HEIGHT = 32;
const OVERSCAN = 8;
/** Rows stand in a block that starts at a multiple of this, so that scrolling seldom gives a row a new place. */
const BLOCK = 64;
/** Px that the columns are scrolled by before the grid looks which of them are near. */
const SIDEWAYS_STEP = 64;
/**
 * Frames after a jump that its rows may take without a sign that they are on their way: a tenth of a second. Most often they
 * are here by then, and places that are drawn only to be filled a moment later cost as much as the rows, and flicker.
 */
const PATIENCE = 6;
/**
 * Frames after a jump until the rows around those in sight are drawn too: who jumps again at once, as with the scroll bar, would
 * wait for rows that nobody sees, which are two fifths of all.
 */
const REST = 6;

/** For the rows that a jump came to. */
interface Wait {
  readonly isLate: boolean;
  readonly cancel: () => void;
}

const NO_WAIT: Wait = { isLate: false, cancel: () => undefined };

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
  /** Px of the columns that are in sight, rounded to more than that. */
  readonly left: number;
  readonly right: number;
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
 * Which part of the grid is drawn, and where. Rows are 28 px, so this is arithmetic: nothing is kept per row. `scale` belongs
 * to whoever owns the answer: another mount starts where the last one was scrolled to.
 */
export function useRowWindow(
  scroller: RefObject<HTMLDivElement | null>,
  rows: RowSource,
  total: number,
  scale: ScrollScale,
): RowWindowControl {
  const content = total * ROW_HEIGHT;
  const bodyHeight = Math.min(content, LONGEST_SCROLL);
  const [window, setWindow] = useState<RowWindow>(() => windowAt(scale, total));
  const shown = useRef(window);
  /** Null where there is no rest under way. */
  const stopRest = useRef<(() => void) | null>(null);

  const show = useCallback(
    (overscan: number) => {
      const next = windowAt(scale, total, overscan);
      if (sameWindow(shown.current, next)) return;
      shown.current = next;
      setWindow(next);
    },
    [scale, total],
  );

  const showAround = useCallback(() => {
    stopRest.current = null;
    rows.wantAround();
    show(OVERSCAN);
  }, [rows, show]);

  const endRest = useCallback(() => {
    stopRest.current?.();
    stopRest.current = null;
  }, []);

  /** After a jump the rows in sight alone, until there was a rest. */
  const showInSight = useCallback(() => {
    if (!isBeside(shown.current, windowAt(scale, total))) {
      endRest();
      stopRest.current = afterFrames(REST, showAround);
    }
    if (stopRest.current === null) showAround();
    else show(0);
  }, [endRest, scale, show, showAround, total]);

  const wait = useRef(NO_WAIT);
  const stopWaiting = useCallback(() => {
    wait.current.cancel();
    wait.current = NO_WAIT;
  }, []);

  /** Draws what is in sight; rows that a jump came to get their places only where they are late. */
  const showSoon = useCallback(() => {
    if (isAnyThere(rows, windowAt(scale, total))) stopWaiting();
    else if (!wait.current.isLate) {
      if (wait.current !== NO_WAIT) return;
      const late = (): void => {
        wait.current = { isLate: true, cancel: NO_WAIT.cancel };
        showInSight();
      };
      wait.current = { isLate: false, cancel: afterFrames(PATIENCE, late) };
      return;
    }
    showInSight();
  }, [rows, scale, showInSight, stopWaiting, total]);

  const update = useCallback(() => {
    const { visibleFrom, visibleTo } = windowAt(scale, total);
    endRest();
    rows.want(visibleFrom, visibleTo);
    showSoon();
  }, [endRest, rows, scale, showSoon, total]);

  // Where rows came, place and rows are drawn in one go.
  useLayoutEffect(() => {
    const unsubscribe = rows.subscribe(showSoon);
    return () => {
      unsubscribe();
      // A rest is of these rows: those of a result that is closed would be asked for in vain.
      endRest();
    };
  }, [endRest, rows, showSoon]);
  useLayoutEffect(() => stopWaiting, [stopWaiting]);

  const measure = useCallback(() => {
    const element = scroller.current;
    if (element === null) return;
    const view = Math.max(element.clientHeight - HEADER_HEIGHT, 0);
    const { scrollHeight, clientHeight, scrollTop, scrollLeft, clientWidth } = element;
    scale.resize({ content, range: scrollHeight - clientHeight, view, scrolled: scrollTop });
    scale.scrolledSideways(scrollLeft, clientWidth);
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
    const { top, left } = scale;
    if (!restored.current) element.scrollTo({ left });
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
    scale.scrolledSideways(element.scrollLeft, scale.width);
    // The frame that shows the new place shows its rows: React would draw them in the one after it.
    flushSync(update);
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

function isAnyThere(rows: RowSource, { visibleFrom, visibleTo }: RowWindow): boolean {
  return visibleTo <= visibleFrom || rows.row(visibleFrom) !== null || rows.row(visibleTo - 1) !== null;
}

/** Whether what was drawn reaches what is in sight now. */
function isBeside(drawn: RowWindow, { visibleFrom, visibleTo }: RowWindow): boolean {
  return drawn.first <= visibleTo && visibleFrom <= drawn.end;
}

/** Whether rows are drawn that are not in sight. */
export function hasRowsAround({ first, end, visibleFrom, visibleTo }: RowWindow): boolean {
  return first < visibleFrom || visibleTo < end;
}

/** @param overscan rows that are drawn above and below those in sight */
function windowAt({ top, view, shift, left, width }: ScrollScale, total: number, overscan = OVERSCAN): RowWindow {
  const visibleFrom = Math.min(Math.floor(top / ROW_HEIGHT), Math.max(total - 1, 0));
  const visibleTo = Math.min(Math.ceil((top + view) / ROW_HEIGHT), total);
  // The same with and without the rows around: these come without another place for the block.
  const blockRow = Math.floor(Math.max(visibleFrom - OVERSCAN, 0) / BLOCK) * BLOCK;
  return {
    first: Math.max(visibleFrom - overscan, 0),
    end: Math.min(visibleTo + overscan, total),
    visibleFrom,
    visibleTo,
    blockRow,
    blockTop: blockRow * ROW_HEIGHT + shift,
    left: Math.floor(left / SIDEWAYS_STEP) * SIDEWAYS_STEP,
    right: Math.ceil((left + width) / SIDEWAYS_STEP) * SIDEWAYS_STEP,
  };
}

function sameWindow(one: RowWindow, other: RowWindow): boolean {
  return (
    one.first === other.first &&
    one.end === other.end &&
    one.visibleFrom === other.visibleFrom &&
    one.visibleTo === other.visibleTo &&
    one.blockTop === other.blockTop &&
    one.left === other.left &&
    one.right === other.right
  );
}
