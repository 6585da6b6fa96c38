import { closeSync, mkdirSync, openSync, read, readdirSync, unlinkSync } from 'node:fs';
import { open, unlink, type FileHandle } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import type { BodyWriter, StoredBody } from './storage.ts';

const readAt = promisify(read);
const READ_SIZE = 256 * 1024;

/** Large bodies, a numbered file each; a number is never used again. */
export class BodyFiles {
  readonly #folder: string;
  readonly #fsync: boolean;
  #next: number;

  /** Files that are not in `live` were left by a process that died. */
  constructor(folder: string, fsync: boolean, next: number, live: ReadonlySet<number>) {
    this.#folder = folder;
    this.#fsync = fsync;
    this.#next = next;
    mkdirSync(folder, { recursive: true, mode: 0o700 });
    for (const name of readdirSync(folder)) {
      const number = Number(name);
      if (!live.has(number)) unlinkSync(join(folder, name));
      this.#next = Math.max(this.#next, number + 1);
    }
  }

  get next(): number {
    return this.#next;
  }

  async write(): Promise<BodyWriter> {
    const number = this.#next;
    this.#next += 1;
    const handle = await open(this.#path(number), 'wx', 0o600);
    return new FileWriter(handle, number, this.#fsync, () => this.remove(number));
  }

  /** Opened at once, so that it stays readable when the object is overwritten. */
  open(number: number): {
    read(start: number, end: number): AsyncIterable<Uint8Array>;
    close(): void;
  } {
    const descriptor = openSync(this.#path(number), 'r');
    return { read: (start, end) => readRange(descriptor, start, end), close: () => closeSync(descriptor) };
  }

  async remove(number: number): Promise<void> {
    await unlink(this.#path(number));
  }

  #path(number: number): string {
    return join(this.#folder, String(number));
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
