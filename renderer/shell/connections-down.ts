import type { CollectionListing } from '../../shared/collection.ts';
import type { ErrorCode } from '../../shared/result.ts';
import type { Syncs } from '../api/search-queries.ts';

/** What a failure says of the connection as a whole, in a word for the sidebar; others concern one bucket or object. */
const WORDS: Readonly<Partial<Record<ErrorCode, string>>> = {
  'connection-refused': 'no answer',
  'host-not-found': 'not found',
  'timed-out': 'no answer',
  'connection-lost': 'no answer',
  'sandbox-unavailable': 'no answer',
  'certificate-refused': 'certificate',
  'proxy-unreachable': 'proxy',
  'proxy-refused': 'proxy',
  'not-s3': 'no S3',
  'credentials-missing': 'no keys',
  'sign-in-needed': 'sign in',
  'unknown-access-key': 'refused',
  'signature-mismatch': 'refused',
  'token-expired': 'expired',
  'clock-skewed': 'clock',
};

/** The word for a failure of a connection as a whole; `refused` and the like, else that it is down. */
export function downWord(code: ErrorCode): string {
  return WORDS[code] ?? 'down';
}

export function failedSyncs(syncs: Syncs): Syncs {
  return Object.fromEntries(Object.entries(syncs).filter(([, { state }]) => state === 'failed'));
}

/** Connections that did not serve when last asked, with the word for it. */
export function connectionsDown(collections: readonly CollectionListing[], syncs: Syncs): ReadonlyMap<string, string> {
  return new Map(
    collections.flatMap(({ id, connectionId }): readonly (readonly [string, string])[] => {
      const progress = syncs[id];
      const word =
        progress?.state === 'failed' && progress.error !== undefined ? WORDS[progress.error.code] : undefined;
      return word === undefined ? [] : [[connectionId, word]];
    }),
  );
}
