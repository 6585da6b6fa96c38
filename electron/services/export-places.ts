import { randomUUID } from 'node:crypto';
import { existsSync } from 'node:fs';
import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { readExportName, type ChosenPlace, type ExportPlace, type ExportTarget } from '../../shared/export.ts';
import { AppFailure } from '../../shared/result.ts';
import { localFileFailure } from '../engine/local-file-failure.ts';
import { safeFileName } from '../engine/safe-file-name.ts';

/** What only a desktop has. */
export interface FileDialogs {
  /** Null where it was closed. `folder`: where it begins. */
  save(name: string, folder: string): Promise<string | null>;
  showInFolder(path: string): void;
}

/** Where the exports of pages go: a page names no path, it only shows one. */
export interface ExportPlaces {
  choose(name: string): Promise<ChosenPlace | 'closed' | 'no-dialog'>;
  /** Throws `invalid-arguments` for what was never chosen. */
  targetOf(place: ExportPlace): Promise<ExportTarget>;
  /** Throws `invalid-arguments` where there is no desktop. */
  show(path: string): void;
}

/** What was chosen and is not used is forgotten behind so many. */
const MOST_CHOSEN = 100;

export function createExportPlaces(downloadsFolder: string, dialogs: FileDialogs | null): ExportPlaces {
  const chosen = new Map<string, string>();
  return {
    choose: async (name) => {
      if (dialogs === null) return 'no-dialog';
      const path = await dialogs.save(safeFileName(name), downloadsFolder);
      if (path === null) return 'closed';
      const id = randomUUID();
      chosen.set(id, path);
      for (const oldest of [...chosen.keys()].slice(0, -MOST_CHOSEN)) chosen.delete(oldest);
      return { chosen: id, path };
    },
    targetOf: async (place) => {
      if ('downloads' in place) return { path: await freePath(downloadsFolder, place.downloads), overwrite: false };
      const path = chosen.get(place.chosen);
      if (path === undefined) {
        throw new AppFailure('invalid-arguments', 'Where to write is not known any more. Choose the file once more.');
      }
      // The dialog has asked about a file that is there.
      return { path, overwrite: true };
    },
    show: (path) => {
      if (dialogs === null)
        throw new AppFailure('invalid-arguments', `Only the desktop window shows folders. It is ${path}`);
      // Of an export in several files the manifest is what is there for sure.
      dialogs.showInFolder(existsSync(path) ? path : `${path}.manifest.json`);
    },
  };
}

/** Of a name that nothing has: what is there is never written over. */
async function freePath(folder: string, name: string): Promise<string> {
  try {
    await mkdir(folder, { recursive: true });
  } catch (cause) {
    throw localFileFailure(folder, 'written', cause);
  }
  const { stem, extension } = readExportName(safeFileName(name));
  for (let turn = 1; ; turn += 1) {
    const path = join(folder, turn === 1 ? `${stem}${extension}` : `${stem} (${turn})${extension}`);
    if (!existsSync(path) && !existsSync(`${path}.manifest.json`)) return path;
  }
}
