import type { KeyboardEvent } from 'react';
import type { CollectionListing } from '../../shared/collection.ts';
import { CLOSE_TAB, NEW_TAB } from '../commands/application-commands.ts';
import { CommandIconButton, shownShortcut } from '../commands/CommandButton.tsx';
import { useCommandContext } from '../commands/context.ts';
import { Icon } from '../ui/Icon.tsx';
import { IconButton } from '../ui/IconButton.tsx';
import styles from './Tabs.module.css';
import { useWorkspace, type Tab } from './workspace.ts';

export const STAGE_ID = 'stage';

export function Tabs({ collections }: { readonly collections: readonly CollectionListing[] }) {
  const { tabs, activeTab, activateTab, closeTab } = useWorkspace();
  const context = useCommandContext();

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
      <div role="tablist" aria-label="Open collections" className={styles.tabs} onKeyDown={handleKeyDown}>
        {tabs.map((tab) => (
          <div
            key={tab.id}
            id={tabId(tab)}
            role="tab"
            aria-selected={tab.id === activeTab}
            aria-controls={STAGE_ID}
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
            <IconButton
              small
              icon="close"
              name={`Close ${tabName(tab, collections)}`}
              shortcut={tab.id === activeTab ? shownShortcut(CLOSE_TAB, context) : undefined}
              // Delete on the tab closes it too; the strip has one stop for the Tab key.
              tabIndex={-1}
              className={styles.close}
              onMouseDown={(event) => event.stopPropagation()}
              onClick={() => closeTab(tab.id)}
            />
          </div>
        ))}
      </div>
      <CommandIconButton command={NEW_TAB} className={styles.add} />
    </div>
  );
}

function tabId(tab: Tab): string {
  return `tab-${tab.id}`;
}

function tabName(tab: Tab, collections: readonly CollectionListing[]): string {
  if (tab.collection === null) return 'Welcome';
  return collections.find(({ id }) => id === tab.collection)?.name ?? 'Collection';
}
