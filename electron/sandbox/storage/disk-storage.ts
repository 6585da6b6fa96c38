import { mkdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { BodyFiles } from './body-files.ts';
import { lockWhenFree } from './directory-lock.ts';
import { DiskBucket, DiskState } from './disk-state.ts';
import { finishUpload, forget } from './disk-uploads.ts';
import { moveLiveRecords } from './compaction.ts';
import { encodeRecord } from './log-record.ts';
import { replay } from './replay.ts';
import { Segments } from './segments.ts';
import { readSnapshot, writeSnapshot } from './snapshot.ts';
import type { SandboxStorage } from './storage.ts';
import { compareUtf8 } from '../../../shared/utf8-order.ts';
import { VersionIndex } from './version-index.ts';

export interface DiskStorageOptions {
  readonly directory: string;
  /** Answer a write only when the disk has it, so that it survives a loss of power too. Default false. */
  readonly fsync?: boolean;
  /** How long to wait for a process that has the directory to end. Default 0. */
  readonly waitMilliseconds?: number;
  /** Told of what opening found to be torn and cut off, and of background work that failed. */
  readonly onNote?: (note: string) => void;
  /** Bytes of a segment, by which all upkeep is measured too: tests make it small. Default 64 MiB. */
  readonly segmentSize?: number;
}

const SEGMENT_SIZE = 64 * 1024 * 1024;

/**
 * Keeps buckets in `directory`: `segments/` (small objects inline), `bodies/` (large ones), `index` (a snapshot of the
 * keys) and `lock`. A write is answered when it is in the file, so it survives the end of the process, however sudden.
 * Room that is wasted is given back first. Rejects with `DirectoryInUse`.
 */
export async function openDiskStorage(options: DiskStorageOptions): Promise<SandboxStorage> {
  const { directory, fsync = false, onNote = () => undefined, segmentSize = SEGMENT_SIZE } = options;
  const { waitMilliseconds = 0 } = options;
  mkdirSync(directory, { recursive: true, mode: 0o700 });
  const unlock = await lockWhenFree(directory, waitMilliseconds);
  try {
    const storage = new DiskStorage({ directory, fsync, onNote, segmentSize }, unlock);
    await storage.maintain();
    return storage;
  } catch (error) {
    unlock();
    throw error;
  }
}

class DiskStorage implements SandboxStorage {
  readonly #options: Required<Omit<DiskStorageOptions, 'waitMilliseconds'>>;
  readonly #unlock: () => void;
  readonly #state: DiskState;
  readonly #snapshotPath: string;
  /** Bytes that were written before the last snapshot began. */
  #snapshotAt: number;
  #maintenance: Promise<void> | null = null;
  #closing = false;

  constructor(options: Required<Omit<DiskStorageOptions, 'waitMilliseconds'>>, unlock: () => void) {
    const { directory, fsync, onNote, segmentSize } = options;
    this.#options = options;
    this.#unlock = unlock;
    this.#snapshotPath = join(directory, 'index');
    rmSync(`${this.#snapshotPath}.new`, { force: true });
    const segments = new Segments(join(directory, 'segments'), fsync, segmentSize);
    const replayed = replay(segments, readSnapshot(this.#snapshotPath), onNote);
    const files = new BodyFiles(join(directory, 'bodies'), fsync, replayed.nextFile, replayed.files);
    this.#state = new DiskState(segments, files, replayed, () => void this.maintain());
    this.#snapshotAt = this.#state.written - replayed.replayedBytes;
    for (const upload of replayed.completed) {
      forget(this.#state, upload);
      finishUpload(this.#state, upload);
    }
    for (const { folder, parts } of this.#state.uploads.values()) {
      files.keepParts(folder, new Set([...parts.values()].map(({ file }) => file)));
    }
  }

  buckets(): readonly DiskBucket[] {
    return [...this.#state.buckets.values()].toSorted((left, right) => compareUtf8(left.name, right.name));
  }

  bucket(name: string): DiskBucket | null {
    return this.#state.buckets.get(name) ?? null;
  }

  async createBucket(name: string): Promise<void> {
    if (this.#state.buckets.has(name)) return;
    const created = Date.now();
    this.#state.append(encodeRecord({ kind: 'create-bucket', bucket: name, created }));
    this.#state.buckets.set(
      name,
      new DiskBucket(name, { created, versioning: 'off', versions: new VersionIndex() }, this.#state),
    );
    await this.#state.segments.settled();
  }

  async deleteBucket(name: string): Promise<boolean> {
    const bucket = this.#state.buckets.get(name);
    if (bucket === undefined || !bucket.versions.isEmpty) return false;
    await Promise.all(bucket.uploads.list().map(({ id }) => bucket.uploads.abort(id)));
    // The above let others in between.
    if (this.#state.buckets.get(name) !== bucket || !bucket.versions.isEmpty) return false;
    this.#state.append(encodeRecord({ kind: 'delete-bucket', bucket: name }));
    this.#state.buckets.delete(name);
    await this.#state.segments.settled();
    return true;
  }

  writeBody(): ReturnType<SandboxStorage['writeBody']> {
    return this.#state.files.write();
  }

  async close(): Promise<void> {
    this.#closing = true;
    await this.#maintenance;
    try {
      if (this.#state.written !== this.#snapshotAt) await this.#snapshot();
      await this.#state.segments.close();
    } finally {
      this.#unlock();
    }
  }

  /** Does what is due and not under way; writes go on beside it. Never rejects. */
  async maintain(): Promise<void> {
    if (this.#maintenance !== null || this.#closing) return;
    const { segments } = this.#state;
    const { segmentSize } = this.#options;
    const wasted = segments.totalSize - this.#state.live;
    // Little is not worth moving anything.
    const compact = wasted > segmentSize / 4 && wasted > segments.totalSize / 2;
    // Replaying costs about as much as loading: what is to be replayed may grow with the index.
    const unsaved = this.#state.written - this.#snapshotAt;
    if (!compact && unsaved < segmentSize + this.#state.size * 50) return;
    this.#maintenance = Promise.resolve()
      .then(() => (compact ? this.#compact() : this.#snapshot()))
      .catch((error: unknown) => this.#options.onNote(`Upkeep of ${this.#options.directory} failed: ${String(error)}`))
      .finally(() => {
        this.#maintenance = null;
      });
    await this.#maintenance;
  }

  async #snapshot(): Promise<void> {
    const { segments, buckets, uploads, files, order, written } = this.#state;
    const snapshot = {
      position: segments.end,
      nextFile: files.next,
      lastOrder: order.last,
      buckets: [...buckets.values()],
      uploads,
    };
    await writeSnapshot(this.#snapshotPath, snapshot, this.#options.segmentSize / 64, () => segments.settled());
    this.#snapshotAt = written;
  }

  async #compact(): Promise<void> {
    const emptied = await moveLiveRecords(this.#state, () => this.#closing);
    // A segment goes when no snapshot needs it any more.
    await this.#snapshot();
    for (const segment of emptied) this.#state.removeSegment(segment);
  }
}
