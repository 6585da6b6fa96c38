import type { ReactNode } from 'react';
import type { CollectionListing } from '../../shared/collection.ts';
import { Tabs } from './Tabs.tsx';
import { ThemeMenu } from './ThemeMenu.tsx';
import styles from './TitleBar.module.css';

export interface TitleBarProps {
  readonly switcher: ReactNode;
  readonly collections: readonly CollectionListing[];
}

export function TitleBar({ switcher, collections }: TitleBarProps) {
  return (
    <header className={styles.bar}>
      <div className={styles.switcher}>{switcher}</div>
      <Tabs collections={collections} />
      <div className={styles.tools}>
        <ThemeMenu />
      </div>
    </header>
  );
}
