import { Button } from '../ui/Button.tsx';
import { Dialog } from '../ui/Dialog.tsx';
import { SignInSteps } from './SignInSteps.tsx';

export interface SignInDialogProps {
  readonly profile: string;
  readonly onClose: () => void;
  readonly onSignedIn: () => void;
}

export function SignInDialog({ profile, onClose, onSignedIn }: SignInDialogProps) {
  return (
    <Dialog
      open
      title="Sign in"
      subject={profile}
      // A person goes to the browser and comes back.
      keepOpen
      onClose={onClose}
      footer={<Button onClick={onClose}>Not now</Button>}
    >
      <SignInSteps profile={profile} onDone={onSignedIn} />
    </Dialog>
  );
}
