import type { CollectionListing } from '../../shared/collection.ts';
import type { Job } from '../../shared/job.ts';
import { jobTitle, reasonAgainst } from '../../shared/job-words.ts';
import { currentWorkspace } from '../shell/workspace.ts';
import { IconButton } from '../ui/IconButton.tsx';
import { actOnJob, reasonAgainstUndo } from './job-actions.ts';

/** One button for both: a job is either going or standing still. */
export function PauseOrResume({ job }: { readonly job: Job }) {
  const action = job.state === 'paused' ? 'resume' : 'pause';
  return (
    <IconButton
      small
      icon={action === 'resume' ? 'play' : 'pause'}
      name={`${action === 'resume' ? 'Resume' : 'Pause'}: ${jobTitle(job)}`}
      disabledReason={reasonAgainst(action, job)}
      onClick={() => actOnJob(action, job)}
    />
  );
}

export interface JobButtonsProps {
  readonly job: Job;
  readonly collections: readonly CollectionListing[];
}

/** Everything that can be done about a job, always in the same places. */
export function JobButtons({ job, collections }: JobButtonsProps) {
  const title = jobTitle(job);
  return (
    <>
      <PauseOrResume job={job} />
      <IconButton
        small
        icon="stop"
        name={`Cancel: ${title}`}
        disabledReason={reasonAgainst('cancel', job)}
        onClick={() => actOnJob('cancel', job)}
      />
      <IconButton
        small
        icon="refresh"
        name={`Try the failed records again: ${title}`}
        disabledReason={reasonAgainst('retry', job)}
        onClick={() => actOnJob('retry', job)}
      />
      <IconButton
        small
        icon="undo"
        name={`${job.undoes === undefined ? 'Undo' : 'Redo'}: ${title}`}
        disabledReason={reasonAgainstUndo(job, collections)}
        onClick={() => currentWorkspace().openDialog({ kind: 'undo-job', job: job.id })}
      />
      <IconButton
        small
        icon="list"
        name={`Report: ${title}`}
        disabledReason={job.kind === 'sync' ? 'It changes no records' : null}
        onClick={() => currentWorkspace().showReport({ job: job.id, onlyFailed: false })}
      />
      <IconButton
        small
        icon="close"
        name={`Remove from the list: ${title}`}
        disabledReason={reasonAgainst('remove', job)}
        onClick={() => actOnJob('remove', job)}
      />
    </>
  );
}
