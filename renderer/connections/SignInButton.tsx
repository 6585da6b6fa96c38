import type { AppError } from '../../shared/result.ts';
import { currentWorkspace, type OpenDialog } from '../shell/workspace.ts';
import { Button } from '../ui/Button.tsx';

export interface SignInButtonProps {
  readonly error: AppError | null;
  /** The dialog to come back to. */
  readonly next?: OpenDialog | null;
}

/** Beside a failure that takes a person; nothing beside others. */
export function SignInButton({ error, next = null }: SignInButtonProps) {
  const profile = error?.code === 'sign-in-needed' ? error.detail?.profile : undefined;
  if (profile === undefined) return null;
  return (
    <Button compact icon="key" onClick={() => currentWorkspace().openDialog({ kind: 'sign-in', profile, next })}>
      Sign in
    </Button>
  );
}
