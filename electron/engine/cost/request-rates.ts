/** Requests a second that were answered over a connection, by what a run waits for; null before the first of them. */
export interface RequestRates {
  /** Pages of a listing, in syncs that read no body. */
  readonly list: number | null;
  /** Bodies, in syncs that read some. */
  readonly read: number | null;
  /** Tags of records. */
  readonly tags: number | null;
}

export const NO_RATES: RequestRates = { list: null, read: null, tags: null };

/** Fewer, or in less time, say nothing of a rate. */
const LEAST_READ = 20;
const LEAST_SECONDS = 0.01;
/** Of the last run; the rest is what was known before. */
const WEIGHT = 0.5;

const MOST_CONNECTIONS = 200;

/** What the runs over each connection took, kept from start to start. */
export interface RateKeeper {
  of(connection: string): RequestRates;
  measured(connection: string, requests: Readonly<Record<string, number>>, seconds: number): void;
}

export interface RateKeeperOptions {
  /** What was measured before, by connection. */
  readonly rates: Readonly<Record<string, RequestRates>>;
  readonly onChanged: (rates: Readonly<Record<string, RequestRates>>) => void;
}

export function createRateKeeper({ rates, onChanged }: RateKeeperOptions): RateKeeper {
  const kept = new Map(Object.entries(rates));
  return {
    of: (connection) => kept.get(connection) ?? NO_RATES,
    measured: (connection, requests, seconds) => {
      const before = kept.get(connection) ?? NO_RATES;
      const after = withMeasure(before, requests, seconds);
      if (after === before) return;
      // The oldest goes first: servers that the command line was given by address are connections too.
      kept.delete(connection);
      kept.set(connection, after);
      for (const oldest of [...kept.keys()].slice(0, -MOST_CONNECTIONS)) kept.delete(oldest);
      onChanged(Object.fromEntries(kept));
    },
  };
}

function withMeasure(
  before: RequestRates,
  { ListObjectsV2: listed = 0, GetObject: read = 0, GetObjectTagging: tags = 0 }: Readonly<Record<string, number>>,
  seconds: number,
): RequestRates {
  if (seconds < LEAST_SECONDS) return before;
  if (tags >= LEAST_READ) return { ...before, tags: blended(before.tags, tags / seconds) };
  if (read >= LEAST_READ) return { ...before, read: blended(before.read, read / seconds) };
  return read === 0 && listed > 0 ? { ...before, list: blended(before.list, listed / seconds) } : before;
}

function blended(before: number | null, now: number): number {
  return before === null ? now : before * (1 - WEIGHT) + now * WEIGHT;
}

/** How long these take, one kind after the other; null where a rate is missing for one of them. */
export function secondsFor(
  rates: RequestRates,
  { listed, read, tags }: { readonly listed: number; readonly read: number; readonly tags: number },
): number | null {
  // A page of a listing and the tags of a record are requests like others, where nothing better is known.
  const parts = [
    [listed, rates.list ?? rates.read],
    [read, rates.read],
    [tags, rates.tags ?? rates.read],
  ] as const;
  let seconds = 0;
  for (const [count, rate] of parts) {
    if (count === 0) continue;
    if (rate === null) return null;
    seconds += count / rate;
  }
  return seconds;
}
