import type { Indexes } from '../../index/collection-index.ts';
import type { RequestMeter } from '../../s3/request-meter.ts';
import type { InFlight } from '../in-flight.ts';
import type { IndexSet } from '../index-set.ts';
import type { JobConnection } from '../job-context.ts';
import type { JobEntry } from '../job-entry.ts';
import type { Journal } from '../journal/journal.ts';
import type { Journals } from '../journal/journals.ts';
import { OutcomeSink } from '../outcome-sink.ts';

/** One run of a job: from its start, or from where it stopped. */
export interface JobRun {
  readonly entry: JobEntry;
  readonly journal: Journal;
  /** Records whose outcome is in the journal. */
  readonly finished: IndexSet;
  readonly inFlight: InFlight;
  /** What an earlier run left (`Journal.writeCheckpoint`), as JSON; null in the first. */
  readonly checkpoint: unknown;
  readonly connection: JobConnection;
  /** Of another collection that the job is about. Throws as `JobsOptions.findTarget` does. */
  readonly connectTo: (collection: string, use: 'read' | 'write') => Promise<JobConnection>;
  /** Of other jobs: what they did is to be undone. */
  readonly journals: Journals;
  readonly indexes: Indexes;
  readonly signal: AbortSignal;
}

/** Takes the outcomes of a run; what is in the journal is counted and told. */
export function sinkOf(
  { entry, journal, finished }: Pick<JobRun, 'entry' | 'journal' | 'finished'>,
  meter: RequestMeter,
): OutcomeSink {
  const { requests, bytes } = entry.standing;
  const spent = (): { requests: number; bytes: number } => ({
    requests: requests + meter.total,
    bytes: bytes + meter.bytes,
  });
  return new OutcomeSink({
    journal,
    spent,
    onWritten: (outcomes) => {
      const counts = { ...entry.standing.counts };
      for (const { index, outcome } of outcomes) {
        finished.add(index);
        counts[outcome] += 1;
      }
      entry.progress({ counts, ...spent() });
    },
  });
}
