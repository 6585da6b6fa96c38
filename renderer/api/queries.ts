import {
  QueryClient,
  useInfiniteQuery,
  useMutation,
  useQuery,
  useQueryClient,
  type InfiniteData,
  type UseInfiniteQueryResult,
  type UseMutationResult,
  type UseQueryResult,
} from '@tanstack/react-query';
import { useCallback, useEffect } from 'react';
import type { ApplicationState, Freshness } from '../../shared/contract.ts';
import type { CollectionListing, CollectionTraces, IndexesOnDisk } from '../../shared/collection.ts';
import type { Connection } from '../../shared/connection.ts';
import type { PrefixPage, ObjectCount } from '../../shared/prefix-page.ts';
import type { Ledger } from '../../shared/ledger.ts';
import { hasEnded, type Job, type JobKind, type JobReport } from '../../shared/job.ts';
import type { FieldSummary, SyncProgress } from '../../shared/page.ts';
import type { JobPlan, Plan } from '../../shared/plan.ts';
import { printPlace } from '../../shared/query-text/print-where.ts';
import type { RecordDetail, WeakerWrites } from '../../shared/record.ts';
import type { ResultProfile } from '../../shared/profile.ts';
import { NO_QUERIES, type SavedQueries } from '../../shared/saved-query.ts';
import { DEFAULT_SETTINGS, type Settings } from '../../shared/settings.ts';
import type { SqlColumn } from '../../shared/sql.ts';
import type { UnfinishedUpload, UnfinishedUploads } from '../../shared/upload.ts';
import { DEFAULT_VIEW, type View } from '../../shared/view.ts';
import type { KeptWorkspace } from '../../shared/workspace.ts';
import { call } from './call.ts';
import { onEvent } from './events.ts';
import {
  readFieldSample,
  readPatternMatches,
  type FieldSample,
  type PatternCondition,
  type PatternMatches,
  type SampledField,
} from './field-sample.ts';

/** The only place with cache keys. */
const keys = {
  application: ['application'],
  settings: ['settings'],
  indexes: ['indexes'],
  workspace: ['workspace'],
  connections: ['connections'],
  collections: ['collections'],
  traces: (collection: string) => ['traces', collection],
  uploads: (collection: string) => ['uploads', collection],
  view: (collection: string) => ['view', collection],
  savedQueries: (collection: string) => ['saved-queries', collection],
  saveView: (collection: string) => ['save-view', collection],
  fields: (collection: string) => ['fields', collection],
  sqlColumns: (collection: string) => ['sql-columns', collection],
  samples: (collection: string) => ['samples', collection],
  sample: (collection: string, field: string) => ['samples', collection, field],
  matches: (collection: string, { place, operator, pattern }: PatternCondition) => [
    'samples',
    collection,
    printPlace(place),
    operator,
    pattern,
  ],
  plan: (collection: string, query: string, freshness: Freshness, version: number | null) => [
    'plan',
    collection,
    query,
    freshness,
    version,
  ],
  jobPlan: (collection: string, kind: JobKind, records: number) => ['job-plan', collection, kind, records],
  profile: (result: string, paths: readonly (readonly string[])[]) => ['profile', result, paths],
  syncs: ['syncs'],
  ledger: ['ledger'],
  jobs: ['jobs'],
  report: (job: string, from: string | null, onlyFailed: boolean) => ['report', job, from, onlyFailed],
  record: (collection: string, key: string) => ['record', collection, key],
  weakerWrites: (collection: string) => ['weaker-writes', collection],
  recordOfRow: (collection: string, result: string, row: number) => ['record-of-row', collection, result, row],
  buckets: (connection: string) => ['buckets', connection],
  prefixes: (connection: string, bucket: string, prefix: string | null) => ['prefixes', connection, bucket, prefix],
  objectCount: (connection: string, bucket: string, prefix: string) => ['object-count', connection, bucket, prefix],
} as const;

/**
 * `networkMode: 'always'`, because the other side is this machine: the browser's idea of being offline says nothing
 * about it. No retry here: that is the engine's.
 */
export function createQueryClient(): QueryClient {
  return new QueryClient({
    defaultOptions: {
      queries: { networkMode: 'always', retry: false, staleTime: Infinity, refetchOnWindowFocus: false },
      mutations: { networkMode: 'always', retry: false },
    },
  });
}

/** Keeps the cache true by the other side's events, for as long as the component is mounted. */
export function useContractEvents(): void {
  const client = useQueryClient();
  useEffect(() => {
    // A first read that is still under way may be older than the event, and would not be repeated: it begins anew.
    const invalidate = (queryKey: readonly unknown[]) =>
      void client.cancelQueries({ queryKey }).then(() => client.invalidateQueries({ queryKey }));
    const ends = [
      onEvent('application:changed', () => invalidate(keys.application)),
      onEvent('settings:changed', (settings) => client.setQueryData(keys.settings, settings)),
      onEvent('connections:changed', () => invalidate(keys.connections)),
      onEvent('collections:changed', () => invalidate(keys.collections)),
      onEvent('saved-queries:changed', ({ collection }) => invalidate(keys.savedQueries(collection))),
      onEvent('view:changed', ({ collection, view }) => {
        // News of an own change while the next one is on its way would take that one back.
        if (client.isMutating({ mutationKey: keys.saveView(collection) }) > 0) return;
        client.setQueryData(keys.view(collection), view);
      }),
      onEvent('sync:progress', (progress) => {
        if (progress.subject === 'tags') return;
        client.setQueryData<Syncs>(keys.syncs, (before) => ({ ...before, [progress.collection]: progress }));
        if (progress.state === 'done') {
          invalidate(keys.collections);
          invalidate(keys.fields(progress.collection));
          invalidate(keys.sqlColumns(progress.collection));
        }
      }),
      onEvent('jobs:changed', () => invalidate(keys.jobs)),
      onEvent('job:changed', (job) => void keepJob(client, job)),
      onEvent('job:removed', ({ job }) => {
        client.setQueryData<readonly Job[]>(keys.jobs, (before) => before?.filter(({ id }) => id !== job));
      }),
      onEvent('collection:changed', ({ collection }) => {
        invalidate(keys.fields(collection));
        invalidate(keys.samples(collection));
        invalidate(keys.collections);
      }),
    ];
    return () => {
      for (const end of ends) end();
    };
  }, [client]);
}

export function useApplicationState(): UseQueryResult<ApplicationState> {
  return useQuery({ queryKey: keys.application, queryFn: ({ signal }) => call('application:state', {}, signal) });
}

/** Read anew each time `wanted` becomes true: it changes with every request. */
export function useLedger(wanted: boolean): UseQueryResult<Ledger> {
  return useQuery({
    queryKey: keys.ledger,
    queryFn: ({ signal }) => call('ledger:read', {}, signal),
    enabled: wanted,
    staleTime: 0,
    gcTime: 0,
  });
}

/** The settings, or the defaults until they are there. */
export function useSettings(): Settings {
  const { data } = useQuery({ queryKey: keys.settings, queryFn: ({ signal }) => call('settings:read', {}, signal) });
  return data ?? DEFAULT_SETTINGS;
}

/** Shows the change at once; the other side's answer then replaces it. */
export function useWriteSettings(): (settings: Partial<Settings>) => void {
  const client = useQueryClient();
  const { mutate } = useMutation({
    mutationFn: (settings: Partial<Settings>) => call('settings:write', { settings }),
    onMutate: (settings) => {
      client.setQueryData<Settings>(keys.settings, (before) => ({ ...(before ?? DEFAULT_SETTINGS), ...settings }));
    },
    onError: (error) => {
      console.warn('The settings could not be kept', error);
      void client.invalidateQueries({ queryKey: keys.settings });
    },
  });
  return mutate;
}

/** For whom it matters whether they were kept. */
export function useSaveSettings(): UseMutationResult<Settings, unknown, Partial<Settings>> {
  return useMutation({ mutationFn: (settings: Partial<Settings>) => call('settings:write', { settings }) });
}

/** What the indexes of all collections take; null until it is known. Asked anew each time. */
export function useIndexesOnDisk(): IndexesOnDisk | null {
  const { data } = useQuery({
    queryKey: keys.indexes,
    queryFn: ({ signal }) => call('settings:indexes', {}, signal),
    gcTime: 0,
  });
  return data ?? null;
}

/** What this window showed before it loaded; null where there is nothing, or it cannot be had: it begins anew then. */
export function useKeptWorkspace(window: string): KeptWorkspace | null | undefined {
  const { data, isError } = useQuery({
    queryKey: keys.workspace,
    queryFn: ({ signal }) => call('workspace:read', { window }, signal),
  });
  return isError ? null : data;
}

export function useConnections(): UseQueryResult<readonly Connection[]> {
  return useQuery({ queryKey: keys.connections, queryFn: ({ signal }) => call('connections:list', {}, signal) });
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

/** Saved queries and those that ran; those of before until they are known. */
export function useSavedQueries(collection: string): SavedQueries {
  const { data } = useQuery({
    queryKey: keys.savedQueries(collection),
    queryFn: ({ signal }) => call('saved-queries:read', { collection }, signal),
  });
  return data ?? NO_QUERIES;
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

export function useFields(collection: string | null): UseQueryResult<readonly FieldSummary[]> {
  return useQuery({
    queryKey: keys.fields(collection ?? ''),
    queryFn: ({ signal }) => call('collections:fields', { collection: collection ?? '' }, signal),
    enabled: collection !== null,
    placeholderData: (before) => before,
  });
}

/** What a statement in SQL can name. */
export function useSqlColumns(collection: string): readonly SqlColumn[] {
  const columns = useQuery({
    queryKey: keys.sqlColumns(collection),
    queryFn: ({ signal }) => call('sql:columns', { collection }, signal),
    placeholderData: (before) => before,
  });
  return columns.data ?? NO_COLUMNS;
}

const NO_COLUMNS: readonly SqlColumn[] = [];

/** Values of a field for looking at, out of the index; null asks nothing. */
export function useFieldSample(collection: string, field: SampledField | null): UseQueryResult<FieldSample> {
  return useQuery({
    queryKey: keys.sample(collection, field === null ? '' : printPlace(field.place)),
    queryFn: ({ signal }) => {
      if (field === null) throw new Error('Nothing is asked yet');
      return readFieldSample(collection, field, signal);
    },
    enabled: field !== null,
    gcTime: 0,
  });
}

/** What a pattern finds; what was found by the one before stays until then. */
export function usePatternMatches(
  collection: string,
  condition: PatternCondition | null,
  sample: FieldSample | undefined,
): UseQueryResult<PatternMatches> {
  return useQuery({
    queryKey: keys.matches(collection, condition ?? { place: { field: '' }, operator: 'like', pattern: '' }),
    queryFn: ({ signal }) => {
      if (condition === null || sample === undefined) throw new Error('Nothing is asked yet');
      return readPatternMatches(collection, condition, sample, signal);
    },
    enabled: condition !== null && sample !== undefined,
    placeholderData: (before) => before,
    gcTime: 0,
  });
}

/**
 * What a query would take, or (`held`) what it takes without an index. Null asks nothing; a query that is wrong has none.
 * `version`: of the index that it is about.
 */
export function usePlan(
  collection: string,
  query: string | null,
  freshness: Freshness,
  version: number | null,
): Plan | null {
  const { data } = useQuery({
    queryKey: keys.plan(collection, query ?? '', freshness, version),
    queryFn: ({ signal }) => call('query:plan', { collection, query: query ?? '', freshness }, signal),
    enabled: query !== null,
    // What everything takes hardly depends on the query: no figure goes away and comes back with each run.
    placeholderData: (before, of) => (freshness === 'held' && of?.queryKey[1] === collection ? before : undefined),
    staleTime: 0,
    gcTime: 0,
  });
  return query === null ? null : (data ?? null);
}

/** What a job would send; null until it is known, and where only the job finds it out. */
export function useJobPlan(collection: string, kind: JobKind, records: number): JobPlan | null {
  const { data } = useQuery({
    queryKey: keys.jobPlan(collection, kind, records),
    queryFn: ({ signal }) => call('jobs:plan', { collection, kind, records }, signal),
    staleTime: 0,
    gcTime: 0,
  });
  return data ?? null;
}

/** Figures of some fields in an open answer; those of the answer before stay until they are there. Null asks nothing. */
export function useProfile(
  result: string | null,
  paths: readonly (readonly string[])[],
): UseQueryResult<ResultProfile> {
  return useQuery({
    queryKey: keys.profile(result ?? '', paths),
    queryFn: ({ signal }) => call('query:profile', { result: result ?? '', fields: paths }, signal),
    enabled: result !== null,
    placeholderData: (before) => before,
    gcTime: 0,
  });
}

type Syncs = Readonly<Record<string, SyncProgress>>;

const NO_SYNCS: Syncs = {};

/** The last progress that this page heard of, by collection. */
export function useSyncs(): Syncs {
  const { data } = useQuery<Syncs>({
    queryKey: keys.syncs,
    queryFn: () => NO_SYNCS,
    enabled: false,
    initialData: NO_SYNCS,
    gcTime: Infinity,
  });
  return data;
}

/** Every job that is kept, the newest first. */
export function useJobs(): UseQueryResult<readonly Job[]> {
  return useQuery({ queryKey: keys.jobs, queryFn: ({ signal }) => call('jobs:list', {}, signal) });
}

async function keepJob(client: QueryClient, job: Job): Promise<void> {
  // A list that is on its way may be older than this. It is waited for: taken back at each of five events a second it
  // would never arrive.
  if (client.isFetching({ queryKey: keys.jobs }) > 0) {
    await client.refetchQueries({ queryKey: keys.jobs }, { cancelRefetch: false });
  }
  client.setQueryData<readonly Job[]>(keys.jobs, (known) => {
    // Nobody shows jobs yet, or the list could not be read: it is read when somebody does.
    if (known === undefined) return undefined;
    const before = known.find(({ id }) => id === job.id);
    // An end state is never left, so the list was the newer of the two.
    return before !== undefined && hasEnded(before.state) ? known : withJob(known, job);
  });
}

function withJob(jobs: readonly Job[], job: Job): readonly Job[] {
  return jobs.some(({ id }) => id === job.id) ? jobs.map((each) => (each.id === job.id ? job : each)) : [job, ...jobs];
}

/** A page of a job's report; the page before it stays until it is there. Pages of a job that runs are read anew each time. */
export function useJobReport(job: string, from: string | null, onlyFailed: boolean): UseQueryResult<JobReport> {
  return useQuery({
    queryKey: keys.report(job, from, onlyFailed),
    queryFn: ({ signal }) => call('jobs:report', { job, from, onlyFailed }, signal),
    placeholderData: (before) => before,
    staleTime: 0,
    gcTime: 0,
  });
}

/** One record, read from S3 each time it is opened. */
export function useRecord(collection: string, key: string | null): UseQueryResult<RecordDetail> {
  return useQuery({
    queryKey: keys.record(collection, key ?? ''),
    queryFn: ({ signal }) => call('record:read', { collection, address: { key: key ?? '' } }, signal),
    enabled: key !== null,
    staleTime: 0,
    gcTime: 0,
  });
}

/** The record of a row of an open answer, read from S3. */
export function useRecordOfRow(collection: string, result: string, row: number): UseQueryResult<RecordDetail> {
  return useQuery({
    queryKey: keys.recordOfRow(collection, result, row),
    queryFn: async ({ signal }) => {
      const page = await call('query:page', { result, from: row, count: 1 }, signal);
      return call('record:read', { collection, address: { key: page.keys[0] ?? '' } }, signal);
    },
    gcTime: 0,
  });
}

/**
 * What to say before a write of this kind; null where there is nothing, and until it is known. Asked only where a write is
 * near: the first answer takes a trial of the server. The other side keeps it.
 */
export function useWeakerWrite(collection: string, write: keyof WeakerWrites, wanted = true): string | null {
  const { data } = useQuery({
    queryKey: keys.weakerWrites(collection),
    queryFn: ({ signal }) => call('record:weaker-writes', { collection }, signal),
    enabled: wanted,
    staleTime: 0,
    gcTime: 0,
  });
  return data?.[write] ?? null;
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
