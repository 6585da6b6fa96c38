import { useEffect, useRef, type KeyboardEvent } from 'react';
import type { CollectionListing } from '../../shared/collection.ts';
import type { Connection } from '../../shared/connection.ts';
import { useConnections } from '../api/collection-queries.ts';
import { CLOSE_TAB, NEW_TAB } from '../commands/window-commands.ts';
import { CommandIconButton, shownShortcut } from '../commands/CommandButton.tsx';
import { useCommandContext } from '../commands/context.ts';
import { EnvironmentWord } from '../ui/EnvironmentMark.tsx';
import { Icon } from '../ui/Icon.tsx';
import styles from './Tabs.module.css';
import { useWorkspace, type Tab } from './workspace.ts';

export const STAGE_ID = 'stage';

export function Tabs({ collections }: { readonly collections: readonly CollectionListing[] }) {
  const { tabs, activeTab, activateTab, closeTab } = useWorkspace();
  const connections = useConnections().data ?? [];
  const context = useCommandContext();
  const places = tabPlaces(tabs, collections, connections);
  const list = useRef<HTMLDivElement>(null);
  useEffect(() => {
    const active = activeTab === null ? null : document.getElementById(tabId({ id: activeTab }));
    if (active === null || list.current === null) return;
    const show = () => active.scrollIntoView({ inline: 'nearest', block: 'nearest' });
    show();
    // A window that gets narrower must not leave out what it shows.
    const observer = new ResizeObserver(show);
    observer.observe(list.current);
    return () => observer.disconnect();
  }, [activeTab]);

  const shortcut = shownShortcut(CLOSE_TAB, context);
  const closeTitle = `Close the tab${shortcut === undefined ? '' : ` (${shortcut})`}`;

  function isOfProduction({ collection }: Tab): boolean {
    const connection = collections.find(({ id }) => id === collection)?.connectionId;
    return connections.find(({ id }) => id === connection)?.environment === 'production';
  }

  function handleKeyDown(event: KeyboardEvent): void {
    const step = { ArrowLeft: -1, ArrowRight: 1 }[event.key];
    const at = tabs.findIndex(({ id }) => id === activeTab);
    if (event.key === 'Delete' && activeTab !== null) {
      event.preventDefault();
      closeTab(activeTab);
      return;
    }
    const next = step === undefined ? undefined : tabs[(at + step + tabs.length) % tabs.length];
    if (next === undefined) return;
    event.preventDefault();
    activateTab(next.id);
    document.getElementById(tabId(next))?.focus();
  }

  return (
    <div className={styles.strip}>
      <div ref={list} role="tablist" aria-label="Open collections" className={styles.tabs} onKeyDown={handleKeyDown}>
        {tabs.map((tab) => (
          <div
            key={tab.id}
            id={tabId(tab)}
            role="tab"
            aria-selected={tab.id === activeTab}
            aria-controls={tab.id === activeTab ? STAGE_ID : undefined}
            aria-description="Delete closes the tab"
            tabIndex={tab.id === activeTab ? 0 : -1}
            className={styles.tab}
            onMouseDown={(event) => {
              if (event.button === 0) activateTab(tab.id);
            }}
            onAuxClick={(event) => {
              if (event.button === 1) closeTab(tab.id);
            }}
            onKeyDown={(event) => {
              if (event.key === 'Enter' || event.key === ' ') activateTab(tab.id);
            }}
          >
            <Icon name={tab.collection === null ? 'ladle' : 'collection'} className={styles.icon} />
            <span className={styles.name}>{tabName(tab, collections)}</span>
            {isOfProduction(tab) ? <EnvironmentWord environment="production" short /> : null}
            {places.get(tab.id) === undefined ? null : <span className={styles.place}>{places.get(tab.id)}</span>}
            {/* For the pointer: a button inside a tab is out of reach for screen readers, and Delete closes it too. */}
            <span
              aria-hidden="true"
              title={closeTitle}
              className={styles.close}
              onMouseDown={(event) => event.stopPropagation()}
              onClick={() => closeTab(tab.id)}
            >
              <Icon name="close" size={12} />
            </span>
          </div>
        ))}
      </div>
      <CommandIconButton command={NEW_TAB} className={styles.add} />
    </div>
  );
}

export function tabId(tab: Pick<Tab, 'id'>): string {
  return `tab-${tab.id}`;
}

/** Names of the connections of tabs that bear one name, by the ids of the tabs. */
function tabPlaces(
  tabs: readonly Tab[],
  collections: readonly CollectionListing[],
  connections: readonly Connection[],
): ReadonlyMap<string, string> {
  const names = tabs.map((tab) => tabName(tab, collections));
  return new Map(
    tabs.flatMap((tab, at): readonly (readonly [string, string])[] => {
      const collection = collections.find(({ id }) => id === tab.collection);
      const place = connections.find(({ id }) => id === collection?.connectionId)?.name;
      const isAlone = names.every((name, other) => other === at || name !== names[at]);
      return isAlone || place === undefined ? [] : [[tab.id, place]];
    }),
  );
}

function tabName(tab: Tab, collections: readonly CollectionListing[]): string {
  if (tab.collection === null) return 'Welcome';
  return collections.find(({ id }) => id === tab.collection)?.name ?? 'Collection';
}
