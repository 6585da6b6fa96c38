import { useState, type KeyboardEvent } from 'react';
import type { AwsProfile } from '../../shared/aws-profile.ts';
import type { CollectionListing } from '../../shared/collection.ts';
import type { Connection } from '../../shared/connection.ts';
import { shortcutsOf } from '../commands/command.ts';
import { useCommandContext } from '../commands/context.ts';
import { runCommand } from '../commands/run-command.ts';
import { matchesShortcut } from '../commands/shortcut.ts';
import { switchCommands } from '../commands/switch-commands.ts';
import { Button } from '../ui/Button.tsx';
import { EnvironmentDot, EnvironmentWord } from '../ui/EnvironmentMark.tsx';
import { Icon } from '../ui/Icon.tsx';
import { Popover } from '../ui/Popover.tsx';
import { TextField } from '../ui/TextField.tsx';
import { foundConnections, rowsOf } from './connection-groups.ts';
import { KIND_NAMES, whereOf } from './connection-words.ts';
import { ConnectionDetails } from './ConnectionDetails.tsx';
import { ConnectionRow } from './ConnectionRow.tsx';
import styles from './ConnectionSwitcher.module.css';
import { FoundHere } from './FoundHere.tsx';
import { GroupHeading } from './GroupHeading.tsx';
import { type FoundHere as Found, useFoundProfiles, useFoundServers } from './use-found-here.ts';

export interface ConnectionSwitcherProps {
  readonly connections: readonly Connection[];
  readonly collections: readonly CollectionListing[];
  /** The connection of the tab that is shown. */
  readonly current: Connection | null;
  /** Ids of connections that did not answer when last asked. */
  readonly down: ReadonlySet<string>;
  readonly onOpenCollection: (collection: string) => void;
  readonly onNew: () => void;
  /** A connection was made of a profile that needs a sign-in. */
  readonly onProfile: (connection: Connection, profile: AwsProfile) => void;
  readonly onEdit: (connection: string) => void;
  readonly onRemove: (connection: string) => void;
  readonly onOpenBucket: (connection: string) => void;
}

/** The connection at the left end of the title bar, and all of them when pressed: how they stand, switched to, tested, edited. */
export function ConnectionSwitcher(props: ConnectionSwitcherProps) {
  const { connections, current, down } = props;
  const context = useCommandContext();
  const [open, setOpen] = useState(false);
  const commands = switchCommands(connections);

  function switchBy(command: SwitchCommand): void {
    setOpen(false);
    runCommand(command, context);
  }

  /** The page's own keys rest while something floats above it. */
  function handleKeyDown(event: KeyboardEvent): void {
    const pressed = commands.find((command) =>
      shortcutsOf(command, context.shell).some((shortcut) => matchesShortcut(event, shortcut, context.platform)),
    );
    if (pressed === undefined) return;
    event.preventDefault();
    switchBy(pressed);
  }

  return (
    <Popover
      label="Connections"
      open={open}
      onOpenChange={setOpen}
      className={styles.popover}
      onKeyDown={handleKeyDown}
      trigger={
        <button type="button" className={styles.switcher}>
          {current === null ? null : <EnvironmentDot environment={current.environment} down={down.has(current.id)} />}
          <span className={styles.currentName}>{current?.name ?? 'Connections'}</span>
          {current === null ? null : <EnvironmentWord short environment={current.environment} />}
          <Icon name="chevron-down" />
        </button>
      }
    >
      <Connections
        {...props}
        first={current ?? connections[0] ?? null}
        commands={commands}
        onSwitch={switchBy}
        onDone={() => setOpen(false)}
      />
    </Popover>
  );
}

type SwitchCommand = ReturnType<typeof switchCommands>[number];

interface ConnectionsProps extends ConnectionSwitcherProps {
  readonly first: Connection | null;
  /** In the order of the connections. */
  readonly commands: readonly SwitchCommand[];
  readonly onSwitch: (command: SwitchCommand) => void;
  readonly onDone: () => void;
}

function Connections(props: ConnectionsProps) {
  const { connections, first, current, commands, onSwitch, onNew, onProfile, onDone, ...actions } = props;
  const [wanted, setWanted] = useState('');
  const [chosenId, setChosenId] = useState(first?.id ?? null);
  const servers = useFoundServers(connections);
  const profiles = useFoundProfiles(connections);
  const rows = rowsOf(foundConnections(connections, wanted, (one) => [KIND_NAMES[one.kind], whereOf(one)]));
  const chosen = connections.find((connection) => connection.id === chosenId) ?? null;
  const added = (connection: Connection, { profile }: Found): void => {
    // What needs a sign-in has nothing to show before.
    if (profile === null || profile.signIn === null) setChosenId(connection.id);
    else {
      onDone();
      onProfile(connection, profile);
    }
  };
  const commandOf = (connection: Connection) => commands[connections.indexOf(connection)] ?? null;

  return (
    <div className={styles.columns}>
      <div className={styles.list}>
        <TextField
          icon="search"
          label="Find a connection"
          placeholder="Find a connection"
          className={styles.find}
          value={wanted}
          onChange={setWanted}
        />
        <div className={styles.items}>
          <ul aria-label="Connections">
            {rows.map((row) =>
              row.type === 'group' ? (
                <GroupHeading key={row.id} row={row} className={styles.group} />
              ) : (
                <ConnectionRow
                  key={row.id}
                  connection={row.connection}
                  isChosen={row.id === chosenId}
                  isCurrent={row.id === current?.id}
                  command={commandOf(row.connection)}
                  onChoose={() => setChosenId(row.id)}
                  onSwitch={onSwitch}
                />
              ),
            )}
            {rows.length === 0 ? <li className={styles.none}>No connection has this in its name or address.</li> : null}
          </ul>
          <FoundHere found={[...servers, ...profiles]} onAdded={added} />
        </div>
        <div className={styles.foot}>
          <Button
            kind="quiet"
            icon="plus"
            onClick={() => {
              onDone();
              onNew();
            }}
          >
            New connection
          </Button>
        </div>
      </div>
      {chosen === null ? null : (
        <ConnectionDetails
          key={chosen.id}
          connection={chosen}
          command={chosen.id === current?.id ? null : commandOf(chosen)}
          onSwitch={onSwitch}
          onDone={onDone}
          {...actions}
        />
      )}
    </div>
  );
}
