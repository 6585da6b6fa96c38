import { CHECK_TITLES, type CheckVerdict, type ConnectionCheck } from '../../shared/connection-check.ts';
import { classes } from '../ui/classes.ts';
import { Icon } from '../ui/Icon.tsx';
import type { IconName } from '../ui/icon-shapes.ts';
import styles from './CheckRows.module.css';

const VERDICTS: Readonly<Record<CheckVerdict, { readonly icon: IconName; readonly word: string }>> = {
  passed: { icon: 'check', word: 'works' },
  limited: { icon: 'warn', word: 'limited' },
  failed: { icon: 'error', word: 'fails' },
  'not-run': { icon: 'minus', word: 'not tried' },
};

/** The checks of a connection's test, each with its verdict, why, and what to do. */
export function CheckRows({ checks }: { readonly checks: readonly ConnectionCheck[] }) {
  if (checks.length === 0) return null;
  return (
    <ul className={styles.rows} aria-label="Checks">
      {checks.map(({ check, verdict, reason, remedy }) => {
        const { icon, word } = VERDICTS[verdict];
        return (
          <li key={check} className={styles.row}>
            <Icon name={icon} className={classes(styles.icon, styles[verdict])} />
            <span className={styles.title}>{CHECK_TITLES[check]}</span>
            <span className={styles.word}>{word}</span>
            <span className={styles.reason}>
              {reason}
              {remedy === null ? null : <span className={styles.remedy}>{` ${remedy}`}</span>}
            </span>
          </li>
        );
      })}
    </ul>
  );
}
