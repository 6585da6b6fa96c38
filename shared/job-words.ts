/** A job in words, the same on the page, in the window's dialogs and on the command line. */
import { hasEnded, type Job, type JobCounts, type JobKind, type JobState } from './job.ts';

const STATES: Readonly<Record<JobState, string>> = {
  queued: 'about to start',
  waiting: 'waits for another job',
  running: 'running',
  pausing: 'pausing',
  paused: 'paused',
  cancelling: 'being cancelled',
  interrupted: 'interrupted, goes on',
  completed: 'done',
  'completed-with-errors': 'done with errors',
  cancelled: 'cancelled',
  failed: 'failed',
};

export function stateWords(state: JobState): string {
  return STATES[state];
}

interface KindWords {
  /** `Delete 50 records of movies`, of `50 records`, `movies`, and the name of the collection that it writes to. */
  readonly title: (records: string, collection: string, to: string) => string;
  readonly done: string;
  readonly unchanged: string;
}

const KIND_WORDS: Readonly<Record<JobKind, KindWords>> = {
  sync: { title: (_, name) => `Read the index of ${name}`, done: 'read', unchanged: 'unchanged' },
  delete: { title: (records, name) => `Delete ${records} of ${name}`, done: 'deleted', unchanged: 'gone already' },
  tag: { title: (records, name) => `Tag ${records} of ${name}`, done: 'tagged', unchanged: 'so already' },
  'set-class': {
    title: (records, name) => `Set the storage class of ${records} of ${name}`,
    done: 'set',
    unchanged: 'so already',
  },
  copy: {
    title: (records, name, to) => `Copy ${records} of ${name} to ${to}`,
    done: 'copied',
    unchanged: 'there already',
  },
  move: {
    title: (records, name, to) => `Move ${records} of ${name} to ${to}`,
    done: 'moved',
    unchanged: 'there already',
  },
  promote: {
    title: (records, name, to) => `Promote ${records} of ${name} to ${to}`,
    done: 'promoted',
    unchanged: 'there already',
  },
  restore: {
    title: (records, name) => `Restore ${records} of ${name} from the archive`,
    done: 'asked for',
    unchanged: 'readable or on their way',
  },
  undelete: {
    title: (records, name) => `Undelete ${records} of ${name}`,
    done: 'brought back',
    unchanged: 'there already',
  },
  undo: {
    title: (records, name) => `Undo a job on ${records} of ${name}`,
    done: 'brought back',
    unchanged: 'as before already',
  },
  update: { title: (records, name) => `Change ${records} of ${name}`, done: 'changed', unchanged: 'so already' },
  export: { title: (records, name) => `Export ${records} of ${name}`, done: 'exported', unchanged: 'unchanged' },
  import: {
    title: (records, name) => `Import ${records} into ${name}`,
    done: 'imported',
    unchanged: 'left as they were',
  },
};

/** `Delete 50 records of movies`. */
export function jobTitle(job: Pick<Job, 'kind' | 'collectionName' | 'counts' | 'to'>): string {
  const { kind, collectionName, counts, to } = job;
  const records =
    counts.total === null ? 'records' : `${formatWhole(counts.total)} ${counts.total === 1 ? 'record' : 'records'}`;
  return KIND_WORDS[kind].title(records, collectionName, to?.name ?? collectionName);
}

/** Records that have an outcome. */
export function processed({ done, unchanged, failed }: JobCounts): number {
  return done + unchanged + failed;
}

/** `40,671 of 50,000`, or what is known of it. */
export function progressText({ counts, kind }: Pick<Job, 'counts' | 'kind'>): string {
  const so = formatWhole(processed(counts));
  if (counts.total !== null) return `${so} of ${formatWhole(counts.total)}`;
  return kind === 'sync' ? `${so} read` : `${so} so far`;
}

/** `8,412/s`, `3 min left`: empty while nothing is known of them, and after the end. */
export function paceWords({ state, rate, timeLeft }: Pick<Job, 'state' | 'rate' | 'timeLeft'>): readonly string[] {
  if (state !== 'running') return [];
  return [
    ...(rate === null || rate <= 0 ? [] : [`${rate < 10 ? rate.toFixed(1) : formatWhole(Math.round(rate))}/s`]),
    ...(timeLeft === null ? [] : [`${durationText(timeLeft)} left`]),
  ];
}

/** What became of the records: `48 deleted, 1 gone already, 1 failed`; the failed always stand last. */
export function outcomeText({ kind, counts }: Pick<Job, 'kind' | 'counts'>): string {
  const { done, unchanged, failed } = counts;
  const words = KIND_WORDS[kind];
  const parts = [
    `${formatWhole(done)} ${words.done}`,
    ...(unchanged === 0 ? [] : [`${formatWhole(unchanged)} ${words.unchanged}`]),
    ...(failed === 0 ? [] : [`${formatWhole(failed)} failed`]),
  ];
  return parts.join(', ');
}

/** `1 s`, `3 min`, `2 h`: the next whole one above, because less is promised too easily. */
export function durationText(milliseconds: number): string {
  const seconds = Math.max(1, Math.ceil(milliseconds / 1000));
  if (seconds < 60) return `${seconds} s`;
  return seconds < 3600 ? `${Math.ceil(seconds / 60)} min` : `${Math.ceil(seconds / 3600)} h`;
}

/** Why nothing can be done about a job now, in a sentence without a full stop; null where it can. */
export function reasonAgainst(
  action: 'pause' | 'resume' | 'cancel' | 'retry' | 'undo' | 'remove',
  job: Pick<Job, 'state' | 'counts' | 'kind' | 'to'>,
): string | null {
  const { state } = job;
  const ended = hasEnded(state);
  switch (action) {
    case 'pause':
      if (ended) return 'It has ended';
      return PAUSABLE.has(state) ? null : `It is ${stateWords(state)}`;
    case 'resume':
      if (ended) return 'It has ended';
      return state === 'paused' ? null : `It is ${stateWords(state)}`;
    case 'cancel':
      if (ended) return 'It has ended';
      return state === 'cancelling' ? 'It is being cancelled' : null;
    case 'retry':
      if (!ended) return 'It has not ended yet';
      if (job.kind === 'sync') return 'A refresh of the collection reads what is missing';
      return job.counts.failed === 0 ? 'No record of it failed' : null;
    case 'undo':
      if (!ended) return 'It has not ended yet';
      if (CHANGES_NOTHING.has(job.kind)) return 'It changes no record';
      return job.counts.done === 0 ? 'It changed no record' : null;
    case 'remove':
      return ended ? null : 'It has not ended yet; cancel it first';
  }
}

/** A restore makes copies for a time: they go by themselves. */
const CHANGES_NOTHING: ReadonlySet<JobKind> = new Set(['sync', 'export', 'restore']);

const PAUSABLE: ReadonlySet<JobState> = new Set(['queued', 'waiting', 'running', 'interrupted']);

function formatWhole(count: number): string {
  return count.toLocaleString('en-US');
}
