import { expect, test, vi } from 'vitest';
import { acceleratorOf, menuTemplate } from '../../../electron/desktop/menu-template.ts';
import { readWindowMenus } from '../../../electron/ipc/window-menu-schema.ts';
import type { WindowMenu } from '../../../shared/window-menu.ts';

const MENUS: readonly WindowMenu[] = [
  {
    name: 'File',
    sections: [
      [{ id: 'tab.new', label: 'New tab', shortcut: 'Mod+T', state: 'enabled', checked: null }],
      [{ id: 'tab.close', label: 'Close the tab', shortcut: null, state: 'disabled', checked: null }],
    ],
  },
  {
    name: 'View',
    sections: [[{ id: 'theme.dark', label: 'Dark theme', shortcut: null, state: 'enabled', checked: true }]],
  },
];

const labels = (menus: readonly WindowMenu[], mac: boolean): readonly string[] =>
  menuTemplate(menus, mac, { choose: () => undefined, showDataFolder: () => undefined }).map((menu) => {
    const submenu = Array.isArray(menu.submenu) ? menu.submenu : [];
    return `${menu.label ?? menu.role}: ${submenu.map(({ label, role, type }) => label ?? role ?? type).join(', ')}`;
  });

test("the page's menus stand among those of the system, with a line between", () => {
  expect(labels(MENUS, false)).toEqual([
    'File: New tab, separator, Close the tab, separator, quit',
    'editMenu: ',
    'View: Dark theme, separator, resetZoom, zoomIn, zoomOut, separator, togglefullscreen, toggleDevTools',
    'Window: minimize',
    'Help: Show Data Folder',
  ]);
});

test('a Mac without a window has the menus of the system alone', () => {
  expect(labels([], true)).toEqual([
    'appMenu: ',
    'editMenu: ',
    'View: resetZoom, zoomIn, zoomOut, separator, togglefullscreen, toggleDevTools',
    'Window: minimize, zoom, front',
    'Help: Show Data Folder',
  ]);
});

test('a click chooses a command, keys do not: they are the page’s', () => {
  const choose = vi.fn<(command: string) => void>();
  const [file] = menuTemplate(MENUS, false, { choose, showDataFolder: () => undefined });
  const [item] = Array.isArray(file?.submenu) ? file.submenu : [];
  const click = (triggeredByAccelerator: boolean): void => {
    // Of Electron's objects it looks at the event alone.
    if (item?.click !== undefined) Reflect.apply(item.click, null, [null, null, { triggeredByAccelerator }]);
  };
  click(true);
  click(false);
  expect(choose.mock.calls).toEqual([['tab.new']]);
});

test('plain keys are not shown as accelerators, which a system would take from whoever types', () => {
  expect(['Mod+T', 'Shift+Mod+L', 'F5', 'Enter', '?', 'Shift+Enter', null].map(acceleratorOf)).toEqual([
    'CommandOrControl+T',
    'Shift+CommandOrControl+L',
    'F5',
    null,
    null,
    null,
    null,
  ]);
});

test('what is no menu bar is not shown', () => {
  expect([
    readWindowMenus(MENUS),
    readWindowMenus(null),
    readWindowMenus([{ name: 'Edit', sections: [] }]),
    readWindowMenus([{ name: 'File', sections: [[{ id: 'x', label: 'X', role: 'quit' }]] }]),
    readWindowMenus([{ name: 'File', sections: Array.from({ length: 1000 }, () => []) }]),
  ]).toEqual([MENUS, null, null, null, null]);
});
