import { Tabs as Base } from '@base-ui/react/tabs';
import type { ReactNode } from 'react';
import { classes } from './classes.ts';
import styles from './SubTabs.module.css';

export interface SubTab<Value extends string> {
  readonly value: Value;
  readonly label: string;
  readonly count?: number | null | undefined;
  /** Something in it is changed and not saved. */
  readonly changed?: boolean;
  readonly panel: ReactNode;
}

export interface SubTabsProps<Value extends string> {
  readonly label: string;
  readonly tabs: readonly SubTab<Value>[];
  readonly value: Value;
  readonly onChange: (value: Value) => void;
  readonly panelClassName?: string | undefined;
}

export function SubTabs<Value extends string>({ label, tabs, value, onChange, panelClassName }: SubTabsProps<Value>) {
  return (
    <Base.Root
      className={styles.root}
      value={value}
      onValueChange={(next: unknown) => {
        const tab = tabs.find((candidate) => candidate.value === next);
        if (tab !== undefined) onChange(tab.value);
      }}
    >
      <Base.List aria-label={label} className={styles.list} activateOnFocus>
        {tabs.map((tab) => (
          <Base.Tab key={tab.value} value={tab.value} className={styles.tab}>
            {tab.label}
            {tab.count === undefined || tab.count === null ? null : <span className={styles.count}>{tab.count}</span>}
            {tab.changed === true ? <span className={styles.changed} role="img" aria-label="changed" /> : null}
          </Base.Tab>
        ))}
      </Base.List>
      {tabs.map((tab) => (
        <Base.Panel key={tab.value} value={tab.value} className={classes(styles.panel, panelClassName)}>
          {tab.panel}
        </Base.Panel>
      ))}
    </Base.Root>
  );
}
