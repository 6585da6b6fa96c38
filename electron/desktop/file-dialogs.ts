import { join } from 'node:path';
import { BrowserWindow, dialog, shell, type SaveDialogOptions } from 'electron';

/** Where to write is asked of the person, never of the page. */
export const FILE_DIALOGS = {
  save: async (name: string, folder: string): Promise<string | null> => {
    const options: SaveDialogOptions = {
      title: 'Export',
      defaultPath: join(folder, name),
      properties: ['createDirectory', 'showOverwriteConfirmation'],
    };
    const window = BrowserWindow.getFocusedWindow() ?? BrowserWindow.getAllWindows()[0];
    const { canceled, filePath } = await (window === undefined
      ? dialog.showSaveDialog(options)
      : dialog.showSaveDialog(window, options));
    return canceled || filePath === '' ? null : filePath;
  },
  showInFolder: (path: string): void => shell.showItemInFolder(path),
};
