import type { Connection } from '../../shared/connection.ts';
import { Button } from '../ui/Button.tsx';
import { EnvironmentDot, EnvironmentWord } from '../ui/EnvironmentMark.tsx';
import { countOf } from '../ui/format.ts';
import { Icon } from '../ui/Icon.tsx';
import styles from './Inspector.module.css';

export interface SaveBarProps {
  readonly count: number;
  /** Why it cannot be saved; null where it can. */
  readonly obstacle: string | null;
  /** It is said where it stands, so that it is not said twice. */
  readonly obstacleInView: boolean;
  readonly work: 'saving' | 'reading' | null;
  readonly connection: Connection;
  /** What is less than S3 promises, where the server checks less. */
  readonly weaker: string | null;
  readonly shortcut: string | undefined;
  readonly onSave: () => void;
  readonly onDiscard: () => void;
}

/** Stands at the bottom while something is changed. */
export function SaveBar({
  count,
  obstacle,
  obstacleInView,
  work,
  connection,
  weaker,
  shortcut,
  onSave,
  onDiscard,
}: SaveBarProps) {
  const busy = work === null ? null : work === 'saving' ? 'The save is under way.' : 'The record is being read.';
  const production = connection.environment === 'production';
  return (
    <div className={styles.saveBar}>
      {obstacle === null || obstacleInView ? null : (
        <div className={styles.obstacle} role="status">
          {obstacle}
        </div>
      )}
      {weaker === null ? null : (
        <div className={styles.weaker} role="status">
          <Icon name="warn" />
          <span>{weaker}</span>
        </div>
      )}
      {production ? (
        <div className={styles.production}>
          <EnvironmentDot environment="production" />
          <span>Saving writes to {connection.name},</span>
          <EnvironmentWord environment="production" />
        </div>
      ) : null}
      <div className={styles.saveRow}>
        <Button disabledReason={busy} onClick={onDiscard}>
          Discard
        </Button>
        <Button
          className={styles.save}
          production={production}
          shortcut={shortcut}
          disabledReason={busy ?? obstacle ?? (count === 0 ? 'Nothing is changed.' : null)}
          onClick={onSave}
        >
          {work === 'saving' ? 'Saving …' : count === 0 ? 'Save' : `Save ${countOf(count, 'change')}`}
        </Button>
      </div>
    </div>
  );
}
