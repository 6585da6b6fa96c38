import type { Job } from '../../shared/job.ts';
import { call, toAppError } from '../api/call.ts';
import { useApplicationState } from '../api/settings-queries.ts';
import { currentWorkspace } from '../shell/workspace.ts';
import { Button } from '../ui/Button.tsx';

/** Where an export has written: its folder in the desktop, its path in a browser, which opens no folders. */
export function ExportedFile({ job, className }: { readonly job: Job; readonly className?: string | undefined }) {
  const isDesktop = useApplicationState().data?.shell === 'desktop';
  if (job.path === undefined || (job.state !== 'completed' && job.state !== 'completed-with-errors')) return null;
  if (!isDesktop) return <span className={className}>{job.path}</span>;
  return (
    <Button kind="link" onClick={() => show(job.id)}>
      Show in folder
    </Button>
  );
}

function show(job: string): void {
  call('exports:show', { job }).catch((thrown: unknown) => currentWorkspace().say(toAppError(thrown).message));
}
