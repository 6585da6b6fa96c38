import { useEffect } from 'react';
import type { Settings } from '../../shared/settings.ts';

type Theme = Settings['theme'];

/** The last theme, so that a start does not flash: the settings themselves come a moment after the first paint. */
const STORAGE_KEY = 'dipper.theme';

export function applyTheme(theme: Theme): void {
  if (theme === 'system') delete document.documentElement.dataset['theme'];
  else document.documentElement.dataset['theme'] = theme;
}

export function applyLastTheme(): void {
  const last = localStorage.getItem(STORAGE_KEY);
  if (last === 'light' || last === 'dark') applyTheme(last);
}

export function useTheme(theme: Theme): void {
  useEffect(() => {
    applyTheme(theme);
    localStorage.setItem(STORAGE_KEY, theme);
  }, [theme]);
}
