import type { AppError } from '../../shared/result.ts';
import { toAppError } from '../api/call.ts';
import { usePrefixes } from '../api/collection-queries.ts';
import { useSettled } from '../query/use-settled.ts';
import { folderOf } from './collection-form.ts';

/** Milliseconds without a key pressed before S3 is asked. */
const SETTLED = 250;

export interface ListedPrefixes {
  /** Those that begin with what is typed. */
  readonly prefixes: readonly string[];
  readonly isListing: boolean;
  /** More may follow. */
  readonly more: boolean;
  /** Lists more of them, or tries again; null where nothing follows, or the server does not say how to go on. */
  readonly goOn: (() => void) | null;
  /** Why the list could not be made, or ends where it does. */
  readonly error: AppError | null;
}

/**
 * Prefixes below the folder of what is typed, those that begin with the rest of it. Where the folder has more of them than
 * are listed, S3 is asked for those alone.
 */
export function useListedPrefixes(connection: string, bucket: string, typed: string): ListedPrefixes {
  const folder = folderOf(typed);
  const settled = useSettled(typed, SETTLED);
  const all = usePrefixes(connection, bucket, folder);
  const isNarrow = typed !== folder && all.data?.pages.at(-1)?.more === true;
  const narrow = usePrefixes(connection, bucket, isNarrow && settled === typed ? typed : null);
  const listing = isNarrow ? narrow : all;
  const listed = (listing.data ?? all.data)?.pages ?? [];
  return {
    prefixes: listed.flatMap(({ prefixes }) => prefixes).filter((prefix) => prefix.startsWith(typed)),
    isListing: listing.isFetching || (isNarrow && settled !== typed),
    more: listing.data?.pages.at(-1)?.more ?? false,
    goOn: goOnOf(listing),
    error: listing.error === null ? null : toAppError(listing.error),
  };
}

function goOnOf(listing: ReturnType<typeof usePrefixes>): (() => void) | null {
  if (listing.hasNextPage) return () => void listing.fetchNextPage();
  return listing.error === null ? null : () => void listing.refetch();
}
