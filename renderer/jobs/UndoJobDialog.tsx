import type { Job } from '../../shared/job.ts';
import { jobTitle } from '../../shared/job-words.ts';
import { call } from '../api/call.ts';
import { countOf } from '../ui/format.ts';
import { StartJobDialog, type Place } from './StartJobDialog.tsx';
import styles from './StartJobDialog.module.css';

export interface UndoJobDialogProps {
  readonly job: Job;
  /** What the job wrote to. */
  readonly written: readonly [Place, ...Place[]];
  readonly onClose: () => void;
}

/** Asks before a job is taken back, or an undo is. */
export function UndoJobDialog({ job, written, onClose }: UndoJobDialogProps) {
  const isRedo = job.undoes !== undefined;
  const { done } = job.counts;
  const [{ collection, connection }] = written;
  return (
    <StartJobDialog
      title={isRedo ? 'Redo a job' : 'Undo a job'}
      verb={isRedo ? 'Redo' : 'Bring back'}
      planned={{ job: job.id, as: 'undo' }}
      write="update"
      collection={collection}
      connection={connection}
      written={written}
      count={done}
      ofAll={null}
      missing={null}
      start={(answered, signal) => call('jobs:undo', { job: job.id, ...answered }, signal)}
      onClose={onClose}
    >
      <p className={styles.words}>
        <b>{jobTitle(job)}</b> {isRedo ? 'is itself taken back' : 'is taken back'}: {countOf(done, 'record')}{' '}
        {done === 1 ? 'becomes' : 'become'} what {done === 1 ? 'it was' : 'they were'} before it, from the versions of
        the bucket where it keeps them, else from the job’s journal on this machine.
      </p>
      <p className={styles.words}>
        What somebody has changed since stays as it is now, and is in the report.
        {job.kind === 'delete'
          ? ' Records that were deleted without being kept come back only where the bucket keeps versions.'
          : ''}
      </p>
      <p className={styles.foot}>The undo is a job like any other: it can be paused, and be taken back in its turn.</p>
    </StartJobDialog>
  );
}
