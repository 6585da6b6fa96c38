/** What one connection's requests of one day came to. */
export interface LedgerDay {
  /** `2026-11-29`, by UTC as S3 bills. */
  readonly day: string;
  readonly connection: string;
  /** As the connection was called that day. */
  readonly connectionName: string;
  /** Requests that were sent, by S3's name of the operation; each try counts. */
  readonly requests: Readonly<Record<string, number>>;
  /** Of bodies. */
  readonly bytesUp: number;
  readonly bytesDown: number;
  /**
   * US dollars for requests and for reading from colder classes; without storage and without what leaves AWS. Null where
   * the server is not Amazon's.
   */
  readonly cost: number | null;
}

export interface Ledger {
  /** The newest first. */
  readonly days: readonly LedgerDay[];
  readonly prices: { readonly region: string; /** When they were collected: `2026-11-22`. */ readonly date: string };
}

export function requestCount(requests: Readonly<Record<string, number>>): number {
  return Object.values(requests).reduce((sum, count) => sum + count, 0);
}
