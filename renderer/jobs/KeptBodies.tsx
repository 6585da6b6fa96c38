import { formatBytes } from '../../shared/byte-size.ts';
import { KEPT_UNASKED } from '../../shared/plan.ts';
import { Checkbox } from '../ui/Checkbox.tsx';
import styles from './StartJobDialog.module.css';

/** Whether so much would be kept for an undo that a person is asked. */
export function asksToKeep(bytes: number | null): boolean {
  return bytes !== null && bytes > KEPT_UNASKED;
}

export interface KeptBodiesProps {
  readonly bytes: number;
  readonly keeps: boolean;
  readonly onChange: (keeps: boolean) => void;
}

/** Asks whether what a job changes or writes over is kept on this machine, where it is much; little is kept unasked. */
export function KeptBodies({ bytes, keeps, onChange }: KeptBodiesProps) {
  return (
    <div className={styles.after}>
      <Checkbox
        label={`Keep up to ${formatBytes(bytes)} of what is there now on this machine, so that the job can be undone`}
        checked={keeps}
        onChange={onChange}
      />
      {keeps ? null : (
        <p className={styles.foot}>Without that it can be undone only where the bucket keeps versions.</p>
      )}
    </div>
  );
}
