import { MENU_NAMES, type WindowMenu, type WindowMenuItem } from '../../shared/window-menu.ts';
import type { MenuEntry } from '../ui/MenuEntries.tsx';
import { reasonOf, shortcutsOf, type Command } from './command.ts';
import { shownShortcut } from './CommandButton.tsx';
import type { CommandContext } from './context.ts';
import { runCommand } from './run-command.ts';

type Commands = readonly Command<CommandContext>[];

/** The lines of a menu: what means nothing now is left out, what cannot be done says why. */
export function commandEntries(commands: Commands, context: CommandContext): readonly MenuEntry[] {
  return commands.flatMap((command, place): readonly MenuEntry[] => {
    const availability = command.when(context);
    if (availability === 'hidden') return [];
    const { id, name, icon, danger, startsSection } = command;
    return [
      {
        id,
        label: name,
        icon,
        danger,
        shortcut: shownShortcut(command, context),
        separator: startsSection === true && place > 0,
        checked: command.checked?.(context),
        disabledReason: reasonOf(availability),
        run: () => runCommand(command, context),
      },
    ];
  });
}

/** All menus of the page, for where the system draws none. */
export function menusOf(commands: Commands, context: CommandContext) {
  return MENU_NAMES.map((name) => ({ name, entries: commandEntries(ofMenu(commands, name), context) }));
}

/** The same for the system's menu bar. Nothing behind a dialog is run, so all is off while one is open. */
export function windowMenus(commands: Commands, context: CommandContext): readonly WindowMenu[] {
  const blocked = context.workspace.dialog !== null;
  return MENU_NAMES.map((name) => ({
    name,
    sections: ofMenu(commands, name).reduce<readonly (readonly WindowMenuItem[])[]>((sections, command) => {
      const item = menuItem(command, context, blocked);
      const last = sections.at(-1);
      return last === undefined || command.startsSection === true
        ? [...sections, [item]]
        : [...sections.slice(0, -1), [...last, item]];
    }, []),
  }));
}

function menuItem(command: Command<CommandContext>, context: CommandContext, blocked: boolean): WindowMenuItem {
  const availability = command.when(context);
  return {
    id: command.id,
    label: command.name,
    shortcut: shortcutsOf(command, context.shell)[0] ?? null,
    state: availability === 'hidden' ? 'hidden' : availability === 'available' && !blocked ? 'enabled' : 'disabled',
    checked: command.checked?.(context) ?? null,
  };
}

function ofMenu(commands: Commands, name: WindowMenu['name']): Commands {
  return commands.filter(({ menu }) => menu === name);
}
