/**
 * The key index as one file, so that opening need not read the segments: blocks, each `crc32 of the rest, length, kind`.
 * A bucket's block is followed by those of its leaves; leaves stay packed until somebody needs them. A snapshot is
 * written while others go on writing, so it may hold things newer than its position; replaying the segments from
 * there on gives the same again.
 */
import { existsSync, readFileSync } from 'node:fs';
import { open, rename } from 'node:fs/promises';
import { crc32 } from 'node:zlib';
import type { KeyIndex, PackedLeaf } from './key-index.ts';
import { storageClassName, storageClassNumber } from './log-record.ts';
import type { Location } from './segments.ts';
import type { ObjectEntry } from './storage.ts';

/** An entry and where its record is; `file` is the number of its body's file, or 0. */
export interface DiskEntry extends ObjectEntry, Location {
  readonly file: number;
}

export interface SnapshotBucket {
  readonly name: string;
  readonly created: number;
  readonly index: KeyIndex<DiskEntry>;
}

export interface LoadedBucket {
  readonly name: string;
  readonly created: number;
  readonly leaves: readonly DiskLeaf[];
}

export interface Snapshot {
  /** Replay goes on here. */
  readonly position: { readonly segment: number; readonly offset: number };
  readonly nextFile: number;
  readonly buckets: readonly LoadedBucket[];
}

/** A packed leaf with the sums that opening needs of it. */
export interface DiskLeaf extends PackedLeaf<DiskEntry> {
  /** Bytes of its records by segment. */
  readonly live: readonly (readonly [segment: number, bytes: number])[];
  readonly files: readonly number[];
  /** As it stands in the snapshot. */
  readonly block: Buffer;
}

const MAGIC = 'dipper sandbox index 1\n';
const BLOCK_HEADER = 9;
const KIND_START = 1;
const KIND_BUCKET = 2;
const KIND_LEAF = 3;
const KIND_END = 4;
const ENTRY_FIXED = 56;
const WRITE_SIZE = 1024 * 1024;

export interface SnapshotState {
  readonly position: Snapshot['position'];
  readonly nextFile: number;
  readonly buckets: readonly SnapshotBucket[];
}

/** Replaces the snapshot at `path` in one step, after all of it and all it points to (`settled`) is on the disk. */
export async function writeSnapshot(path: string, state: SnapshotState, settled: () => Promise<void>): Promise<void> {
  const temporary = `${path}.new`;
  const handle = await open(temporary, 'w', 0o600);
  try {
    let pending: Buffer[] = [];
    let size = 0;
    for (const block of blocks(state)) {
      pending.push(block);
      size += block.length;
      if (size < WRITE_SIZE) continue;
      await handle.writeFile(Buffer.concat(pending));
      pending = [];
      size = 0;
    }
    await handle.writeFile(Buffer.concat(pending));
    await handle.sync();
    await settled();
  } finally {
    await handle.close();
  }
  await rename(temporary, path);
}

/** Null where there is none or it is damaged: the segments hold everything then. */
export function readSnapshot(path: string): Snapshot | null {
  if (!existsSync(path)) return null;
  const file = readFileSync(path);
  if (file.toString('latin1', 0, MAGIC.length) !== MAGIC) return null;
  let start: { position: Snapshot['position']; nextFile: number } | null = null;
  const buckets: { name: string; created: number; leaves: DiskLeaf[] }[] = [];
  for (let at = MAGIC.length; at + BLOCK_HEADER <= file.length;) {
    const length = file.readUInt32LE(at + 4);
    const block = file.subarray(at, at + length);
    if (length < BLOCK_HEADER || block.length < length) return null;
    if (crc32(block.subarray(4)) !== block.readUInt32LE(0)) return null;
    at += length;
    const kind = block.readUInt8(8);
    const content = block.subarray(BLOCK_HEADER);
    if (kind === KIND_START) start = JSON.parse(content.toString('utf8'));
    else if (kind === KIND_BUCKET) buckets.push({ ...JSON.parse(content.toString('utf8')), leaves: [] });
    else if (kind === KIND_LEAF) buckets.at(-1)?.leaves.push(readLeaf(block));
    else if (kind === KIND_END) return start === null ? null : { ...start, buckets };
  }
  return null;
}

function* blocks(state: SnapshotState): Generator<Buffer, void, undefined> {
  yield Buffer.from(MAGIC, 'latin1');
  yield jsonBlock(KIND_START, { position: state.position, nextFile: state.nextFile });
  for (const { name, created, index } of state.buckets) {
    yield jsonBlock(KIND_BUCKET, { name, created });
    for (const run of index.runs()) {
      if (isEntries(run)) {
        if (run.length > 0) yield packLeaf(run);
      } else if (isDiskLeaf(run)) yield run.block;
    }
  }
  yield jsonBlock(KIND_END, null);
}

function isEntries(run: PackedLeaf<DiskEntry> | readonly DiskEntry[]): run is readonly DiskEntry[] {
  return Array.isArray(run);
}

function isDiskLeaf(run: PackedLeaf<DiskEntry>): run is DiskLeaf {
  return 'block' in run;
}

function jsonBlock(kind: number, value: unknown): Buffer {
  return sealed(kind, [Buffer.from(JSON.stringify(value), 'utf8')]);
}

function sealed(kind: number, parts: readonly Buffer[]): Buffer {
  const block = Buffer.concat([Buffer.alloc(BLOCK_HEADER), ...parts]);
  block.writeUInt32LE(block.length, 4);
  block.writeUInt8(kind, 8);
  block.writeUInt32LE(crc32(block.subarray(4)), 0);
  return block;
}

/** Counts, sums by segment and files, then entries: all that opening wants comes first. */
function packLeaf(entries: readonly DiskEntry[]): Buffer {
  const live = new Map<number, number>();
  const files: number[] = [];
  let size = 0;
  for (const entry of entries) {
    live.set(entry.segment, (live.get(entry.segment) ?? 0) + entry.length);
    if (entry.file !== 0) files.push(entry.file);
    size += ENTRY_FIXED + Buffer.byteLength(entry.key);
  }
  // One buffer for all: a million entries are packed at once when a sandbox closes.
  const packed = Buffer.alloc(12 + live.size * 12 + files.length * 4 + size);
  packed.writeUInt32LE(entries.length, 0);
  packed.writeUInt32LE(live.size, 4);
  packed.writeUInt32LE(files.length, 8);
  let at = 12;
  for (const [segment, bytes] of live) {
    packed.writeUInt32LE(segment, at);
    packed.writeDoubleLE(bytes, at + 4);
    at += 12;
  }
  for (const file of files) at = packed.writeUInt32LE(file, at);
  for (const entry of entries) at = packEntry(packed, at, entry);
  return sealed(KIND_LEAF, [packed]);
}

/** Answers where the next one goes. */
function packEntry(packed: Buffer, at: number, entry: DiskEntry): number {
  const keyLength = packed.write(entry.key, at + ENTRY_FIXED, 'utf8');
  packed.writeUInt16LE(keyLength, at);
  packed.writeUInt8(storageClassNumber(entry.storageClass), at + 2);
  packed.writeDoubleLE(entry.modified, at + 4);
  packed.writeDoubleLE(entry.size, at + 12);
  packed.write(entry.etag, at + 20, 16, 'hex');
  packed.writeUInt32LE(entry.segment, at + 36);
  packed.writeUInt32LE(entry.offset, at + 40);
  packed.writeUInt32LE(entry.length, at + 44);
  packed.writeUInt32LE(entry.file, at + 48);
  return at + ENTRY_FIXED + keyLength;
}

function readLeaf(block: Buffer): DiskLeaf {
  const content = block.subarray(BLOCK_HEADER);
  const count = content.readUInt32LE(0);
  const live: [number, number][] = [];
  let at = 12;
  for (let left = content.readUInt32LE(4); left > 0; left -= 1) {
    live.push([content.readUInt32LE(at), content.readDoubleLE(at + 4)]);
    at += 12;
  }
  const files: number[] = [];
  for (let left = content.readUInt32LE(8); left > 0; left -= 1) {
    files.push(content.readUInt32LE(at));
    at += 4;
  }
  const entriesAt = at;
  const firstKey = content.toString('utf8', at + ENTRY_FIXED, at + ENTRY_FIXED + content.readUInt16LE(at));
  return { firstKey, count, live, files, block, unpack: () => unpackEntries(content, entriesAt, count) };
}

function unpackEntries(content: Buffer, start: number, count: number): DiskEntry[] {
  const entries: DiskEntry[] = [];
  let at = start;
  for (let left = count; left > 0; left -= 1) {
    const keyAt = at + ENTRY_FIXED;
    const end = keyAt + content.readUInt16LE(at);
    entries.push({
      key: content.toString('utf8', keyAt, end),
      storageClass: storageClassName(content.readUInt8(at + 2)),
      modified: content.readDoubleLE(at + 4),
      size: content.readDoubleLE(at + 12),
      etag: content.toString('hex', at + 20, at + 36),
      segment: content.readUInt32LE(at + 36),
      offset: content.readUInt32LE(at + 40),
      length: content.readUInt32LE(at + 44),
      file: content.readUInt32LE(at + 48),
    });
    at = end;
  }
  return entries;
}
