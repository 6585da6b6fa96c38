import { open, type FileHandle } from 'node:fs/promises';
import { AppFailure } from '../../../../shared/result.ts';
import { localFileFailure } from '../../local-file-failure.ts';
import { PIECE_BYTES } from '../request-body.ts';
import type { UploadedFile } from './multipart-verbs.ts';
import type { PartSource } from './part-source.ts';

export type FileFacts = Pick<UploadedFile, 'path' | 'size' | 'modifiedAt' | 'inode'>;

export interface OpenFile {
  readonly facts: FileFacts;
  sourceOf(partBytes: number): PartSource;
  /** Throws `invalid-arguments` where the file is no longer what it was when it was opened. */
  requireUnchanged(): Promise<void>;
  close(): Promise<void>;
}

/** Throws `invalid-arguments` for what is no file that can be read. */
export async function openFile(path: string): Promise<OpenFile> {
  let file: FileHandle;
  let facts: FileFacts;
  try {
    file = await open(path, 'r');
  } catch (cause) {
    throw localFileFailure(path, 'read', cause);
  }
  try {
    facts = await factsOf(path, file);
  } catch (failure) {
    await file.close();
    throw failure;
  }
  return {
    facts,
    sourceOf: (partBytes) => ({
      size: facts.size,
      partBytes,
      read: (start, end) => readRange(path, file, start, end),
    }),
    requireUnchanged: async () => {
      if (!isSameFile(await factsOf(path, file), facts)) throw changed(path);
    },
    close: () => file.close(),
  };
}

export function isSameFile(a: FileFacts, b: FileFacts): boolean {
  return a.path === b.path && a.size === b.size && a.modifiedAt === b.modifiedAt && a.inode === b.inode;
}

async function factsOf(path: string, file: FileHandle): Promise<FileFacts> {
  let found;
  try {
    found = await file.stat();
  } catch (cause) {
    throw localFileFailure(path, 'read', cause);
  }
  if (!found.isFile()) throw new AppFailure('invalid-arguments', `${path} is no file. Choose a file.`);
  return { path, size: found.size, modifiedAt: found.mtimeMs, inode: found.ino };
}

async function* readRange(
  path: string,
  file: FileHandle,
  start: number,
  end: number,
): AsyncGenerator<Uint8Array, void, undefined> {
  for (let from = start; from < end;) {
    let read;
    try {
      // A buffer of its own each: the piece before may still be on its way.
      read = await file.read(Buffer.allocUnsafe(Math.min(PIECE_BYTES, end - from)), { position: from });
    } catch (cause) {
      throw localFileFailure(path, 'read', cause);
    }
    if (read.bytesRead === 0) throw changed(path);
    yield read.buffer.subarray(0, read.bytesRead);
    from += read.bytesRead;
  }
}

function changed(path: string): AppFailure {
  return new AppFailure(
    'invalid-arguments',
    `${path} was changed while it was uploaded: nothing was written. Upload it again once it is complete.`,
  );
}
