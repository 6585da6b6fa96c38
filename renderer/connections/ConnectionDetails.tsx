import type { ReactNode } from 'react';
import type { CollectionListing } from '../../shared/collection.ts';
import type { Connection } from '../../shared/connection.ts';
import type { ServerState } from '../../shared/local-server.ts';
import { useServerState } from '../api/server-queries.ts';
import type { Command } from '../commands/command.ts';
import { CommandButton, shownShortcut } from '../commands/CommandButton.tsx';
import { useCommandContext, type CommandContext } from '../commands/context.ts';
import { START_LOCALSTACK, START_SANDBOX, STOP_SANDBOX } from '../commands/switch-commands.ts';
import { Button } from '../ui/Button.tsx';
import { EnvironmentWord } from '../ui/EnvironmentMark.tsx';
import { countOf, formatCount } from '../ui/format.ts';
import { Icon } from '../ui/Icon.tsx';
import { credentialsOf, KIND_NAMES } from './connection-words.ts';
import styles from './ConnectionSwitcher.module.css';
import { stateWords } from './server-words.ts';
import { TestOutcome } from './TestOutcome.tsx';
import { useConnectionTest } from './use-connection-test.ts';

export interface ConnectionDetailsProps {
  readonly connection: Connection;
  readonly collections: readonly CollectionListing[];
  /** Switches to it; null where it is what is shown. */
  readonly command: Command<CommandContext> | null;
  readonly onSwitch: (command: Command<CommandContext>) => void;
  readonly onOpenCollection: (collection: string) => void;
  readonly onEdit: (connection: string) => void;
  readonly onRemove: (connection: string) => void;
  readonly onOpenBucket: (connection: string) => void;
  readonly onDone: () => void;
}

/** What one connection is, how it stands, and what it has. */
export function ConnectionDetails(props: ConnectionDetailsProps) {
  const { connection, collections, command, onSwitch, onOpenCollection, onEdit, onRemove, onOpenBucket, onDone } =
    props;
  const context = useCommandContext();
  const { outcome, test } = useConnectionTest();
  const state = useServerState(connection).data ?? null;
  const own = collections.filter((collection) => collection.connectionId === connection.id);
  const leave = (action: () => void) => () => {
    onDone();
    action();
  };
  return (
    <section className={styles.details} aria-label={connection.name}>
      <div className={styles.head}>
        <h2 className={styles.title}>{connection.name}</h2>
        <EnvironmentWord environment={connection.environment} />
        <span className={styles.tools}>
          {command === null ? null : (
            <Button icon="arrow-right" shortcut={shownShortcut(command, context)} onClick={() => onSwitch(command)}>
              {context.collection === null ? 'Switch' : `Show ${context.collection.name}`}
            </Button>
          )}
          <Button onClick={leave(() => onEdit(connection.id))}>Edit</Button>
          <Button
            icon="refresh"
            disabledReason={outcome.state === 'testing' ? 'The test is under way.' : null}
            onClick={() => test({ connection: connection.id })}
          >
            {outcome.state === 'untested' ? 'Test' : 'Test again'}
          </Button>
        </span>
      </div>
      <dl className={styles.facts}>
        <Fact name="Endpoint">{endpointWords(connection)}</Fact>
        <Fact name="Server">
          {stateWords(state)} <Remedy connection={connection} state={state} onDone={onDone} />
        </Fact>
        <Fact name="Credentials">{credentialsOf(connection)}</Fact>
        <Fact name="Limits">{limitWords(connection)}</Fact>
      </dl>
      <div className={styles.outcome}>
        <TestOutcome outcome={outcome} name={connection.name} offersSignIn />
      </div>
      <h3 className={styles.section}>Collections</h3>
      <ul className={styles.collections}>
        {own.map((collection) => (
          <li key={collection.id}>
            <button type="button" className={styles.collection} onClick={leave(() => onOpenCollection(collection.id))}>
              <Icon name="collection" />
              <span className={styles.collectionName}>{collection.name}</span>
              <span className={styles.count}>{collection.records === null ? '' : formatCount(collection.records)}</span>
            </button>
          </li>
        ))}
        {own.length === 0 ? <li className={styles.none}>None open yet.</li> : null}
      </ul>
      <div className={styles.detailFoot}>
        <Button kind="quiet" icon="bucket" onClick={leave(() => onOpenBucket(connection.id))}>
          Open a bucket or prefix
        </Button>
        <Button kind="quiet" icon="trash" onClick={leave(() => onRemove(connection.id))}>
          Remove connection
        </Button>
      </div>
    </section>
  );
}

function Fact({ name, children }: { readonly name: string; readonly children: ReactNode }) {
  return (
    <div>
      <dt>{name}</dt>
      <dd>{children}</dd>
    </div>
  );
}

interface RemedyProps {
  readonly connection: Connection;
  readonly state: ServerState | null;
  readonly onDone: () => void;
}

/** What starts or stops its server, where Dipper can. */
function Remedy({ connection, state, onDone }: RemedyProps) {
  if (connection.kind === 'sandbox') {
    return state?.state === 'stopped' ? (
      <CommandButton command={START_SANDBOX} kind="link">
        Start
      </CommandButton>
    ) : (
      <CommandButton command={STOP_SANDBOX} kind="link">
        Stop
      </CommandButton>
    );
  }
  if (connection.kind !== 'localstack' || state?.state !== 'down') return null;
  return (
    <span onClickCapture={onDone}>
      <CommandButton command={START_LOCALSTACK} kind="link">
        How to start it
      </CommandButton>
    </span>
  );
}

function endpointWords(connection: Connection): string {
  const server = connection.endpoint ?? KIND_NAMES[connection.kind];
  if (connection.kind === 'sandbox') return 'built in, on 127.0.0.1';
  return `${server}, ${connection.region}, ${connection.pathStyle ? 'path style' : 'virtual host'}`;
}

function limitWords({ maxWorkers, readOnly }: Connection): string {
  return [
    maxWorkers === null ? null : countOf(maxWorkers, 'request at once', 'requests at once'),
    readOnly ? 'read-only' : 'reading and writing',
  ]
    .filter((part) => part !== null)
    .join(', ');
}
