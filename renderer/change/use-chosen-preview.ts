import type { JobRecords, JobRequest } from '../../shared/job.ts';
import { useJobPreview } from '../api/job-queries.ts';
import { firstOf, jobRecords, type ChosenRecords } from '../jobs/chosen-records.ts';
import { useSettled } from '../query/use-settled.ts';

/** Milliseconds after the last key: each preview reads as many records as it shows. */
const PREVIEWED_AFTER = 400;

/** What a job would make of the first of the chosen records. `task` is the rest of its request; null while there is none. */
export function useChosenPreview<Task>(
  chosen: ChosenRecords,
  task: Task | null,
  requestOf: (task: Task, records: JobRecords) => JobRequest,
): ReturnType<typeof useJobPreview> {
  const settled = useSettled(JSON.stringify(task), PREVIEWED_AFTER);
  const isSettled = task !== null && settled === JSON.stringify(task);
  const first = firstOf(chosen);
  return useJobPreview(
    JSON.stringify([first.result, first.ranges, isSettled ? task : settled]),
    isSettled ? async (signal) => requestOf(task, await jobRecords(first, signal)) : null,
  );
}
