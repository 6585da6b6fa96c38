import type { Collection } from '../../shared/collection.ts';

/** Whether a job that writes to a collection can be taken back: what was there before is kept by its journal, or by the bucket. */
export function undoWords({ memoryOnly }: Collection): string {
  return memoryOnly
    ? 'Nothing of the records is kept on this machine: the job can be undone only where the bucket keeps versions.'
    : 'The job can be undone.';
}
