import type { BodyFiles } from './body-files.ts';
import { KeyIndex } from './key-index.ts';
import { decodeContent, encodeRecord } from './log-record.ts';
import type { Replayed } from './replay.ts';
import type { Location, Segments } from './segments.ts';
import type { DiskEntry } from './snapshot.ts';
import {
  wholeSeconds,
  type Bucket,
  type NewObject,
  type ObjectEntry,
  type ObjectTag,
  type OpenedObject,
  type WriteCheck,
} from './storage.ts';

/** Segments, files, buckets and the sums over them. Each change is one synchronous step: append, then index. */
export class DiskState {
  readonly segments: Segments;
  readonly files: BodyFiles;
  readonly buckets = new Map<string, DiskBucket>();
  readonly #live: Map<number, number>;
  readonly #onWrite: () => void;
  /** Bytes that were ever appended, as far as this process knows. */
  written: number;

  constructor(segments: Segments, files: BodyFiles, replayed: Replayed, onWrite: () => void) {
    this.segments = segments;
    this.files = files;
    this.#live = replayed.live;
    this.#onWrite = onWrite;
    this.written = segments.totalSize;
    for (const [name, { created, index }] of replayed.buckets) {
      this.buckets.set(name, new DiskBucket(name, created, this, index));
    }
  }

  /** Bytes of records that an entry points to. */
  get live(): number {
    let total = 0;
    for (const bytes of this.#live.values()) total += bytes;
    return total;
  }

  /** Objects. */
  get size(): number {
    let total = 0;
    for (const bucket of this.buckets.values()) total += bucket.index.size;
    return total;
  }

  liveIn(segment: number): number {
    return this.#live.get(segment) ?? 0;
  }

  append(record: Buffer): Location {
    const before = this.segments.current;
    const location = this.segments.append(record);
    this.written += record.length;
    if (this.segments.current !== before) this.#onWrite();
    return location;
  }

  /** Points the index to a record just appended; answers the entry it replaced. */
  replace(index: KeyIndex<DiskEntry>, entry: DiskEntry): DiskEntry | null {
    const before = index.set(entry);
    this.#count(entry, 1);
    if (before !== null) this.#count(before, -1);
    return before;
  }

  remove(index: KeyIndex<DiskEntry>, key: string): DiskEntry | null {
    const before = index.delete(key);
    if (before !== null) this.#count(before, -1);
    return before;
  }

  removeSegment(segment: number): void {
    if (this.liveIn(segment) !== 0) throw new Error(`segment ${segment} is still in use`);
    this.segments.remove(segment);
    this.#live.delete(segment);
  }

  #count(entry: DiskEntry, sign: 1 | -1): void {
    this.#live.set(entry.segment, this.liveIn(entry.segment) + sign * entry.length);
  }
}

export class DiskBucket implements Bucket {
  readonly name: string;
  readonly created: number;
  readonly index: KeyIndex<DiskEntry>;
  readonly #state: DiskState;

  constructor(name: string, created: number, state: DiskState, index: KeyIndex<DiskEntry> = new KeyIndex()) {
    this.name = name;
    this.created = created;
    this.index = index;
    this.#state = state;
  }

  async open(key: string): Promise<OpenedObject | null> {
    const entry = this.index.get(key);
    if (entry === null) return null;
    const { facts, bytes } = decodeContent(this.#state.segments.read(entry));
    if (entry.file === 0) {
      return { entry, facts, read: (start, end) => bytes.subarray(start, end), close: async () => undefined };
    }
    const file = this.#state.files.open(entry.file);
    return { entry, facts, read: (start, end) => file.read(start, end), close: async () => file.close() };
  }

  async put({ body, facts, ...object }: NewObject, check: WriteCheck): Promise<ObjectEntry> {
    const file = 'file' in body ? body.file : 0;
    let entry: DiskEntry;
    let before: DiskEntry | null;
    try {
      check(this.index.get(object.key));
      const described = { ...object, file, modified: wholeSeconds(Date.now()) };
      const bytes = 'bytes' in body ? body.bytes : undefined;
      const record = encodeRecord({ kind: 'put', bucket: this.name, ...described }, facts, bytes);
      entry = { ...described, ...this.#state.append(record) };
      before = this.#state.replace(this.index, entry);
    } catch (error) {
      if (file !== 0) await this.#state.files.remove(file);
      throw error;
    }
    await this.#settle(before);
    return entry;
  }

  async delete(key: string, check: WriteCheck): Promise<boolean> {
    const current = this.index.get(key);
    check(current);
    if (current === null) return false;
    this.#state.append(encodeRecord({ kind: 'delete', bucket: this.name, key }));
    await this.#settle(this.#state.remove(this.index, key));
    return true;
  }

  async setTags(key: string, tags: readonly ObjectTag[]): Promise<boolean> {
    const entry = this.index.get(key);
    if (entry === null) return false;
    const { facts, bytes } = decodeContent(this.#state.segments.read(entry));
    const record = encodeRecord({ kind: 'put', bucket: this.name, ...entry }, { ...facts, tags }, bytes);
    this.#state.replace(this.index, { ...entry, ...this.#state.append(record) });
    await this.#settle(null);
    return true;
  }

  /** A replaced body goes when the write that replaced it is sure to stay. */
  async #settle(replaced: DiskEntry | null): Promise<void> {
    await this.#state.segments.settled();
    if (replaced !== null && replaced.file !== 0) await this.#state.files.remove(replaced.file);
  }
}
