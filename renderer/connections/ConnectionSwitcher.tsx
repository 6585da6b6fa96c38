import { useState } from 'react';
import type { CollectionListing } from '../../shared/collection.ts';
import type { Connection } from '../../shared/connection.ts';
import { Button } from '../ui/Button.tsx';
import { classes } from '../ui/classes.ts';
import { EnvironmentDot, EnvironmentWord } from '../ui/EnvironmentMark.tsx';
import { countOf, formatCount } from '../ui/format.ts';
import { Icon } from '../ui/Icon.tsx';
import { Popover } from '../ui/Popover.tsx';
import { TextField } from '../ui/TextField.tsx';
import { credentialsOf, KIND_NAMES, whereOf } from './connection-words.ts';
import styles from './ConnectionSwitcher.module.css';
import { TestOutcome } from './TestOutcome.tsx';
import { useConnectionTest } from './use-connection-test.ts';

export interface ConnectionSwitcherProps {
  readonly connections: readonly Connection[];
  readonly collections: readonly CollectionListing[];
  /** The connection of the tab that is shown. */
  readonly current: Connection | null;
  /** Ids of connections that did not answer when last asked. */
  readonly down: ReadonlySet<string>;
  readonly onOpenCollection: (collection: string) => void;
  readonly onNew: () => void;
  readonly onEdit: (connection: string) => void;
  readonly onRemove: (connection: string) => void;
  readonly onOpenBucket: (connection: string) => void;
}

/** The connection at the left end of the title bar, and all of them when pressed: look, test, open, edit, remove. */
export function ConnectionSwitcher(props: ConnectionSwitcherProps) {
  const { connections, current, down } = props;
  const [open, setOpen] = useState(false);
  return (
    <Popover
      label="Connections"
      open={open}
      onOpenChange={setOpen}
      className={styles.popover}
      trigger={
        <button type="button" className={styles.switcher}>
          {current === null ? null : <EnvironmentDot environment={current.environment} down={down.has(current.id)} />}
          <span className={styles.currentName}>{current?.name ?? 'Connections'}</span>
          {current === null ? null : <EnvironmentWord short environment={current.environment} />}
          <Icon name="chevron-down" />
        </button>
      }
    >
      <Connections {...props} first={current ?? connections[0] ?? null} onDone={() => setOpen(false)} />
    </Popover>
  );
}

interface ConnectionsProps extends ConnectionSwitcherProps {
  readonly first: Connection | null;
  readonly onDone: () => void;
}

function Connections({ connections, first, current, down, onNew, onDone, ...actions }: ConnectionsProps) {
  const [wanted, setWanted] = useState('');
  const [chosenId, setChosenId] = useState(first?.id ?? null);
  const word = wanted.trim().toLowerCase();
  const shown = connections.filter((connection) =>
    [connection.name, connection.environment, KIND_NAMES[connection.kind], whereOf(connection)].some((text) =>
      text.toLowerCase().includes(word),
    ),
  );
  const chosen = connections.find((connection) => connection.id === chosenId) ?? null;
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
        <ul className={styles.items}>
          {shown.map((connection) => (
            <li key={connection.id}>
              <button
                type="button"
                aria-pressed={connection.id === chosenId}
                className={classes(styles.item, connection.id === chosenId && styles.here)}
                onClick={() => setChosenId(connection.id)}
              >
                <EnvironmentDot environment={connection.environment} down={down.has(connection.id)} />
                <span className={styles.who}>
                  <span className={styles.name}>
                    {connection.name}
                    {connection.readOnly ? <Icon name="lock" size={12} /> : null}
                    <EnvironmentWord environment={connection.environment} />
                    {connection.id === current?.id ? <span className={styles.mark}>open</span> : null}
                  </span>
                  <span className={styles.where}>{whereOf(connection)}</span>
                </span>
                {down.has(connection.id) ? <span className={styles.state}>down</span> : null}
              </button>
            </li>
          ))}
          {shown.length === 0 ? <li className={styles.none}>No connection has this in its name or address.</li> : null}
        </ul>
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
      {chosen === null ? null : <Details key={chosen.id} connection={chosen} onDone={onDone} {...actions} />}
    </div>
  );
}

interface DetailsProps extends Pick<
  ConnectionSwitcherProps,
  'collections' | 'onOpenCollection' | 'onEdit' | 'onRemove' | 'onOpenBucket'
> {
  readonly connection: Connection;
  readonly onDone: () => void;
}

function Details({ connection, collections, onOpenCollection, onEdit, onRemove, onOpenBucket, onDone }: DetailsProps) {
  const { outcome, test } = useConnectionTest();
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
        <div>
          <dt>Endpoint</dt>
          <dd>{endpointWords(connection)}</dd>
        </div>
        <div>
          <dt>Credentials</dt>
          <dd>{credentialsOf(connection)}</dd>
        </div>
        <div>
          <dt>Limits</dt>
          <dd>
            {[
              connection.maxWorkers === null
                ? null
                : countOf(connection.maxWorkers, 'request at once', 'requests at once'),
              connection.readOnly ? 'read-only' : 'reading and writing',
            ]
              .filter((part) => part !== null)
              .join(', ')}
          </dd>
        </div>
      </dl>
      <div className={styles.outcome}>
        <TestOutcome outcome={outcome} name={connection.name} />
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

function endpointWords(connection: Connection): string {
  const server = connection.endpoint ?? KIND_NAMES[connection.kind];
  if (connection.kind === 'sandbox') return 'built in, on 127.0.0.1';
  return `${server}, ${connection.region}, ${connection.pathStyle ? 'path style' : 'virtual host'}`;
}
