import { Dialog as Base } from '@base-ui/react/dialog';
import { useEffect, useId, useMemo, useState, type KeyboardEvent } from 'react';
import type { CollectionListing } from '../../shared/collection.ts';
import type { Connection } from '../../shared/connection.ts';
import { classes } from '../ui/classes.ts';
import dialog from '../ui/Dialog.module.css';
import { formatCount } from '../ui/format.ts';
import { Icon } from '../ui/Icon.tsx';
import styles from './CommandPalette.module.css';
import { shortcutsOf } from './command.ts';
import { useCommandContext } from './context.ts';
import { collectionItems, commandItems, paletteSections, type PaletteItem, type PaletteLine } from './palette-items.ts';
import { matchesShortcut } from './shortcut.ts';
import { useAllCommands } from './use-all-commands.ts';
import { SHOW_PALETTE } from './window-commands.ts';

export interface CommandPaletteProps {
  readonly connections: readonly Connection[];
  readonly collections: readonly CollectionListing[];
  readonly onClose: () => void;
}

/** Every command and collection, found by typing. */
export function CommandPalette({ connections, collections, onClose }: CommandPaletteProps) {
  const context = useCommandContext();
  const commands = useAllCommands();
  const { recent, openCollection, addRecent } = context.workspace;
  const [open, setOpen] = useState(true);
  const [typed, setTyped] = useState('');
  const [place, setPlace] = useState(0);
  const [chosen, setChosen] = useState<PaletteItem | null>(null);
  const id = useId();
  const [cameFrom] = useState(() => (document.activeElement instanceof HTMLElement ? document.activeElement : null));

  const sections = useMemo(
    () =>
      paletteSections(
        typed,
        commandItems(
          commands.filter((command) => command !== SHOW_PALETTE),
          context,
        ),
        collectionItems(collections, connections, openCollection),
        recent,
      ),
    [typed, commands, context, collections, connections, openCollection, recent],
  );
  const lines = sections.flatMap((section) => section.lines);
  const here = Math.min(place, lines.length - 1);
  const active = lines[here]?.item ?? null;

  useEffect(() => {
    if (active !== null) document.getElementById(`${id}-${active.id}`)?.scrollIntoView({ block: 'nearest' });
  }, [active, id]);

  function choose(item: PaletteItem | null): void {
    if (item === null || item.disabled) return;
    setChosen(item);
    setOpen(false);
  }

  /**
   * Once the palette has gone. The focus is given back before the command runs, which may move it; the dialog itself would
   * do so after, and take it from what the command opens.
   */
  function leave(): void {
    if (chosen !== null) cameFrom?.focus();
    onClose();
    if (chosen === null) return;
    addRecent(chosen.id);
    chosen.run();
  }

  function handleKeyDown(event: KeyboardEvent): void {
    const { shell, platform } = context;
    const steps: Readonly<Record<string, number>> = { ArrowDown: 1, ArrowUp: -1, PageDown: 8, PageUp: -8 };
    const step = steps[event.key];
    if (step !== undefined) {
      const around = Math.abs(step) === 1 ? (here + step + lines.length) % Math.max(lines.length, 1) : here + step;
      setPlace(Math.min(Math.max(around, 0), Math.max(lines.length - 1, 0)));
    } else if (event.key === 'Enter' && !event.nativeEvent.isComposing) {
      choose(active);
    } else if (shortcutsOf(SHOW_PALETTE, shell).some((keys) => matchesShortcut(event.nativeEvent, keys, platform))) {
      setOpen(false);
    } else return;
    event.preventDefault();
  }

  return (
    <Base.Root
      open={open}
      onOpenChange={setOpen}
      onOpenChangeComplete={(opened) => {
        if (!opened) leave();
      }}
    >
      <Base.Portal>
        <Base.Backdrop className={classes(dialog.scrim, styles.atOnce)} />
        <Base.Popup
          aria-label="Command palette"
          className={classes(dialog.popup, styles.atOnce)}
          // The field takes it itself: the dialog does so a frame later, and letters typed by then would go elsewhere.
          initialFocus={false}
          finalFocus={() => (chosen === null ? cameFrom : false)}
        >
          <div className={styles.field}>
            <Icon name="search" />
            <input
              ref={takeFocus}
              role="combobox"
              aria-label="Search or run a command"
              aria-expanded="true"
              aria-autocomplete="list"
              aria-controls={`${id}-list`}
              aria-activedescendant={active === null ? undefined : `${id}-${active.id}`}
              placeholder="Search or run a command"
              spellCheck={false}
              autoComplete="off"
              className={styles.input}
              value={typed}
              onChange={(event) => {
                setTyped(event.currentTarget.value);
                setPlace(0);
              }}
              onKeyDown={handleKeyDown}
            />
            {context.collection === null ? null : <span className={styles.where}>in {context.collection.name}</span>}
          </div>
          <div id={`${id}-list`} role="listbox" aria-label="Commands and collections" className={styles.list}>
            {sections.map((section) => (
              <div key={section.name} role="group" aria-labelledby={`${id}-${section.name}`}>
                <div id={`${id}-${section.name}`} className={styles.label}>
                  {section.name}
                </div>
                {section.lines.map((line) => (
                  <Line
                    key={line.item.id}
                    id={`${id}-${line.item.id}`}
                    line={line}
                    active={line.item === active}
                    onPoint={() => setPlace(lines.indexOf(line))}
                    onChoose={() => choose(line.item)}
                  />
                ))}
                {section.left === 0 ? null : (
                  <div className={styles.more}>{formatCount(section.left)} more: type more of the name</div>
                )}
              </div>
            ))}
          </div>
          <p role="status" className={styles.nothing}>
            {lines.length === 0 ? `No command and no collection has “${typed.trim()}” in its name.` : ''}
          </p>
          <div className={styles.foot} aria-hidden="true">
            <span>
              <kbd>↑↓</kbd> choose
            </span>
            <span>
              <kbd>↵</kbd> run
            </span>
            <span className={styles.end}>
              <kbd>#</kbd> collections
            </span>
            <span>
              <kbd>&gt;</kbd> commands
            </span>
          </div>
        </Base.Popup>
      </Base.Portal>
    </Base.Root>
  );
}

function takeFocus(input: HTMLInputElement | null): void {
  input?.focus();
}

interface LineProps {
  readonly id: string;
  readonly line: PaletteLine;
  readonly active: boolean;
  readonly onPoint: () => void;
  readonly onChoose: () => void;
}

function Line({ id, line: { item, places }, active, onPoint, onChoose }: LineProps) {
  return (
    <div
      id={id}
      role="option"
      aria-selected={active}
      aria-disabled={item.disabled || undefined}
      className={styles.line}
      // A list that scrolls under a pointer that rests chooses nothing.
      onPointerMove={onPoint}
      onMouseDown={(event) => event.preventDefault()}
      onClick={onChoose}
    >
      {item.icon === undefined ? <span className={styles.noIcon} /> : <Icon name={item.icon} />}
      <span className={styles.name}>{marked(item.label, places)}</span>
      {item.note === null ? null : <span className={styles.note}>{item.note}</span>}
      {item.shortcut === undefined ? null : <kbd className={styles.shortcut}>{item.shortcut}</kbd>}
    </div>
  );
}

/** The letters that were typed stand out, in runs. */
function marked(text: string, places: ReadonlySet<number>) {
  const runs: { text: string; found: boolean }[] = [];
  for (let at = 0; at < text.length; at += 1) {
    const found = places.has(at);
    const last = runs.at(-1);
    if (last?.found === found) last.text += text.charAt(at);
    else runs.push({ text: text.charAt(at), found });
  }
  return runs.map((run, place) => (run.found ? <b key={place}>{run.text}</b> : run.text));
}
