import { DELETE_RECORD, DUPLICATE_RECORD, OPEN_RECORD } from '../commands/application-commands.ts';
import { reasonOf } from '../commands/command.ts';
import { shownShortcut } from '../commands/CommandButton.tsx';
import { useCommandContext } from '../commands/context.ts';
import { COPY, COPY_JSON, COPY_TABLE } from '../commands/copy-commands.ts';
import { runCommand } from '../commands/run-command.ts';
import type { MenuEntry } from '../ui/MenuEntries.tsx';

const ROW_COMMANDS = [OPEN_RECORD, DUPLICATE_RECORD, COPY, COPY_TABLE, COPY_JSON, DELETE_RECORD];

/** The context menu of a row. */
export function useRowMenu(): readonly MenuEntry[] {
  const context = useCommandContext();
  return ROW_COMMANDS.map((command) => ({
    id: command.id,
    label: command.name,
    icon: command.icon,
    shortcut: shownShortcut(command, context),
    danger: command === DELETE_RECORD,
    separator: command === COPY || command === DELETE_RECORD,
    disabledReason: reasonOf(command.when(context)),
    run: () => runCommand(command, context),
  }));
}
