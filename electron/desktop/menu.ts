import { app, dialog, ipcMain, Menu, shell, type MenuItem, type WebContents } from 'electron';
import { IPC_CHANNELS } from '../../shared/ipc-channels.ts';
import type { WindowMenu, WindowMenuItem } from '../../shared/window-menu.ts';
import { readWindowMenus } from '../ipc/window-menu-schema.ts';
import { menuTemplate } from './menu-template.ts';
import { isTrustedSender } from './trusted-sender.ts';

/** Shows the menus that the page describes. Until it has, and when it has gone, there are those of the system alone. */
export function serveMenu(dataFolder: string): void {
  let shown: readonly WindowMenu[] = [];
  let menu = build([], null);
  const watched = new WeakSet<WebContents>();

  function build(menus: readonly WindowMenu[], page: WebContents | null): Menu {
    const template = menuTemplate(menus, process.platform === 'darwin', {
      choose: (command) => {
        if (page !== null && !page.isDestroyed()) page.send(IPC_CHANNELS.command, command);
      },
      showDataFolder: () => showFolder(dataFolder),
    });
    const built = Menu.buildFromTemplate([...template]);
    Menu.setApplicationMenu(built);
    return built;
  }

  function show(menus: readonly WindowMenu[], page: WebContents | null): void {
    // A menu that is built anew closes the one that is open, so what only goes on or off is changed in place.
    if (page !== null && sameItems(shown, menus)) applyStates(menu, menus);
    else menu = build(menus, page);
    shown = menus;
  }

  ipcMain.on(IPC_CHANNELS.menus, (event, value: unknown) => {
    const menus = isTrustedSender(event) ? readWindowMenus(value) : null;
    if (menus === null) return;
    const page = event.sender;
    if (!watched.has(page)) {
      watched.add(page);
      const forget = (): void => show([], null);
      page.on('did-navigate', forget);
      page.on('render-process-gone', forget);
      page.on('destroyed', forget);
    }
    show(menus, page);
  });
}

function sameItems(before: readonly WindowMenu[], now: readonly WindowMenu[]): boolean {
  return before.length > 0 && JSON.stringify(withoutStates(before)) === JSON.stringify(withoutStates(now));
}

function withoutStates(menus: readonly WindowMenu[]): unknown {
  return menus.map(({ name, sections }) => [
    name,
    sections.map((items) => items.map(({ id, label, shortcut, checked }) => [id, label, shortcut, checked === null])),
  ]);
}

function applyStates(menu: Menu, menus: readonly WindowMenu[]): void {
  for (const item of menus.flatMap(({ sections }) => sections.flat())) applyState(menu.getMenuItemById(item.id), item);
}

function applyState(shown: MenuItem | null, { state, checked }: WindowMenuItem): void {
  if (shown === null) return;
  shown.enabled = state === 'enabled';
  shown.visible = state !== 'hidden';
  if (checked !== null) shown.checked = checked;
}

/** What "About Dipper" of a Mac's own menu shows; that of the page lists the licences. */
export function describeProgram(icon: string): void {
  app.setAboutPanelOptions({
    applicationName: 'Dipper',
    applicationVersion: app.getVersion(),
    copyright: 'A desktop record browser for S3 buckets. Copyright the Dipper founders; MIT licence.',
    credits: 'The licences of what is inside are listed in the menu Help.',
    ...(process.platform === 'linux' ? { iconPath: icon } : {}),
  });
}

function showFolder(path: string): void {
  const report = (reason: unknown): void =>
    dialog.showErrorBox(
      'The data folder could not be shown',
      `${path} could not be opened with the program for folders: ${String(reason)}. Open it there by hand.`,
    );
  // Answers why it could not, or nothing.
  shell.openPath(path).then((failure) => failure !== '' && report(failure), report);
}
