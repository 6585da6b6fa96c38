import type { CredentialProvider, Credentials, ExpiringCredentials } from './s3-client.ts';

/** The credentials of one client: the same ones for all of its requests, others before they expire. */
export interface CredentialKeeper {
  /**
   * Those that requests are signed with now, without a wait; null where none are valid (`load` fetches them). Near their
   * end others are fetched behind it, and these go on being used meanwhile.
   */
  valid(): Credentials | null;
  /** One fetch for all who wait. Throws what the provider throws, where no valid ones are left either. */
  load(): Promise<Credentials>;
  /** The server takes these for expired, whatever was said of their end: answers whether there are others now. */
  replace(refused: Credentials): Promise<boolean>;
}

/** AWS's own clients begin five minutes before the end. */
const REFRESH_BEFORE = 5 * 60_000;
/** After a fetch that failed while the old ones are still valid. */
const PAUSE_AFTER_FAILURE = 30_000;

export function createCredentialKeeper(
  source: Credentials | CredentialProvider,
  now: () => number = Date.now,
): CredentialKeeper {
  if (!('fetch' in source)) {
    return { valid: () => source, load: () => Promise.resolve(source), replace: () => Promise.resolve(false) };
  }
  let kept: ExpiringCredentials | null = null;
  let fetching: Promise<Credentials> | null = null;
  let nextRefresh = 0;

  const fetch = (refused?: Credentials): Promise<Credentials> => {
    fetching ??= source
      .fetch(refused)
      .then((fetched) => {
        kept = fetched;
        nextRefresh = fetched.expiresAt === null ? Infinity : refreshTime(fetched.expiresAt, now());
        return fetched.credentials;
      })
      .finally(() => {
        fetching = null;
      });
    return fetching;
  };

  const isValid = (found: ExpiringCredentials | null): found is ExpiringCredentials =>
    found !== null && (found.expiresAt === null || found.expiresAt > now());

  return {
    valid() {
      if (!isValid(kept)) return null;
      if (now() >= nextRefresh && fetching === null) {
        nextRefresh = now() + PAUSE_AFTER_FAILURE;
        // No failure yet: while these are valid it is tried again, and who finds them expired fetches, and hears of it.
        fetch().catch(() => undefined);
      }
      return kept.credentials;
    },
    load: () => (isValid(kept) ? Promise.resolve(kept.credentials) : fetch()),
    async replace(refused) {
      // Somebody else's request was refused first.
      if (kept !== null && !sameCredentials(kept.credentials, refused)) return true;
      return !sameCredentials(await fetch(refused), refused);
    },
  };
}

/** Ones that live for less than ten minutes are used for half of that. */
function refreshTime(expiresAt: number, now: number): number {
  return expiresAt - Math.min(REFRESH_BEFORE, Math.max(0, expiresAt - now) / 2);
}

export function sameCredentials(a: Credentials, b: Credentials): boolean {
  return (
    a.accessKeyId === b.accessKeyId && a.secretAccessKey === b.secretAccessKey && a.sessionToken === b.sessionToken
  );
}
