import { useState } from 'react';
import { Button } from './Button.tsx';
import { copyText } from './copy-text.ts';
import { IconButton } from './IconButton.tsx';

export interface CopyButtonProps {
  readonly text: string;
  /** What is copied, as in "Copy key". */
  readonly name: string;
  readonly iconOnly?: boolean;
  readonly compact?: boolean;
  readonly className?: string | undefined;
}

export function CopyButton({ text, name, iconOnly = false, compact = false, className }: CopyButtonProps) {
  const [outcome, setOutcome] = useState<'copied' | 'refused' | null>(null);
  function handleClick(): void {
    void copyText(text).then((copied) => setOutcome(copied ? 'copied' : 'refused'));
  }
  const reset = () => setOutcome(null);
  const said = { copied: 'Copied', refused: 'The clipboard refused it' };
  if (iconOnly) {
    return (
      <IconButton
        small
        icon={outcome === 'copied' ? 'check' : 'copy'}
        name={outcome === null ? name : said[outcome]}
        className={className}
        onClick={handleClick}
        onPointerLeave={reset}
        onBlur={reset}
      />
    );
  }
  return (
    <Button
      kind="quiet"
      compact={compact}
      icon={outcome === 'copied' ? 'check' : 'copy'}
      className={className}
      onClick={handleClick}
      onPointerLeave={reset}
      onBlur={reset}
    >
      {outcome === null ? name : said[outcome]}
    </Button>
  );
}
