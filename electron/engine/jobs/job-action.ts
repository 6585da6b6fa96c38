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
  switch (work.kind) {
    case 'delete':
      return 'gone already';
    case 'import': {
      const { onConflict } = work.settings;
      return onConflict === 'skip' || onConflict === 'newer' ? 'kept' : 'same already';
    }
    case 'copy':
    case 'move':
      return work.ifExists === 'skip' ? 'kept' : 'same already';
    default:
      return 'same already';
  }
}
