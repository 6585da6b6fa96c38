import { nativeTheme } from 'electron';
import type { EventMessage } from '../../shared/bridge.ts';
import { createCaller } from '../ipc/caller.ts';
import type { Door } from '../ipc/door.ts';

/** Menus, dialogs and the window's frame are drawn by the system: they take the theme that was chosen in the page. */
export async function followTheme(door: Door): Promise<void> {
  const settings = await createCaller(door, follow).call('settings:read', {});
  nativeTheme.themeSource = settings.theme;
}

function follow(event: EventMessage): void {
  if (event.name === 'settings:changed') nativeTheme.themeSource = event.payload.theme;
}
