import { useEffect, useRef, useState, type ClipboardEvent, type KeyboardEvent, type PointerEvent } from 'react';
import { classes } from '../ui/classes.ts';
import { countOf, formatCount } from '../ui/format.ts';
import { Icon } from '../ui/Icon.tsx';
import { IconButton } from '../ui/IconButton.tsx';
import { glyphClass, glyphIcon, glyphWord } from '../ui/TypeGlyph.tsx';
import { useDrag } from '../ui/use-drag.ts';
import { itemWords } from './condition-words.ts';
import type { ListItem, ValueType } from './draft.ts';
import { countWords, itemJson, joinLists, listText, readList, readTyped } from './list-text.ts';
import styles from './ListField.module.css';
import { ListDialog } from './ListDialog.tsx';

/** Values that are shown as chips; more are edited as lines. */
const MOST_CHIPS = 20;

export interface ListFieldProps {
  readonly label: string;
  /** Whose values they are; empty where none is chosen. */
  readonly field: string;
  readonly type: ValueType;
  readonly items: readonly ListItem[];
  readonly onChange: (items: readonly ListItem[]) => void;
}

/** A list of values as chips: typed, pasted, edited, moved; a long one is edited as lines. */
export function ListField({ label, field, type, items, onChange }: ListFieldProps) {
  const [typed, setTyped] = useState('');
  const [edited, setEdited] = useState<number | null>(null);
  const [said, setSaid] = useState<string | null>(null);
  const [asLines, setAsLines] = useState(false);
  const box = useRef<HTMLDivElement>(null);
  const wanted = useRef<string | null>(null);
  const shown = items.slice(0, MOST_CHIPS);

  useEffect(() => {
    if (wanted.current === null) return;
    const element = box.current?.querySelector(wanted.current);
    wanted.current = null;
    if (element instanceof HTMLElement) element.focus();
  });

  function add(read: readonly ListItem[]): void {
    setTyped('');
    if (read.length === 0) return;
    const joined = joinLists(items, read);
    setSaid(newsOf(joined.duplicates));
    if (joined.items.length > items.length) onChange(joined.items);
  }

  function move(from: number, to: number): void {
    const item = items[from];
    if (item === undefined || to < 0 || to >= items.length) return;
    wanted.current = chipAt(to);
    onChange(items.toSpliced(from, 1).toSpliced(to, 0, item));
  }

  function remove(place: number): void {
    wanted.current = items.length === 1 ? 'input' : chipAt(Math.min(place, items.length - 2));
    onChange(items.toSpliced(place, 1));
  }

  function change(place: number, text: string): void {
    setEdited(null);
    wanted.current = chipAt(place);
    const read = readTyped(text, type);
    const rest = items.toSpliced(place, 1);
    const joined = joinLists(rest, read);
    setSaid(newsOf(joined.duplicates));
    const added = joined.items.slice(rest.length);
    if (added.length !== 1 || !sameItem(added[0], items[place])) onChange(rest.toSpliced(place, 0, ...added));
  }

  const { drag, start } = useDrag(
    box,
    ({ x, y }) => gapAt(box.current, x, y),
    (id, gap) => {
      const from = Number(id);
      move(from, gap > from ? gap - 1 : gap);
    },
  );

  function handleKeyDown(event: KeyboardEvent<HTMLInputElement>): void {
    if (event.nativeEvent.isComposing) return;
    if (event.key === 'Enter' && typed.trim() !== '') {
      add(readTyped(typed, type));
      // Mod+Enter adds and goes on to run the query; Enter alone adds.
      if (!event.ctrlKey && !event.metaKey) event.preventDefault();
    } else if (event.key === ',' && type !== 'string') {
      event.preventDefault();
      add(readTyped(typed, type));
    } else if (event.key === 'Backspace' && typed === '' && items.length > 0 && items.length === shown.length) {
      event.preventDefault();
      onChange(items.slice(0, -1));
    }
  }

  function handlePaste(event: ClipboardEvent): void {
    const pasted = readList(event.clipboardData.getData('text/plain'), type);
    // One value is pasted into what is typed, as everywhere.
    if (pasted.length < 2) return;
    event.preventDefault();
    add(pasted);
  }

  return (
    <>
      <div
        ref={box}
        className={classes(styles.field, drag !== null && styles.dropping)}
        role="group"
        aria-label={label}
        aria-description={countWords(items)}
      >
        {shown.map((item, place) =>
          place === edited ? (
            <EditedItem
              // oxlint-disable-next-line react/no-array-index-key -- the same value may be a text and a number
              key={place}
              text={textToEdit(item, type)}
              onDone={(text) => change(place, text)}
              onCancel={() => {
                wanted.current = chipAt(place);
                setEdited(null);
              }}
            />
          ) : (
            <Chip
              key={itemJson(item)}
              item={item}
              place={place}
              field={field}
              usual={type === 'date' ? 'string' : type}
              dragged={drag?.id === String(place)}
              dropBefore={drag?.at === place}
              dropBehind={drag?.at === shown.length && place === shown.length - 1}
              onPress={(event) => start(String(place), event)}
              onEdit={() => setEdited(place)}
              onMove={(step) => move(place, place + step)}
              onRemove={() => remove(place)}
            />
          ),
        )}
        {items.length > shown.length ? (
          <button type="button" className={styles.more} onClick={() => setAsLines(true)}>
            and {formatCount(items.length - shown.length)} more
          </button>
        ) : null}
        <input
          aria-label={`Add to ${label.toLowerCase()}`}
          className={styles.input}
          placeholder="add or paste a list"
          spellCheck={false}
          autoComplete="off"
          value={typed}
          onChange={(event) => {
            setTyped(event.currentTarget.value);
            setSaid(null);
          }}
          onKeyDown={handleKeyDown}
          onPaste={handlePaste}
          onBlur={() => add(readTyped(typed, type))}
        />
      </div>
      <IconButton icon="list" name="Edit the values as lines" onClick={() => setAsLines(true)} />
      <span className={styles.count} role="status">
        {said ?? (items.length > 1 ? countWords(items) : '')}
      </span>
      {asLines ? (
        <ListDialog
          field={field}
          type={type}
          text={listText(items, type)}
          onClose={() => setAsLines(false)}
          onDone={(next) => {
            setAsLines(false);
            setSaid(null);
            onChange(next);
          }}
        />
      ) : null}
    </>
  );
}

interface ChipProps {
  readonly item: ListItem;
  readonly place: number;
  readonly field: string;
  /** Values of this type show no glyph. */
  readonly usual: ListItem['type'];
  readonly dragged: boolean;
  readonly dropBefore: boolean;
  readonly dropBehind: boolean;
  readonly onPress: (event: PointerEvent) => void;
  readonly onEdit: () => void;
  readonly onMove: (step: 1 | -1) => void;
  readonly onRemove: () => void;
}

function Chip({ item, place, field, usual, onPress, onEdit, onMove, onRemove, ...look }: ChipProps) {
  const words = itemWords(item, field);
  function handleKeyDown(event: KeyboardEvent): void {
    if (event.key === 'Delete' || event.key === 'Backspace') onRemove();
    else if (event.altKey && event.key === 'ArrowLeft') onMove(-1);
    else if (event.altKey && event.key === 'ArrowRight') onMove(1);
    else return;
    event.preventDefault();
  }
  return (
    <span
      data-chip={place}
      className={classes(
        styles.token,
        look.dragged && styles.dragged,
        look.dropBefore && styles.dropBefore,
        look.dropBehind && styles.dropBehind,
      )}
    >
      <button
        type="button"
        className={styles.value}
        title={item.text}
        aria-label={`Edit ${words}${item.type === usual ? '' : `, ${glyphWord(item.type)}`}`}
        aria-keyshortcuts="Delete Alt+ArrowLeft Alt+ArrowRight"
        onPointerDown={onPress}
        onClick={onEdit}
        onKeyDown={handleKeyDown}
      >
        {item.type === usual ? null : <Icon name={glyphIcon(item.type)} size={12} className={glyphClass(item.type)} />}
        <span className={styles.text}>{words}</span>
      </button>
      <IconButton small icon="close" name={`Remove ${words}`} className={styles.remove} onClick={onRemove} />
    </span>
  );
}

interface EditedItemProps {
  readonly text: string;
  readonly onDone: (text: string) => void;
  readonly onCancel: () => void;
}

/** In a chip's place while it is edited; emptied it is removed. */
function EditedItem({ text, onDone, onCancel }: EditedItemProps) {
  const [now, setNow] = useState(text);
  function handleKeyDown(event: KeyboardEvent): void {
    if (event.nativeEvent.isComposing || (event.key !== 'Enter' && event.key !== 'Escape')) return;
    event.preventDefault();
    event.stopPropagation();
    if (event.key === 'Enter') onDone(now);
    else onCancel();
  }
  return (
    <input
      aria-label={`Edit ${text}`}
      className={styles.edited}
      spellCheck={false}
      autoComplete="off"
      autoFocus
      data-own-escape
      value={now}
      onFocus={(event) => event.currentTarget.select()}
      onChange={(event) => setNow(event.currentTarget.value)}
      onKeyDown={handleKeyDown}
      onBlur={() => onDone(now)}
    />
  );
}

/** As it is typed to get the same value again. */
function textToEdit(item: ListItem, type: ValueType): string {
  const read = readTyped(item.text, type);
  if (read.length === 1 && sameItem(read[0], item)) return item.text;
  return item.type === 'string' ? JSON.stringify(item.text) : `[${itemJson(item)}]`;
}

function sameItem(one: ListItem | undefined, other: ListItem | undefined): boolean {
  return one?.type === other?.type && one?.text === other?.text;
}

function chipAt(place: number): string {
  return `[data-chip="${place}"] button`;
}

function newsOf(duplicates: number): string | null {
  return duplicates === 0 ? null : `${countOf(duplicates, 'duplicate')} left out`;
}

/** The gap between chips that is nearest, which may stand in several lines. */
function gapAt(box: HTMLElement | null, x: number, y: number): number {
  const chips = [...(box?.querySelectorAll('[data-chip]') ?? [])].map((chip) => chip.getBoundingClientRect());
  const behind = chips.findIndex(({ left, width, top, bottom }) => y < top || (y <= bottom && x < left + width / 2));
  return behind === -1 ? chips.length : behind;
}
