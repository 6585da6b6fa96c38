/** What the test of a connection looks at, in its order, one thing a line. */
import type { AppError } from './result.ts';

/** What each is called where people read it. */
export const CHECK_TITLES = {
  dns: 'DNS',
  connection: 'Connection',
  tls: 'TLS',
  clock: 'Clock',
  signature: 'Signature',
  buckets: 'Buckets',
  list: 'List',
  read: 'Read',
  write: 'Write',
  'conditional-writes': 'Conditional writes',
  tags: 'Tags',
  versions: 'Versions',
  'storage-classes': 'Storage classes',
  delete: 'Delete',
} as const;

export type CheckName = keyof typeof CHECK_TITLES;

/**
 * `limited`: it works with less than S3 gives, or the server has none of it. `failed`: it does not work, and somebody can
 * change that. `not-run`: `reason` says why.
 */
export type CheckVerdict = 'passed' | 'limited' | 'failed' | 'not-run';

export interface ConnectionCheck {
  readonly check: CheckName;
  readonly verdict: CheckVerdict;
  /** What was seen, in a sentence or two. */
  readonly reason: string;
  /** What to do about it; null where there is nothing to do. */
  readonly remedy: string | null;
  /** What the server, or the way there, said; null where nothing failed. */
  readonly error: AppError | null;
}

/** Where something is listed, and written where that is allowed, to try the server out. */
export interface TrialPlace {
  readonly bucket: string;
  /** With a final `/`, or empty. */
  readonly prefix: string;
}

export interface ConnectionTest {
  /** All of them, in the order of CHECK_TITLES. */
  readonly checks: readonly ConnectionCheck[];
  /** Where the later ones were run; null where there was no bucket to run them in. */
  readonly place: TrialPlace | null;
  /** Milliseconds that the first signed answer took; null where there was none. */
  readonly milliseconds: number | null;
  /** Null where the buckets were not listed (one can still be opened by name). */
  readonly buckets: number | null;
  /** The `Server` header of its answers; null where it sends none. */
  readonly serverHeader: string | null;
}

/** The failure that everything behind it is owed to; null where nothing failed. */
export function firstFailure({ checks }: Pick<ConnectionTest, 'checks'>): ConnectionCheck | null {
  return checks.find(({ verdict }) => verdict === 'failed') ?? null;
}
