import type { SyncProgress } from '../../../shared/page.ts';
import type { AppFailure } from '../../../shared/result.ts';
import type { BudgetMeter } from '../cost/budget-meter.ts';
import type { IndexSource } from './collection-index.ts';
import type { IndexCalls, IndexMethod, IndexState } from './protocol.ts';
import { runSync } from './sync.ts';

/** Rows after which a first query answers while the sync goes on. */
const FIRST_ROWS = 200;
/** Milliseconds between two `changed` events of one sync. */
const CHANGED_EVERY = 200;

/** One sync, shared by all who wait for it. */
export interface RunningSync {
  readonly meter: BudgetMeter;
  /** Only what is below these prefixes is listed; null: the whole collection. */
  readonly below: readonly string[] | null;
  /** Resolves when there are rows to show, or with the end of the sync; rejects with its failure. */
  readonly firstRows: Promise<void>;
  readonly done: Promise<IndexState>;
  /** True once the first page was asked for: what changes from now on, this sync may miss. */
  readonly hasListed: boolean;
  readonly ended: boolean;
  stop(reason: AppFailure): void;
}

export interface SyncEvents {
  progress(progress: SyncProgress): void;
  changed(state: IndexState): void;
  state(state: IndexState): void;
}

export interface SyncScope {
  readonly source: IndexSource;
  readonly retryProblems: boolean;
  readonly meter: BudgetMeter;
  readonly below: readonly string[] | null;
}

export function startSync(
  { source, retryProblems, meter, below }: SyncScope,
  call: <M extends IndexMethod>(method: M, args: IndexCalls[M]['args']) => Promise<IndexCalls[M]['value']>,
  events: SyncEvents,
): RunningSync {
  const controller = new AbortController();
  let hasListed = false;
  let ended = false;
  let changedAt = 0;
  let untold: IndexState | null = null;
  const rows = new AbortController();
  const rowsShown = new Promise<void>((resolve) => {
    rows.signal.addEventListener('abort', () => resolve(), { once: true });
  });
  const tellChange = (state: IndexState): void => {
    const now = performance.now();
    if (now - changedAt < CHANGED_EVERY) {
      untold = state;
      return;
    }
    changedAt = now;
    untold = null;
    events.changed(state);
  };
  const done = runSync({
    source,
    retryProblems,
    meter,
    below,
    call,
    signal: controller.signal,
    onProgress: (progress) => {
      // The last rows are told before the end is: who hears `done` finds nothing newer afterwards.
      if (progress.state !== 'listing' && progress.state !== 'reading' && untold !== null) events.changed(untold);
      events.progress(progress);
    },
    onState: (state) => events.state(state),
    onChanged: tellChange,
    onListing: () => {
      hasListed = true;
    },
    onRows: (state) => {
      if (hasListed && state.records + state.unreadable >= FIRST_ROWS) rows.abort();
    },
  }).finally(() => {
    ended = true;
  });
  const firstRows = Promise.race([rowsShown, done.then(() => undefined)]);
  // Nobody may wait for a sync that runs behind an answer: its failure is told by its progress.
  done.catch(() => undefined);
  firstRows.catch(() => undefined);
  return {
    meter,
    below,
    firstRows,
    done,
    get hasListed() {
      return hasListed;
    },
    get ended() {
      return ended;
    },
    stop: (reason) => controller.abort(reason),
  };
}
