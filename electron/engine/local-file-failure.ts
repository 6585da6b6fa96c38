import { fileErrorCode } from '../../shared/file-failure.ts';
import { AppFailure } from '../../shared/result.ts';

const REASONS: Readonly<Record<string, string>> = {
  ENOENT: 'there is no such file or folder',
  EACCES: 'this user may not use it',
  EPERM: 'the system protects it',
  EISDIR: 'it is a folder',
  ENOTDIR: 'a part of the path is a file',
  EROFS: 'its file system is read-only',
  EIO: 'the disk reports an error',
  EEXIST: 'there is one already',
};

/** What the file system refused at a file that a person named: `disk-full` or `invalid-arguments`. */
export function localFileFailure(path: string, verb: 'read' | 'written', cause: unknown): AppFailure {
  const code = fileErrorCode(cause) ?? 'an unknown error';
  if (code === 'ENOSPC' || code === 'EDQUOT') {
    return new AppFailure('disk-full', `The disk is full: ${path} cannot be written. Make room on it and try again.`, {
      cause,
    });
  }
  const reason = REASONS[code] ?? `the system reports ${code}`;
  return new AppFailure('invalid-arguments', `${path} cannot be ${verb}: ${reason}. Choose another one.`, { cause });
}
