import type { ReactNode } from 'react';
import { Icon } from './Icon.tsx';
import type { IconName } from './icon-shapes.ts';
import styles from './Page.module.css';

export interface EmptyStateProps {
  readonly title: string;
  readonly lead?: ReactNode;
  readonly icon?: IconName | undefined;
  /** What to do next. */
  readonly children?: ReactNode;
}

/** A page with nothing on it yet: says what is so and what to do next. */
export function EmptyState({ title, lead, icon, children }: EmptyStateProps) {
  return (
    <div className={styles.page}>
      <div className={styles.column}>
        {icon === undefined ? null : <Icon name={icon} className={styles.mark} />}
        <h1 className={styles.title}>{title}</h1>
        {lead === undefined ? null : <p className={styles.lead}>{lead}</p>}
        {children === undefined ? null : <div className={styles.next}>{children}</div>}
      </div>
    </div>
  );
}
