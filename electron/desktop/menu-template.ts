import type { MenuItemConstructorOptions } from 'electron';
import type { MenuName, WindowMenu, WindowMenuItem } from '../../shared/window-menu.ts';

export interface MenuActions {
  readonly choose: (command: string) => void;
  readonly showDataFolder: () => void;
}

const SEPARATOR: MenuItemConstructorOptions = { type: 'separator' };

/**
 * The page's menus among those of the system. `reload` and `close` are left out: their accelerators (Mod+R, Mod+W) belong to
 * the page, where they refresh a collection and close a tab.
 */
export function menuTemplate(
  menus: readonly WindowMenu[],
  mac: boolean,
  actions: MenuActions,
): readonly MenuItemConstructorOptions[] {
  const own = (name: MenuName): MenuItemConstructorOptions[] => {
    const sections = menus.find((each) => each.name === name)?.sections ?? [];
    return sections.flatMap((section, place) => [
      ...(place === 0 ? [] : [SEPARATOR]),
      ...section.map((item) => menuItem(item, actions.choose)),
    ]);
  };
  const withOwn = (
    name: MenuName,
    others: readonly MenuItemConstructorOptions[],
  ): readonly MenuItemConstructorOptions[] => {
    const first = own(name);
    return first.length === 0 || others.length === 0 ? [...first, ...others] : [...first, SEPARATOR, ...others];
  };
  return [
    ...(mac ? ([{ role: 'appMenu' }] as const) : []),
    ...menu('File', withOwn('File', mac ? [] : [{ role: 'quit' }])),
    { role: 'editMenu' },
    ...menu('Record', own('Record')),
    ...menu('Collection', own('Collection')),
    ...menu(
      'View',
      withOwn('View', [
        { role: 'resetZoom' },
        { role: 'zoomIn' },
        { role: 'zoomOut' },
        SEPARATOR,
        { role: 'togglefullscreen' },
        { role: 'toggleDevTools' },
      ]),
    ),
    ...menu(
      'Window',
      [{ role: 'minimize' }, ...(mac ? ([{ role: 'zoom' }, { role: 'front' }] as const) : [])],
      'window',
    ),
    ...menu('Help', withOwn('Help', [{ label: 'Show Data Folder', click: actions.showDataFolder }]), 'help'),
  ];
}

function menu(
  label: string,
  submenu: readonly MenuItemConstructorOptions[],
  role?: MenuItemConstructorOptions['role'],
): MenuItemConstructorOptions[] {
  return submenu.length === 0 ? [] : [{ label, submenu: [...submenu], ...(role === undefined ? {} : { role }) }];
}

function menuItem(
  { id, label, shortcut, state, checked }: WindowMenuItem,
  choose: (command: string) => void,
): MenuItemConstructorOptions {
  const accelerator = acceleratorOf(shortcut);
  return {
    id,
    label,
    enabled: state === 'enabled',
    visible: state !== 'hidden',
    ...(checked === null ? {} : { type: 'checkbox', checked }),
    // Shown only. A Mac takes its keys all the same, once the page has left them alone: then they are for nobody.
    ...(accelerator === null ? {} : { accelerator, registerAccelerator: false }),
    click: (_item, _window, { triggeredByAccelerator }) => {
      if (triggeredByAccelerator !== true) choose(id);
    },
  };
}

/** Null for plain keys: as accelerators they would be taken from whoever types. */
export function acceleratorOf(shortcut: string | null): string | null {
  if (shortcut === null || !/^(?:(?:Shift\+)?(?:Mod|Alt)\+|F\d)/.test(shortcut)) return null;
  return shortcut.replace('Mod', 'CommandOrControl');
}
