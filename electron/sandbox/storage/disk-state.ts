import type { BodyFiles } from './body-files.ts';
import { DiskUploads, type DiskUpload } from './disk-uploads.ts';
import type { KeyIndex } from './key-index.ts';
import { decodeContent, encodeRecord } from './log-record.ts';
import type { Replayed, ReplayedBucket } from './replay.ts';
import type { Location, Segments } from './segments.ts';
import type { DiskEntry, DiskMarker, DiskVersion } from './snapshot.ts';
import {
  wholeSeconds,
  type Bucket,
  type Deletion,
  type NewObject,
  type ObjectEntry,
  type ObjectFacts,
  type OpenedObject,
  type Versioning,
  type WriteCheck,
} from './storage.ts';
import { isMarker, NULL_VERSION, WriteOrder, type VersionIndex } from './version-index.ts';

/** Segments, files, buckets, uploads and the sums over them. Each change is one synchronous step: append, then index. */
export class DiskState {
  readonly segments: Segments;
  readonly files: BodyFiles;
  readonly buckets = new Map<string, DiskBucket>();
  /** Those of all buckets, by their ids. */
  readonly uploads: Map<string, DiskUpload>;
  readonly order: WriteOrder;
  readonly #live: Map<number, number>;
  readonly #onWrite: () => void;
  /** Bytes that were ever appended, as far as this process knows. */
  written: number;

  constructor(segments: Segments, files: BodyFiles, replayed: Replayed, onWrite: () => void) {
    this.segments = segments;
    this.files = files;
    this.order = new WriteOrder(replayed.lastOrder);
    this.uploads = replayed.uploads;
    this.#live = replayed.live;
    this.#onWrite = onWrite;
    this.written = segments.totalSize;
    for (const [name, bucket] of replayed.buckets) this.buckets.set(name, new DiskBucket(name, bucket, this));
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

  /** Points the index to a record just appended; answers the version it took the place of. */
  replace(versions: DiskVersions, version: DiskVersion): DiskVersion | null {
    const before = versions.add(version);
    this.count(version, 1);
    if (before !== null) this.count(before, -1);
    return before;
  }

  remove(versions: DiskVersions, key: string, id: string): DiskVersion | null {
    const before = versions.remove(key, id);
    if (before !== null) this.count(before, -1);
    return before;
  }

  /** Appends a copy of a record that lives on; answers where it is now. */
  move(from: Location, record: Buffer): Location {
    const to = this.append(record);
    this.count(from, -1);
    this.count(to, 1);
    return to;
  }

  removeSegment(segment: number): void {
    if (this.liveIn(segment) !== 0) throw new Error(`segment ${segment} is still in use`);
    this.segments.remove(segment);
    this.#live.delete(segment);
  }

  /** A record begins to be needed, or is needed no more. */
  count(entry: Location, sign: 1 | -1): void {
    this.#live.set(entry.segment, this.liveIn(entry.segment) + sign * entry.length);
  }
}

interface Written {
  readonly entry: DiskEntry;
  readonly replaced: DiskVersion | null;
}

type DiskVersions = VersionIndex<DiskEntry, DiskMarker>;

export class DiskBucket implements Bucket {
  readonly name: string;
  readonly created: number;
  readonly versions: DiskVersions;
  readonly uploads: DiskUploads;
  versioning: Versioning;
  readonly #state: DiskState;

  constructor(name: string, { created, versioning, versions }: ReplayedBucket, state: DiskState) {
    this.name = name;
    this.created = created;
    this.versioning = versioning;
    this.versions = versions;
    this.uploads = new DiskUploads(this, state);
    this.#state = state;
  }

  get index(): KeyIndex<DiskEntry> {
    return this.versions.current;
  }

  async setVersioning(versioning: 'enabled' | 'suspended'): Promise<void> {
    const { name, created } = this;
    this.#state.append(encodeRecord({ kind: 'versioning', bucket: name, created, versioning }));
    this.versioning = versioning;
    await this.settle(null);
  }

  async open(key: string, id: string | null = null): Promise<OpenedObject | null> {
    const entry = this.#find(key, id);
    if (entry === null) return null;
    const { facts, bytes } = decodeContent(this.#state.segments.read(entry));
    if (entry.file === 0) {
      return { entry, facts, read: (start, end) => bytes.subarray(start, end), close: async () => undefined };
    }
    const file = this.#state.files.open(entry.file, facts.parts);
    return { entry, facts, read: (start, end) => file.read(start, end), close: () => file.close() };
  }

  async put(object: NewObject, check: WriteCheck): Promise<ObjectEntry> {
    let written: Written;
    try {
      written = this.write(object, check);
    } catch (error) {
      if ('file' in object.body) await this.#state.files.remove(object.body.file);
      throw error;
    }
    await this.settle(written.replaced);
    return written.entry;
  }

  /** The step of a put that nothing comes between; `settle` is to follow. */
  write({ body, facts, key, size, etag, storageClass }: NewObject, check: WriteCheck): Written {
    check(this.index.get(key));
    const version = this.#state.order.newVersion(this.versioning);
    const file = 'file' in body ? body.file : 0;
    const modified = wholeSeconds(Date.now());
    const plain = { kind: 'put' as const, bucket: this.name, key, size, etag, modified, storageClass, file };
    const record = version === undefined ? plain : { ...plain, version };
    const bytes = 'bytes' in body ? body.bytes : undefined;
    const { segment, offset, length } = this.#state.append(encodeRecord(record, facts, bytes));
    const placed = { key, size, etag, modified, storageClass, file, segment, offset, length };
    const entry = version === undefined ? placed : { ...placed, version };
    return { entry, replaced: this.#state.replace(this.versions, entry) };
  }

  async delete(key: string, check: WriteCheck): Promise<Deletion> {
    const current = this.index.get(key);
    check(current);
    const version = this.#state.order.newVersion(this.versioning);
    if (version === undefined) {
      if (current !== null) await this.#remove(key, NULL_VERSION);
      return { versionId: null, marker: false };
    }
    const marker = { key, modified: wholeSeconds(Date.now()), version };
    const location = this.#state.append(encodeRecord({ kind: 'marker', bucket: this.name, ...marker }));
    await this.settle(this.#state.replace(this.versions, { marker: true, ...marker, ...location }));
    return { versionId: version.id, marker: true };
  }

  async deleteVersion(key: string, id: string, check: WriteCheck): Promise<Deletion | null> {
    const found = this.versions.find(key, id);
    check(found === null || isMarker(found) ? null : found);
    if (found === null) return null;
    await this.#remove(key, id);
    return { versionId: this.versioning === 'off' ? null : id, marker: isMarker(found) };
  }

  async changeFacts(
    key: string,
    id: string | null,
    change: (facts: ObjectFacts, entry: ObjectEntry) => ObjectFacts,
  ): Promise<ObjectEntry | null> {
    const entry = this.#find(key, id);
    if (entry === null) return null;
    const { facts, bytes } = decodeContent(this.#state.segments.read(entry));
    const record = encodeRecord({ kind: 'put', bucket: this.name, ...entry }, change(facts, entry), bytes);
    this.#state.replace(this.versions, { ...entry, ...this.#state.append(record) });
    await this.settle(null);
    return entry;
  }

  #find(key: string, id: string | null): DiskEntry | null {
    const found = this.versions.find(key, id);
    return found === null || isMarker(found) ? null : found;
  }

  async #remove(key: string, id: string): Promise<void> {
    this.#state.append(encodeRecord({ kind: 'delete', bucket: this.name, key, versionId: id }));
    await this.settle(this.#state.remove(this.versions, key, id));
  }

  /** A replaced body goes when the write that replaced it is sure to stay. */
  async settle(replaced: DiskVersion | null): Promise<void> {
    await this.#state.segments.settled();
    if (replaced !== null && !isMarker(replaced) && replaced.file !== 0) await this.#state.files.remove(replaced.file);
  }
}
