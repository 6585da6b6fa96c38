import type { Job } from '../../shared/job.ts';
import { reasonAgainst } from '../../shared/job-words.ts';
import { call, toAppError } from '../api/call.ts';
import { runText } from '../query/run-query.ts';
import { currentWorkspace } from '../shell/workspace.ts';
import type { IconName } from '../ui/icon-shapes.ts';
import { saveBadRows } from './save-report.ts';

export type JobAction = 'pause' | 'resume' | 'cancel' | 'retry' | 'remove';

export const JOB_ICONS: Readonly<Record<Job['kind'], IconName>> = {
  sync: 'refresh',
  delete: 'trash',
  update: 'edit',
  export: 'download',
  import: 'upload',
  tag: 'tag',
  'set-class': 'bucket',
  copy: 'copy',
  move: 'arrow-right',
  promote: 'arrow-up',
  restore: 'refresh',
  undelete: 'undo',
  undo: 'undo',
};

/** Does it, and says in the jobs bar where it could not be done. */
export function actOnJob(action: JobAction, job: Job): void {
  call(`jobs:${action}`, { job: job.id }).catch((thrown: unknown) => {
    const { code, message } = toAppError(thrown);
    if (code === 'ask-first') currentWorkspace().openDialog({ kind: 'retry-job', job: job.id });
    // It ended meanwhile, or another window was faster: the list shows that already.
    else if (code !== 'job-not-found') currentWorkspace().say(message);
  });
}

/** Offers the rows of an import that failed as a file. */
export function offerBadRows(job: Job): void {
  saveBadRows(job).catch((thrown: unknown) =>
    currentWorkspace().say(`The bad rows were not saved. ${toAppError(thrown).message}`),
  );
}

/** Shows a record that a job was about, in the tab of its collection. */
export function openRecordOf(job: Job, key: string): void {
  currentWorkspace().openCollection(job.collection);
  const { activeTab, changeTab, setInspectorOpen } = currentWorkspace();
  if (activeTab !== null) changeTab(activeTab, { record: key });
  setInspectorOpen(true);
}

/** Asks for these records in the tab of their collection; what it asked before is in the history. */
export async function showRecordsOf(job: Job, keys: readonly string[]): Promise<void> {
  currentWorkspace().openCollection(job.collection);
  const { activeTab } = currentWorkspace();
  const where = `@key in (${keys.map((key) => JSON.stringify(key)).join(', ')})`;
  if (activeTab !== null) await runText(activeTab, { where, sort: [] });
}

/** Collections whose records a job has written. */
export function writtenBy({ kind, collection, to }: Job): readonly string[] {
  if (to === undefined) return [collection];
  return kind === 'move' ? [collection, to.collection] : [to.collection];
}

/** Why a job cannot be undone here, in a sentence without a full stop; null where it can. */
export function reasonAgainstUndo(job: Job, collections: readonly { readonly id: string }[]): string | null {
  const areHere = writtenBy(job).every((written) => collections.some(({ id }) => id === written));
  return reasonAgainst('undo', job) ?? (areHere ? null : 'Its records are in no collection here: use dipper jobs undo');
}
