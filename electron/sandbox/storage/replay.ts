import type { DiskPart, DiskUpload } from './disk-uploads.ts';
import { decodeRecord, type LogRecord, type PartRecord } from './log-record.ts';
import type { Location, Segments } from './segments.ts';
import type { DiskEntry, DiskMarker, DiskVersion, Snapshot } from './snapshot.ts';
import type { Versioning } from './storage.ts';
import { isMarker, VersionIndex } from './version-index.ts';

export interface ReplayedBucket {
  created: number;
  versioning: Versioning;
  readonly versions: VersionIndex<DiskEntry, DiskMarker>;
}

export interface Replayed {
  readonly buckets: ReadonlyMap<string, ReplayedBucket>;
  /** By their ids, of all buckets. */
  readonly uploads: Map<string, DiskUpload>;
  /** Uploads that became objects in the last moment before a sudden end. */
  readonly completed: readonly DiskUpload[];
  /** Numbers of the bodies that belong to an object or an upload. */
  readonly files: ReadonlySet<number>;
  readonly nextFile: number;
  /** Of the last version that was made. */
  readonly lastOrder: number;
  /** Bytes of live records by segment. */
  readonly live: Map<number, number>;
  /** Bytes read from segments because the snapshot did not cover them. */
  readonly replayedBytes: number;
}

/** What replaying brings up to date, record by record. */
class Replay {
  readonly buckets = new Map<string, ReplayedBucket>();
  readonly uploads = new Map<string, DiskUpload>();
  readonly completed = new Set<string>();
  /** After a compaction an upload can stand behind its parts. */
  readonly #parts = new Map<string, Map<number, DiskPart>>();
  readonly files = new Set<number>();
  readonly live = new Map<number, number>();
  nextFile: number;
  lastOrder: number;

  constructor(snapshot: Snapshot | null) {
    this.nextFile = snapshot?.nextFile ?? 1;
    this.lastOrder = snapshot?.lastOrder ?? 0;
    for (const { name, created, versioning, leaves, history } of snapshot?.buckets ?? []) {
      this.buckets.set(name, {
        created,
        versioning,
        versions: new VersionIndex<DiskEntry, DiskMarker>(leaves, history),
      });
      for (const leaf of [...leaves, ...history]) {
        for (const [segment, bytes] of leaf.live) this.#count(segment, bytes);
        for (const file of leaf.files) this.files.add(file);
      }
    }
    for (const upload of snapshot?.uploads ?? []) {
      this.#addUpload(upload);
      for (const { segment, length } of upload.parts.values()) this.#count(segment, length);
    }
    for (const { bucket, keys, versions } of snapshot?.again ?? []) {
      const index = this.buckets.get(bucket)?.versions;
      if (index === undefined) continue;
      for (const key of keys) {
        this.#forget(index.current.delete(key));
        for (const version of index.history.delete(key)?.versions ?? []) this.#forget(version);
      }
      for (const version of versions()) this.#add(index, version);
    }
  }

  #addUpload(upload: DiskUpload): void {
    this.uploads.set(upload.id, upload);
    this.#parts.set(upload.id, upload.parts);
    this.#count(upload.segment, upload.length);
    this.nextFile = Math.max(this.nextFile, upload.folder + 1);
  }

  #addPart(record: PartRecord, upload: string, location: Location): void {
    const parts = this.#parts.get(upload) ?? new Map<number, DiskPart>();
    this.#parts.set(upload, parts);
    const before = parts.get(record.number);
    if (before !== undefined) this.#count(before.segment, -before.length);
    parts.set(record.number, { ...record, ...location });
    this.#count(location.segment, location.length);
    this.nextFile = Math.max(this.nextFile, record.file + 1);
  }

  #endUpload(id: string): void {
    const upload = this.uploads.get(id);
    if (upload !== undefined) this.#count(upload.segment, -upload.length);
    for (const { segment, length } of this.#parts.get(id)?.values() ?? []) this.#count(segment, -length);
    this.uploads.delete(id);
    this.completed.delete(id);
    this.#parts.delete(id);
  }

  apply(record: LogRecord, location: Location): void {
    const bucket = this.buckets.get(record.bucket);
    switch (record.kind) {
      case 'delete-bucket':
        this.buckets.delete(record.bucket);
        break;
      case 'delete':
        this.#forget(bucket?.versions.remove(record.key, record.versionId) ?? null);
        break;
      case 'create-bucket': {
        const made = bucket ?? this.#newBucket(record.bucket, record.created);
        // Another one of the same name: that it follows shows that the other one is gone.
        if (made.created !== record.created) made.versioning = 'off';
        made.created = record.created;
        break;
      }
      case 'versioning': {
        const { created, versioning } = record;
        Object.assign(bucket ?? this.#newBucket(record.bucket, created), { created, versioning });
        break;
      }
      case 'upload': {
        const before = this.uploads.get(record.id);
        if (before !== undefined) this.#count(before.segment, -before.length);
        const { kind: _kind, ...upload } = record;
        this.#addUpload({ ...upload, ...location, parts: this.#parts.get(record.id) ?? new Map() });
        break;
      }
      case 'part': {
        const { kind: _kind, bucket: _bucket, upload, ...part } = record;
        this.#addPart(part, upload, location);
        break;
      }
      case 'end-upload':
        this.#endUpload(record.id);
        break;
      case 'marker': {
        const { key, modified, version } = record;
        const { versions } = bucket ?? this.#newBucket(record.bucket, modified);
        this.#add(versions, { marker: true, key, modified, version, ...location });
        break;
      }
      case 'put': {
        const { key, size, etag, modified, storageClass, file, version } = record;
        const { segment, offset, length } = location;
        const { versions } = bucket ?? this.#newBucket(record.bucket, modified);
        // Written out: what a rest or a spread makes takes twice the memory and the time, a million times.
        const entry = { key, size, etag, modified, storageClass, file, segment, offset, length };
        this.#add(versions, version === undefined ? entry : { ...entry, version });
        for (const { id, folder } of this.uploads.values()) {
          if (file === folder) this.completed.add(id);
        }
      }
    }
  }

  /** After a compaction the record that made the bucket can stand behind those of its objects. */
  #newBucket(name: string, created: number): ReplayedBucket {
    const bucket: ReplayedBucket = { created, versioning: 'off', versions: new VersionIndex() };
    this.buckets.set(name, bucket);
    return bucket;
  }

  #add(index: VersionIndex<DiskEntry, DiskMarker>, version: DiskVersion): void {
    this.#forget(index.add(version));
    this.#count(version.segment, version.length);
    this.lastOrder = Math.max(this.lastOrder, version.version?.order ?? 0);
    if (isMarker(version) || version.file === 0) return;
    this.files.add(version.file);
    this.nextFile = Math.max(this.nextFile, version.file + 1);
  }

  #forget(version: DiskVersion | null): void {
    if (version === null) return;
    this.#count(version.segment, -version.length);
    if (!isMarker(version)) this.files.delete(version.file);
  }

  #count(segment: number, bytes: number): void {
    this.live.set(segment, (this.live.get(segment) ?? 0) + bytes);
  }
}

/** Brings the snapshot up to the end of the segments, and cuts off a record that a sudden end left unfinished. */
export function replay(segments: Segments, saved: Snapshot | null, onNote: (note: string) => void): Replayed {
  const snapshot = saved !== null && segments.size(saved.position.segment) >= saved.position.offset ? saved : null;
  const state = new Replay(snapshot);
  let replayedBytes = 0;
  for (const number of segments.numbers) {
    if (snapshot !== null && number < snapshot.position.segment) continue;
    const start = snapshot?.position.segment === number ? snapshot.position.offset : 0;
    const scan = segments.scan(number, start);
    let step = scan.next();
    for (; !step.done; step = scan.next()) {
      state.apply(decodeRecord(step.value.buffer, step.value.at), step.value.location);
    }
    cutTornEnd(segments, number, step.value, onNote);
    replayedBytes += step.value - start;
  }
  const { buckets, uploads, files, nextFile, lastOrder, live } = state;
  const completed = [...state.completed].flatMap((id) => uploads.get(id) ?? []);
  for (const { id, folder } of uploads.values()) {
    if (!state.completed.has(id)) files.add(folder);
  }
  return { buckets, uploads, completed, files, nextFile, lastOrder, live, replayedBytes };
}

function cutTornEnd(segments: Segments, number: number, end: number, onNote: (note: string) => void): void {
  const size = segments.size(number);
  if (end === size) return;
  if (number !== segments.current) {
    throw new Error(
      `${segments.path(number)} is damaged at byte ${end} and records follow. Move the sandbox directory away to start with a new one.`,
    );
  }
  segments.truncate(number, end);
  onNote(`${segments.path(number)}: the last ${size - end} bytes were a write that never ended; they were cut off.`);
}
