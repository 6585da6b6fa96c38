import type { Connection } from '../../shared/connection.ts';
import type { ServerState } from '../../shared/local-server.ts';
import { useServerState } from '../api/server-queries.ts';
import type { Command } from '../commands/command.ts';
import { shownShortcut } from '../commands/CommandButton.tsx';
import { useCommandContext, type CommandContext } from '../commands/context.ts';
import { classes } from '../ui/classes.ts';
import { EnvironmentDot, EnvironmentWord } from '../ui/EnvironmentMark.tsx';
import { Icon } from '../ui/Icon.tsx';
import { Tooltip } from '../ui/Tooltip.tsx';
import { whereOf } from './connection-words.ts';
import styles from './ConnectionSwitcher.module.css';
import { rowStateWords } from './server-words.ts';

export interface ConnectionRowProps {
  readonly connection: Connection;
  /** Its details are shown. */
  readonly isChosen: boolean;
  /** What is shown in the window is of it. */
  readonly isCurrent: boolean;
  /** Switches to it. */
  readonly command: Command<CommandContext> | null;
  readonly onChoose: () => void;
  readonly onSwitch: (command: Command<CommandContext>) => void;
}

/** One connection of the switcher: what it is, how it stands, and at the right end what switches to it. */
export function ConnectionRow({ connection, isChosen, isCurrent, command, onChoose, onSwitch }: ConnectionRowProps) {
  const context = useCommandContext();
  const state = useServerState(connection).data ?? null;
  const shortcut = command === null ? undefined : shownShortcut(command, context);
  return (
    <li className={classes(styles.item, isChosen && styles.here)}>
      <button type="button" aria-pressed={isChosen} className={styles.choose} onClick={onChoose}>
        <EnvironmentDot environment={connection.environment} down={isDown(state)} />
        <span className={styles.who}>
          <span className={styles.name}>
            <span className={styles.nameText}>{connection.name}</span>
            {connection.readOnly ? <Icon name="lock" size={12} /> : null}
            <EnvironmentWord environment={connection.environment} />
            {isCurrent ? <span className={styles.mark}>open</span> : null}
          </span>
          <span className={styles.where}>{whereWords(connection, state)}</span>
        </span>
        <span className={classes(styles.state, state?.state === 'down' && styles.failed)}>{rowStateWords(state)}</span>
      </button>
      {command === null || isCurrent ? (
        <kbd className={styles.keys} aria-hidden="true">
          {shortcut}
        </kbd>
      ) : (
        <Tooltip text={command.name} shortcut={shortcut}>
          <button
            type="button"
            aria-label={command.name}
            className={classes(styles.keys, styles.switch)}
            onClick={() => onSwitch(command)}
          >
            {shortcut === undefined ? <Icon name="arrow-right" size={14} /> : <kbd>{shortcut}</kbd>}
          </button>
        </Tooltip>
      )}
    </li>
  );
}

function isDown(state: ServerState | null): boolean {
  return state?.state === 'down' || state?.state === 'stopped';
}

function whereWords(connection: Connection, state: ServerState | null): string {
  const version = state?.state === 'up' ? state.version : null;
  return version === null ? whereOf(connection) : `${whereOf(connection)}, version ${version}`;
}
