import { formatBytes } from '../../shared/byte-size.ts';
import { KEPT_UNASKED, type JobPlan } from '../../shared/plan.ts';
import { Checkbox } from '../ui/Checkbox.tsx';
import styles from './StartJobDialog.module.css';

/** Whether so much would be kept for an undo that a person is asked. */
export function asksToKeep(plan: JobPlan | null): boolean {
  return plan?.kept != null && plan.kept > KEPT_UNASKED;
}

export interface KeptBodiesProps {
  readonly plan: JobPlan | null;
  readonly keeps: boolean;
  readonly onChange: (keeps: boolean) => void;
}

/** Asks whether what a job changes is kept on this machine, where it is much; little is kept unasked. */
export function KeptBodies({ plan, keeps, onChange }: KeptBodiesProps) {
  if (plan === null || !asksToKeep(plan)) return null;
  return (
    <div className={styles.after}>
      <Checkbox
        label={`Keep ${formatBytes(plan.kept ?? 0)} of what they are now on this machine, so that the job can be undone`}
        checked={keeps}
        onChange={onChange}
      />
    </div>
  );
}
