import { randomBytes } from 'node:crypto';
import { open, rename, rm } from 'node:fs/promises';
import { dirname } from 'node:path';
import { AppFailure } from '../../shared/result.ts';

/**
 * Writes a file whole or not at all: a reader, or a start after a crash, sees the old content or the new. Mode 0600.
 * Throws `AppFailure` (`disk-full`, `data-folder-unusable`).
 */
export async function writeFileAtomically(path: string, content: string): Promise<void> {
  const temporary = `${path}.${randomBytes(6).toString('hex')}.tmp`;
  try {
    const file = await open(temporary, 'wx', 0o600);
    try {
      await file.writeFile(content, 'utf8');
      await file.sync();
    } finally {
      await file.close();
    }
    await rename(temporary, path);
    await syncFolder(dirname(path));
  } catch (cause) {
    await rm(temporary, { force: true });
    throw fileFailure(path, cause);
  }
}

/** The rename itself is only on disk once the folder is; Windows has no way to say so and needs none. */
export async function syncFolder(path: string): Promise<void> {
  if (process.platform === 'win32') return;
  const folder = await open(path, 'r');
  try {
    await folder.sync();
  } finally {
    await folder.close();
  }
}

/** An error of the file system as a failure that names the file. */
export function fileFailure(path: string, cause: unknown): AppFailure {
  const code = fileErrorCode(cause);
  if (code === 'ENOSPC' || code === 'EDQUOT') {
    return new AppFailure(
      'disk-full',
      `${path} could not be written: the disk is full. Free some space and try again.`,
      {
        cause,
      },
    );
  }
  const reason = reasons[code ?? ''] ?? code ?? 'an unknown error';
  return new AppFailure(
    'data-folder-unusable',
    `${path} could not be used: ${reason}. Give Dipper access to it, or choose another folder with --data-dir.`,
    { cause },
  );
}

const reasons: Readonly<Record<string, string>> = {
  EACCES: 'permission denied',
  EPERM: 'permission denied',
  EROFS: 'the file system is read-only',
  ENOTDIR: 'a part of the path is a file',
  EEXIST: 'a file is in its place',
  ENOENT: 'it does not exist',
  EISDIR: 'a folder is in its place',
  EIO: 'the disk reports an error',
};

export function fileErrorCode(error: unknown): string | undefined {
  return error instanceof Error && 'code' in error && typeof error.code === 'string' ? error.code : undefined;
}
