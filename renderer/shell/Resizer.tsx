import { useRef, useState, type KeyboardEvent, type PointerEvent } from 'react';
import { classes } from '../ui/classes.ts';
import styles from './Resizer.module.css';

export interface ResizerProps {
  readonly label: string;
  /** Px of the panel (its height where the handle is at the top), and the bounds it is kept in. */
  readonly width: number;
  readonly narrowest: number;
  readonly widest: number;
  /** Side of the panel on which the handle stands. */
  readonly side: 'left' | 'right' | 'top';
  /** While the hand moves. */
  readonly onMove: (width: number) => void;
  /** When it lets go; null is the design's own width (double click). */
  readonly onSettle: (width: number | null) => void;
}

const STEP = 16;

/** A panel's edge that can be dragged, or moved with the arrow keys. */
export function Resizer({ label, width, narrowest, widest, side, onMove, onSettle }: ResizerProps) {
  const start = useRef<{ readonly at: number; readonly width: number } | null>(null);
  const [dragging, setDragging] = useState(false);
  const direction = side === 'right' ? 1 : -1;
  const along = (event: PointerEvent) => (side === 'top' ? event.clientY : event.clientX);
  const within = (wanted: number) => Math.round(Math.min(Math.max(wanted, narrowest), widest));

  function handleDown(event: PointerEvent<HTMLDivElement>): void {
    if (event.button !== 0) return;
    event.currentTarget.setPointerCapture(event.pointerId);
    start.current = { at: along(event), width };
    setDragging(true);
  }

  function handleMove(event: PointerEvent): void {
    if (start.current === null) return;
    onMove(within(start.current.width + (along(event) - start.current.at) * direction));
  }

  function handleUp(event: PointerEvent): void {
    if (start.current === null) return;
    const settled = within(start.current.width + (along(event) - start.current.at) * direction);
    const moved = settled !== start.current.width;
    start.current = null;
    setDragging(false);
    if (moved) onSettle(settled);
  }

  function handleKeyDown(event: KeyboardEvent): void {
    const [back, forth] = side === 'top' ? ['ArrowUp', 'ArrowDown'] : ['ArrowLeft', 'ArrowRight'];
    const step = event.key === back ? -STEP : event.key === forth ? STEP : undefined;
    if (step === undefined) return;
    event.preventDefault();
    onSettle(within(width + step * direction));
  }

  return (
    <div
      role="separator"
      aria-label={label}
      aria-orientation={side === 'top' ? 'horizontal' : 'vertical'}
      aria-valuenow={width}
      aria-valuemin={narrowest}
      aria-valuemax={widest}
      tabIndex={0}
      className={classes(styles.resizer, styles[side], dragging && styles.dragging)}
      onPointerDown={handleDown}
      onPointerMove={handleMove}
      onPointerUp={handleUp}
      onPointerCancel={handleUp}
      onKeyDown={handleKeyDown}
      onDoubleClick={() => onSettle(null)}
    />
  );
}
