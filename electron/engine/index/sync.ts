import { setMaxListeners } from 'node:events';
import type { SyncProgress } from '../../../shared/page.ts';
import { AppFailure } from '../../../shared/result.ts';
import { isListedKey } from '../records/key-template.ts';
import type { BudgetMeter } from '../cost/budget-meter.ts';
import { markCollection } from '../s3/request-purpose.ts';
import type { ListedObject, UnorderedPage } from '../s3/s3-client.ts';
import { takeTurn } from '../turns.ts';
import type { IndexSource } from './collection-index.ts';
import { type IndexedObject, packObjects } from './object-batch.ts';
import type { IndexCalls, IndexMethod, IndexState, ListedBatch } from './protocol.ts';
import { Batcher, Budget, Line } from './sync-pipeline.ts';

/** GETs under way at once; the client's bulk lane may allow fewer. */
const READERS = 64;
/** Bytes of bodies under way at once, by the listing's sizes. */
const BYTES_IN_FLIGHT = 64 * 1024 * 1024;
/** Listed objects that wait to be read; the listing pauses beyond. */
const LONGEST_LINE = 5_000;
/** Listed objects that wait to be compared; the listing pauses beyond. */
const MOST_UNCOMPARED = 4_000;
/** Of those so many are compared at once: to pack and send more would hold main up for longer than a page does. */
const MOST_COMPARED = 2_000;
/** Milliseconds between two reports. */
const REPORT_EVERY = 200;

export interface SyncOptions {
  readonly source: IndexSource;
  /** Read again what could not be read for a reason outside of the object. */
  readonly retryProblems: boolean;
  /** Lists only what is below these prefixes, which are apart; null: the whole collection. */
  readonly below: readonly string[] | null;
  /** Stops the sync with its reason; what has been read is kept. */
  readonly signal: AbortSignal;
  readonly meter: BudgetMeter;
  /** Bound to the process that the sync began in. */
  readonly call: <M extends IndexMethod>(method: M, args: IndexCalls[M]['args']) => Promise<IndexCalls[M]['value']>;
  /** At most five a second; the end state is told by `runSync` at once. */
  readonly onProgress: (progress: SyncProgress) => void;
  readonly onState: (state: IndexState) => void;
  /** Rows changed. */
  readonly onChanged: (state: IndexState) => void;
  /** The first page of the listing is about to be asked for. */
  readonly onListing: () => void;
  /** A stretch of the listing has been compared, or a batch has been written. */
  readonly onRows: (state: IndexState) => void;
}

/**
 * Makes the index of a collection true: LIST, compare by ETag and size, GET what differs, remove what is not listed any
 * more. Fails with what stopped it; what has been read until then stays in the index.
 */
export async function runSync(options: SyncOptions): Promise<IndexState> {
  const { source, meter, call } = options;
  const { collection } = source;
  const startedAt = Date.now();
  const counts = { listed: 0, toRead: 0, read: 0 };
  let listing = true;
  let reportedAt = 0;
  /** Something that was not worth a report of its own. */
  let isUntold = false;
  let state = await call('beginSync', {
    collection,
    sizeCap: source.indexSizeCap,
    retryProblems: options.retryProblems,
  });

  const progress = (end?: Pick<SyncProgress, 'state' | 'error'>): SyncProgress => ({
    collection,
    state: listing ? 'listing' : 'reading',
    ...counts,
    unreadable: state.unreadable,
    requests: meter.total,
    bytes: meter.bytes,
    startedAt,
    ...end,
  });
  const report = (): void => {
    const now = performance.now();
    isUntold = now - reportedAt < REPORT_EVERY;
    if (isUntold) return;
    reportedAt = now;
    options.onProgress(progress());
  };
  const take = (next: IndexState): void => {
    const changed = next.version !== state.version;
    state = next;
    options.onState(next);
    if (changed) options.onChanged(next);
    options.onRows(next);
  };

  const stop = new AbortController();
  markCollection(stop.signal, source.collection);
  // Every request under way listens to it; Node warns of more than ten.
  setMaxListeners(0, stop.signal);
  const onAbort = (): void => stop.abort(options.signal.reason);
  options.signal.addEventListener('abort', onAbort, { once: true });
  if (options.signal.aborted) onAbort();

  const line = new Line<ListedObject>(LONGEST_LINE);
  const budget = new Budget(BYTES_IN_FLIGHT);
  const batcher = new Batcher(async (objects) => {
    take(await call('appendObjects', { collection, objects: packObjects(objects) }));
    report();
  });
  stop.signal.addEventListener('abort', () => line.drop(), { once: true });
  // While S3 lets everybody wait, nothing else would show what was read before that.
  const clock = setInterval(() => {
    batcher.sendAged();
    if (isUntold) report();
  }, REPORT_EVERY);

  const list = async (): Promise<void> => {
    let comparing: Promise<void> | null = null;
    let uncompared: ListedObject[] = [];
    let mayRepeat = false;
    const compare = async (): Promise<void> => {
      // Rows that somebody waits for would wait for the comparison, which keeps the same process busy.
      await takeTurn();
      const objects = uncompared.slice(0, MOST_COMPARED);
      uncompared = uncompared.slice(MOST_COMPARED);
      const compared = await call('compareListing', { collection, listing: packListing(objects), mayRepeat });
      take(compared.state);
      const toRead = Array.from(compared.read, (row) => objects[row]).filter((object) => object !== undefined);
      counts.toRead += toRead.length;
      report();
      if (!line.isClosed) await line.put(toRead);
    };
    options.onListing();
    for await (const page of listPages(options, stop.signal)) {
      // Nothing is read any more: the budget is used up.
      if (line.isClosed) break;
      const objects = page.objects.filter(({ key }) => isListedKey(source.codec, source.prefix, key));
      mayRepeat ||= page.mayRepeat;
      if (page.startsAgain) counts.listed = 0;
      counts.listed += objects.length;
      uncompared.push(...objects);
      // Pages are listed meanwhile; where listing is faster, the next comparison takes several of them at once,
      // which costs hardly more than one.
      if (comparing !== null && uncompared.length >= MOST_UNCOMPARED) await comparing;
      comparing ??= compare().finally(() => {
        comparing = null;
      });
      // A comparison that fails while a page is on its way stops the listing too.
      comparing.catch((error: unknown) => stop.abort(error));
      report();
    }
    await comparing;
    if (line.isClosed) return;
    while (uncompared.length > 0) await compare();
    listing = false;
    line.close();
  };

  const read = async (): Promise<void> => {
    for (let object = await line.take(); object !== null; object = await line.take()) {
      await budget.take(object.size);
      try {
        const found = await readObject(source, object, meter, stop.signal);
        counts.read += 1;
        await batcher.add(found);
      } finally {
        budget.give(object.size);
      }
      report();
    }
  };

  try {
    const stages = [list(), ...Array.from({ length: READERS }, read)];
    const failures = await Promise.all(
      stages.map((stage) =>
        stage.then(
          () => null,
          (error: unknown) => {
            // The first failure stops the others, which then fail with it; what a budget has paid for is still read.
            if (isBeyondBudget(error)) line.drop();
            else stop.abort(error);
            return error;
          },
        ),
      ),
    );
    if (stop.signal.aborted || failures.some((failure) => failure !== null)) {
      throw asFailure(
        failures.find(isFaultOfTheIndex) ?? stop.signal.reason ?? failures.find((failure) => failure !== null),
      );
    }
    await batcher.flush();
    take(await call('endSync', { collection, listedAt: startedAt, below: options.below }));
    options.onProgress(progress({ state: 'done' }));
    return state;
  } catch (reason) {
    const failure = asFailure(reason);
    await keepWhatWasRead();
    const { error } = failure;
    if (error.code === 'aborted') options.onProgress(progress({ state: 'cancelled' }));
    else options.onProgress(progress({ state: isBeyondBudget(failure) ? 'cancelled' : 'failed', error }));
    throw failure;
  } finally {
    clearInterval(clock);
    options.signal.removeEventListener('abort', onAbort);
  }

  async function keepWhatWasRead(): Promise<void> {
    try {
      await batcher.flush();
      take(await call('endSync', { collection, listedAt: null, below: null }));
    } catch (error) {
      // The index process is gone too; the failure that is being reported came first.
      if (!(error instanceof AppFailure)) throw error;
    }
  }
}

async function* listPages(
  { source, below, meter }: SyncOptions,
  signal: AbortSignal,
): AsyncGenerator<UnorderedPage, void, undefined> {
  for (const prefix of below ?? [source.prefix]) {
    yield* source.client.listAllObjectsAtOnce(source.bucket, { prefix, lane: 'bulk', meter, signal });
  }
}

function packListing(objects: readonly ListedObject[]): ListedBatch {
  return {
    keys: objects.map(({ key }) => key),
    etags: objects.map(({ etag }) => etag),
    sizes: Float64Array.from(objects, ({ size }) => size),
    lastModified: Float64Array.from(objects, ({ lastModified }) => lastModified),
    storageClasses: objects.map(({ storageClass }) => storageClass),
  };
}

/** A body, or why this one object has none. What concerns more than this object is thrown. */
async function readObject(
  source: IndexSource,
  listed: ListedObject,
  meter: BudgetMeter,
  signal: AbortSignal,
): Promise<IndexedObject> {
  meter.expect(listed.storageClass, listed.size);
  try {
    const { head, body } = await source.client.getObject(source.bucket, listed.key, {
      lane: 'bulk',
      maximumBytes: source.indexSizeCap,
      meter,
      signal,
    });
    // Many servers list milliseconds where a header has seconds: the next listing would find all facts changed.
    const facts = head.etag === listed.etag ? { ...head, lastModified: listed.lastModified } : head;
    return { facts, body, problem: null };
  } catch (error) {
    if (!(error instanceof AppFailure) || !OBJECT_PROBLEMS.has(error.error.code)) throw error;
    const { code, message } = error.error;
    return { facts: { ...listed, contentEncoding: null }, body: null, problem: { code, message } };
  }
}

/** `record-not-found`: gone since it was listed; the index forgets it. */
const OBJECT_PROBLEMS: ReadonlySet<string> = new Set([
  'record-not-found',
  'record-archived',
  'access-denied',
  'record-too-large',
]);

/** The index closes after it, so that whatever else is under way may fail first, but only because of that. */
function isFaultOfTheIndex(failure: unknown): boolean {
  return (
    failure instanceof AppFailure &&
    (failure.error.code === 'disk-full' || failure.error.code === 'data-folder-unusable')
  );
}

function isBeyondBudget(failure: unknown): boolean {
  return failure instanceof AppFailure && failure.error.code === 'ask-first';
}

function asFailure(reason: unknown): AppFailure {
  if (reason instanceof AppFailure) return reason;
  return new AppFailure('internal', 'The sync stopped at a fault inside Dipper. What has been read stays.', {
    cause: reason,
  });
}
