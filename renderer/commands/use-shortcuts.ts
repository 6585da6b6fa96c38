import { useEffect, useEffectEvent } from 'react';
import { APPLICATION_COMMANDS } from './application-commands.ts';
import { shortcutsOf, type Command } from './command.ts';
import type { CommandContext } from './context.ts';
import { registeredCommands } from './registry.ts';
import { runCommand } from './run-command.ts';
import { matchesShortcut } from './shortcut.ts';

/** Runs the command whose keys are pressed. What a control has taken for itself (preventDefault) is left to it. */
export function useShortcuts(context: CommandContext): void {
  const handleKey = useEffectEvent((event: KeyboardEvent) => {
    if (event.defaultPrevented || event.isComposing) return;
    const { shell, platform } = context;
    // A panel's command goes before one of the frame with the same keys.
    for (const command of [...registeredCommands(), ...APPLICATION_COMMANDS]) {
      if (!shortcutsOf(command, shell).some((shortcut) => matchesShortcut(event, shortcut, platform))) continue;
      if (!inScope(command, event.target) || command.when(context) !== 'available') continue;
      event.preventDefault();
      runCommand(command, context);
      return;
    }
  });
  useEffect(() => {
    const onKeyDown = (event: KeyboardEvent) => handleKey(event);
    window.addEventListener('keydown', onKeyDown);
    return () => window.removeEventListener('keydown', onKeyDown);
  }, []);
}

function inScope(command: Command<CommandContext>, target: EventTarget | null): boolean {
  const element = target instanceof Element ? target : null;
  // A dialog holds the keys: nothing behind it is run.
  if (element?.closest('[role="dialog"], [role="alertdialog"], [role="menu"], [role="listbox"]')) return false;
  switch (command.scope) {
    case 'anywhere':
      return true;
    case 'page':
      return element?.closest('input, textarea, select, [contenteditable="true"], .cm-editor') === null;
    case 'grid':
      return element?.closest('[role="gridcell"]') !== null && element !== null;
  }
}
