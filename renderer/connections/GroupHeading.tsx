import { classes } from '../ui/classes.ts';
import type { ConnectionRow } from './connection-groups.ts';
import styles from './GroupHeading.module.css';

export interface GroupHeadingProps {
  readonly row: Extract<ConnectionRow, { type: 'group' }>;
  readonly className?: string | undefined;
}

/** The name of a group above its connections, as a line of their list. */
export function GroupHeading({ row, className }: GroupHeadingProps) {
  return (
    <li data-row={row.id} className={classes(styles.group, className)}>
      {row.name}
    </li>
  );
}
