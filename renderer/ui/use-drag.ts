import { useEffect, useLayoutEffect, useRef, useState, type PointerEvent, type RefObject } from 'react';

/** Px that the pointer moves before a press is a drag: a click stays a click. */
const THRESHOLD = 5;

/** Px of the window. */
export interface Pointer {
  readonly x: number;
  readonly y: number;
  /** Milliseconds since the drag was measured last. */
  readonly elapsed: number;
}

export interface Drag<At> {
  readonly id: string;
  readonly at: At;
}

export interface DragControl<At> {
  /** Null while nothing is dragged. */
  readonly drag: Drag<At> | null;
  /** For `onPointerDown` of the thing that is called `id`. */
  readonly start: (id: string, event: PointerEvent) => void;
}

/**
 * Dragging one of the things inside of `holder`. `measure` says where the pointer is, in terms of these things; it is
 * asked every frame, so that it can also scroll. The holder captures the pointer, because the thing itself may not be
 * drawn any more by then. Escape gives up.
 */
export function useDrag<At>(
  holder: RefObject<HTMLElement | null>,
  measure: (pointer: Pointer) => At,
  onDrop: (id: string, at: At) => void,
): DragControl<At> {
  const [drag, setDrag] = useState<Drag<At> | null>(null);
  const latest = useRef({ measure, onDrop });
  useLayoutEffect(() => {
    latest.current = { measure, onDrop };
  });
  const running = useRef<AbortController | null>(null);
  useEffect(() => () => running.current?.abort(), []);

  function start(id: string, pressed: PointerEvent): void {
    const element = holder.current;
    // A finger scrolls: everything that is dragged can also be moved by a menu or by keys.
    if (element === null || pressed.button !== 0 || pressed.pointerType === 'touch') return;
    running.current?.abort();
    const control = new AbortController();
    running.current = control;
    const { signal } = control;
    const { pointerId } = pressed;
    const from = { x: pressed.clientX, y: pressed.clientY };
    let at = from;
    let moving = false;
    let frame = 0;
    let measuredAt = performance.now();
    signal.addEventListener('abort', () => {
      cancelAnimationFrame(frame);
      if (element.hasPointerCapture(pointerId)) element.releasePointerCapture(pointerId);
      setDrag(null);
    });

    function measureNow(): At {
      const now = performance.now();
      const elapsed = now - measuredAt;
      measuredAt = now;
      return latest.current.measure({ ...at, elapsed });
    }

    function follow(): void {
      setDrag({ id, at: measureNow() });
      frame = requestAnimationFrame(follow);
    }

    const listen = <Name extends 'pointermove' | 'pointerup' | 'pointercancel'>(
      name: Name,
      heard: (event: WindowEventMap[Name]) => void,
    ): void => {
      window.addEventListener(name, (event) => (event.pointerId === pointerId ? heard(event) : undefined), { signal });
    };
    listen('pointermove', (event) => {
      at = { x: event.clientX, y: event.clientY };
      if (moving || Math.hypot(at.x - from.x, at.y - from.y) < THRESHOLD) return;
      moving = true;
      measuredAt = performance.now();
      // With the pointer captured the click that ends the drag is none on the thing itself.
      element.setPointerCapture(pointerId);
      follow();
    });
    listen('pointerup', (event) => {
      at = { x: event.clientX, y: event.clientY };
      const dropped = moving ? measureNow() : null;
      control.abort();
      if (dropped !== null) latest.current.onDrop(id, dropped);
    });
    listen('pointercancel', () => control.abort());
    const onKeyDown = (event: KeyboardEvent): void => {
      if (event.key !== 'Escape' || !moving) return;
      event.preventDefault();
      event.stopPropagation();
      control.abort();
    };
    window.addEventListener('keydown', onKeyDown, { signal, capture: true });
  }

  return { drag, start };
}

/** Where a thing that is dragged over a list would come: before the row of this number, and how far down its line is. */
export interface ListGap {
  readonly gap: number;
  /** Px from the start of what the list holds. */
  readonly top: number;
}

/** For `measure` over a list that scrolls: `rows` selects those in it that something can be dropped between. */
export function gapInList(list: HTMLElement | null, rows: string, { y, elapsed }: Pointer): ListGap {
  if (list === null) return { gap: 0, top: 0 };
  const seen = list.getBoundingClientRect();
  list.scrollBy({ top: scrollStep(y - seen.top, seen.bottom - y, elapsed) });
  const places = [...list.querySelectorAll(rows)].map((row) => row.getBoundingClientRect());
  const gap = places.filter(({ top, height }) => y > top + height / 2).length;
  const edge = places[gap]?.top ?? places.at(-1)?.bottom ?? seen.top;
  return { gap, top: edge - seen.top + list.scrollTop };
}

/** Px from an edge within which a drag scrolls what it is over. */
const EDGE = 40;
/** Px a millisecond at the edge itself and beyond it. */
const FASTEST = 1.5;
/** A frame that came late does not jump. */
const LONGEST_STEP = 100;

/** Px to scroll now, for a pointer so far from the start and the end of what is seen; 0 in its middle. */
export function scrollStep(fromStart: number, fromEnd: number, elapsed: number): number {
  return (speedAt(fromEnd) - speedAt(fromStart)) * Math.min(elapsed, LONGEST_STEP);
}

function speedAt(fromEdge: number): number {
  return fromEdge >= EDGE ? 0 : FASTEST * Math.min((EDGE - fromEdge) / EDGE, 1);
}
