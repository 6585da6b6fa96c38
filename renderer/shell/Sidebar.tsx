import { useRef, useState, type KeyboardEvent } from 'react';
import type { CollectionListing } from '../../shared/collection.ts';
import type { Connection } from '../../shared/connection.ts';
import type { SyncProgress } from '../../shared/page.ts';
import { useSyncs } from '../api/search-queries.ts';
import {
  EDIT_COLLECTION,
  EDIT_CONNECTION,
  SIGN_IN,
  FORGET_COLLECTION,
  NEW_CONNECTION,
  OPEN_COLLECTION,
  REMOVE_COLLECTION,
  REMOVE_CONNECTION,
  SHOW_COLLECTION,
} from '../commands/collection-commands.ts';
import { DUPLICATE_CONNECTION, EXPORT_CONNECTION, MANAGE_CONNECTIONS } from '../commands/connection-commands.ts';
import { groupsOf } from '../connections/connection-groups.ts';
import { CommandIconButton } from '../commands/CommandButton.tsx';
import { useCommandContext, type CommandContext } from '../commands/context.ts';
import { IMPORT } from '../commands/import-commands.ts';
import { commandEntries } from '../commands/menus.ts';
import { SHOW_ELSEWHERE } from '../commands/switch-commands.ts';
import { isUnderWay } from '../query/result-session.ts';
import { ContextMenu } from '../ui/ContextMenu.tsx';
import { EnvironmentDot, EnvironmentWord } from '../ui/EnvironmentMark.tsx';
import { Icon } from '../ui/Icon.tsx';
import type { MenuEntry } from '../ui/MenuEntries.tsx';
import { classes } from '../ui/classes.ts';
import { formatCount } from '../ui/format.ts';
import styles from './Sidebar.module.css';
import { useWorkspace } from './workspace.ts';

export interface SidebarProps {
  readonly connections: readonly Connection[];
  readonly collections: readonly CollectionListing[];
  /** Of the tab that is shown. */
  readonly shown: string | null;
  /** Connections that did not serve when last asked, with the word for it. */
  readonly down: ReadonlyMap<string, string>;
}

type Item = { readonly id: string; /** In the tree, from 1. */ readonly level: number } & (
  | { readonly type: 'group'; readonly name: string; readonly folded: boolean }
  | { readonly type: 'connection'; readonly connection: Connection; readonly folded: boolean }
  | { readonly type: 'collection'; readonly collection: CollectionListing }
  | { readonly type: 'add'; readonly connection: Connection }
);

/** Connections and their collections, as a tree with roving focus. */
export function Sidebar({ connections, collections, shown, down }: SidebarProps) {
  const workspace = useWorkspace();
  const context = useCommandContext();
  const tree = useRef<HTMLUListElement>(null);
  const items = treeItems(connections, collections, workspace.folded);
  const [focused, setFocused] = useState<string | null>(null);
  const stop = items.find(({ id }) => id === focused) ?? items.find(({ id }) => id === shown) ?? items[0];

  function focus(item: Item | undefined): void {
    if (item === undefined) return;
    setFocused(item.id);
    const row = tree.current?.querySelector(`[data-item="${CSS.escape(item.id)}"]`);
    if (row instanceof HTMLElement) row.focus();
  }

  function activate(item: Item): void {
    if (item.type === 'group') workspace.toggleFolded(item.id);
    else if (item.type === 'connection') workspace.toggleFolded(item.connection.id);
    else if (item.type === 'collection') workspace.openCollection(item.collection.id);
    else workspace.openDialog({ kind: 'collection', connection: item.connection.id, collection: null });
  }

  function handleKeyDown(event: KeyboardEvent): void {
    // Keys of commands, such as Mod+Enter, are no keys of the tree.
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    const at = items.findIndex(({ id }) => id === stop?.id);
    const item = items[at];
    if (item === undefined) return;
    const folds = 'folded' in item && item.folded === (event.key === 'ArrowRight');
    switch (event.key) {
      case 'ArrowDown':
        focus(items[at + 1]);
        break;
      case 'ArrowUp':
        focus(items[at - 1]);
        break;
      case 'Home':
        focus(items[0]);
        break;
      case 'End':
        focus(items.at(-1));
        break;
      case 'ArrowLeft':
        if (folds) activate(item);
        else focus(items.slice(0, at).findLast(({ level }) => level < item.level));
        break;
      case 'ArrowRight':
        if (folds) activate(item);
        break;
      case 'Enter':
      case ' ':
        activate(item);
        break;
      default:
        return;
    }
    event.preventDefault();
  }

  return (
    <nav className={styles.sidebar} aria-label="Connections and collections">
      <div className={styles.head}>
        <h2 className={styles.label}>Connections</h2>
        <span className={styles.tools}>
          <CommandIconButton command={MANAGE_CONNECTIONS} />
          <CommandIconButton command={NEW_CONNECTION} />
        </span>
      </div>
      <ul ref={tree} role="tree" aria-label="Connections" onKeyDown={handleKeyDown}>
        {items.map((item) => (
          <ContextMenu key={item.id} entries={menuOf(item, connections, context)}>
            <li
              role="treeitem"
              data-item={item.id}
              aria-level={item.level}
              aria-expanded={'folded' in item ? !item.folded : undefined}
              aria-current={item.id === shown ? 'page' : undefined}
              tabIndex={item === stop ? 0 : -1}
              className={classes(styles.row, styles[item.type], item.id === shown && styles.here)}
              onFocus={() => setFocused(item.id)}
              onClick={() => activate(item)}
            >
              {item.type === 'group' ? (
                <>
                  <Icon name={item.folded ? 'chevron-right' : 'chevron-down'} size={12} className={styles.twist} />
                  <span className={styles.name}>{item.name}</span>
                </>
              ) : item.type === 'connection' ? (
                <ConnectionRow
                  connection={item.connection}
                  folded={item.folded}
                  down={down.get(item.connection.id) ?? null}
                />
              ) : item.type === 'collection' ? (
                <CollectionRow collection={item.collection} />
              ) : (
                <>
                  <Icon name="plus" />
                  <span className={styles.name}>Open a bucket</span>
                </>
              )}
            </li>
          </ContextMenu>
        ))}
      </ul>
    </nav>
  );
}

interface ConnectionRowProps {
  readonly connection: Connection;
  readonly folded: boolean;
  readonly down: string | null;
}

function ConnectionRow({ connection, folded, down }: ConnectionRowProps) {
  return (
    <>
      <Icon name={folded ? 'chevron-right' : 'chevron-down'} size={12} className={styles.twist} />
      <EnvironmentDot environment={connection.environment} down={down !== null} />
      <span className={styles.name}>{connection.name}</span>
      {connection.readOnly ? (
        <span title="read-only" role="img" aria-label="read-only">
          <Icon name="lock" size={12} />
        </span>
      ) : null}
      <span className={styles.end}>
        {down === null ? (
          <EnvironmentWord environment={connection.environment} short />
        ) : (
          <span className={styles.failed}>{down}</span>
        )}
      </span>
    </>
  );
}

function CollectionRow({ collection }: { readonly collection: CollectionListing }) {
  const sync = useSyncs((syncs) => syncWord(syncs[collection.id] ?? null));
  return (
    <>
      <Icon name="collection" />
      <span className={styles.name} title={`s3://${collection.bucket}/${collection.prefix}`}>
        {collection.name}
      </span>
      {sync === 'failed' ? (
        <span className={styles.failed}>failed</span>
      ) : sync === 'reading' && collection.records === null ? (
        <span className={styles.state}>reading</span>
      ) : collection.records === null ? null : (
        <span className={styles.count}>{formatCount(collection.records)}</span>
      )}
    </>
  );
}

function syncWord(progress: SyncProgress | null): 'failed' | 'reading' | null {
  if (progress?.state === 'failed') return 'failed';
  return isUnderWay(progress) ? 'reading' : null;
}

function treeItems(
  connections: readonly Connection[],
  collections: readonly CollectionListing[],
  folded: readonly string[],
): readonly Item[] {
  return groupsOf(connections).flatMap(({ name, connections: own }): readonly Item[] => {
    const itemsFrom = (level: number) =>
      own.flatMap((connection) => connectionItems(connection, collections, folded, level));
    if (name === null) return itemsFrom(1);
    const id = `group ${name}`;
    const group: Item = { type: 'group', id, level: 1, name, folded: folded.includes(id) };
    return group.folded ? [group] : [group, ...itemsFrom(2)];
  });
}

function connectionItems(
  connection: Connection,
  collections: readonly CollectionListing[],
  folded: readonly string[],
  level: number,
): readonly Item[] {
  const isFolded = folded.includes(connection.id);
  const row: Item = { type: 'connection', id: connection.id, level, connection, folded: isFolded };
  if (isFolded) return [row];
  const own = collections.filter(({ connectionId }) => connectionId === connection.id);
  return [
    row,
    ...own.map((collection): Item => ({ type: 'collection', id: collection.id, level: level + 1, collection })),
    { type: 'add', id: `add to ${connection.id}`, level: level + 1, connection },
  ];
}

const OF_GROUP = [MANAGE_CONNECTIONS, NEW_CONNECTION];
const OF_CONNECTION = [
  OPEN_COLLECTION,
  EDIT_CONNECTION,
  SIGN_IN,
  DUPLICATE_CONNECTION,
  EXPORT_CONNECTION,
  MANAGE_CONNECTIONS,
  REMOVE_CONNECTION,
];
const OF_COLLECTION = [SHOW_COLLECTION, SHOW_ELSEWHERE, IMPORT, EDIT_COLLECTION, FORGET_COLLECTION, REMOVE_COLLECTION];

/** Commands for what is pointed at, in place of what is shown. */
function menuOf(item: Item, connections: readonly Connection[], context: CommandContext): readonly MenuEntry[] {
  if (item.type === 'group') return commandEntries(OF_GROUP, { ...context, collection: null });
  if (item.type !== 'collection') {
    return commandEntries(OF_CONNECTION, { ...context, connection: item.connection, collection: null });
  }
  const { collection } = item;
  const connection = connections.find(({ id }) => id === collection.connectionId) ?? null;
  return commandEntries(OF_COLLECTION, { ...context, connection, collection });
}
