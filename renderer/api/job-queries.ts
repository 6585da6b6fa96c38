import { useQuery, type UseQueryResult } from '@tanstack/react-query';
import type { Job, JobKind, JobReport } from '../../shared/job.ts';
import type { JobPlan } from '../../shared/plan.ts';
import { call } from './call.ts';
import { keys } from './query-keys.ts';

/** Every job that is kept, the newest first. */
export function useJobs(): UseQueryResult<readonly Job[]> {
  return useQuery({ queryKey: keys.jobs, queryFn: ({ signal }) => call('jobs:list', {}, signal) });
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
