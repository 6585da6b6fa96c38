import styles from './ProgressLine.module.css';

export interface ProgressLineProps {
  readonly label: string;
  readonly done: number;
  /** Null where the end is not known: then a short bar stands, nothing runs. */
  readonly total: number | null;
  readonly className?: string | undefined;
}

/** A 2 px bar. */
export function ProgressLine({ label, done, total, className }: ProgressLineProps) {
  const share = total === null || total === 0 ? 0.02 : Math.min(1, done / total);
  return (
    <div
      role="progressbar"
      aria-label={label}
      aria-valuemin={0}
      aria-valuemax={total ?? undefined}
      aria-valuenow={total === null ? undefined : done}
      className={className === undefined ? styles.line : `${styles.line} ${className}`}
    >
      <div className={styles.done} style={{ width: `${share * 100}%` }} />
    </div>
  );
}
