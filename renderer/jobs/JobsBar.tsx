import type { CSSProperties } from 'react';
import type { CollectionListing } from '../../shared/collection.ts';
import { formatBytes } from '../../shared/byte-size.ts';
import { hasEnded, type Job } from '../../shared/job.ts';
import type { SyncProgress } from '../../shared/page.ts';
import { jobTitle, outcomeText, paceWords, processed, progressText, stateWords } from '../../shared/job-words.ts';
import { useJobs } from '../api/job-queries.ts';
import { type Syncs, useSyncs } from '../api/search-queries.ts';
import { CommandButton } from '../commands/CommandButton.tsx';
import { TOGGLE_JOBS } from '../commands/job-commands.ts';
import { SHOW_SHORTCUTS, TOGGLE_REQUESTS } from '../commands/window-commands.ts';
import { isUnderWay } from '../query/result-session.ts';
import { downloadName, useDownloads } from '../record/downloads.ts';
import { currentWorkspace, useWorkspace } from '../shell/workspace.ts';
import { Button } from '../ui/Button.tsx';
import { classes } from '../ui/classes.ts';
import { countOf, formatCount } from '../ui/format.ts';
import { Icon } from '../ui/Icon.tsx';
import { IconButton } from '../ui/IconButton.tsx';
import { ExportedFile } from './ExportedFile.tsx';
import { JOB_ICONS, offerBadRows, reasonAgainstUndo } from './job-actions.ts';
import { PauseOrResume } from './JobButtons.tsx';
import styles from './JobsBar.module.css';
import { usePlaces } from './use-places.ts';

/** Whichever job is shown stands where the one before it did. */
const JOB = 'job';

/** Long work at the left, what was just done and the panels at the right. */
export function JobsBar({ collections }: { readonly collections: readonly CollectionListing[] }) {
  const said = useWorkspace((workspace) => workspace.said);
  const panel = useWorkspace((workspace) => workspace.panel);
  const { data: jobs } = useJobs();
  const going = (jobs ?? []).filter(({ state }) => !hasEnded(state));
  const [shown] = going.toSorted((one, other) => rank(one) - rank(other));
  const others = going.length - 1;
  /** What was just said is its end. */
  const ended = jobs?.find(({ id }) => id === said?.job);
  // A sync that is a job stands there as one.
  const ofJobs = new Set(going.map(({ kind, collection }) => (kind === 'sync' ? collection : null)));
  const syncs = useSyncs(underWay).filter(({ collection }) => !ofJobs.has(collection));
  const downloads = useDownloads();
  const goingDownloads = downloads.flatMap(({ state, ...download }) =>
    state.name === 'going' ? [{ ...download, state, name: `download ${download.collection} ${download.key}` }] : [],
  );
  const places = usePlaces([
    ...(shown === undefined ? [] : [JOB]),
    ...syncs.map(({ collection }) => `sync ${collection}`),
    ...goingDownloads.map(({ name }) => name),
  ]);
  const placed = (name: string): CSSProperties => ({ gridColumn: (places.get(name) ?? 0) + 1 });
  return (
    <footer className={styles.bar} aria-label="Jobs">
      {places.size === 0 ? null : (
        <div className={styles.places}>
          {shown === undefined ? null : <JobInBar job={shown} others={others} style={placed(JOB)} />}
          {syncs.map((progress) => (
            <span
              key={progress.collection}
              className={classes(styles.job, shown !== undefined && styles.other)}
              style={placed(`sync ${progress.collection}`)}
            >
              <Icon name="refresh" />
              <span>Reading {collections.find(({ id }) => id === progress.collection)?.name ?? 'a collection'}</span>
              <Meter share={progress.toRead === 0 ? 0 : progress.read / progress.toRead} />
              <span className={styles.words}>
                {progress.toRead === 0
                  ? `${countOf(progress.listed, 'key')} listed`
                  : `${formatCount(progress.read)} of ${formatCount(progress.toRead)}`}
              </span>
            </span>
          ))}
          {goingDownloads.map(({ name, key, state, stop }) => (
            <span key={name} className={classes(styles.job, shown !== undefined && styles.other)} style={placed(name)}>
              <Icon name="download" />
              <span className={styles.title}>Downloading {downloadName(key)}</span>
              <Meter share={state.total === null || state.total === 0 ? 0 : state.done / state.total} />
              <IconButton small icon="stop" name={`Stop the download of ${downloadName(key)}`} onClick={stop} />
              <span className={styles.words}>
                {state.total === null ? '' : `${formatBytes(state.done)} of ${formatBytes(state.total)}`}
              </span>
            </span>
          ))}
        </div>
      )}
      {/* Before the jobs are known nobody can say that none runs. */}
      {jobs !== undefined && places.size === 0 ? <AtRest last={jobs[0] ?? null} /> : null}
      <span className={styles.said} role="status" title={said?.text}>
        {said === null ? null : <span key={said.turn}>{said.text}</span>}
      </span>
      {ended === undefined || reasonAgainstUndo(ended, collections) !== null ? null : (
        <Button kind="link" onClick={() => currentWorkspace().openDialog({ kind: 'undo-job', job: ended.id })}>
          {ended.undoes === undefined ? 'Undo' : 'Redo'}
        </Button>
      )}
      <CommandButton command={TOGGLE_JOBS} kind="quiet" compact pressed={panel === 'jobs'}>
        Jobs
      </CommandButton>
      <CommandButton command={TOGGLE_REQUESTS} kind="quiet" compact pressed={panel === 'requests'}>
        Requests
      </CommandButton>
      <CommandButton command={SHOW_SHORTCUTS} kind="quiet" compact withShortcut />
    </footer>
  );
}

function underWay(syncs: Syncs): readonly SyncProgress[] {
  return Object.values(syncs).filter(isUnderWay);
}

interface JobInBarProps {
  readonly job: Job;
  /** How many more there are. */
  readonly others: number;
  readonly style: CSSProperties;
}

/** What changes its length stands last: the buttons keep their places. */
function JobInBar({ job, others, style }: JobInBarProps) {
  const { counts, state } = job;
  const words = [
    ...(state === 'running' ? [] : [stateWords(state)]),
    progressText(job),
    ...paceWords(job),
    ...(counts.failed === 0 ? [] : [`${formatCount(counts.failed)} failed`]),
    ...(others === 0 ? [] : [countOf(others, 'other job')]),
  ];
  return (
    <span className={styles.job} style={style}>
      <Icon name={JOB_ICONS[job.kind]} />
      <span className={styles.title}>{jobTitle(job)}</span>
      <Meter share={counts.total === null || counts.total === 0 ? 0 : processed(counts) / counts.total} />
      <PauseOrResume job={job} />
      <span className={styles.words}>{words.join(' · ')}</span>
      {job.error === null ? null : (
        <Button kind="link" onClick={() => currentWorkspace().openPanel('jobs')}>
          Show why
        </Button>
      )}
    </span>
  );
}

/** The last job stays where records of it failed: a person who looked away shall not miss that. */
function AtRest({ last }: { readonly last: Job | null }) {
  if (last?.kind === 'export' && last.state === 'completed') {
    return (
      <span className={styles.job}>
        <Icon name="download" />
        <span className={styles.title}>Exported</span>
        <ExportedFile job={last} className={styles.words} />
      </span>
    );
  }
  if (last?.state !== 'completed-with-errors' && last?.state !== 'failed') {
    return <span className={styles.soft}>No jobs running</span>;
  }
  return (
    <span className={styles.job}>
      <Icon name="warn" className={styles.warn} />
      <span className={styles.title}>{jobTitle(last)}</span>
      <span className={styles.words}>{last.state === 'failed' ? 'failed' : outcomeText(last)}</span>
      <Button
        kind="link"
        onClick={() => currentWorkspace().showReport({ job: last.id, onlyFailed: last.counts.failed > 0 })}
      >
        {last.counts.failed > 0 ? 'Show the failed records' : 'Show why'}
      </Button>
      {last.badRows === undefined ? null : (
        <Button kind="link" onClick={() => offerBadRows(last)}>
          Save the bad rows
        </Button>
      )}
    </span>
  );
}

function Meter({ share }: { readonly share: number }) {
  return (
    <span className={styles.meter} aria-hidden="true">
      <i style={{ width: `${Math.min(share, 1) * 100}%` }} />
    </span>
  );
}

/** Of several the one that does something is shown, then the one that needs a person. */
function rank({ state }: Job): number {
  if (state === 'running' || state === 'pausing' || state === 'cancelling') return 0;
  return state === 'paused' ? 1 : 2;
}
