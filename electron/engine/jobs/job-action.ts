import type { JobAction, JobOutcome } from '../../../shared/job.ts';
import type { JobWork } from './journal/journal.ts';

/** What was done to a record, as the report says it: by what the job was to do, and what its outcome tells. */
export function actionOf(work: JobWork, outcome: JobOutcome): JobAction {
  if (outcome.outcome === 'failed') return 'none';
  return outcome.outcome === 'done' ? doneAction(work, outcome) : unchangedAction(work);
}

function doneAction(work: JobWork, { created, etagBefore, etagAfter }: JobOutcome): JobAction {
  switch (work.kind) {
    case 'import':
      if (etagBefore === null) return 'created';
      return work.settings.onConflict === 'merge' ? 'merged' : 'overwritten';
    case 'copy':
    case 'promote':
      return created === true ? 'created' : 'overwritten';
    case 'undo':
      return etagAfter === null ? 'removed' : 'brought back';
    case 'sync':
      return 'read';
    case 'delete':
      return 'deleted';
    case 'update':
      return 'changed';
    case 'tag':
      return 'tagged';
    case 'set-class':
      return 'class changed';
    case 'move':
      return 'moved';
    case 'restore':
      return 'restore asked for';
    case 'undelete':
      return 'brought back';
    case 'export':
      return 'exported';
  }
}

function unchangedAction(work: JobWork): JobAction {
  if (work.kind === 'delete') return 'gone already';
  const { kind } = work;
  // What is there need not be the same: it was not looked at, or is newer.
  const keeps =
    (kind === 'import' && (work.settings.onConflict === 'skip' || work.settings.onConflict === 'newer')) ||
    ((kind === 'copy' || kind === 'move') && work.ifExists === 'skip');
  return keeps ? 'kept' : 'same already';
}
