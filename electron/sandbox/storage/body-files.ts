import {
  closeSync,
  fsyncSync,
  mkdirSync,
  openSync,
  read,
  readdirSync,
  renameSync,
  rmSync,
  unlinkSync,
  writeFileSync,
} from 'node:fs';
import { open, rm, unlink, type FileHandle } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import type { BodyWriter, StoredBody } from './storage.ts';

const readAt = promisify(read);
const READ_SIZE = 256 * 1024;

/** A part of a body that came in parts; `file` is its name in the body's folder. */
export interface PartFile {
  readonly file: number;
  /** Bytes. */
  readonly size: number;
}

export interface OpenedBody {
  read(start: number, end: number): AsyncIterable<Uint8Array>;
  close(): Promise<void>;
}

/**
 * Large bodies, numbered; a number is never used again. One that came in one piece is a file, one that came in parts a
 * folder of files: completing an upload moves no bytes.
 */
export class BodyFiles {
  readonly #folder: string;
  readonly #fsync: boolean;
  #next: number;
  /** How often each body is open: one that is removed meanwhile goes with its last reader. */
  readonly #readers = new Map<number, number>();
  readonly #removed = new Set<number>();

  /** What is not in `live` was left by a process that died. */
  constructor(folder: string, fsync: boolean, next: number, live: ReadonlySet<number>) {
    this.#folder = folder;
    this.#fsync = fsync;
    this.#next = next;
    mkdirSync(folder, { recursive: true, mode: 0o700 });
    for (const name of readdirSync(folder)) {
      const number = Number(name);
      if (!live.has(number)) rmSync(join(folder, name), { recursive: true });
      this.#next = Math.max(this.#next, number + 1);
    }
  }

  get next(): number {
    return this.#next;
  }

  async write(): Promise<BodyWriter> {
    const number = this.#take();
    const handle = await open(this.#path(number), 'wx', 0o600);
    return new FileWriter(handle, number, this.#fsync, () => this.remove(number));
  }

  /** An empty folder for parts. */
  makeFolder(): number {
    const number = this.#take();
    mkdirSync(this.#path(number), { mode: 0o700 });
    return number;
  }

  /** Moves a body into a folder; answers its name there. */
  addPart(folder: number, body: StoredBody): number {
    if ('file' in body) {
      renameSync(this.#path(body.file), this.#partPath(folder, body.file));
      return body.file;
    }
    const file = this.#take();
    const descriptor = openSync(this.#partPath(folder, file), 'wx', 0o600);
    try {
      writeFileSync(descriptor, body.bytes);
      if (this.#fsync) fsyncSync(descriptor);
    } finally {
      closeSync(descriptor);
    }
    return file;
  }

  async removePart(folder: number, file: number): Promise<void> {
    await unlink(this.#partPath(folder, file));
  }

  /** Removes all of a folder's files but these. */
  keepParts(folder: number, files: ReadonlySet<number>): void {
    // A loss of power can keep the record of an upload and not its folder: the others' sandbox must start all the same.
    mkdirSync(this.#path(folder), { recursive: true, mode: 0o700 });
    for (const name of readdirSync(this.#path(folder))) {
      if (!files.has(Number(name))) unlinkSync(this.#partPath(folder, name));
      this.#next = Math.max(this.#next, Number(name) + 1);
    }
  }

  /** Stays readable while the object is overwritten or deleted. `parts` where it came in parts. */
  open(number: number, parts: readonly PartFile[] | undefined): OpenedBody {
    const single = parts === undefined ? openSync(this.#path(number), 'r') : null;
    this.#readers.set(number, (this.#readers.get(number) ?? 0) + 1);
    let isOpen = true;
    return {
      read: (start, end) =>
        single === null ? this.#readParts(number, parts ?? [], start, end) : readRange(single, start, end),
      close: async () => {
        if (!isOpen) return;
        isOpen = false;
        if (single !== null) closeSync(single);
        const left = (this.#readers.get(number) ?? 1) - 1;
        if (left > 0) {
          this.#readers.set(number, left);
          return;
        }
        this.#readers.delete(number);
        if (this.#removed.delete(number)) await this.remove(number);
      },
    };
  }

  async remove(number: number): Promise<void> {
    if (this.#readers.has(number)) this.#removed.add(number);
    else await rm(this.#path(number), { recursive: true });
  }

  async *#readParts(
    folder: number,
    parts: readonly PartFile[],
    start: number,
    end: number,
  ): AsyncGenerator<Uint8Array, void, undefined> {
    let at = 0;
    for (const { file, size } of parts) {
      const [from, to] = [Math.max(start, at) - at, Math.min(end, at + size) - at];
      at += size;
      if (from >= to) continue;
      const descriptor = openSync(this.#partPath(folder, file), 'r');
      try {
        yield* readRange(descriptor, from, to);
      } finally {
        closeSync(descriptor);
      }
    }
  }

  #take(): number {
    this.#next += 1;
    return this.#next - 1;
  }

  #path(number: number): string {
    return join(this.#folder, String(number));
  }

  #partPath(folder: number, file: number | string): string {
    return join(this.#folder, String(folder), String(file));
  }
}

class FileWriter implements BodyWriter {
  readonly #handle: FileHandle;
  readonly #number: number;
  readonly #fsync: boolean;
  readonly #remove: () => Promise<void>;

  constructor(handle: FileHandle, number: number, fsync: boolean, remove: () => Promise<void>) {
    this.#handle = handle;
    this.#number = number;
    this.#fsync = fsync;
    this.#remove = remove;
  }

  async write(chunk: Uint8Array): Promise<void> {
    await this.#handle.writeFile(chunk);
  }

  async finish(): Promise<StoredBody> {
    if (this.#fsync) await this.#handle.sync();
    await this.#handle.close();
    return { file: this.#number };
  }

  async discard(): Promise<void> {
    await this.#handle.close();
    await this.#remove();
  }
}

async function* readRange(descriptor: number, start: number, end: number): AsyncGenerator<Uint8Array, void, undefined> {
  for (let at = start; at < end;) {
    const chunk = Buffer.allocUnsafe(Math.min(READ_SIZE, end - at));
    const { bytesRead } = await readAt(descriptor, chunk, 0, chunk.length, at);
    if (bytesRead === 0) throw new Error('a body file of the sandbox is shorter than its object');
    at += bytesRead;
    yield chunk.subarray(0, bytesRead);
  }
}
