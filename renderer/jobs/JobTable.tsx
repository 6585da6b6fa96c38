import type { CollectionListing } from '../../shared/collection.ts';
import { hasEnded, type Job } from '../../shared/job.ts';
import { SignInButton } from '../connections/SignInButton.tsx';
import { jobTitle, outcomeText, paceWords, processed, progressText, stateWords } from '../../shared/job-words.ts';
import { formatBytes } from '../../shared/byte-size.ts';
import { Ago } from '../ui/Ago.tsx';
import { classes } from '../ui/classes.ts';
import { countOf, formatTime } from '../ui/format.ts';
import { Icon } from '../ui/Icon.tsx';
import { ExportedFile } from './ExportedFile.tsx';
import { JobButtons } from './JobButtons.tsx';
import { JOB_ICONS } from './job-actions.ts';
import styles from './JobsPanel.module.css';

export interface JobTableProps {
  readonly jobs: readonly Job[];
  readonly collections: readonly CollectionListing[];
}

/** A row a job, the newest first. */
export function JobTable({ jobs, collections }: JobTableProps) {
  return (
    <div className={styles.scroller}>
      <table className={styles.table} aria-label="Jobs">
        <thead>
          <tr>
            <th scope="col">Job</th>
            <th scope="col">State</th>
            <th scope="col">Records</th>
            <th scope="col">Pace</th>
            <th scope="col" className={styles.detail}>
              Sent
            </th>
            <th scope="col" className={styles.detail}>
              Started
            </th>
            <th scope="col">What can be done</th>
          </tr>
        </thead>
        <tbody>
          {jobs.map((job) => (
            <JobRow key={job.id} job={job} collections={collections} {...relatedOf(job, jobs)} />
          ))}
        </tbody>
      </table>
    </div>
  );
}

interface JobRowProps {
  readonly job: Job;
  readonly collections: readonly CollectionListing[];
  /** The one that it waits for; null where it does not. */
  readonly waitsFor: Job | null;
  /** The one that it takes back; null where it is no undo, and where that one is not kept any more. */
  readonly undoes: Job | null;
  /** The last one that takes it back. */
  readonly undoneBy: Job | null;
}

/** `jobs`: the newest first. */
function relatedOf(job: Job, jobs: readonly Job[]): Omit<JobRowProps, 'job' | 'collections'> {
  return {
    waitsFor: jobs.find(({ id }) => id === job.waitsFor) ?? null,
    undoes: jobs.find(({ id }) => id === job.undoes) ?? null,
    undoneBy: jobs.find(({ undoes }) => undoes === job.id) ?? null,
  };
}

function JobRow({ job, collections, waitsFor, undoes, undoneBy }: JobRowProps) {
  const { counts, state, error, requests, bytes } = job;
  const ended = hasEnded(state);
  const wrong = state === 'failed' || state === 'completed-with-errors';
  const started = job.startedAt ?? job.createdAt;
  return (
    <tr>
      <td>
        <span className={styles.name}>
          <Icon name={JOB_ICONS[job.kind]} />
          {jobTitle(job)}
        </span>
        <ExportedFile job={job} className={styles.why} />
      </td>
      <td className={styles.state}>
        <span className={wrong ? styles.failed : undefined}>{stateWords(state)}</span>
        {error === null ? null : <div className={styles.why}>{error.message}</div>}
        <SignInButton error={error} />
        {undoes === null ? null : <div className={styles.why}>{`Takes back: ${jobTitle(undoes)}`}</div>}
        {undoneBy === null ? null : <div className={styles.why}>{`Taken back: ${outcomeText(undoneBy)}`}</div>}
        {waitsFor === null ? null : <div className={styles.why}>{jobTitle(waitsFor)}</div>}
      </td>
      <td className={styles.number}>
        {ended ? (
          outcomeText(job)
        ) : (
          <>
            <span className={styles.meter} aria-hidden="true">
              <i style={{ width: `${counts.total ? Math.min(processed(counts) / counts.total, 1) * 100 : 0}%` }} />
            </span>
            {progressText(job)}
            {counts.failed === 0 ? null : <span className={styles.failed}>{`, ${counts.failed} failed`}</span>}
          </>
        )}
      </td>
      <td className={classes(styles.soft, styles.number)}>{paceWords(job).join(' · ')}</td>
      <td className={classes(styles.soft, styles.number, styles.detail)}>
        {`${countOf(requests, 'request')}${bytes === 0 ? '' : `, ${formatBytes(bytes)}`}`}
      </td>
      <td className={classes(styles.soft, styles.detail)} title={formatTime(started)}>
        <Ago since={started} />
      </td>
      <td>
        <span className={styles.buttons}>
          <JobButtons job={job} collections={collections} />
        </span>
      </td>
    </tr>
  );
}
