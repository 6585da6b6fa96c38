import { open, type FileHandle } from 'node:fs/promises';
import { localFileFailure } from '../../local-file-failure.ts';

/** A file under its temporary name, written from its start or from where an earlier run came to. */
export class PartFile {
  readonly path: string;
  readonly #handle: FileHandle;
  #bytes: number;

  private constructor(path: string, handle: FileHandle, bytes: number) {
    this.path = path;
    this.#handle = handle;
    this.#bytes = bytes;
  }

  /** What is in the file behind `bytes` goes. Throws `disk-full`, `invalid-arguments`. */
  static async open(path: string, bytes: number): Promise<PartFile> {
    try {
      const handle = await open(path, bytes === 0 ? 'w' : 'r+');
      if (bytes > 0) await handle.truncate(bytes);
      return new PartFile(path, handle, bytes);
    } catch (cause) {
      throw localFileFailure(path, 'written', cause);
    }
  }

  get bytes(): number {
    return this.#bytes;
  }

  async append(data: Uint8Array): Promise<void> {
    if (data.byteLength === 0) return;
    try {
      for (let from = 0; from < data.byteLength;) {
        const { bytesWritten } = await this.#handle.write(data, from, data.byteLength - from, this.#bytes + from);
        from += bytesWritten;
      }
    } catch (cause) {
      throw localFileFailure(this.path, 'written', cause);
    }
    this.#bytes += data.byteLength;
  }

  /** On disk when it resolves. */
  async finish(): Promise<void> {
    try {
      await this.#handle.sync();
    } catch (cause) {
      throw localFileFailure(this.path, 'written', cause);
    } finally {
      await this.#handle.close();
    }
  }

  async close(): Promise<void> {
    await this.#handle.close();
  }
}
