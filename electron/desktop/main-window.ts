import { join } from 'node:path';
import { BrowserWindow, nativeTheme, type WebPreferences } from 'electron';
import { reloadAfterCrash } from './page-crashes.ts';
import { PAGE_URL } from './page-url.ts';
import { SMALLEST } from './window-place.ts';
import { keepWindowPlace, nextPlace } from './window-state.ts';

/** Written out, defaults included, so that a change of a default changes nothing here. */
export function webPreferences(preloadScript: string): WebPreferences {
  return {
    preload: preloadScript,
    sandbox: true,
    contextIsolation: true,
    nodeIntegration: false,
    nodeIntegrationInWorker: false,
    nodeIntegrationInSubFrames: false,
    webSecurity: true,
    allowRunningInsecureContent: false,
    webviewTag: false,
    // Its dictionaries come from a server of others.
    spellcheck: false,
  };
}

/** `scriptFolder` has the preload script and the icon; `note` is told what happened to the page, in sentences. */
export function openMainWindow(scriptFolder: string, note: (text: string) => void): BrowserWindow {
  const place = nextPlace();
  const window = new BrowserWindow({
    title: 'Dipper',
    ...place.bounds,
    minWidth: SMALLEST.width,
    minHeight: SMALLEST.height,
    show: false,
    // Mac and Windows take it from the program itself.
    ...(process.platform === 'linux' ? { icon: join(scriptFolder, 'icon.png') } : {}),
    // `--surface-chrome` of tokens.css: no flash of white before the first paint.
    backgroundColor: nativeTheme.shouldUseDarkColors ? '#121417' : '#f5f6f7',
    webPreferences: webPreferences(join(scriptFolder, 'preload.cjs')),
  });
  window.once('ready-to-show', () => {
    window.show();
    keepWindowPlace(window, place);
  });
  reloadAfterCrash(window, note);
  window.loadURL(PAGE_URL).catch((error: unknown) => {
    // Closing the window while it loads ends the load, which is no failure.
    if (!window.isDestroyed()) process.stderr.write(`dipper: the page could not be loaded: ${String(error)}\n`);
  });
  return window;
}

export function focusWindow(window: BrowserWindow): void {
  if (window.isMinimized()) window.restore();
  window.show();
  window.focus();
}
