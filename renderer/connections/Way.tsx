import { Icon } from '../ui/Icon.tsx';
import type { IconName } from '../ui/icon-shapes.ts';
import styles from './Way.module.css';

export interface WayProps {
  readonly icon: IconName;
  readonly title: string;
  readonly text: string;
  /** Null where it leads nowhere; the text says why. */
  readonly onPress: (() => void) | null;
}

/** One of the ways in that the first page lists. */
export function Way({ icon, title, text, onPress }: WayProps) {
  const inside = (
    <>
      <Icon name={icon} />
      <span>
        <b>{title}</b>
        <span>{text}</span>
      </span>
    </>
  );
  return (
    <li>
      {onPress === null ? (
        <div className={styles.way}>{inside}</div>
      ) : (
        <button type="button" className={styles.way} onClick={onPress}>
          {inside}
        </button>
      )}
    </li>
  );
}
