import { useLayoutEffect, useRef, useState, type KeyboardEvent } from 'react';
import type { FieldSortKey } from '../../shared/query.ts';
import { Button } from '../ui/Button.tsx';
import { Checkbox } from '../ui/Checkbox.tsx';
import { classes } from '../ui/classes.ts';
import { formatCount } from '../ui/format.ts';
import { Icon } from '../ui/Icon.tsx';
import { TextField } from '../ui/TextField.tsx';
import { glyphWord, TypeGlyph } from '../ui/TypeGlyph.tsx';
import { gapInList, useDrag } from '../ui/use-drag.ts';
import {
  countHidden,
  mayHide,
  moveToGap,
  orderedColumns,
  setAllShown,
  setShown,
  WHY_SHOWN,
  type ColumnLayout,
} from './column-layout.ts';
import { Grip } from '../ui/Grip.tsx';
import styles from './ColumnList.module.css';
import { glyphOf, type GridColumn } from './columns.ts';
import unseen from '../ui/Unseen.module.css';

export interface ColumnListProps {
  /** All of the answer, in its own order. */
  readonly columns: readonly GridColumn[];
  readonly layout: ColumnLayout;
  readonly sort: readonly FieldSortKey[];
  readonly onLayout: (layout: ColumnLayout) => void;
  /** Order, what is hidden and widths as they were at first; null where they are. */
  readonly onReset: (() => void) | null;
}

/** Every column with whether it is shown; dragged, or moved with Alt and an arrow, to another place. */
export function ColumnList({ columns, layout, sort, onLayout, onReset }: ColumnListProps) {
  const [searched, setSearched] = useState('');
  const [current, setCurrent] = useState<string | null>(null);
  const [said, setSaid] = useState('');
  const list = useRef<HTMLUListElement>(null);
  const focusWanted = useRef(false);
  const ordered = orderedColumns(columns, layout);
  const word = searched.trim().toLowerCase();
  const listed = ordered.filter(({ name }) => name.toLowerCase().includes(word));
  const hidden = new Set(layout.hidden);
  const countOfHidden = countHidden(columns, layout);
  const stop = listed.some(({ id }) => id === current) ? current : (listed[0]?.id ?? null);

  // Moved with the keys a row becomes another element's neighbour: the focus goes with it, and it stays in sight.
  useLayoutEffect(() => {
    if (!focusWanted.current) return;
    focusWanted.current = false;
    const box = list.current?.querySelector(`[data-column="${CSS.escape(current ?? '')}"] input`);
    if (box instanceof HTMLElement) box.focus();
  });

  function moveTo(id: string, gap: number): void {
    onLayout(moveToGap(layout, columns, listed, id, gap));
  }

  const { drag, start } = useDrag(
    list,
    (pointer) => gapInList(list.current, '[data-column]', pointer),
    (id, { gap }) => moveTo(id, gap),
  );

  function handleKeyDown(event: KeyboardEvent): void {
    const place = listed.findIndex(({ id }) => id === stop);
    const column = listed[place];
    if (column === undefined) return;
    const step = event.key === 'ArrowUp' ? -1 : event.key === 'ArrowDown' ? 1 : 0;
    if (step === 0 && event.key !== 'Home' && event.key !== 'End') return;
    event.preventDefault();
    focusWanted.current = true;
    if (event.altKey && step !== 0) {
      const next = place + step;
      if (next < 0 || next >= listed.length) return;
      setCurrent(column.id);
      moveTo(column.id, step < 0 ? next : next + 1);
      setSaid(`${column.name} is now ${next + 1} of ${listed.length}`);
      return;
    }
    const next = step === 0 ? (event.key === 'Home' ? 0 : listed.length - 1) : place + step;
    setCurrent(listed[Math.min(Math.max(next, 0), listed.length - 1)]?.id ?? null);
  }

  return (
    <div className={styles.panel}>
      <div className={styles.search}>
        <TextField
          wide
          icon="search"
          label="Find a column"
          placeholder="Find a column"
          value={searched}
          onChange={setSearched}
        />
      </div>
      {listed.length === 0 ? <p className={styles.nothing}>No column has this in its name.</p> : null}
      <ul
        ref={list}
        className={styles.list}
        aria-label="Columns, in their order"
        aria-keyshortcuts="Alt+ArrowUp Alt+ArrowDown"
        onKeyDown={handleKeyDown}
        onFocus={(event) => setCurrent(columnAt(event.target))}
      >
        {listed.map((column) => (
          <li
            key={column.id}
            data-column={column.id}
            className={classes(styles.item, drag?.id === column.id && styles.dragged)}
          >
            <Grip dragged={drag?.id === column.id} onStart={(event) => start(column.id, event)} />
            <Checkbox
              className={styles.check}
              label={<ColumnName column={column} sort={sort} />}
              checked={!mayHide(column) || !hidden.has(column.id)}
              disabledReason={mayHide(column) ? null : WHY_SHOWN}
              tabIndex={column.id === stop ? 0 : -1}
              onChange={(shown) => onLayout(setShown(layout, column, shown))}
            />
          </li>
        ))}
        {drag === null ? null : <li aria-hidden="true" className={styles.dropLine} style={{ top: drag.at.top - 1 }} />}
      </ul>
      <div className={styles.foot}>
        <span className={styles.note}>{hiddenWords(countOfHidden)}</span>
        <Button
          compact
          kind="quiet"
          disabledReason={countOfHidden === 0 ? 'All are shown' : null}
          onClick={() => onLayout(setAllShown(layout, listed, true))}
        >
          Show all
        </Button>
        <Button compact kind="quiet" onClick={() => onLayout(setAllShown(layout, listed, false))}>
          Hide all
        </Button>
        <Button
          compact
          kind="quiet"
          disabledReason={onReset === null ? 'Order, widths and what is shown are as at first' : null}
          onClick={() => onReset?.()}
        >
          Reset
        </Button>
      </div>
      <div className={unseen.unseen} role="status">
        {said}
      </div>
    </div>
  );
}

function columnAt(element: Element): string | null {
  const row = element.closest('[data-column]');
  return row instanceof HTMLElement ? (row.dataset['column'] ?? null) : null;
}

export function hiddenWords(count: number): string {
  return count === 0 ? 'None hidden' : `${formatCount(count)} hidden`;
}

function ColumnName({ column, sort }: { readonly column: GridColumn; readonly sort: readonly FieldSortKey[] }) {
  const key = column.sortField === null ? undefined : sort.find(({ field }) => field === column.sortField);
  return (
    <span className={styles.name} title={`${column.name}, ${glyphWord(glyphOf(column))}`}>
      <TypeGlyph kind={glyphOf(column)} />
      <span className={styles.text}>{column.name}</span>
      {key === undefined ? null : (
        <span
          className={styles.mark}
          role="img"
          aria-label={key.direction === 'asc' ? 'sorted by' : 'sorted by, descending'}
        >
          <Icon name={key.direction === 'asc' ? 'arrow-up' : 'arrow-down'} size={12} />
        </span>
      )}
    </span>
  );
}
