import { Button } from '../ui/Button.tsx';
import { Dialog } from '../ui/Dialog.tsx';
import { LocalStackCommands } from './LocalStackCommands.tsx';

export function StartLocalStackDialog({ onClose }: { readonly onClose: () => void }) {
  return (
    <Dialog open title="Start a LocalStack" onClose={onClose} footer={<Button onClick={onClose}>Close</Button>}>
      <LocalStackCommands />
    </Dialog>
  );
}
