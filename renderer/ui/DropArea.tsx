import type { ReactNode } from 'react';
import styles from './DropArea.module.css';
import { Icon } from './Icon.tsx';

export interface DropAreaProps {
  /** What may be dropped here; who holds the area takes it, since it may be dropped beside it too. */
  readonly words: string;
  /** Other ways to the same: buttons, and the inputs behind them. */
  readonly children: ReactNode;
}

/** Where a dialog says that files can be dropped on it. */
export function DropArea({ words, children }: DropAreaProps) {
  return (
    <div className={styles.drop}>
      <Icon name="upload" />
      <span className={styles.words}>{words}</span>
      {children}
    </div>
  );
}
