import { mkdir, open, rm } from 'node:fs/promises';
import { extname, join } from 'node:path';
import { fileErrorCode } from '../../shared/file-failure.ts';
import { localFileFailure } from '../engine/local-file-failure.ts';
import { safeFileName } from '../engine/safe-file-name.ts';

/** The folder for what a person downloads: nothing in it is ever written over. */
export interface Downloads {
  /**
   * `write` is given the path of a file that is new and empty, named after the last part of `key`; where it fails the
   * file is gone again. Throws `disk-full`, `invalid-arguments`.
   */
  toNewFile<T>(key: string, write: (path: string) => Promise<T>): Promise<T>;
}

export function createDownloads(folder: string): Downloads {
  return {
    toNewFile: async (key, write) => {
      const path = await reserve(folder, safeFileName(lastPart(key)));
      try {
        return await write(path);
      } catch (failure) {
        await rm(path, { force: true });
        throw failure;
      }
    },
  };
}

/** The file is made at once, so that nobody else takes its name while the object is on its way. */
async function reserve(folder: string, name: string): Promise<string> {
  const extension = extname(name);
  const stem = name.slice(0, name.length - extension.length);
  try {
    await mkdir(folder, { recursive: true });
  } catch (cause) {
    throw localFileFailure(folder, 'written', cause);
  }
  for (let turn = 1; ; turn += 1) {
    const path = join(folder, turn === 1 ? name : `${stem} (${turn})${extension}`);
    try {
      await (await open(path, 'wx')).close();
      return path;
    } catch (cause) {
      if (fileErrorCode(cause) !== 'EEXIST' || turn === MOST_TURNS) throw localFileFailure(path, 'written', cause);
    }
  }
}

const MOST_TURNS = 10_000;

/** Of a key, which may be any text. */
export function lastPart(key: string): string {
  return key.split('/').findLast((part) => part !== '') ?? '';
}
