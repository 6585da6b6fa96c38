import { useVirtualizer } from '@tanstack/react-virtual';
import { useRef, type KeyboardEvent } from 'react';
import type { ComparedRecord, ComparedState } from '../../shared/comparison.ts';
import { classes } from '../ui/classes.ts';
import { Icon } from '../ui/Icon.tsx';
import type { IconName } from '../ui/icon-shapes.ts';
import { isPromoted, type PromoteChoice } from './promote-form.ts';
import styles from './PromoteDialog.module.css';

const ROW_HEIGHT = 28;

const MARKS: Readonly<Record<ComparedState, { readonly icon: IconName; readonly words: string }>> = {
  new: { icon: 'plus', words: 'new' },
  changed: { icon: 'tilde', words: 'changed' },
  'only-there': { icon: 'minus', words: 'only there' },
  same: { icon: 'check', words: 'the same' },
};

export interface ComparedRecordsProps {
  readonly records: readonly ComparedRecord[];
  readonly choice: PromoteChoice;
  /** Why single ones cannot be left out; null where they can. */
  readonly locked: string | null;
  /** Name of the one whose difference is shown. */
  readonly shown: string | null;
  readonly onShow: (name: string) => void;
  readonly onToggle: (name: string) => void;
}

/** What differs, a line each; only those near the window are drawn. Arrows go along, Space takes one in or leaves it out. */
export function ComparedRecords({ records, choice, locked, shown, onShow, onToggle }: ComparedRecordsProps) {
  const scroller = useRef<HTMLDivElement>(null);
  const at = Math.max(
    records.findIndex(({ name }) => name === shown),
    0,
  );
  // oxlint-disable-next-line react/incompatible-library -- the virtualizer is read in this component only
  const virtualizer = useVirtualizer({
    count: records.length,
    getScrollElement: () => scroller.current,
    estimateSize: () => ROW_HEIGHT,
    overscan: 8,
  });

  function handleKeyDown(event: KeyboardEvent): void {
    const next = { ArrowDown: at + 1, ArrowUp: at - 1, Home: 0, End: records.length - 1 }[event.key];
    const record = next === undefined ? undefined : records[next];
    const current = records[at];
    if (record !== undefined) {
      event.preventDefault();
      onShow(record.name);
      virtualizer.scrollToIndex(records.indexOf(record), { align: 'auto' });
    } else if (event.key === ' ' && current !== undefined && canPromote(current)) {
      event.preventDefault();
      if (locked === null) onToggle(current.name);
    }
  }

  const active = records[at];
  return (
    <div
      ref={scroller}
      role="listbox"
      aria-label="Records that differ"
      aria-multiselectable="true"
      aria-activedescendant={active === undefined ? undefined : idOf(at)}
      tabIndex={0}
      className={styles.list}
      onKeyDown={handleKeyDown}
    >
      <div style={{ height: virtualizer.getTotalSize(), position: 'relative' }} role="presentation">
        {virtualizer.getVirtualItems().map(({ index, start }) => {
          const record = records[index];
          if (record === undefined) return null;
          const { icon, words } = MARKS[record.state];
          const isTaken = isPromoted(record, choice);
          return (
            <div
              key={record.name}
              id={idOf(index)}
              role="option"
              aria-selected={isTaken}
              aria-posinset={index + 1}
              aria-setsize={records.length}
              className={classes(styles.row, index === at && styles.active)}
              style={{ transform: `translateY(${start}px)` }}
              onClick={() => onShow(record.name)}
            >
              <span
                className={classes(styles.box, !canPromote(record) && styles.none)}
                title={locked ?? undefined}
                onClick={() => {
                  if (locked === null && canPromote(record)) onToggle(record.name);
                }}
              >
                {isTaken ? <Icon name="check" size={12} /> : null}
              </span>
              <Icon name={icon} size={12} className={styles[record.state]} />
              <span className={styles.state}>{words}</span>
              <span className={styles.name}>{record.name}</span>
            </div>
          );
        })}
      </div>
    </div>
  );
}

function canPromote({ state }: ComparedRecord): boolean {
  return state === 'new' || state === 'changed';
}

function idOf(index: number): string {
  return `compared-${index}`;
}
