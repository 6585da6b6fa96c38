import { accessSync, chmodSync, constants, mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { app, BrowserWindow, dialog, session } from 'electron';
import type { Job } from '../../shared/job.ts';
import { AppFailure } from '../../shared/result.ts';
import { attachToDataFolder, chooseDataFolder, electronFolderOf, scriptsIn, type Attachment } from '../application.ts';
import { shellDoor } from '../ipc/shell-door.ts';
import { serveDragOut } from './drag-out.ts';
import { FILE_DIALOGS } from './file-dialogs.ts';
import { followJobs } from './follow-jobs.ts';
import { followTheme } from './follow-theme.ts';
import { serveOverIpc } from './ipc-transport.ts';
import { notifyOfJob } from './job-notification.ts';
import { openSecretStore } from './keychain.ts';
import { showJobProgress } from './job-progress.ts';
import { focusWindow, openMainWindow } from './main-window.ts';
import { describeProgram, serveMenu } from './menu.ts';
import { createOpening, type Opening } from './opening.ts';
import { askBeforeQuitting } from './quit-question.ts';
import { registerPageScheme, servePage } from './page-protocol.ts';
import { denyPermissions, restrictPages } from './restrict-page.ts';
import { startUtilityProcess } from './utility-process.ts';

/** `scriptFolder` is where main.js and what belongs to it were built (`dist/node`). */
export function startDesktop(scriptFolder: string): void {
  try {
    start(scriptFolder);
  } catch (error) {
    giveUp(error);
  }
}

function start(scriptFolder: string): void {
  app.setName('Dipper');
  const dataFolder = chooseDataFolder(dataFolderArgument(process.argv));
  setElectronFolder(dataFolder);
  registerPageScheme();
  restrictPages();
  // One window for each data folder: Electron's lock is a file in userData.
  if (!app.requestSingleInstanceLock()) {
    app.quit();
    return;
  }
  app.whenReady().then(() => open(scriptFolder, dataFolder), giveUp);
}

function open(scriptFolder: string, dataFolder: string): void {
  servePage(session.defaultSession, resolve(scriptFolder, '../renderer'), reportMistake);
  denyPermissions(session.defaultSession);
  describeProgram(join(scriptFolder, 'icon.png'));
  serveMenu(dataFolder);

  // The window first: asking the keychain may take as long as a person needs to unlock it.
  const notes: string[] = [];
  const note = (text: string): void => {
    // The last of its kind is enough.
    notes.splice(0, notes.length, text);
  };
  const openWindow = (): BrowserWindow => openMainWindow(scriptFolder, note);
  const guardQuitting = askBeforeQuitting();
  const onChange = (underWay: readonly Job[]): void => {
    guardQuitting(underWay);
    showJobProgress(underWay);
  };
  const listener = { onChange, onStandstill: notifyOfJob };
  openWindow();
  const opening = createOpening(() => attach(scriptFolder, dataFolder), {
    onOpen: ({ door, owner }) => {
      followTheme(door).catch((error: unknown) => reportMistake('theme', error));
      // Those of another owner go on without this window.
      if (owner === null) followJobs(door, listener).catch((error: unknown) => reportMistake('jobs', error));
    },
    onFailure: (error) => {
      // The page says it too, with what to do, and tries again when it is asked to.
      if (error instanceof AppFailure) process.stderr.write(`dipper: ${error.message}\n`);
      else giveUp(error);
    },
  });
  const dragged = serveDragOut(join(scriptFolder, 'icon.png'), reportMistake);
  serveOverIpc(() => opening.attachment().then(({ door }) => shellDoor(door, { notes: () => notes })), dragged);

  app.on('second-instance', () => focusWindow(BrowserWindow.getAllWindows()[0] ?? openWindow()));
  // The GPU's process comes back by itself, index and sandbox when they are next needed: a line for who looks into it.
  app.on('child-process-gone', (_event, { type, name, reason }) => {
    if (reason !== 'clean-exit') process.stderr.write(`dipper: a process ended: ${name ?? type}, ${reason}\n`);
    // Without a change to be drawn a window stayed blank now and then (Electron 33, without a GPU of its own).
    if (type === 'GPU') for (const window of BrowserWindow.getAllWindows()) window.webContents.invalidate();
  });
  app.on('activate', () => {
    if (BrowserWindow.getAllWindows().length === 0) openWindow();
  });
  app.on('window-all-closed', () => {
    if (process.platform !== 'darwin') app.quit();
  });
  closeBeforeQuit(opening);
}

async function attach(scriptFolder: string, dataFolder: string): Promise<Attachment> {
  const scripts = scriptsIn(scriptFolder);
  return attachToDataFolder({
    dataFolder,
    shell: 'desktop',
    version: app.getVersion(),
    scripts,
    // On Windows it may have been moved, which Node cannot find out; on Linux Electron says the home folder where there is none.
    ...(process.platform === 'win32' ? { downloadsFolder: app.getPath('downloads') } : {}),
    fileDialogs: FILE_DIALOGS,
    // With PAC scripts, which Chromium runs.
    systemProxy: (origin) => session.defaultSession.resolveProxy(origin),
    secrets: await openSecretStore(dataFolder),
    spawnIndexProcess: () => startUtilityProcess(scripts.indexProcess, 'Dipper Index'),
    spawnSandboxProcess: () => startUtilityProcess(scripts.sandboxProcess, 'Dipper Sandbox'),
    reportMistake,
  });
}

/** Calls under way are answered and the processes ended before the program ends. */
function closeBeforeQuit(opening: Opening): void {
  let state: 'running' | 'closing' | 'closed' = 'running';
  app.on('will-quit', (event) => {
    const attachment = opening.opened;
    // While it still waits for a command that has the data folder, or could not open it, there is nothing to close.
    if (attachment === null || state === 'closed') return;
    event.preventDefault();
    if (state === 'closing') return;
    state = 'closing';
    attachment
      .close()
      .catch((error: unknown) => reportMistake('closing', error))
      .finally(() => {
        state = 'closed';
        app.quit();
      });
  });
}

/**
 * Electron's own things lie in the data folder. Where that cannot be written they go to a folder for this start alone, so
 * that there is a window that says why.
 */
function setElectronFolder(dataFolder: string): void {
  let folder = electronFolderOf(dataFolder);
  try {
    mkdirSync(folder, { recursive: true, mode: 0o700 });
    chmodSync(folder, 0o700);
    accessSync(folder, constants.W_OK);
  } catch {
    folder = passingFolder(dataFolder);
    const passing = folder;
    app.on('quit', () => rmSync(passing, { recursive: true, force: true }));
  }
  app.setPath('userData', folder);
}

function passingFolder(dataFolder: string): string {
  try {
    return mkdtempSync(join(tmpdir(), 'dipper-electron-'));
  } catch (cause) {
    throw new AppFailure(
      'data-folder-unusable',
      `Neither the data folder ${dataFolder} nor the folder for temporary files, ${tmpdir()}, can be written. Make room, or give this account the right to write there, then start Dipper again. Nothing was changed.`,
      { cause },
    );
  }
}

/** `--data-dir DIR` or `--data-dir=DIR`, as on the command line. */
export function dataFolderArgument(given: readonly string[]): string | null {
  const joined = given.find((argument) => argument.startsWith('--data-dir='));
  if (joined !== undefined) return joined.slice('--data-dir='.length) || null;
  const place = given.indexOf('--data-dir');
  return place < 0 ? null : (given[place + 1] ?? null);
}

/** There is no page that could say it. */
function giveUp(error: unknown): void {
  reportMistake('start', error);
  dialog.showErrorBox(
    'Dipper could not be opened',
    error instanceof AppFailure
      ? error.message
      : `A mistake in Dipper keeps it from starting: ${error instanceof Error ? error.message : String(error)}. Start it from a terminal to see more, and report what it says. Records in S3 and the data folder are as they were.`,
  );
  app.exit(1);
}

function reportMistake(place: string, error: unknown): void {
  const text = error instanceof Error ? (error.stack ?? error.message) : String(error);
  process.stderr.write(`dipper: ${place} failed: ${text}\n`);
}
