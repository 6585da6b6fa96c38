import type { Job } from '../../shared/job.ts';
import { jobTitle } from '../../shared/job-words.ts';
import { call } from '../api/call.ts';
import { countOf } from '../ui/format.ts';
import { StartJobDialog, type Place } from './StartJobDialog.tsx';
import styles from './StartJobDialog.module.css';

export interface RetryJobDialogProps {
  readonly job: Job;
  /** What the job wrote to. */
  readonly written: readonly [Place, ...Place[]];
  readonly onClose: () => void;
}

/** Asks before the failed records of a job are tried again, where that goes beyond the budget of the connection. */
export function RetryJobDialog({ job, written, onClose }: RetryJobDialogProps) {
  const { failed } = job.counts;
  const [{ collection, connection }] = written;
  return (
    <StartJobDialog
      title="Try the failed records again"
      verb="Try again"
      planned={{ job: job.id, as: 'retry' }}
      write={job.kind === 'delete' ? 'delete' : 'update'}
      collection={collection}
      connection={connection}
      written={written}
      count={failed}
      ofAll={null}
      missing={null}
      start={({ spending }, signal) => call('jobs:retry', { job: job.id, spending }, signal)}
      onClose={onClose}
    >
      <p className={styles.words}>
        <b>{jobTitle(job)}</b> is tried again for {countOf(failed, 'record')} that failed, as{' '}
        {failed === 1 ? 'it is' : 'they are'} now.
      </p>
    </StartJobDialog>
  );
}
