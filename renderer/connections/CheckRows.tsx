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

/** The checks of a connection's test, each with its verdict, why, and what to do; those that were not tried for one reason as one. */
export function CheckRows({ checks }: { readonly checks: readonly ConnectionCheck[] }) {
  if (checks.length === 0) return null;
  return (
    <ul className={styles.rows} aria-label="Checks">
      {together(checks).map(([first, ...more]) => {
        const { check, verdict, reason, remedy } = first;
        const { icon, word } = VERDICTS[verdict];
        const titles = [first, ...more].map((each) => CHECK_TITLES[each.check]);
        return (
          <li key={check} className={styles.row}>
            <Icon name={icon} className={classes(styles.icon, styles[verdict])} />
            <span className={styles.title}>{more.length === 0 ? titles[0] : `${titles.length} more`}</span>
            <span className={styles.word}>{word}</span>
            <span className={styles.reason}>
              {more.length === 0 ? null : `${titles.join(', ')}. `}
              {reason}
              {remedy === null ? null : <span className={styles.remedy}>{` ${remedy}`}</span>}
            </span>
          </li>
        );
      })}
    </ul>
  );
}

type Row = readonly [ConnectionCheck, ...(readonly ConnectionCheck[])];

/** A server that was not reached would say so eleven times. */
function together(checks: readonly ConnectionCheck[]): readonly Row[] {
  const rows: Row[] = [];
  for (const check of checks) {
    const row = rows.at(-1);
    const isLikeIt = row?.[0].verdict === 'not-run' && check.verdict === 'not-run' && row[0].reason === check.reason;
    if (isLikeIt) rows[rows.length - 1] = [...row, check];
    else rows.push([check]);
  }
  return rows;
}
