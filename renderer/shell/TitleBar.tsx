import type { ReactNode } from 'react';
import type { CollectionListing } from '../../shared/collection.ts';
import { shownShortcut } from '../commands/CommandButton.tsx';
import { useCommandContext } from '../commands/context.ts';
import { menusOf } from '../commands/menus.ts';
import { runCommand } from '../commands/run-command.ts';
import { useAllCommands } from '../commands/use-all-commands.ts';
import { SHOW_PALETTE } from '../commands/window-commands.ts';
import { Icon } from '../ui/Icon.tsx';
import { IconButton } from '../ui/IconButton.tsx';
import { MenuOfMenus } from '../ui/MenuOfMenus.tsx';
import { Tabs } from './Tabs.tsx';
import { ThemeMenu } from './ThemeMenu.tsx';
import styles from './TitleBar.module.css';

export interface TitleBarProps {
  readonly switcher: ReactNode;
  readonly collections: readonly CollectionListing[];
}

export function TitleBar({ switcher, collections }: TitleBarProps) {
  const { shell } = useCommandContext();
  return (
    <header className={styles.bar}>
      <div className={styles.switcher}>{switcher}</div>
      <Tabs collections={collections} />
      <div className={styles.tools}>
        <PaletteField />
        <ThemeMenu />
        {/* On the desktop the system draws the same menus. */}
        {shell === 'desktop' ? null : <PageMenu />}
      </div>
    </header>
  );
}

/** Looks like the field that it opens. */
function PaletteField() {
  const context = useCommandContext();
  return (
    <button
      type="button"
      aria-label={SHOW_PALETTE.name}
      className={styles.palette}
      onClick={() => runCommand(SHOW_PALETTE, context)}
    >
      <Icon name="search" />
      <span className={styles.paletteWords}>{SHOW_PALETTE.name}</span>
      <kbd aria-hidden="true">{shownShortcut(SHOW_PALETTE, context)}</kbd>
    </button>
  );
}

function PageMenu() {
  const context = useCommandContext();
  const commands = useAllCommands();
  return <MenuOfMenus trigger={<IconButton icon="list" name="Menu" />} menus={menusOf(commands, context)} />;
}
