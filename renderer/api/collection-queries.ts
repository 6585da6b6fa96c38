import {
  type InfiniteData,
  useInfiniteQuery,
  type UseInfiniteQueryResult,
  useMutation,
  type UseMutationResult,
  useQuery,
  useQueryClient,
  type UseQueryResult,
} from '@tanstack/react-query';
import { useCallback } from 'react';
import type { AwsProfiles } from '../../shared/aws-profile.ts';
import type { CollectionListing, CollectionTraces } from '../../shared/collection.ts';
import type { Connection } from '../../shared/connection.ts';
import type { ObjectCount, PrefixPage } from '../../shared/prefix-page.ts';
import type { UnfinishedUpload, UnfinishedUploads } from '../../shared/upload.ts';
import { DEFAULT_VIEW, type View } from '../../shared/view.ts';
import { call } from './call.ts';
import { keys } from './query-keys.ts';

export function useConnections(): UseQueryResult<readonly Connection[]> {
  return useQuery({ queryKey: keys.connections, queryFn: ({ signal }) => call('connections:list', {}, signal) });
}

/** Profiles of Amazon's tools. Read anew by each who begins to look: other programs write those files. */
export function useProfiles(): UseQueryResult<AwsProfiles> {
  return useQuery({
    queryKey: keys.profiles,
    queryFn: ({ signal }) => call('profiles:list', {}, signal),
    staleTime: 0,
  });
}

export function useCollections(): UseQueryResult<readonly CollectionListing[]> {
  return useQuery({ queryKey: keys.collections, queryFn: ({ signal }) => call('collections:list', {}, signal) });
}

/** How the person looks at a collection, or null until it is known. */
export function useView(collection: string | null): View | null {
  const { data, isError } = useQuery({
    queryKey: keys.view(collection ?? ''),
    queryFn: ({ signal }) => call('views:read', { collection: collection ?? '' }, signal),
    enabled: collection !== null,
  });
  return data ?? (isError ? DEFAULT_VIEW : null);
}

/** Shows the change at once. `change` is given the view as it is then. */
export function useChangeView(collection: string): (change: (view: View) => View) => void {
  const client = useQueryClient();
  const { mutate } = useMutation({
    mutationKey: keys.saveView(collection),
    mutationFn: (view: View) => call('views:save', { collection, view }),
    onError: (error) => console.warn('The view could not be kept', error),
    onSettled: () => {
      // The last of several: what another window changed meanwhile, and what could not be kept, is seen now.
      if (client.isMutating({ mutationKey: keys.saveView(collection) }) > 1) return;
      void client.invalidateQueries({ queryKey: keys.view(collection) });
    },
    // One after the other: a save that overtakes another would bring the older view back.
    scope: { id: `view of ${collection}` },
  });
  return useCallback(
    (change) => {
      const queryKey = keys.view(collection);
      // An answer on its way knows nothing of this change, and would take it back.
      void client.cancelQueries({ queryKey });
      const view = change(client.getQueryData<View>(queryKey) ?? DEFAULT_VIEW);
      client.setQueryData(queryKey, view);
      mutate(view);
    },
    [client, collection, mutate],
  );
}

/** What this machine keeps of a collection; null until it is known. Asked anew each time. */
export function useCollectionTraces(collection: string): CollectionTraces | null {
  const { data } = useQuery({
    queryKey: keys.traces(collection),
    queryFn: ({ signal }) => call('collections:traces', { collection }, signal),
    gcTime: 0,
  });
  return data ?? null;
}

/** Uploads that nobody ended; null until they are known, and where they cannot be. Asked anew each time. */
export function useUnfinishedUploads(collection: string): UnfinishedUploads | null {
  const { data } = useQuery({
    queryKey: keys.uploads(collection),
    queryFn: ({ signal }) => call('uploads:list', { collection }, signal),
    gcTime: 0,
  });
  return data ?? null;
}

/** Ends uploads, and asks which are left. */
export function useRemoveUploads(collection: string): UseMutationResult<null, unknown, readonly UnfinishedUpload[]> {
  const client = useQueryClient();
  return useMutation({
    mutationFn: (uploads: readonly UnfinishedUpload[]) =>
      call('uploads:remove', {
        collection,
        uploads: uploads.map(({ key, uploadId }) => ({ key, uploadId })),
      }),
    onSettled: () => client.invalidateQueries({ queryKey: keys.uploads(collection) }),
  });
}

export function useBuckets(connection: string | null): UseQueryResult<readonly string[]> {
  return useQuery({
    queryKey: keys.buckets(connection ?? ''),
    queryFn: ({ signal }) => call('buckets:list', { connection: connection ?? '' }, signal),
    enabled: connection !== null,
    staleTime: 0,
  });
}

/** The folders below a prefix, page after page. Null asks nothing. */
export function usePrefixes(
  connection: string,
  bucket: string,
  prefix: string | null,
): UseInfiniteQueryResult<InfiniteData<PrefixPage>> {
  return useInfiniteQuery({
    queryKey: keys.prefixes(connection, bucket, prefix),
    queryFn: ({ signal, pageParam: from }: { signal: AbortSignal; pageParam: string | null }) =>
      call('buckets:prefixes', { connection, bucket, prefix: prefix ?? '', from }, signal),
    initialPageParam: null,
    getNextPageParam: ({ next }) => next,
    enabled: prefix !== null,
    // Of a list that somebody went far down in, every page would be asked for again, and the list jump.
    staleTime: Infinity,
    gcTime: 0,
  });
}

/** Objects below a prefix. Given up where nobody shows it any more. */
export function useObjectCount(
  connection: string,
  bucket: string,
  prefix: string,
  enabled: boolean,
): UseQueryResult<ObjectCount> {
  return useQuery({
    queryKey: keys.objectCount(connection, bucket, prefix),
    queryFn: ({ signal }) => call('buckets:count', { connection, bucket, prefix }, signal),
    enabled,
    // Who scrolls up and down again is not to count the same anew each time.
    staleTime: 60_000,
  });
}
