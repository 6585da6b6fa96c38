import { chmod, mkdir } from 'node:fs/promises';
import { homedir } from 'node:os';
import { join, resolve } from 'node:path';
import { newerFailure, readIfThere } from './stored-file.ts';
import { fileFailure, writeFileAtomically } from './write-file.ts';

/** Grows when an older Dipper could not use the folder any more. */
const FOLDER_FORMAT = 1;

/** Where one Dipper keeps what it knows. All paths are absolute; every folder has mode 0700. */
export interface DataFolder {
  readonly root: string;
  readonly indexes: string;
  readonly drafts: string;
  readonly sandbox: string;
}

/**
 * The folder of `--data-dir`, else of DIPPER_DATA_DIR, else the platform's own place: the same for all shells, so that
 * the command line and the window see the same connections.
 */
export function chooseDataFolder(
  given: string | null,
  environment: Readonly<Record<string, string | undefined>> = process.env,
  platform: NodeJS.Platform = process.platform,
  home: string = homedir(),
): string {
  if (given) return resolve(given);
  if (environment['DIPPER_DATA_DIR']) return resolve(environment['DIPPER_DATA_DIR']);
  if (platform === 'darwin') return join(home, 'Library', 'Application Support', 'Dipper');
  if (platform === 'win32') return join(environment['APPDATA'] ?? join(home, 'AppData', 'Roaming'), 'Dipper');
  return join(environment['XDG_DATA_HOME'] || join(home, '.local', 'share'), 'dipper');
}

/** Where Electron keeps its own things, before the folder is opened. */
export function electronFolderOf(root: string): string {
  return join(root, 'electron');
}

/** Makes the folder if it is missing. Throws `data-folder-newer`, `data-folder-unusable`, `disk-full`. */
export async function openDataFolder(root: string): Promise<DataFolder> {
  const folder: DataFolder = {
    root,
    indexes: join(root, 'indexes'),
    drafts: join(root, 'drafts'),
    sandbox: join(root, 'sandbox'),
  };
  await makeFolder(root);
  for (const path of [folder.indexes, folder.drafts, folder.sandbox]) await makePrivateFolder(path);
  const versionFile = join(root, 'format.json');
  const text = await readIfThere(versionFile);
  const format = text === null ? null : readFormat(text);
  if (format !== null && format > FOLDER_FORMAT) throw newerFailure(root);
  if (format === null) await writeFileAtomically(versionFile, `${JSON.stringify({ format: FOLDER_FORMAT })}\n`);
  return folder;
}

/**
 * Mode 0700 where it is made. One that was there keeps its mode: `--data-dir` may name a folder that others need. What is
 * in it is closed to them all the same.
 */
async function makeFolder(path: string): Promise<void> {
  try {
    await mkdir(path, { recursive: true, mode: 0o700 });
  } catch (cause) {
    throw fileFailure(path, cause);
  }
}

/** A folder of ours, closed to others also where it was there with wider rights: it holds records as text. */
export async function makePrivateFolder(path: string): Promise<void> {
  await makeFolder(path);
  try {
    await chmod(path, 0o700);
  } catch (cause) {
    throw fileFailure(path, cause);
  }
}

function readFormat(text: string): number | null {
  const match = /"format"\s*:\s*(\d+)/.exec(text);
  return match ? Number(match[1]) : null;
}
