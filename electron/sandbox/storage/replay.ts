import { KeyIndex } from './key-index.ts';
import { decodeRecord, type LogRecord } from './log-record.ts';
import type { Location, Segments } from './segments.ts';
import type { DiskEntry, Snapshot } from './snapshot.ts';

export interface ReplayedBucket {
  created: number;
  readonly index: KeyIndex<DiskEntry>;
}

export interface Replayed {
  readonly buckets: ReadonlyMap<string, ReplayedBucket>;
  /** Numbers of the body files that belong to an object. */
  readonly files: ReadonlySet<number>;
  readonly nextFile: number;
  /** Bytes of live records by segment. */
  readonly live: Map<number, number>;
  /** Bytes read from segments because the snapshot did not cover them. */
  readonly replayedBytes: number;
}

/** Brings the snapshot up to the end of the segments, and cuts off a record that a sudden end left unfinished. */
export function replay(segments: Segments, saved: Snapshot | null, onNote: (note: string) => void): Replayed {
  const snapshot = saved !== null && segments.size(saved.position.segment) >= saved.position.offset ? saved : null;
  const buckets = new Map<string, ReplayedBucket>();
  const files = new Set<number>();
  const live = new Map<number, number>();
  for (const bucket of snapshot?.buckets ?? []) {
    buckets.set(bucket.name, { created: bucket.created, index: new KeyIndex(bucket.leaves) });
    for (const leaf of bucket.leaves) {
      for (const [segment, bytes] of leaf.live) live.set(segment, (live.get(segment) ?? 0) + bytes);
      for (const file of leaf.files) files.add(file);
    }
  }
  let nextFile = snapshot?.nextFile ?? 1;
  let replayedBytes = 0;
  const forget = (entry: DiskEntry | null): void => {
    if (entry === null) return;
    live.set(entry.segment, (live.get(entry.segment) ?? 0) - entry.length);
    files.delete(entry.file);
  };
  const apply = (record: LogRecord, location: Location): void => {
    if (record.kind === 'delete-bucket') {
      buckets.delete(record.bucket);
      return;
    }
    let bucket = buckets.get(record.bucket);
    if (record.kind === 'delete') {
      forget(bucket?.index.delete(record.key) ?? null);
      return;
    }
    if (bucket === undefined) {
      // After a compaction the record that made the bucket can stand behind those of its objects.
      bucket = { created: record.kind === 'create-bucket' ? record.created : record.modified, index: new KeyIndex() };
      buckets.set(record.bucket, bucket);
    }
    if (record.kind === 'create-bucket') {
      bucket.created = record.created;
      return;
    }
    const { key, size, etag, modified, storageClass, file } = record;
    forget(bucket.index.set({ key, size, etag, modified, storageClass, file, ...location }));
    live.set(location.segment, (live.get(location.segment) ?? 0) + location.length);
    if (file !== 0) {
      files.add(file);
      nextFile = Math.max(nextFile, file + 1);
    }
  };
  for (const number of segments.numbers) {
    if (snapshot !== null && number < snapshot.position.segment) continue;
    const start = snapshot?.position.segment === number ? snapshot.position.offset : 0;
    const scan = segments.scan(number, start);
    let step = scan.next();
    for (; !step.done; step = scan.next()) {
      apply(decodeRecord(step.value.buffer, step.value.at), step.value.location);
    }
    cutTornEnd(segments, number, step.value, onNote);
    replayedBytes += step.value - start;
  }
  return { buckets, files, nextFile, live, replayedBytes };
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
