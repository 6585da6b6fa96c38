import { Button, type ButtonProps } from '../ui/Button.tsx';
import { IconButton } from '../ui/IconButton.tsx';
import { reasonOf, shortcutsOf, type Command } from './command.ts';
import { useCommandContext, type CommandContext } from './context.ts';
import { runCommand } from './run-command.ts';
import { showShortcut } from './shortcut.ts';

interface CommandButtonProps extends Pick<ButtonProps, 'kind' | 'compact' | 'className' | 'children'> {
  readonly command: Command<CommandContext>;
  readonly withShortcut?: boolean;
  /** For one that shows and hides. */
  readonly pressed?: boolean;
}

/** A button with words; says why where it cannot be pressed, and is absent where the command means nothing. */
export function CommandButton({ command, withShortcut = false, pressed, children, ...rest }: CommandButtonProps) {
  const context = useCommandContext();
  const availability = command.when(context);
  if (availability === 'hidden') return null;
  const shortcut = shownShortcut(command, context);
  return (
    <Button
      {...rest}
      icon={command.icon}
      aria-pressed={pressed}
      aria-label={typeof children === 'string' ? undefined : command.name}
      shortcut={withShortcut ? shortcut : undefined}
      disabledReason={reasonOf(availability)}
      onClick={() => runCommand(command, context)}
    >
      {children ?? command.name}
    </Button>
  );
}

interface CommandIconButtonProps {
  readonly command: Command<CommandContext>;
  readonly pressed?: boolean;
  readonly className?: string;
}

export function CommandIconButton({ command, pressed, className }: CommandIconButtonProps) {
  const context = useCommandContext();
  const availability = command.when(context);
  if (availability === 'hidden' || command.icon === undefined) return null;
  return (
    <IconButton
      icon={command.icon}
      name={command.name}
      shortcut={shownShortcut(command, context)}
      pressed={pressed}
      className={className}
      disabledReason={reasonOf(availability)}
      onClick={() => runCommand(command, context)}
    />
  );
}

/** The shortcut as it is written on this system, or undefined where the command has none. */
export function shownShortcut(
  command: Command<CommandContext>,
  { shell, platform }: CommandContext,
): string | undefined {
  const first = shortcutsOf(command, shell)[0];
  return first === undefined ? undefined : showShortcut(first, platform);
}
