import type { Settings } from '../../shared/settings.ts';
import { useSettings, useWriteSettings } from '../api/queries.ts';
import { IconButton } from '../ui/IconButton.tsx';
import { Menu } from '../ui/Menu.tsx';

const THEMES: readonly { readonly theme: Settings['theme']; readonly label: string }[] = [
  { theme: 'light', label: 'Light' },
  { theme: 'dark', label: 'Dark' },
  { theme: 'system', label: 'As the system' },
];

export function ThemeMenu() {
  const { theme } = useSettings();
  const writeSettings = useWriteSettings();
  return (
    <Menu
      align="end"
      trigger={<IconButton icon="theme" name="Theme: light, dark or as the system" />}
      entries={THEMES.map((each) => ({
        id: each.theme,
        label: each.theme === theme ? `${each.label} (now)` : each.label,
        icon: each.theme === theme ? 'check' : undefined,
        run: () => writeSettings({ theme: each.theme }),
      }))}
    />
  );
}
