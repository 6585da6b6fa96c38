import type { PointerEvent } from 'react';
import { classes } from './classes.ts';
import styles from './Grip.module.css';
import { Icon } from './Icon.tsx';

export interface GripProps {
  /** Why its line has no other place to go, in a sentence without a full stop; null where it has. */
  readonly unmovable?: string | null;
  readonly dragged: boolean;
  readonly onStart: (event: PointerEvent) => void;
}

/** What a line of a list is dragged by; the keyboard moves the line itself. */
export function Grip({ unmovable = null, dragged, onStart }: GripProps) {
  return (
    <span
      className={classes(styles.grip, dragged && styles.dragged)}
      title={unmovable ?? 'Drag to another place, or press Alt and an arrow'}
      onPointerDown={(event) => (unmovable === null ? onStart(event) : undefined)}
    >
      <Icon name="grip" />
    </span>
  );
}
