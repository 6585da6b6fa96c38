import { defaultRangeExtractor, useVirtualizer } from '@tanstack/react-virtual';
import { memo, useLayoutEffect, useRef, type KeyboardEvent, type MouseEvent } from 'react';
import { classes } from '../ui/classes.ts';
import { Icon } from '../ui/Icon.tsx';
import { lastTry, type RequestGroup } from './request-groups.ts';
import { clockWords, millisecondsWords, objectWords, sizeWords, statusWords, triesWords } from './request-words.ts';
import styles from './RequestTable.module.css';

const ROW_HEIGHT = 28;
const HEADER_HEIGHT = 28;

const COLUMNS = ['At', 'Operation', 'Object', 'Status', 'ms', 'Size', 'Tries', 'Request id'] as const;
const NUMBERS: ReadonlySet<string> = new Set(['ms', 'Size']);

export interface RequestTableProps {
  readonly groups: readonly RequestGroup[];
  /** Number of the request whose details are open. */
  readonly selected: number | null;
  /** The end is kept in sight as rows come. */
  readonly following: boolean;
  readonly onSelect: (group: RequestGroup) => void;
  readonly onAtEnd: (atEnd: boolean) => void;
}

/** Requests as an ARIA grid whose rows take the focus; only those near the window are drawn. */
export function RequestTable({ groups, selected, following, onSelect, onAtEnd }: RequestTableProps) {
  const scroller = useRef<HTMLDivElement>(null);
  const anchor = useRef<{ readonly request: number; readonly above: number } | null>(null);
  const focusWanted = useRef(false);
  const selectedPlace = groups.findIndex(({ request }) => request === selected);
  /** The row that Tab comes to. */
  const activePlace = selectedPlace === -1 ? groups.length - 1 : selectedPlace;

  // oxlint-disable-next-line react/incompatible-library -- the virtualizer is read in this component only
  const virtualizer = useVirtualizer({
    count: groups.length,
    getScrollElement: () => scroller.current,
    estimateSize: () => ROW_HEIGHT,
    // The header takes the room of one row from the window.
    scrollPaddingEnd: HEADER_HEIGHT,
    overscan: 6,
    // It stays drawn wherever the list is scrolled to, so that the focus is not lost and can come.
    rangeExtractor: (range) => {
      const drawn = defaultRangeExtractor(range);
      if (activePlace < (drawn[0] ?? 0)) return [activePlace, ...drawn];
      return activePlace > (drawn.at(-1) ?? activePlace) ? [...drawn, activePlace] : drawn;
    },
  });

  // The newest stays in sight, or else what was in sight stays where it was although the oldest go.
  useLayoutEffect(() => {
    const element = scroller.current;
    if (element === null) return;
    if (following) {
      element.scrollTop = element.scrollHeight;
      return;
    }
    if (anchor.current === null) return;
    const { request, above } = anchor.current;
    const place = groups.findIndex((group) => group.request === request);
    if (place !== -1) element.scrollTop = place * ROW_HEIGHT + above;
  }, [groups, following]);

  useLayoutEffect(() => {
    if (!focusWanted.current) return;
    focusWanted.current = false;
    const row = scroller.current?.querySelector('[aria-selected="true"]');
    if (row instanceof HTMLElement) row.focus({ preventScroll: true });
  });

  function handleScroll(): void {
    const element = scroller.current;
    if (element === null) return;
    const place = Math.floor(element.scrollTop / ROW_HEIGHT);
    const group = groups[place];
    anchor.current =
      group === undefined ? null : { request: group.request, above: element.scrollTop - place * ROW_HEIGHT };
    onAtEnd(element.scrollTop + element.clientHeight >= element.scrollHeight - ROW_HEIGHT / 2);
  }

  function select(place: number): void {
    const group = groups[Math.min(Math.max(place, 0), groups.length - 1)];
    if (group === undefined) return;
    focusWanted.current = true;
    onSelect(group);
    virtualizer.scrollToIndex(groups.indexOf(group), { align: 'auto' });
  }

  function handleMouseDown(event: MouseEvent): void {
    const row = event.target instanceof Element ? event.target.closest('[data-index]') : null;
    if (event.button === 0 && row instanceof HTMLElement) select(Number(row.dataset['index']));
  }

  function handleKeyDown(event: KeyboardEvent): void {
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    const page = Math.max(1, Math.floor(((scroller.current?.clientHeight ?? 0) - HEADER_HEIGHT) / ROW_HEIGHT) - 1);
    const next = {
      ArrowDown: selectedPlace === -1 ? activePlace : activePlace + 1,
      ArrowUp: activePlace - 1,
      PageDown: activePlace + page,
      PageUp: activePlace - page,
      Home: 0,
      End: groups.length - 1,
      Enter: activePlace,
      ' ': activePlace,
    }[event.key];
    if (next === undefined) return;
    event.preventDefault();
    select(next);
  }

  return (
    <div
      ref={scroller}
      role="grid"
      aria-label="Requests"
      aria-rowcount={groups.length + 1}
      aria-colcount={COLUMNS.length}
      className={styles.scroller}
      onScroll={handleScroll}
      onMouseDown={handleMouseDown}
      onKeyDown={handleKeyDown}
    >
      <div role="row" aria-rowindex={1} className={classes(styles.line, styles.header)}>
        {COLUMNS.map((name) => (
          <span key={name} role="columnheader" className={classes(styles.cell, NUMBERS.has(name) && styles.number)}>
            {name}
          </span>
        ))}
      </div>
      <div role="presentation" className={styles.rows} style={{ height: virtualizer.getTotalSize() }}>
        {virtualizer.getVirtualItems().map(({ index, start }) => {
          const group = groups[index];
          return group === undefined ? null : (
            <RequestRow
              key={group.request}
              group={group}
              index={index}
              top={start}
              selected={group.request === selected}
              active={index === activePlace}
            />
          );
        })}
      </div>
    </div>
  );
}

interface RequestRowProps {
  readonly group: RequestGroup;
  readonly index: number;
  readonly top: number;
  readonly selected: boolean;
  readonly active: boolean;
}

const RequestRow = memo(function RequestRow({ group, index, top, selected, active }: RequestRowProps) {
  const last = lastTry(group);
  const status = statusWords(group);
  const object = objectWords(last);
  const tries = triesWords(group);
  const triedAgain = group.tries.length > 1;
  return (
    <div
      role="row"
      aria-rowindex={index + 2}
      aria-selected={selected}
      tabIndex={active ? 0 : -1}
      data-index={index}
      className={classes(styles.line, styles.row, selected && styles.selected)}
      style={{ transform: `translateY(${top}px)` }}
    >
      <span role="gridcell" className={classes(styles.cell, styles.soft)}>
        {clockWords(group.tries[0].started)}
      </span>
      <span role="gridcell" className={styles.cell}>
        {last.operation}
      </span>
      <span role="gridcell" className={classes(styles.cell, styles.mono)} title={object}>
        {object}
      </span>
      <span role="gridcell" className={classes(styles.cell, styles.status, styles[status.kind])} title={status.text}>
        <Icon name={status.icon} size={12} />
        <span className={styles.statusText}>{status.text}</span>
      </span>
      <span role="gridcell" className={classes(styles.cell, styles.number)}>
        {millisecondsWords(last.milliseconds)}
      </span>
      <span role="gridcell" className={classes(styles.cell, styles.number)}>
        {sizeWords(last)}
      </span>
      <span
        role="gridcell"
        className={classes(styles.cell, triedAgain ? styles.tried : styles.soft)}
        title={triedAgain ? tries : undefined}
      >
        {tries}
      </span>
      <span role="gridcell" className={classes(styles.cell, styles.mono, styles.soft)}>
        {last.requestId}
      </span>
    </div>
  );
});
