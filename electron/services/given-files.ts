import { randomUUID } from 'node:crypto';
import { appendFile, mkdir, readdir, rm, stat } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { fileErrorCode } from '../../shared/file-failure.ts';
import type { GivenFile } from '../../shared/given-file.ts';
import { AppFailure } from '../../shared/result.ts';
import { localFileFailure } from '../engine/local-file-failure.ts';
import { safeFileName } from '../engine/safe-file-name.ts';

/**
 * What persons gave to pages, by handle: files where they are, as the desktop's window knows them, and copies in a folder of
 * ours of what a browser hands over without a path. A copy goes once its page has let go of it and no job reads it.
 */
export interface GivenFiles {
  /** Throws `invalid-arguments` where it cannot be used. */
  give(path: string): Promise<GivenFile>;
  /** Begins a copy; its bytes come with `append`. */
  begin(name: string, kind: GivenFile['kind']): Promise<GivenFile>;
  /** `path`: below a folder, with `/`; empty for a file itself. Throws `disk-full`, `invalid-arguments`. */
  append(handle: string, path: string, bytes: Uint8Array): Promise<void>;
  /** Throws `invalid-arguments` for a handle that nobody holds. */
  pathOf(handle: string): string;
  release(handle: string): Promise<void>;
  /** Removes copies that nobody holds and no job reads: of an earlier Dipper, or of a job that has ended. */
  sweep(): Promise<void>;
}

/** Bytes of one copy: more is for the desktop's window or the command line, which read a file where it is. */
export const MOST_COPIED = 16 * 2 ** 30;

interface Held {
  readonly path: string;
  /** Of ours, with nothing else in it; null for what is read where it is. */
  readonly folder: string | null;
  readonly kind: GivenFile['kind'];
  bytes: number;
}

/** `pathsInUse`: what jobs read, or may read again. */
export function createGivenFiles(folder: string, pathsInUse: () => readonly string[]): GivenFiles {
  const held = new Map<string, Held>();

  function find(handle: string): Held {
    const found = held.get(handle);
    if (found !== undefined) return found;
    throw new AppFailure('invalid-arguments', 'This file was given to a page that is closed. Choose it again.');
  }

  async function removeCopy(copy: string): Promise<void> {
    if (pathsInUse().some((path) => path === copy || dirname(path) === copy)) return;
    // One that cannot be removed now is tried again at the next start.
    await rm(copy, { recursive: true, force: true }).catch(() => undefined);
  }

  return {
    give: async (path) => {
      const facts = await stat(path).catch((cause: unknown) => {
        throw localFileFailure(path, 'read', cause);
      });
      const kind = facts.isDirectory() ? 'folder' : 'file';
      const handle = randomUUID();
      held.set(handle, { path, folder: null, kind, bytes: facts.size });
      return { handle, name: basename(path), kind };
    },
    begin: async (name, kind) => {
      const handle = randomUUID();
      const own = join(folder, handle);
      const path = join(own, safeFileName(name));
      try {
        await mkdir(kind === 'folder' ? path : own, { recursive: true, mode: 0o700 });
        if (kind === 'file') await appendFile(path, '', { mode: 0o600 });
      } catch (cause) {
        throw localFileFailure(path, 'written', cause);
      }
      held.set(handle, { path, folder: own, kind, bytes: 0 });
      return { handle, name, kind };
    },
    append: async (handle, below, bytes) => {
      const file = find(handle);
      if (file.folder === null) throw new AppFailure('invalid-arguments', 'This file is read where it is.');
      if (file.bytes + bytes.byteLength > MOST_COPIED) throw tooLarge(file.path);
      file.bytes += bytes.byteLength;
      const path = file.kind === 'file' ? file.path : join(file.path, ...segmentsOf(below));
      try {
        if (file.kind === 'folder') await mkdir(dirname(path), { recursive: true, mode: 0o700 });
        await appendFile(path, bytes, { mode: 0o600 });
      } catch (cause) {
        throw localFileFailure(path, 'written', cause);
      }
    },
    pathOf: (handle) => find(handle).path,
    release: async (handle) => {
      const file = held.get(handle);
      held.delete(handle);
      if (file !== undefined && file.folder !== null) await removeCopy(file.folder);
    },
    sweep: async () => {
      const kept = new Set([...held.values()].map((file) => file.folder));
      for (const name of await namesIn(folder)) {
        const copy = join(folder, name);
        if (!kept.has(copy)) await removeCopy(copy);
      }
    },
  };
}

/** On Windows a colon leads to another stream of a file, or to another drive. */
const UNFIT = process.platform === 'win32' ? /[\\:\0]/ : /[\\\0]/;

/** Nothing in it may lead out of the folder, on any system. */
function segmentsOf(path: string): readonly string[] {
  const segments = path.split('/');
  const isPlain = segments.every((part) => part !== '' && part !== '.' && part !== '..' && !UNFIT.test(part));
  if (isPlain) return segments;
  throw new AppFailure(
    'invalid-arguments',
    `The file ${JSON.stringify(path)} has a name that this machine cannot keep. Rename it, or leave it out.`,
  );
}

async function namesIn(folder: string): Promise<readonly string[]> {
  try {
    return await readdir(folder);
  } catch (cause) {
    if (fileErrorCode(cause) === 'ENOENT') return [];
    throw localFileFailure(folder, 'read', cause);
  }
}

function tooLarge(path: string): AppFailure {
  return new AppFailure(
    'invalid-arguments',
    `${basename(path)} is larger than 16 GB, which is more than is copied into the data folder. Import it as a file in the desktop window, or with: dipper import FILE URL.`,
  );
}
