import { randomBytes } from 'node:crypto';
import { open, rename, rm } from 'node:fs/promises';
import { dirname } from 'node:path';
import { fileFailure } from '../../shared/file-failure.ts';

/**
 * Writes a file of the data folder whole or not at all, mode 0600: a reader, or a start after a crash, sees the old content or
 * the new. Resolves when neither a crash nor a power cut takes it back. Throws `AppFailure` (`disk-full`, `data-folder-unusable`).
 */
export async function writeDurably(path: string, content: string): Promise<void> {
  const draft = `${path}.${randomBytes(6).toString('hex')}.tmp`;
  try {
    const file = await open(draft, 'wx', 0o600);
    try {
      await file.writeFile(content, 'utf8');
      await file.sync();
    } finally {
      await file.close();
    }
    await rename(draft, path);
    await syncFolder(dirname(path));
  } catch (cause) {
    await rm(draft, { force: true });
    throw fileFailure(path, cause);
  }
}

/** A rename, or a new file, is on disk once its folder is; Windows has no way to say so and needs none. */
export async function syncFolder(path: string): Promise<void> {
  if (process.platform === 'win32') return;
  const folder = await open(path, 'r');
  try {
    await folder.sync();
  } finally {
    await folder.close();
  }
}

/** A file, or a folder with all that is in it; one that is not there is gone already. Throws `AppFailure`. */
export async function removePath(path: string): Promise<void> {
  try {
    await rm(path, { recursive: true, force: true });
  } catch (cause) {
    throw fileFailure(path, cause);
  }
}
