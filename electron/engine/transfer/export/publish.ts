import { existsSync } from 'node:fs';
import { open, readdir, rename, rm } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import type { ExportManifest, ExportTarget } from '../../../../shared/export.ts';
import { fileErrorCode } from '../../../../shared/file-failure.ts';
import { AppFailure } from '../../../../shared/result.ts';
import { localFileFailure } from '../../local-file-failure.ts';
import type { SinkSettings, SinkState } from './export-sink.ts';
import { fileDescription } from './manifest.ts';
import { inFolderOf, STAGE_ENDS, temporaryName, temporarySuffix } from './part-names.ts';

/** Beside the files of an export. */
export function manifestPath({ path }: ExportTarget): string {
  return `${path}.manifest.json`;
}

/** Throws `invalid-arguments` where something is there that may not be replaced, or where nothing can be written. */
export async function checkTarget({ target, form }: Pick<SinkSettings, 'target' | 'form'>): Promise<void> {
  const { path, overwrite } = target;
  const isTaken = existsSync(path);
  if (isTaken && (form.format === 'files' || !overwrite)) throw taken(path);
  try {
    await readdir(dirname(path));
  } catch (cause) {
    throw localFileFailure(dirname(path), 'written', cause);
  }
}

/**
 * Gives the files their names and writes the manifest. May be done again after it was broken off: a file that has its name
 * already keeps it. Answers the names of the files.
 */
export async function publish(
  settings: SinkSettings,
  { files }: SinkState,
  records: number,
): Promise<readonly string[]> {
  const { target, form, job } = settings;
  const names = form.format === 'files' ? [basename(target.path)] : files.map(({ name }) => name).toSorted();
  for (const name of names) await giveName(inFolderOf(target.path, name), job, target.overwrite);
  const manifest: ExportManifest = {
    ...fileDescription(settings),
    exportedAt: new Date().toISOString(),
    records,
    files: names,
  };
  const path = manifestPath(target);
  const draft = temporaryName(path, job);
  try {
    const file = await open(draft, 'w');
    try {
      await file.writeFile(`${JSON.stringify(manifest, null, 2)}\n`);
      await file.sync();
    } finally {
      await file.close();
    }
    await rename(draft, path);
  } catch (cause) {
    throw localFileFailure(path, 'written', cause);
  }
  return names;
}

async function giveName(path: string, job: string, overwrite: boolean): Promise<void> {
  const draft = temporaryName(path, job);
  const isNamed = existsSync(path) && !existsSync(draft);
  if (isNamed) return;
  if (!overwrite && existsSync(path)) throw taken(path);
  try {
    await rename(draft, path);
  } catch (cause) {
    throw localFileFailure(path, 'written', cause);
  }
}

/** Removes what a job has written and not given a name. */
export async function discardExport({ path }: ExportTarget, job: string): Promise<void> {
  const folder = dirname(path);
  const suffix = `.${temporarySuffix(job)}`;
  const isOurs = (name: string): boolean => STAGE_ENDS.some((end) => name.endsWith(suffix + end));
  try {
    for (const name of await readdir(folder)) {
      if (isOurs(name)) await rm(join(folder, name), { recursive: true, force: true });
    }
  } catch (cause) {
    // Nothing can be left in a folder that is gone.
    if (fileErrorCode(cause) !== 'ENOENT') throw localFileFailure(folder, 'written', cause);
  }
}

function taken(path: string): AppFailure {
  return new AppFailure(
    'invalid-arguments',
    `There is something at ${path} already, and it was left as it is. Choose another name, or say that it may be replaced (a folder never is).`,
  );
}
