import type { Connection } from '../../../shared/connection.ts';
import type { Ledger, LedgerDay } from '../../../shared/ledger.ts';
import type { RequestObserver, S3Target } from '../s3/s3-client.ts';
import { PRICE_DATE, PRICE_REGION, requestCost } from './request-prices.ts';

/** One request that was sent. */
export interface SpentRequest {
  readonly connection: string;
  readonly connectionName: string;
  /** Whether Amazon bills it. */
  readonly isAmazon: boolean;
  /** S3's name of it. */
  readonly operation: string;
  /** Of the object that was written or read; null where the answer did not say. */
  readonly storageClass: string | null;
  readonly bytesUp: number;
  readonly bytesDown: number;
}

/** Counts what our own requests come to, a connection and day. */
export interface RequestLedger {
  count(request: SpentRequest): void;
  read(): Ledger;
}

export interface LedgerOptions {
  /** What was counted before. */
  readonly days: readonly LedgerDay[];
  /** The days that are to be kept; called after a request was counted, so it must not write each time. */
  readonly onChanged: () => void;
  /** For tests. Milliseconds since 1970. */
  readonly now?: () => number;
}

/** Counts the requests of one client. */
export function observeFor(ledger: RequestLedger, connection: Connection, target: S3Target): RequestObserver {
  const { id, name } = connection;
  const isAmazon = target.endpoint === null || isAmazonHost(target.endpoint);
  return (operation, storageClass, bytesUp, bytesDown) =>
    ledger.count({ connection: id, connectionName: name, isAmazon, operation, storageClass, bytesUp, bytesDown });
}

/** Whether requests over a connection are Amazon's to bill. */
export function isBilled({ kind, endpoint }: Connection): boolean {
  return endpoint === null ? kind === 'aws' : isAmazonHost(endpoint);
}

function isAmazonHost(endpoint: string): boolean {
  return URL.canParse(endpoint) && /\.amazonaws\.com(\.cn)?$/.test(new URL(endpoint).hostname);
}

/** Enough to compare a month with that of the year before. */
const MOST_DAYS = 400;
const DAY = 24 * 60 * 60 * 1000;

interface Entry {
  readonly day: string;
  readonly connection: string;
  connectionName: string;
  readonly requests: Map<string, number>;
  bytesUp: number;
  bytesDown: number;
  cost: number | null;
}

export function createLedger({ days, onChanged, now = Date.now }: LedgerOptions): RequestLedger {
  const entries = new Map<string, Entry>();
  for (const { requests, ...day } of days) {
    entries.set(nameOf(day.day, day.connection), { ...day, requests: new Map(Object.entries(requests)) });
  }
  /** Today's, by connection: thousands of requests a second find theirs without a date being written out. */
  let today = Number.NaN;
  let current = new Map<string, Entry>();

  function entryOf({ connection, connectionName, isAmazon }: SpentRequest): Entry {
    const time = Math.floor(now() / DAY);
    if (time !== today) {
      today = time;
      current = new Map();
      forgetOldDays(entries, time);
    }
    let entry = current.get(connection);
    if (entry === undefined) {
      const day = dayText(time);
      entry = entries.get(nameOf(day, connection)) ?? {
        day,
        connection,
        connectionName,
        requests: new Map(),
        bytesUp: 0,
        bytesDown: 0,
        cost: null,
      };
      entries.set(nameOf(day, connection), entry);
      current.set(connection, entry);
    }
    entry.connectionName = connectionName;
    if (isAmazon) entry.cost ??= 0;
    return entry;
  }

  return {
    count(request) {
      const entry = entryOf(request);
      entry.requests.set(request.operation, (entry.requests.get(request.operation) ?? 0) + 1);
      entry.bytesUp += request.bytesUp;
      entry.bytesDown += request.bytesDown;
      if (request.isAmazon) {
        entry.cost = (entry.cost ?? 0) + requestCost(request.operation, request.storageClass, request.bytesDown);
      }
      onChanged();
    },
    read: () => ({
      days: Array.from(entries.values(), ({ requests, ...entry }) => ({
        ...entry,
        requests: Object.fromEntries(requests),
      })).toSorted((a, b) => compare(b.day, a.day) || compare(a.connectionName, b.connectionName)),
      prices: { region: PRICE_REGION, date: PRICE_DATE },
    }),
  };
}

function forgetOldDays(entries: Map<string, Entry>, today: number): void {
  const first = dayText(today - MOST_DAYS + 1);
  for (const [name, { day }] of entries) if (day < first) entries.delete(name);
}

/** `day`: days since 1970. */
function dayText(day: number): string {
  return new Date(day * DAY).toISOString().slice(0, 10);
}

function nameOf(day: string, connection: string): string {
  return `${day} ${connection}`;
}

function compare(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}
