import { AppFailure } from './result.ts';

/** Why a file cannot be used, and what gives it back. */
const REASONS: Readonly<Record<string, (path: string) => readonly [because: string, remedy: string]>> = {
  EACCES: (path) => [`this user may not use ${path}`, 'Give it to this user (on Mac and Linux with chown and chmod)'],
  EPERM: (path) => [`the system protects ${path}`, 'Take its protection away'],
  EROFS: (path) => [`the file system of ${path} is read-only`, 'Make it writable'],
  ENOTDIR: (path) => [`a part of ${path} is a file`, 'Move that file away'],
  EEXIST: (path) => [`a file is where ${path} should be`, 'Move that file away'],
  EISDIR: (path) => [`a folder is where the file ${path} should be`, 'Move that folder away'],
  ENOENT: (path) => [`${path} is not there any more`, 'Put it back'],
  EIO: (path) => [`the disk reports an error at ${path}`, 'Check the disk'],
};

/** What the file system refused at `path`, which is in the data folder: `disk-full` or `data-folder-unusable`. */
export function fileFailure(path: string, cause: unknown): AppFailure {
  const code = fileErrorCode(cause) ?? '';
  if (code === 'ENOSPC' || code === 'EDQUOT') return diskFull(path, cause);
  const [because, remedy] = REASONS[code]?.(path) ?? [
    `the system reports ${code === '' ? 'an unknown error' : code} at ${path}`,
    'Give Dipper access to it',
  ];
  return new AppFailure(
    'data-folder-unusable',
    `The data folder cannot be used, because ${because}. ${remedy}, or start Dipper with another data folder: --data-dir FOLDER.`,
    { cause },
  );
}

export function diskFull(path: string, cause: unknown): AppFailure {
  return new AppFailure(
    'disk-full',
    `The disk is full: ${path} cannot be written. Make room on it and try again, or start Dipper with a data folder on another disk: --data-dir FOLDER.`,
    { cause },
  );
}

export function fileErrorCode(error: unknown): string | undefined {
  return error instanceof Error && 'code' in error && typeof error.code === 'string' ? error.code : undefined;
}
