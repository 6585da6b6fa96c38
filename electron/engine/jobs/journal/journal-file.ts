import type { FileHandle } from 'node:fs/promises';
import { fileFailure } from '../../../../shared/file-failure.ts';
import type { AppFailure } from '../../../../shared/result.ts';

/** The bytes of one journal: grows at its end, is read anywhere. Every failure is an `AppFailure`. */
export interface JournalFile {
  /** Bytes that are written. */
  readonly size: number;
  /** Resolves when the bytes are written: a crash of this process cannot take them any more. */
  append(parts: readonly Uint8Array[]): Promise<void>;
  /** At most `length` bytes; fewer at the end. */
  read(position: number, length: number): Promise<Uint8Array>;
  /** Resolves when the disk has what was written. */
  sync(): Promise<void>;
  /** Cuts off what is behind `length`. */
  cut(length: number): Promise<void>;
  close(): Promise<void>;
}

export type ReadableJournal = Pick<JournalFile, 'size' | 'read'>;

/** Milliseconds between two writes to the disk itself: what a power cut can take. */
const SYNC_EVERY = 1_000;

/**
 * A journal on disk. What is appended while a write is under way goes with the next one, so that many small appends cost
 * few calls. The system has the bytes when `append` resolves; the disk has them a second later at most, because a sync
 * each time would cost more than the requests that it guards. A power cut may thus take the last second of a journal:
 * nothing is done twice for it, since writes are conditional, but an update whose intent is lost meets its own object and
 * is told as changed by someone else.
 */
export function createDiskFile(path: string, handle: FileHandle, found: number): JournalFile {
  let size = found;
  let queue: Uint8Array[] = [];
  let writing: Promise<void> | null = null;
  let next: Promise<void> | null = null;
  let syncing: Promise<void> = Promise.resolve();
  let syncedAt = performance.now();
  let isDirty = false;
  let timer: NodeJS.Timeout | null = null;
  let failure: AppFailure | null = null;

  const refuse = (cause: unknown): AppFailure => {
    failure ??= fileFailure(path, cause);
    return failure;
  };

  async function writeQueue(): Promise<void> {
    const parts = queue;
    queue = [];
    next = null;
    if (failure !== null) throw failure;
    try {
      size += await writeAll(handle, parts, size);
    } catch (cause) {
      // The end may be half a frame now: nothing may follow it before the journal is opened anew.
      throw refuse(cause);
    }
    isDirty = true;
    syncLater();
  }

  function syncLater(): void {
    if (timer !== null) return;
    timer = setTimeout(
      () => {
        timer = null;
        // Told by the next append.
        sync().catch(() => undefined);
      },
      Math.max(0, syncedAt + SYNC_EVERY - performance.now()),
    );
    timer.unref();
  }

  function sync(): Promise<void> {
    syncing = syncing.catch(() => undefined).then(syncNow);
    return syncing;
  }

  async function syncNow(): Promise<void> {
    if (failure !== null) throw failure;
    if (!isDirty) return;
    isDirty = false;
    syncedAt = performance.now();
    await handle.datasync().catch((cause: unknown) => {
      throw refuse(cause);
    });
  }

  return {
    get size() {
      return size;
    },
    append: (parts) => {
      queue.push(...parts);
      if (next === null) {
        const before: Promise<void> = writing ?? Promise.resolve();
        const turn = before.catch(() => undefined).then(writeQueue);
        next = turn;
        writing = turn;
      }
      return next;
    },
    read: (position, wanted) => readFrom(handle, path, position, wanted),
    sync,
    cut: async (length) => {
      await handle.truncate(length).catch((cause: unknown) => {
        throw refuse(cause);
      });
      size = length;
    },
    close: async () => {
      try {
        await writing;
        await sync();
      } finally {
        if (timer !== null) clearTimeout(timer);
        await handle.close();
      }
    },
  };
}

export async function readFrom(
  handle: FileHandle,
  path: string,
  position: number,
  length: number,
): Promise<Uint8Array> {
  const bytes = Buffer.allocUnsafe(length);
  let filled = 0;
  try {
    while (filled < length) {
      const { bytesRead } = await handle.read(bytes, filled, length - filled, position + filled);
      if (bytesRead === 0) break;
      filled += bytesRead;
    }
  } catch (cause) {
    throw fileFailure(path, cause);
  }
  return bytes.subarray(0, filled);
}

/** A write may take a part only; answers the bytes of all. */
async function writeAll(handle: FileHandle, parts: readonly Uint8Array[], position: number): Promise<number> {
  let rest = [...parts];
  let written = 0;
  while (rest.length > 0) {
    let { bytesWritten } = await handle.writev(rest, position + written);
    written += bytesWritten;
    const cut = rest.findIndex((part) => {
      if (bytesWritten < part.byteLength) return true;
      bytesWritten -= part.byteLength;
      return false;
    });
    rest = cut === -1 ? [] : [rest[cut]?.subarray(bytesWritten) ?? new Uint8Array(), ...rest.slice(cut + 1)];
  }
  return written;
}

/** Of a collection that leaves nothing on the disk: the journal ends with the process. */
export function createMemoryFile(): JournalFile {
  let bytes = new Uint8Array(64 * 1024);
  let size = 0;
  return {
    get size() {
      return size;
    },
    append: (parts) => {
      for (const part of parts) {
        if (size + part.byteLength > bytes.byteLength) {
          const larger = new Uint8Array(Math.max(bytes.byteLength * 2, size + part.byteLength));
          larger.set(bytes.subarray(0, size));
          bytes = larger;
        }
        bytes.set(part, size);
        size += part.byteLength;
      }
      return Promise.resolve();
    },
    read: (position, length) => Promise.resolve(bytes.slice(position, Math.min(position + length, size))),
    sync: () => Promise.resolve(),
    cut: (length) => {
      size = length;
      return Promise.resolve();
    },
    close: () => Promise.resolve(),
  };
}
