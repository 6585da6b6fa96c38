import { mkdir, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { fileErrorCode } from '../../../../shared/file-failure.ts';
import { localFileFailure } from '../../local-file-failure.ts';
import type { ExportSink, SinkSettings, SinkState } from './export-sink.ts';
import { createRecordTexts } from './json-rows.ts';
import { objectPath, toldApart } from './object-names.ts';
import { PartFile } from './part-file.ts';
import { temporaryName } from './part-names.ts';
import { PART_START } from './part.ts';
import type { ExportRow } from './row-shape.ts';

/** Files that are written at once. */
const WRITERS = 32;
/** Bytes of them that wait. */
const MOST_WAITING = 32 * 1024 * 1024;

/** In the folder, beside the files: a line for each of them, `{"file","key"}`. */
export const FILES_MANIFEST = 'manifest.ndjson';

interface WaitingFile {
  readonly key: string;
  readonly path: readonly string[];
  readonly content: string | Uint8Array;
}

/** An object a file, in a folder that has a temporary name until it is whole. */
export class FilesSink implements ExportSink {
  readonly restsAfter = 1;
  readonly #settings: SinkSettings;
  readonly #folder: string;
  readonly #manifest: PartFile;
  readonly #textOf: (row: ExportRow) => string;
  #waiting: WaitingFile[] = [];
  #waitingBytes = 0;
  #rows: number;
  #bytes: number;

  private constructor(settings: SinkSettings, folder: string, manifest: PartFile, rows: number, bytes: number) {
    this.#settings = settings;
    this.#folder = folder;
    this.#manifest = manifest;
    this.#textOf = createRecordTexts(settings.shape);
    this.#rows = rows;
    this.#bytes = bytes;
  }

  static async open(settings: SinkSettings, state: SinkState | null): Promise<FilesSink> {
    const folder = temporaryName(settings.target.path, settings.job);
    const at = state?.files[0]?.place ?? PART_START;
    await makeFolder(folder);
    const manifest = await PartFile.open(join(folder, FILES_MANIFEST), at.bytes);
    return new FilesSink(settings, folder, manifest, at.rows, at.size);
  }

  get bytes(): number {
    return this.#bytes;
  }

  /** `bytes`: of an object that is no record, or none that the index has read. */
  add(row: ExportRow & { readonly isTwin: boolean; readonly bytes?: Uint8Array }): void {
    const { shape } = this.#settings;
    const content = row.bytes ?? this.#textOf(row);
    this.#waiting.push({ key: row.key, path: objectPath(shape.prefix, row.key, row.isTwin), content });
    this.#waitingBytes += content.length;
  }

  async settle(): Promise<void> {
    if (this.#waiting.length >= WRITERS || this.#waitingBytes >= MOST_WAITING) await this.#write();
  }

  async rest(): Promise<SinkState> {
    await this.#write();
    return this.#state(false);
  }

  async finish(): Promise<SinkState> {
    await this.#write();
    await this.#manifest.finish();
    return this.#state(true);
  }

  close(): Promise<void> {
    return this.#manifest.close();
  }

  #state(isWhole: boolean): SinkState {
    const place = { rows: this.#rows, bytes: this.#manifest.bytes, size: this.#bytes };
    return { files: [{ name: FILES_MANIFEST, value: null, place, isFinished: isWhole }], isWhole };
  }

  async #write(): Promise<void> {
    const waiting = this.#waiting;
    this.#waiting = [];
    this.#waitingBytes = 0;
    const lines: string[] = [];
    for (let from = 0; from < waiting.length; from += WRITERS) {
      const written = await Promise.all(waiting.slice(from, from + WRITERS).map((file) => this.#writeOne(file)));
      lines.push(...written);
    }
    await this.#manifest.append(Buffer.from(lines.join('')));
    this.#rows += waiting.length;
  }

  async #writeOne({ key, path, content }: WaitingFile): Promise<string> {
    let parts = path;
    for (let place = 0; ;) {
      const file = join(this.#folder, ...parts);
      try {
        await mkdir(dirname(file), { recursive: true });
        await writeFile(file, content);
        this.#bytes += content.length;
        return `${JSON.stringify({ file: parts.join('/'), key })}\n`;
      } catch (cause) {
        // One key is the folder of another: a file and a folder cannot have one name.
        const clashes = ['EISDIR', 'EEXIST', 'ENOTDIR'].includes(fileErrorCode(cause) ?? '');
        if (!clashes || place === parts.length) throw localFileFailure(file, 'written', cause);
        const at = fileErrorCode(cause) === 'EISDIR' ? parts.length - 1 : place;
        parts = parts.map((part, each) => (each === at ? toldApart(part, path.slice(0, at + 1).join('/')) : part));
        place += 1;
      }
    }
  }
}

async function makeFolder(path: string): Promise<void> {
  try {
    await mkdir(path, { recursive: true });
  } catch (cause) {
    throw localFileFailure(path, 'written', cause);
  }
}
