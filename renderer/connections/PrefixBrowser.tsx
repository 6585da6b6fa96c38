import { defaultRangeExtractor, useVirtualizer } from '@tanstack/react-virtual';
import { useLayoutEffect, useRef, useState, type KeyboardEvent } from 'react';
import { folderOf } from './collection-form.ts';
import { PrefixNotes } from './PrefixNotes.tsx';
import { PrefixRow } from './PrefixRow.tsx';
import styles from './PrefixBrowser.module.css';
import { useListedPrefixes } from './use-listed-prefixes.ts';

const ROW_HEIGHT = 28;
const ROWS_IN_SIGHT = 6;

export interface PrefixBrowserProps {
  readonly connection: string;
  readonly place: string;
  readonly bucket: string;
  /** As it is typed: what stands behind its last `/` narrows the list. */
  readonly prefix: string;
  readonly onChoose: (prefix: string) => void;
}

/** The "folders" below a prefix, to walk down and up; the arrow keys go through them, only those in sight are drawn. */
export function PrefixBrowser({ connection, place, bucket, prefix, onChoose }: PrefixBrowserProps) {
  const folder = folderOf(prefix);
  const listed = useListedPrefixes(connection, bucket, prefix);
  const rows = folder === '' ? listed.prefixes : [parentOf(folder), ...listed.prefixes];
  const [active, setActive] = useState({ folder, row: 0 });
  const activeRow = active.folder === folder ? Math.max(0, Math.min(active.row, rows.length - 1)) : 0;
  const scroller = useRef<HTMLDivElement>(null);
  const focusWanted = useRef(false);

  // oxlint-disable-next-line react/incompatible-library -- the virtualizer is read in this component only
  const virtualizer = useVirtualizer({
    count: rows.length,
    getScrollElement: () => scroller.current,
    estimateSize: () => ROW_HEIGHT,
    overscan: 2,
    // It stays drawn wherever the list is scrolled to, so that Tab can come to it.
    rangeExtractor: (range) => {
      const drawn = defaultRangeExtractor(range);
      return drawn.includes(activeRow) ? drawn : [...drawn, activeRow].toSorted((one, other) => one - other);
    },
  });

  // Also once the list of the folder that was chosen is there: its own row is gone with the list before.
  useLayoutEffect(() => {
    const row = focusWanted.current ? scroller.current?.querySelector('button[tabindex="0"]') : null;
    if (!(row instanceof HTMLElement)) return;
    focusWanted.current = false;
    if (!(document.activeElement instanceof HTMLInputElement)) row.focus({ preventScroll: true });
  });

  function choose(chosen: string): void {
    focusWanted.current = true;
    onChoose(chosen);
  }

  function handleKeyDown(event: KeyboardEvent): void {
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    const next = {
      ArrowDown: activeRow + 1,
      ArrowUp: activeRow - 1,
      PageDown: activeRow + ROWS_IN_SIGHT,
      PageUp: activeRow - ROWS_IN_SIGHT,
      Home: 0,
      End: rows.length - 1,
    }[event.key];
    if (next === undefined) return;
    event.preventDefault();
    const row = Math.max(0, Math.min(next, rows.length - 1));
    focusWanted.current = true;
    setActive({ folder, row });
    virtualizer.scrollToIndex(row, { align: 'auto' });
  }

  return (
    <div ref={scroller} className={styles.scroller}>
      {rows.length === 0 ? null : (
        <ul
          className={styles.rows}
          aria-label={`Prefixes below ${folder === '' ? bucket : folder}`}
          style={{ height: virtualizer.getTotalSize() }}
          onKeyDown={handleKeyDown}
        >
          {virtualizer.getVirtualItems().map(({ index, start }) => {
            const row = rows[index];
            if (row === undefined) return null;
            return (
              <li
                key={row}
                className={styles.row}
                aria-setsize={rows.length}
                aria-posinset={index + 1}
                style={{ transform: `translateY(${start}px)` }}
                onFocus={() => setActive({ folder, row: index })}
              >
                <PrefixRow
                  connection={connection}
                  bucket={bucket}
                  folder={folder}
                  prefix={row}
                  isTabStop={index === activeRow}
                  mayCount={!virtualizer.isScrolling}
                  onChoose={choose}
                />
              </li>
            );
          })}
        </ul>
      )}
      <PrefixNotes listed={listed} place={place} beginning={prefix.slice(folder.length)} />
    </div>
  );
}

function parentOf(folder: string): string {
  return folderOf(folder.slice(0, -1));
}
