import { copyFile, readdir, readFile } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { fileErrorCode, fileFailure } from '../../shared/file-failure.ts';
import { AppFailure } from '../../shared/result.ts';
import { removePath, writeDurably } from '../files/durable-file.ts';

const FILE_FORMAT = 1;

/** One value of the store in one file. Changes are made one after the other, in the order they were asked for. */
export interface StoredFile<T> {
  /** Whether the file was there when it was opened. */
  readonly existed: boolean;
  readonly value: T;
  /** Writes `change(value)`; the value in memory changes only once the file has. */
  update(change: (value: T) => T): Promise<T>;
  /** Deletes the file, after the changes that were asked for before; the value is the initial one then. */
  remove(): Promise<void>;
}

/** What `read` makes of a file's content: `lost` says in the middle of a sentence what could not be read, or null. */
export interface ReadContent<T> {
  readonly value: T;
  readonly lost: string | null;
}

/**
 * Opens a file of the form `{ "format": 1, "content": … }`. One that cannot be read is copied aside before anything is
 * written in its place, and `problems` gets a sentence that says so. Throws `data-folder-newer` for a newer format.
 */
export async function openStoredFile<T>(
  path: string,
  read: (content: unknown) => ReadContent<T>,
  initial: T,
  problems: string[],
): Promise<StoredFile<T>> {
  const text = await readIfThere(path);
  let value = initial;
  if (text !== null) {
    const found = readContent(path, text, read, initial);
    if (found.lost !== null) problems.push(await keepAside(path, text, found.lost));
    value = found.value;
  }
  let queue: Promise<unknown> = Promise.resolve();
  const inTurn = <R>(work: () => Promise<R>): Promise<R> => {
    const result = queue.then(work);
    // The caller hears of a failure; the next change is tried all the same.
    queue = result.catch(() => undefined);
    return result;
  };
  return {
    existed: text !== null,
    get value() {
      return value;
    },
    update: (change) =>
      inTurn(async () => {
        const changed = change(value);
        await writeDurably(path, fileText(changed));
        value = changed;
        return changed;
      }),
    remove: () =>
      inTurn(async () => {
        await removePath(path);
        value = initial;
      }),
  };
}

function readContent<T>(
  path: string,
  text: string,
  read: (content: unknown) => ReadContent<T>,
  initial: T,
): ReadContent<T> {
  const content = contentOf(path, text);
  return content === undefined
    ? { value: initial, lost: 'it is no JSON of the form that Dipper writes' }
    : read(content);
}

/** Undefined where the text is no file of ours. Throws `data-folder-newer`. */
export function contentOf(path: string, text: string): unknown {
  let file: unknown;
  try {
    file = JSON.parse(text);
  } catch {
    return undefined;
  }
  if (typeof file !== 'object' || file === null || !('format' in file) || !('content' in file)) return undefined;
  if (typeof file.format === 'number' && file.format > FILE_FORMAT) throw newerFailure(path);
  return file.content;
}

export function fileText(content: unknown): string {
  return `${JSON.stringify({ format: FILE_FORMAT, content }, null, 2)}\n`;
}

export function newerFailure(path: string): AppFailure {
  return new AppFailure(
    'data-folder-newer',
    `${path} was written by a newer Dipper than this one; nothing in it was changed. Install the newest Dipper, or start this one with another data folder: --data-dir FOLDER.`,
  );
}

/** Answers the sentence that says where the copy is: a file that stays as it is has one, however often it is opened. */
async function keepAside(path: string, text: string, lost: string): Promise<string> {
  let copy = await findCopy(path, text);
  if (copy === null) {
    copy = `${path}.kept-${new Date().toISOString().replaceAll(/[:.]/g, '-')}`;
    try {
      await copyFile(path, copy);
    } catch (cause) {
      throw fileFailure(copy, cause);
    }
  }
  return `${basename(path)} could not be read whole: ${lost}. The file as it was is kept as ${copy}.`;
}

async function findCopy(path: string, text: string): Promise<string | null> {
  const folder = dirname(path);
  const names = await readdir(folder).catch((cause: unknown) => {
    throw fileFailure(folder, cause);
  });
  for (const name of names.filter((other) => other.startsWith(`${basename(path)}.kept-`))) {
    if ((await readIfThere(join(folder, name))) === text) return join(folder, name);
  }
  return null;
}

export async function readIfThere(path: string): Promise<string | null> {
  try {
    return await readFile(path, 'utf8');
  } catch (cause) {
    if (fileErrorCode(cause) === 'ENOENT') return null;
    throw fileFailure(path, cause);
  }
}
