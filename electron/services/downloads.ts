import { mkdir, open, rm } from 'node:fs/promises';
import { extname, join } from 'node:path';
import { fileErrorCode } from '../../shared/file-failure.ts';
import { localFileFailure } from '../engine/local-file-failure.ts';

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
      const path = await reserve(folder, fileNameOf(key));
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
/** File systems take 255; the number and what a draft of the file is called come on top. */
const MOST_BYTES = 200;
/** What Windows keeps to itself, and what only looks like another name. */
// oxlint-disable-next-line no-control-regex -- those are what is looked for
const UNFIT = /[<>:"\\|?*/\u0000-\u001f\u007f\u0080-\u009f\u200e\u200f\u202a-\u202e\u2066-\u2069]/gu;
const DEVICES = /^(?:con|prn|aux|nul|com\d|lpt\d)(?=\.|$)/i;

/** Safe on every system: the last part of a key, which may be any text. */
export function fileNameOf(key: string): string {
  const last = key.split('/').findLast((part) => part !== '') ?? '';
  const fit = Buffer.from(last)
    .toString()
    .replaceAll(UNFIT, '_')
    .replace(/^\./, '_')
    .replace(/[. ]+$/, '_');
  const name = fit.trim() === '' ? 'record' : fit.replace(DEVICES, '_$&');
  const extension = extname(name);
  return Buffer.byteLength(extension) > MOST_BYTES / 2
    ? firstBytes(name, MOST_BYTES)
    : firstBytes(name.slice(0, name.length - extension.length), MOST_BYTES - Buffer.byteLength(extension)) + extension;
}

/** No character is cut in two. */
function firstBytes(text: string, most: number): string {
  let length = 0;
  let cut = '';
  for (const character of text) {
    length += Buffer.byteLength(character);
    if (length > most) break;
    cut += character;
  }
  return cut;
}
