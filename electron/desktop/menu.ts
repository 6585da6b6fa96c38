import { app, Menu, shell, type MenuItemConstructorOptions } from 'electron';

/**
 * The one menu. It leaves out `reload` and `close`: their accelerators (Mod+R, Mod+W) belong to the page, where they
 * refresh a collection and close a tab.
 */
export function setMenu(dataFolder: string): void {
  const mac = process.platform === 'darwin';
  const template: MenuItemConstructorOptions[] = [
    mac
      ? { role: 'appMenu' }
      : { label: app.name, submenu: [{ role: 'about' }, { type: 'separator' }, { role: 'quit' }] },
    { role: 'editMenu' },
    {
      label: 'View',
      submenu: [
        { role: 'resetZoom' },
        { role: 'zoomIn' },
        { role: 'zoomOut' },
        { type: 'separator' },
        { role: 'togglefullscreen' },
        { role: 'toggleDevTools' },
      ],
    },
    {
      role: 'window',
      submenu: [{ role: 'minimize' }, ...(mac ? ([{ role: 'zoom' }, { role: 'front' }] as const) : [])],
    },
    { role: 'help', submenu: [{ label: 'Show Data Folder', click: () => showFolder(dataFolder) }] },
  ];
  Menu.setApplicationMenu(Menu.buildFromTemplate(template));
}

function showFolder(path: string): void {
  const report = (reason: unknown): void => {
    process.stderr.write(`dipper: ${path} could not be shown: ${String(reason)}\n`);
  };
  // Answers why it could not, or nothing.
  shell.openPath(path).then((failure) => failure !== '' && report(failure), report);
}
