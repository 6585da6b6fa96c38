import { copyFile, mkdir, open, rename } from 'node:fs/promises';
import { join } from 'node:path';
import { z } from 'zod';
import { fileErrorCode, fileFailure } from '../../shared/file-failure.ts';
import { AppFailure } from '../../shared/result.ts';
import type { FileContents, Migration } from './migrations/migration.ts';
import { contentOf, fileText, newerFailure, readIfThere } from './stored-file.ts';
import { removePath, syncFolder, writeDurably } from '../files/durable-file.ts';

/**
 * `format.json`. While a migration writes, `format` is the one it goes to, so that an older Dipper leaves the half of it
 * alone, and `unfinished` says where to begin again.
 */
interface FolderFormat {
  readonly format: number;
  readonly unfinished: { readonly from: number; readonly backup: string } | null;
}

const formatSchema = z.object({
  format: z.number().int().min(1),
  unfinished: z.object({ from: z.number().int().min(1), backup: z.string().regex(/^[\w-]+$/) }).optional(),
});

/** Writes one file whole or not at all; tests end it in the middle. */
type WriteFile = (path: string, text: string) => Promise<void>;

/**
 * Brings the files of a data folder to the format that follows the last of `migrations`. Each step copies the files it
 * touches to `backups/` before it writes; one that was broken off begins again from that copy. Answers a sentence for
 * each step that changed something. Throws `data-folder-newer`, `data-folder-unusable`, `disk-full`.
 */
export async function migrateFolder(
  root: string,
  migrations: readonly Migration[],
  isNew: boolean,
  write: WriteFile = writeDurably,
): Promise<readonly string[]> {
  const newest = migrations.length + 1;
  const notes: string[] = [];
  let { format, unfinished } = await readFormat(root, isNew ? newest : 1);
  if (format > newest) throw newerFailure(root);

  const setFormat = async (next: FolderFormat): Promise<void> => {
    ({ format, unfinished } = next);
    await write(join(root, 'format.json'), `${JSON.stringify(unfinished === null ? { format } : next)}\n`);
  };

  for (;;) {
    const migration = migrations.find(({ from }) => from === (unfinished?.from ?? format));
    if (migration === undefined) break;
    const { from } = migration;
    if (unfinished === null) {
      const changed = migration.change(await readContents(root, migration));
      if (Object.keys(changed).length === 0) {
        await setFormat({ format: from + 1, unfinished: null });
        continue;
      }
      await setFormat({ format: from + 1, unfinished: { from, backup: await backUp(root, migration) } });
    }
    const backup = join(root, 'backups', unfinished?.backup ?? '');
    const changed = migration.change(await readBackup(backup, migration));
    for (const [name, content] of Object.entries(changed)) await write(join(root, name), fileText(content));
    await setFormat({ format: from + 1, unfinished: null });
    notes.push(
      `The data folder was written by an older Dipper: ${migration.does}. The files as they were are kept in ${backup}.`,
    );
  }
  if (isNew) await setFormat({ format, unfinished: null });
  return notes;
}

async function readFormat(root: string, otherwise: number): Promise<FolderFormat> {
  const text = await readIfThere(join(root, 'format.json'));
  if (text === null) return { format: otherwise, unfinished: null };
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    value = null;
  }
  const parsed = formatSchema.safeParse(value);
  // Files of an unknown format are gone through from the first on: a step that finds its work done changes nothing.
  if (!parsed.success) return { format: 1, unfinished: null };
  return { format: parsed.data.format, unfinished: parsed.data.unfinished ?? null };
}

async function readContents(folder: string, { files }: Migration): Promise<FileContents> {
  const contents: Record<string, unknown> = {};
  for (const name of files) {
    const path = join(folder, name);
    const text = await readIfThere(path);
    // One that is broken stays as it is: whoever opens it keeps it aside and says so.
    const content = text === null ? undefined : contentOf(path, text);
    if (content !== undefined) contents[name] = content;
  }
  return contents;
}

async function readBackup(backup: string, migration: Migration): Promise<FileContents> {
  if ((await readIfThere(join(backup, 'format.json'))) === null) {
    throw new AppFailure(
      'data-folder-unusable',
      `A change of the data folder's format was broken off, and ${backup}, which it goes on from, is gone. Put it back, or choose another folder with --data-dir.`,
    );
  }
  return readContents(backup, migration);
}

/** Whole or not at all: a copy that was broken off has another name and is removed at the next start. */
async function backUp(root: string, { from, files }: Migration): Promise<string> {
  const name = `format-${from}-${new Date().toISOString().replaceAll(/[:.]/g, '-')}`;
  const folder = join(root, 'backups');
  const draft = join(folder, `${name}.tmp`);
  try {
    await mkdir(draft, { recursive: true, mode: 0o700 });
    for (const file of files) await copyIfThere(join(root, file), join(draft, file));
  } catch (cause) {
    throw fileFailure(draft, cause);
  }
  // Last: it says that the copy is whole, and who copies all of it back has the older format again.
  await writeDurably(join(draft, 'format.json'), `${JSON.stringify({ format: from })}\n`);
  try {
    await rename(draft, join(folder, name));
    await syncFolder(folder);
  } catch (cause) {
    throw fileFailure(draft, cause);
  }
  return name;
}

/** On the disk when it resolves: what the copy is of is written over next. */
async function copyIfThere(from: string, to: string): Promise<void> {
  try {
    await copyFile(from, to);
  } catch (cause) {
    if (fileErrorCode(cause) !== 'ENOENT') throw cause;
    return;
  }
  const copy = await open(to, 'r+');
  try {
    await copy.sync();
  } finally {
    await copy.close();
  }
}

/** Copies that were broken off. */
export async function removeHalfBackups(root: string, names: readonly string[]): Promise<void> {
  for (const name of names.filter((other) => other.endsWith('.tmp'))) {
    await removePath(join(root, 'backups', name));
  }
}
