import { useQuery, type UseQueryResult } from '@tanstack/react-query';
import type { Comparison } from '../../shared/comparison.ts';
import type { DeletedRecords } from '../../shared/deleted-records.ts';
import type { Job, JobReport, JobRequest } from '../../shared/job.ts';
import type { PreviewedRecord } from '../../shared/job-preview.ts';
import type { JobPlan, PlannedWork } from '../../shared/plan.ts';
import type { PlannedJob } from '../../shared/planned-job.ts';
import { call } from './call.ts';
import { keys } from './query-keys.ts';

/** Every job that is kept, the newest first. */
export function useJobs(): UseQueryResult<readonly Job[]> {
  return useQuery({ queryKey: keys.jobs, queryFn: ({ signal }) => call('jobs:list', {}, signal) });
}

/** What a job would send; null until it is known, and where only the job finds it out. */
export function useJobPlan(job: PlannedJob): JobPlan | null {
  const { data } = useQuery({
    queryKey: keys.jobPlan(job),
    queryFn: ({ signal }) => call('jobs:plan', job, signal),
    staleTime: 0,
    gcTime: 0,
  });
  return data ?? null;
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

/**
 * The first records of a job as they will be; `name` says which job it is, and changes where that does. Those of the job before
 * stay until they are there.
 */
export function useJobPreview(
  name: string,
  request: ((signal: AbortSignal) => Promise<JobRequest>) | null,
): UseQueryResult<readonly PreviewedRecord[]> {
  return useQuery({
    queryKey: keys.jobPreview(name),
    queryFn: async ({ signal }) => {
      if (request === null) return [];
      return call('jobs:preview', { job: await request(signal) }, signal);
    },
    enabled: request !== null,
    placeholderData: (before) => before,
    staleTime: 0,
    gcTime: 0,
  });
}

/** What was deleted of a collection whose bucket keeps versions; asked once `wanted`, as it may take long. */
export function useDeletedRecords(collection: string, wanted: boolean): UseQueryResult<DeletedRecords> {
  return useQuery({
    queryKey: keys.deleted(collection),
    queryFn: ({ signal }) => call('undelete:find', { collection }, signal),
    enabled: wanted,
    staleTime: Infinity,
    gcTime: 0,
  });
}

/** Two collections beside each other, all names or the first so many; asked once `wanted`, as it may take long. */
export function useComparison(
  collection: string,
  to: string,
  wanted: boolean,
  first: number | null = null,
): UseQueryResult<Comparison> {
  return useQuery({
    queryKey: keys.comparison(collection, to, first),
    queryFn: ({ signal }) => call('promote:compare', { collection, to, ...(first === null ? {} : { first }) }, signal),
    enabled: wanted,
    staleTime: Infinity,
    gcTime: 0,
  });
}

/** What that sends, as far as it is known before. */
export function useComparisonPlan(collection: string, to: string, first: number): UseQueryResult<PlannedWork> {
  return useQuery({
    queryKey: keys.comparisonPlan(collection, to, first),
    queryFn: ({ signal }) => call('promote:plan-comparison', { collection, to, first }, signal),
    staleTime: 0,
    gcTime: 0,
  });
}
