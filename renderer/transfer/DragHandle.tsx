import { useEffect, useRef, useState, type DragEvent } from 'react';
import { MOST_DRAGGED_RECORDS } from '../../shared/dragged-records.ts';
import { toAppError } from '../api/call.ts';
import { prepareDrag, type ReadyDrag } from '../api/drag-out.ts';
import { countSelected, type RowRange } from '../grid/selection.ts';
import { currentWorkspace } from '../shell/workspace.ts';
import { classes } from '../ui/classes.ts';
import { formatCount } from '../ui/format.ts';
import { Icon } from '../ui/Icon.tsx';
import { Tooltip } from '../ui/Tooltip.tsx';
import styles from './DragHandle.module.css';

export interface DragHandleProps {
  readonly collection: string;
  /** Handle of the answer whose rows they are. */
  readonly result: string;
  /** At least one. */
  readonly ranges: readonly RowRange[];
}

/** What was read, or is being read, and of which rows. */
interface Held {
  readonly result: string;
  readonly ranges: readonly RowRange[];
  readonly control: AbortController;
  drag: ReadyDrag | null;
}

function letGo(held: Held | null): void {
  held?.control.abort();
  held?.drag?.release();
}

/**
 * How many records are selected, to be dragged to a folder or into another program. They are read once the pointer is
 * here, because a drag that has begun waits for nothing. It takes no focus: whoever uses the keyboard exports.
 */
export function DragHandle({ collection, result, ranges }: DragHandleProps) {
  const held = useRef<Held | null>(null);
  const [refused, setRefused] = useState<{ readonly ranges: readonly RowRange[]; readonly reason: string } | null>(
    null,
  );
  const count = countSelected({ ranges, anchor: null });
  const isTooMany = count > MOST_DRAGGED_RECORDS;
  const reason = isTooMany
    ? `At most ${formatCount(MOST_DRAGGED_RECORDS)} records can be dragged. Export these instead.`
    : refused?.ranges === ranges
      ? refused.reason
      : null;

  useEffect(() => () => letGo(held.current), []);

  /** Each time anew: a record may have been changed since. */
  async function read(): Promise<void> {
    if (isTooMany) return;
    letGo(held.current);
    const reading: Held = { result, ranges, control: new AbortController(), drag: null };
    held.current = reading;
    const { signal } = reading.control;
    try {
      const drag = await prepareDrag({ collection, result, ranges }, signal);
      if (signal.aborted) return drag.release();
      reading.drag = drag;
      setRefused(null);
    } catch (error) {
      if (!signal.aborted) setRefused({ ranges, reason: toAppError(error).message });
    }
  }

  function start(event: DragEvent): void {
    const of = held.current;
    if (of !== null && of.drag !== null && of.result === result && of.ranges === ranges) return of.drag.start(event);
    event.preventDefault();
    currentWorkspace().say('The selected records are still being read: drag them once more');
  }

  const them = count === 1 ? 'it' : 'them';
  return (
    <Tooltip
      text={
        reason ?? `Drag to a folder to save ${them} as a file. From the keyboard, Export in the menu Record does it.`
      }
    >
      <span
        className={classes(styles.handle, reason !== null && styles.off)}
        draggable={reason === null}
        onPointerEnter={() => void read()}
        onDragStart={start}
      >
        <Icon name="grip" />
        <span>
          {formatCount(count)}
          <span className={styles.word}> selected</span>
        </span>
      </span>
    </Tooltip>
  );
}
