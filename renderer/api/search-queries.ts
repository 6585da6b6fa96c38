import { useQuery, type UseQueryResult } from '@tanstack/react-query';
import type { Freshness } from '../../shared/contract.ts';
import type { FieldSummary, SyncProgress } from '../../shared/page.ts';
import type { Plan } from '../../shared/plan.ts';
import type { ResultProfile } from '../../shared/profile.ts';
import { printPlace } from '../../shared/query-text/print-where.ts';
import { NO_QUERIES, type SavedQueries } from '../../shared/saved-query.ts';
import type { SqlColumn } from '../../shared/sql.ts';
import { call } from './call.ts';
import {
  type FieldSample,
  type PatternCondition,
  type PatternMatches,
  readFieldSample,
  readPatternMatches,
  type SampledField,
} from './field-sample.ts';
import { keys } from './query-keys.ts';

/** Saved queries and those that ran; those of before until they are known. */
export function useSavedQueries(collection: string): SavedQueries {
  const { data } = useQuery({
    queryKey: keys.savedQueries(collection),
    queryFn: ({ signal }) => call('saved-queries:read', { collection }, signal),
  });
  return data ?? NO_QUERIES;
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

export type Syncs = Readonly<Record<string, SyncProgress>>;

const NO_SYNCS: Syncs = {};

/**
 * Of the last progress that this page heard of, by collection: what `select` takes from it. It comes five times a second, and draws
 * anew what uses it where that is other than before.
 */
export function useSyncs<T>(select: (syncs: Syncs) => T): T {
  const { data } = useQuery({
    queryKey: keys.syncs,
    queryFn: () => NO_SYNCS,
    enabled: false,
    initialData: NO_SYNCS,
    gcTime: Infinity,
    select,
  });
  return data;
}
