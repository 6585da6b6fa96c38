import {
  closeSync,
  existsSync,
  fdatasync,
  fdatasyncSync,
  fstatSync,
  ftruncateSync,
  mkdirSync,
  openSync,
  readdirSync,
  readSync,
  unlinkSync,
  writeSync,
} from 'node:fs';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { recordLength } from './log-record.ts';

export interface Location {
  readonly segment: number;
  readonly offset: number;
  /** Bytes. */
  readonly length: number;
}

/** A record as found by a scan: `buffer` from `at` on, valid until the next one is asked for. */
export interface ScannedRecord {
  readonly buffer: Buffer;
  readonly at: number;
  readonly location: Location;
}

interface Segment {
  readonly descriptor: number;
  /** Bytes. */
  size: number;
}

const SCAN_SIZE = 4 * 1024 * 1024;

const dataSync = promisify(fdatasync);

/**
 * The append-only files, numbered from 1. Reads and writes of inline objects are synchronous: they cost a few
 * microseconds from the page cache, a tenth of a trip through the thread pool, and a check and its write are one step.
 */
export class Segments {
  readonly #folder: string;
  readonly #segments = new Map<number, Segment>();
  readonly #fsync: boolean;
  readonly #largest: number;
  #current = 0;
  #syncing: Promise<void> = Promise.resolve();
  #nextSync: Promise<void> | null = null;

  /** A file takes no more than `largest` bytes, or one record. */
  constructor(folder: string, fsync: boolean, largest: number) {
    this.#folder = folder;
    this.#fsync = fsync;
    this.#largest = largest;
    mkdirSync(folder, { recursive: true, mode: 0o700 });
    for (const name of readdirSync(folder)) {
      const match = /^(\d{8})\.log$/.exec(name);
      if (match?.[1] === undefined) continue;
      const descriptor = openSync(join(folder, name), 'r+');
      this.#segments.set(Number(match[1]), { descriptor, size: fstatSync(descriptor).size });
    }
    this.#current = Math.max(0, ...this.#segments.keys());
    if (this.#current === 0) this.roll();
  }

  /** In order. */
  get numbers(): readonly number[] {
    return [...this.#segments.keys()].toSorted((left, right) => left - right);
  }

  get current(): number {
    return this.#current;
  }

  /** Where the next record will start. */
  get end(): { readonly segment: number; readonly offset: number } {
    return { segment: this.#current, offset: this.size(this.#current) };
  }

  /** Bytes; 0 where there is no such segment. */
  size(segment: number): number {
    return this.#segments.get(segment)?.size ?? 0;
  }

  get totalSize(): number {
    let total = 0;
    for (const segment of this.#segments.values()) total += segment.size;
    return total;
  }

  /** The record is in the file when this returns; where it throws, nothing of it is. */
  append(record: Buffer): Location {
    if (this.size(this.#current) + record.length > this.#largest && this.size(this.#current) > 0) this.roll();
    const segment = this.#segment(this.#current);
    const offset = segment.size;
    try {
      for (let written = 0; written < record.length;) {
        written += writeSync(segment.descriptor, record, written, record.length - written, offset + written);
      }
    } catch (error) {
      ftruncateSync(segment.descriptor, offset);
      throw error;
    }
    segment.size = offset + record.length;
    return { segment: this.#current, offset, length: record.length };
  }

  /** Goes on in a new file. */
  roll(): void {
    const before = this.#segments.get(this.#current);
    if (this.#fsync && before !== undefined) fdatasyncSync(before.descriptor);
    const number = this.#current + 1;
    this.#segments.set(number, { descriptor: openSync(this.#path(number), 'wx+', 0o600), size: 0 });
    this.#current = number;
  }

  /** Resolves when what was appended is on the disk; at once where nobody asked for that. One sync serves all who wait. */
  settled(): Promise<void> {
    if (!this.#fsync) return Promise.resolve();
    this.#nextSync ??= this.#syncing
      // A failed sync was told to those who waited for it.
      .catch(() => undefined)
      .then(() => {
        this.#nextSync = null;
        this.#syncing = dataSync(this.#segment(this.#current).descriptor);
        return this.#syncing;
      });
    return this.#nextSync;
  }

  /** One whole record. Throws where it is damaged. */
  read({ segment, offset, length }: Location): Buffer {
    const record = Buffer.allocUnsafe(length);
    const { descriptor } = this.#segment(segment);
    for (let done = 0; done < length;) {
      const count = readSync(descriptor, record, done, length - done, offset + done);
      if (count === 0) break;
      done += count;
    }
    if (recordLength(record, 0) !== length) {
      throw new Error(`${this.#path(segment)} is damaged at byte ${offset}`);
    }
    return record;
  }

  /** Records from `offset` on; answers where the good ones end. */
  *scan(number: number, offset: number): Generator<ScannedRecord, number, undefined> {
    const segment = this.#segment(number);
    const { size } = segment;
    let start = offset;
    while (start < size) {
      const buffer = Buffer.allocUnsafe(Math.min(SCAN_SIZE, size - start));
      const count = readSync(segment.descriptor, buffer, 0, buffer.length, start);
      const chunk = buffer.subarray(0, count);
      let at = 0;
      let length = recordLength(chunk, at);
      for (; typeof length === 'number'; length = recordLength(chunk, at)) {
        yield { buffer: chunk, at, location: { segment: number, offset: start + at, length } };
        at += length;
      }
      // No record is longer than what is read at once: one that starts a chunk and does not end in it is torn.
      if (length === null || at === 0) return start + at;
      start += at;
    }
    return start;
  }

  truncate(number: number, size: number): void {
    const segment = this.#segment(number);
    ftruncateSync(segment.descriptor, size);
    segment.size = size;
  }

  remove(number: number): void {
    closeSync(this.#segment(number).descriptor);
    this.#segments.delete(number);
    if (existsSync(this.#path(number))) unlinkSync(this.#path(number));
  }

  async close(): Promise<void> {
    await this.settled();
    for (const { descriptor } of this.#segments.values()) closeSync(descriptor);
    this.#segments.clear();
  }

  path(number: number): string {
    return this.#path(number);
  }

  #path(number: number): string {
    return join(this.#folder, `${String(number).padStart(8, '0')}.log`);
  }

  #segment(number: number): Segment {
    const segment = this.#segments.get(number);
    if (segment === undefined) throw new Error(`${this.#path(number)} is missing`);
    return segment;
  }
}
