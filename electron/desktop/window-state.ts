import { readFileSync, renameSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { app, screen, type BrowserWindow, type Display } from 'electron';
import {
  keepPlace,
  NO_PLACES,
  placeWindow,
  readPlaces,
  writePlaces,
  type DisplayArea,
  type KeptPlaces,
  type WindowPlace,
} from './window-place.ts';

/**
 * Beside Electron's own things rather than with the data: it is this machine's, and the window opens before it is known
 * whether the data folder can be.
 */
const file = (): string => join(app.getPath('userData'), 'window.json');

/** Where the next window opens. */
export function nextPlace(): WindowPlace {
  const primary = screen.getPrimaryDisplay();
  return placeWindow(keptPlaces(), screen.getAllDisplays().map(areaOf), areaOf(primary));
}

/** Shows the window as it was, and keeps what it becomes, for each display: size, place, maximised, full screen, zoom. */
export function keepWindowPlace(window: BrowserWindow, place: WindowPlace): void {
  if (place.maximised) window.maximize();
  if (place.fullScreen) window.setFullScreen(true);
  const { webContents } = window;
  // Chromium keeps a zoom for the whole origin; here it is the display's.
  webContents.setZoomLevel(place.zoom);
  let display = displayOf(window);
  window.on('move', () => {
    const now = displayOf(window);
    if (now === display) return;
    display = now;
    const zoom = zoomOn(now);
    if (zoom !== null) webContents.setZoomLevel(zoom);
  });
  const keep = (): void => {
    const kept = {
      bounds: window.getNormalBounds(),
      maximised: window.isMaximized(),
      fullScreen: window.isFullScreen(),
      zoom: webContents.getZoomLevel(),
    };
    write(keepPlace(keptPlaces(), displayOf(window), kept));
  };
  window.on('close', keep);
  // A system that shuts down, or ends the program, may not ask windows to close.
  window.on('blur', keep);
}

function zoomOn(display: string): number | null {
  return keptPlaces().displays[display]?.zoom ?? null;
}

function displayOf(window: BrowserWindow): string {
  return areaOf(screen.getDisplayMatching(window.getBounds())).id;
}

function areaOf({ id, workArea }: Display): DisplayArea {
  return { id: String(id), workArea };
}

function keptPlaces(): KeptPlaces {
  try {
    return readPlaces(readFileSync(file(), 'utf8')) ?? NO_PLACES;
  } catch {
    // There is none yet, or it cannot be read: a window in the first size is no harm.
    return NO_PLACES;
  }
}

function write(places: KeptPlaces): void {
  const path = file();
  try {
    writeFileSync(`${path}.tmp`, writePlaces(places), { mode: 0o600 });
    renameSync(`${path}.tmp`, path);
  } catch (error) {
    process.stderr.write(`dipper: the window's place was not kept: ${String(error)}\n`);
  }
}
