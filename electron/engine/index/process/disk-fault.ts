import { diskFull, fileFailure } from '../../../../shared/file-failure.ts';
import type { AppFailure } from '../../../../shared/result.ts';

/** DuckDB's words for what the file system refused, and the system's code for each. */
const FAULTS: readonly (readonly [words: RegExp, code: string])[] = [
  [/no space left|disk full|max_temp_directory_size/i, 'ENOSPC'],
  [/read-only file system/i, 'EROFS'],
  [/permission denied/i, 'EACCES'],
  [/input\/output error/i, 'EIO'],
];

/** The failure where DuckDB met a fault of the disk or its rights, which is none of the file's content; else null. */
export function diskFault(error: unknown): AppFailure | null {
  if (!(error instanceof Error)) return null;
  const code = FAULTS.find(([words]) => words.test(error.message))?.[1];
  if (code === undefined) return null;
  const path = /file "([^"]+)"/.exec(error.message)?.[1] ?? 'the folder of the indexes';
  if (code === 'ENOSPC') return diskFull(path, error);
  return fileFailure(path, Object.assign(new Error(code, { cause: error }), { code }));
}
