import { useCommandContext } from '../commands/context.ts';
import { commandEntries } from '../commands/menus.ts';
import { THEMES } from '../commands/window-commands.ts';
import { IconButton } from '../ui/IconButton.tsx';
import { Menu } from '../ui/Menu.tsx';

export function ThemeMenu() {
  return (
    <Menu
      align="end"
      trigger={<IconButton icon="theme" name="Theme: light, dark or as the system" />}
      entries={commandEntries(THEMES, useCommandContext())}
    />
  );
}
