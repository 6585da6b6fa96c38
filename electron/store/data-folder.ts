import { chmod, mkdir, readdir, stat } from 'node:fs/promises';
import { homedir } from 'node:os';
import { join, resolve } from 'node:path';
import { fileErrorCode, fileFailure } from '../../shared/file-failure.ts';
import { migrateFolder, removeHalfBackups } from './migrate-folder.ts';
import { MIGRATIONS } from './migrations/all-migrations.ts';
import { contentOf, readIfThere } from './stored-file.ts';
import { removePath } from '../files/durable-file.ts';

/** Where one Dipper keeps what it knows. All paths are absolute; folders have mode 0700, files 0600. */
export interface DataFolder {
  readonly root: string;
  readonly indexes: string;
  readonly drafts: string;
  /** Uploads that were begun and have not ended. */
  readonly uploads: string;
  /** Bodies that are too large for the index. */
  readonly bodies: string;
  /** Journals of jobs: records as they were before. */
  readonly jobs: string;
  /** Copies of files that a browser's page was given, while they are imported. */
  readonly given: string;
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

/**
 * Makes the folder if it is missing, and brings the files of an older one to today's format. `notes` are sentences about
 * what was done or found. Throws `data-folder-newer` before it changes what any file says, `data-folder-unusable`, `disk-full`.
 */
export async function openDataFolder(root: string): Promise<{ folder: DataFolder; notes: readonly string[] }> {
  const folder: DataFolder = {
    root,
    indexes: join(root, 'indexes'),
    drafts: join(root, 'drafts'),
    uploads: join(root, 'uploads'),
    bodies: join(root, 'bodies'),
    jobs: join(root, 'jobs'),
    given: join(root, 'given'),
    sandbox: join(root, 'sandbox'),
  };
  await makeFolder(root);
  const names = await namesIn(root);
  const files = names.filter((name) => name.endsWith('.json'));
  const wide = await privateFiles(root, names);
  await refuseNewerFiles(root, files, folder.drafts);
  // What a crash left of a write: nobody else writes here.
  for (const name of names.filter((other) => /\.json\.[0-9a-f]{12}\.tmp$/.test(other)))
    await removePath(join(root, name));
  await removeHalfBackups(root, await namesIn(join(root, 'backups')));
  const notes = await migrateFolder(root, MIGRATIONS, files.length === 0);
  const { indexes, drafts, uploads, bodies, jobs, given, sandbox } = folder;
  for (const path of [indexes, drafts, uploads, bodies, jobs, given, sandbox]) await makePrivateFolder(path);
  return { folder, notes: wide === null ? notes : [...notes, wide] };
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

/** Files of ours are closed to others where they were copied with wider rights. Answers what is to be said of the folder. */
async function privateFiles(root: string, names: readonly string[]): Promise<string | null> {
  // Windows has no modes: there the folder inherits the person's own rights.
  if (process.platform === 'win32') return null;
  try {
    for (const name of names.filter((other) => /\.json(\.|$)/.test(other))) await chmod(join(root, name), 0o600);
    const { mode } = await stat(root);
    return (mode & 0o077) === 0
      ? null
      : `Others may look into the data folder ${root}, though what is in it is closed to them. chmod 700 closes it too.`;
  } catch (cause) {
    throw fileFailure(root, cause);
  }
}

/** Each file says its own format too, so that one that was copied here out of a newer folder is not written over. */
async function refuseNewerFiles(root: string, files: readonly string[], drafts: string): Promise<void> {
  const paths = files.filter((name) => name !== 'format.json').map((name) => join(root, name));
  for (const collection of await namesIn(drafts)) {
    for (const name of await namesIn(join(drafts, collection))) paths.push(join(drafts, collection, name));
  }
  for (const path of paths) {
    const text = await readIfThere(path);
    if (text !== null) contentOf(path, text);
  }
}

/** Empty where there is no such folder. */
export async function namesIn(folder: string): Promise<readonly string[]> {
  try {
    return await readdir(folder);
  } catch (cause) {
    const code = fileErrorCode(cause);
    if (code === 'ENOENT' || code === 'ENOTDIR') return [];
    throw fileFailure(folder, cause);
  }
}
