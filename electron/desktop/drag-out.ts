import { join } from 'node:path';
import { app, ipcMain, nativeImage } from 'electron';
import { IPC_CHANNELS } from '../../shared/ipc-channels.ts';
import { createDraggedFiles, type DraggedFiles } from './dragged-files.ts';
import { isTrustedSender } from './trusted-sender.ts';

/** Px of what stands beside the pointer. */
const ICON = 32;

/** Begins drags of files out of the window; `icon` is a picture, `report` is told what could not be removed. */
export function serveDragOut(icon: string, report: (place: string, error: unknown) => void): DraggedFiles {
  const files = createDraggedFiles(join(app.getPath('userData'), 'dragged'));
  const removeAll = (): void => {
    try {
      files.removeAll();
    } catch (error) {
      report('removing dragged files', error);
    }
  };
  removeAll();
  app.on('quit', removeAll);
  ipcMain.on(IPC_CHANNELS.startDrag, (event, handle: unknown) => {
    if (!isTrustedSender(event) || typeof handle !== 'string') return;
    const file = files.take(handle);
    if (file === null) return;
    // A drag without a picture is refused by the system.
    event.sender.startDrag({ file, icon: nativeImage.createFromPath(icon).resize({ width: ICON, height: ICON }) });
  });
  return files;
}
