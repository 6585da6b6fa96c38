import { useLayoutEffect, useRef, useState, type KeyboardEvent } from 'react';
import type { CollectionListing } from '../../shared/collection.ts';
import type { Connection } from '../../shared/connection.ts';
import { CommandButton } from '../commands/CommandButton.tsx';
import {
  DUPLICATE_CONNECTION,
  EXPORT_CONNECTION,
  EXPORT_CONNECTIONS,
  IMPORT_CONNECTIONS,
} from '../commands/connection-commands.ts';
import {
  EDIT_CONNECTION,
  NEW_CONNECTION,
  OPEN_COLLECTION,
  REMOVE_CONNECTION,
} from '../commands/collection-commands.ts';
import { useCommandContext } from '../commands/context.ts';
import { commandEntries } from '../commands/menus.ts';
import { Button } from '../ui/Button.tsx';
import { classes } from '../ui/classes.ts';
import { Dialog } from '../ui/Dialog.tsx';
import { EnvironmentDot, EnvironmentWord } from '../ui/EnvironmentMark.tsx';
import { countOf } from '../ui/format.ts';
import { Icon } from '../ui/Icon.tsx';
import { IconButton } from '../ui/IconButton.tsx';
import { Menu } from '../ui/Menu.tsx';
import { TextField } from '../ui/TextField.tsx';
import { gapInList, useDrag } from '../ui/use-drag.ts';
import unseen from '../ui/Unseen.module.css';
import { useArrangeConnections } from './arrange-connections.ts';
import { foundConnections, gapOfStep, placesAfterMove, rowsOf } from './connection-groups.ts';
import { credentialsOf, KIND_NAMES, whereOf } from './connection-words.ts';
import { Grip } from '../ui/Grip.tsx';
import styles from './ConnectionsDialog.module.css';
import { GroupHeading } from './GroupHeading.tsx';

export interface ConnectionsDialogProps {
  readonly connections: readonly Connection[];
  readonly collections: readonly CollectionListing[];
  readonly onClose: () => void;
}

const OF_ONE = [OPEN_COLLECTION, EDIT_CONNECTION, DUPLICATE_CONNECTION, EXPORT_CONNECTION, REMOVE_CONNECTION];

/** All connections in their groups: found, put into another order by dragging or with Alt and an arrow, and what is done to each. */
export function ConnectionsDialog({ connections, collections, onClose }: ConnectionsDialogProps) {
  const context = useCommandContext();
  const arrange = useArrangeConnections();
  const [wanted, setWanted] = useState('');
  const [current, setCurrent] = useState<string | null>(null);
  const [said, setSaid] = useState('');
  const list = useRef<HTMLUListElement>(null);
  const focusWanted = useRef(false);
  const all = rowsOf(connections);
  const found = foundConnections(connections, wanted, (one) => [KIND_NAMES[one.kind], whereOf(one)]);
  const rows = wanted.trim() === '' ? all : rowsOf(found);
  const listed = rows.filter((row) => row.type === 'connection');
  const stop = listed.some(({ id }) => id === current) ? current : (listed[0]?.id ?? null);
  const unmovable = rows === all ? null : 'Clear the search to change the order';

  // Moved with the keys a row becomes another element's neighbour: the focus goes with it.
  useLayoutEffect(() => {
    if (!focusWanted.current) return;
    focusWanted.current = false;
    const button = list.current?.querySelector(`[data-row="${CSS.escape(current ?? '')}"] button`);
    if (button instanceof HTMLElement) button.focus();
  });

  const { drag, start } = useDrag(
    list,
    (pointer) => gapInList(list.current, '[data-row]', pointer),
    (id, { gap }) => void arrange(placesAfterMove(all, id, gap)),
  );

  function moveByKey(connection: Connection, step: -1 | 1): void {
    const gap = gapOfStep(all, connection.id, step);
    if (unmovable !== null || gap === null) {
      setSaid(unmovable ?? `${connection.name} is at the end`);
      return;
    }
    const places = placesAfterMove(all, connection.id, gap);
    const at = places.findIndex((place) => place.connection === connection.id);
    const group = places[at]?.group ?? null;
    focusWanted.current = true;
    setCurrent(connection.id);
    setSaid(`${connection.name} is now ${at + 1} of ${places.length}${group === null ? '' : `, in ${group}`}`);
    void arrange(places);
  }

  function handleKeyDown(event: KeyboardEvent): void {
    const at = listed.findIndex(({ id }) => id === stop);
    const row = listed[at];
    const step = event.key === 'ArrowUp' ? -1 : event.key === 'ArrowDown' ? 1 : 0;
    if (row === undefined || (step === 0 && event.key !== 'Home' && event.key !== 'End')) return;
    event.preventDefault();
    if (event.altKey && step !== 0) {
      moveByKey(row.connection, step);
      return;
    }
    const next = step === 0 ? (event.key === 'Home' ? 0 : listed.length - 1) : at + step;
    focusWanted.current = true;
    setCurrent(listed[Math.min(Math.max(next, 0), listed.length - 1)]?.id ?? null);
  }

  return (
    <Dialog
      open
      wide
      title="Connections"
      subject={countOf(connections.length, 'connection')}
      onClose={onClose}
      footer={
        <>
          <CommandButton command={IMPORT_CONNECTIONS} className={styles.left} />
          <CommandButton command={EXPORT_CONNECTIONS} />
          <Button onClick={onClose}>Close</Button>
          <CommandButton kind="primary" command={NEW_CONNECTION} />
        </>
      }
    >
      <TextField
        wide
        icon="search"
        label="Find a connection"
        placeholder="Find a connection by name, group, environment or address"
        value={wanted}
        onChange={setWanted}
      />
      {rows.length === 0 ? <p className={styles.none}>No connection has this in its name or address.</p> : null}
      <ul
        ref={list}
        className={styles.list}
        aria-label="Connections, in their order"
        aria-keyshortcuts="Alt+ArrowUp Alt+ArrowDown"
      >
        {rows.map((row) =>
          row.type === 'group' ? (
            <GroupHeading key={row.id} row={row} />
          ) : (
            <li
              key={row.id}
              data-row={row.id}
              className={classes(styles.row, drag?.id === row.id && styles.dragged)}
              onFocus={() => setCurrent(row.id)}
            >
              <Grip unmovable={unmovable} dragged={drag?.id === row.id} onStart={(event) => start(row.id, event)} />
              <button
                type="button"
                className={styles.connection}
                tabIndex={row.id === stop ? 0 : -1}
                aria-description="Enter edits it, Alt and an arrow move it"
                onKeyDown={handleKeyDown}
                onClick={() => context.workspace.openDialog({ kind: 'connection', connection: row.id })}
              >
                <ConnectionFacts connection={row.connection} collections={collections} />
              </button>
              <Menu
                align="end"
                trigger={<IconButton small icon="more" name={`What to do with ${row.connection.name}`} />}
                entries={commandEntries(OF_ONE, { ...context, connection: row.connection, collection: null })}
              />
            </li>
          ),
        )}
        {drag === null ? null : <li aria-hidden="true" className={styles.dropLine} style={{ top: drag.at.top - 1 }} />}
      </ul>
      <div className={unseen.unseen} role="status">
        {said}
      </div>
    </Dialog>
  );
}

function ConnectionFacts({
  connection,
  collections,
}: {
  readonly connection: Connection;
  readonly collections: readonly CollectionListing[];
}) {
  const own = collections.filter(({ connectionId }) => connectionId === connection.id).length;
  return (
    <>
      <span className={styles.who}>
        <EnvironmentDot environment={connection.environment} />
        <span className={styles.name}>{connection.name}</span>
        <EnvironmentWord environment={connection.environment} />
        {connection.readOnly ? (
          <span title="read-only" role="img" aria-label="read-only">
            <Icon name="lock" size={12} />
          </span>
        ) : null}
      </span>
      <span className={styles.where}>{`${KIND_NAMES[connection.kind]}, ${whereOf(connection)}`}</span>
      <span className={styles.credentials}>{credentialsOf(connection)}</span>
      <span className={styles.count}>{countOf(own, 'collection')}</span>
    </>
  );
}
