/**
 * The key index as one file, so that opening need not read the segments: blocks, each `crc32 of the rest, length, kind`.
 * A bucket's block is followed by those of its leaves; leaves stay packed until somebody needs them. A snapshot is
 * written while others go on writing, so it may hold things newer than its position; replaying the segments from
 * there on gives the same again.
 */
import { existsSync, readFileSync } from 'node:fs';
import { open, rename } from 'node:fs/promises';
import { crc32 } from 'node:zlib';
import type { DiskPart, DiskUpload } from './disk-uploads.ts';
import type { KeyIndex, PackedLeaf } from './key-index.ts';
import {
  hasVersion,
  readVersion,
  type ReadVersion,
  storageClassName,
  storageClassNumber,
  VERSION_SIZE,
  writeVersion,
} from './log-record.ts';
import type { Location } from './segments.ts';
import type { DeleteMarker, ObjectEntry, Versioning } from './storage.ts';
import { isMarker, type KeyHistory, type VersionIndex } from './version-index.ts';

/** An entry and where its record is; `file` is the number of its body's file, or 0. */
export interface DiskEntry extends ObjectEntry, Location {
  readonly file: number;
}

export interface DiskMarker extends DeleteMarker, Location {}

export type DiskVersion = DiskEntry | DiskMarker;

export interface SnapshotBucket {
  readonly name: string;
  readonly created: number;
  readonly versioning: Versioning;
  readonly versions: VersionIndex<DiskEntry, DiskMarker>;
}

export interface LoadedBucket {
  readonly name: string;
  readonly created: number;
  readonly versioning: Versioning;
  readonly leaves: readonly DiskLeaf<DiskEntry>[];
  readonly history: readonly DiskLeaf<KeyHistory<DiskVersion>>[];
}

/** Keys whose versions moved while the leaves were written; what these say of them does not count. */
export interface KeysAgain {
  readonly bucket: string;
  readonly keys: readonly string[];
  readonly versions: () => readonly DiskVersion[];
}

export interface Snapshot {
  /** Replay goes on here. */
  readonly position: { readonly segment: number; readonly offset: number };
  readonly nextFile: number;
  /** Of the last version that was made. */
  readonly lastOrder: number;
  readonly buckets: readonly LoadedBucket[];
  readonly again: readonly KeysAgain[];
  readonly uploads: readonly DiskUpload[];
}

/** A packed leaf with the sums that opening needs of it. */
export interface DiskLeaf<Entry> extends PackedLeaf<Entry> {
  /** Bytes of its records by segment. */
  readonly live: readonly (readonly [segment: number, bytes: number])[];
  readonly files: readonly number[];
  /** As it stands in the snapshot. */
  readonly block: Buffer;
}

const MAGIC = 'dipper sandbox index 2\n';
/** The same without versions; of the same length. */
const FIRST_MAGIC = 'dipper sandbox index 1\n';
const BLOCK_HEADER = 9;
const KIND_START = 1;
const KIND_BUCKET = 2;
const KIND_LEAF = 3;
const KIND_END = 4;
const KIND_HISTORY = 5;
const KIND_AGAIN = 6;
const KIND_AGAIN_LEAF = 7;
const KIND_UPLOAD = 8;
const ENTRY_FIXED = 56;

export interface SnapshotState {
  readonly position: Snapshot['position'];
  readonly nextFile: number;
  readonly lastOrder: number;
  readonly buckets: readonly SnapshotBucket[];
  readonly uploads: ReadonlyMap<string, DiskUpload>;
}

/**
 * Replaces the snapshot at `path` in one step, after all of it and all it points to (`settled`) is on the disk. Pauses
 * after every `pieceSize` bytes.
 */
export async function writeSnapshot(
  path: string,
  state: SnapshotState,
  pieceSize: number,
  settled: () => Promise<void>,
): Promise<void> {
  const temporary = `${path}.new`;
  const handle = await open(temporary, 'w', 0o600);
  try {
    let pending: Buffer[] = [];
    let size = 0;
    for (const block of blocks(state)) {
      pending.push(block);
      size += block.length;
      if (size < pieceSize) continue;
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
  if (![MAGIC, FIRST_MAGIC].includes(file.toString('latin1', 0, MAGIC.length))) return null;
  let start: Omit<Snapshot, 'buckets' | 'again' | 'uploads'> | null = null;
  const buckets: (Omit<LoadedBucket, 'leaves' | 'history'> & {
    readonly leaves: DiskLeaf<DiskEntry>[];
    readonly history: DiskLeaf<KeyHistory<DiskVersion>>[];
  })[] = [];
  const again: KeysAgain[] = [];
  const uploads: DiskUpload[] = [];
  let announced: Omit<KeysAgain, 'versions'> | null = null;
  for (let at = MAGIC.length; at + BLOCK_HEADER <= file.length;) {
    const length = file.readUInt32LE(at + 4);
    const block = file.subarray(at, at + length);
    if (length < BLOCK_HEADER || block.length < length) return null;
    if (crc32(block.subarray(4)) !== block.readUInt32LE(0)) return null;
    at += length;
    const kind = block.readUInt8(8);
    const content = block.subarray(BLOCK_HEADER);
    if (kind === KIND_START) start = { lastOrder: 0, ...JSON.parse(content.toString('utf8')) };
    else if (kind === KIND_BUCKET) {
      buckets.push({ versioning: 'off', ...JSON.parse(content.toString('utf8')), leaves: [], history: [] });
    } else if (kind === KIND_LEAF) buckets.at(-1)?.leaves.push(readLeaf(block, onlyEntries));
    else if (kind === KIND_HISTORY) buckets.at(-1)?.history.push(readLeaf(block, groupByKey));
    else if (kind === KIND_UPLOAD) uploads.push(readUpload(content));
    else if (kind === KIND_AGAIN) announced = JSON.parse(content.toString('utf8'));
    else if (kind === KIND_AGAIN_LEAF && announced !== null) {
      again.push({ ...announced, versions: () => readLeaf(block, (versions) => [...versions]).unpack() });
    } else if (kind === KIND_END) return start === null ? null : { ...start, buckets, again, uploads };
  }
  return null;
}

function* blocks(state: SnapshotState): Generator<Buffer, void, undefined> {
  yield Buffer.from(MAGIC, 'latin1');
  yield jsonBlock(KIND_START, {
    position: state.position,
    nextFile: state.nextFile,
    lastOrder: state.lastOrder,
  });
  const moves = state.buckets.map(({ name, versions }) => ({ name, versions, moved: versions.noteMoves() }));
  for (const { name, created, versioning, versions } of state.buckets) {
    yield jsonBlock(KIND_BUCKET, { name, created, versioning });
    yield* leaves(versions.current, (entries) => packLeaf(KIND_LEAF, entries.length, entries));
    yield* leaves(versions.history, (keys) =>
      packLeaf(
        KIND_HISTORY,
        keys.length,
        keys.flatMap((key) => key.versions),
      ),
    );
  }
  // All in one step, as the next pause may move more.
  yield Buffer.concat(moves.flatMap(({ name, versions, moved }) => blocksAgain(name, versions, moved())));
  const uploads = [...state.uploads.values()];
  yield Buffer.concat(uploads.map(({ parts, ...upload }) => jsonBlock(KIND_UPLOAD, { ...upload, parts: [...parts] })));
  yield jsonBlock(KIND_END, null);
}

function readUpload(content: Buffer): DiskUpload {
  const upload: Omit<DiskUpload, 'parts'> & { readonly parts: readonly (readonly [number, DiskPart])[] } = JSON.parse(
    content.toString('utf8'),
  );
  return { ...upload, parts: new Map(upload.parts) };
}

function blocksAgain(bucket: string, versions: SnapshotBucket['versions'], keys: readonly string[]): Buffer[] {
  if (keys.length === 0) return [];
  const found = keys.flatMap((key) => versions.versionsOf(key));
  return [jsonBlock(KIND_AGAIN, { bucket, keys }), packLeaf(KIND_AGAIN_LEAF, keys.length, found)];
}

function* leaves<Entry extends { readonly key: string }>(
  index: KeyIndex<Entry>,
  pack: (run: readonly Entry[]) => Buffer,
): Generator<Buffer, void, undefined> {
  for (const run of index.runs()) {
    if (isEntries(run)) {
      if (run.length > 0) yield pack(run);
    } else if (isDiskLeaf(run)) yield run.block;
  }
}

function isEntries<Entry>(run: PackedLeaf<Entry> | readonly Entry[]): run is readonly Entry[] {
  return Array.isArray(run);
}

function isDiskLeaf<Entry>(run: PackedLeaf<Entry>): run is DiskLeaf<Entry> {
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

/** Keys, sums by segment and files, then entries: all that opening wants comes first. */
function packLeaf(kind: number, keys: number, entries: readonly DiskVersion[]): Buffer {
  const live = new Map<number, number>();
  const files: number[] = [];
  let size = 0;
  for (const entry of entries) {
    live.set(entry.segment, (live.get(entry.segment) ?? 0) + entry.length);
    if (!isMarker(entry) && entry.file !== 0) files.push(entry.file);
    size += ENTRY_FIXED + Buffer.byteLength(entry.key) + (isLong(entry) ? VERSION_SIZE : 0);
  }
  // One buffer for all: a million entries are packed at once when a sandbox closes.
  const packed = Buffer.alloc(12 + live.size * 12 + files.length * 4 + size);
  packed.writeUInt32LE(keys, 0);
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
  return sealed(kind, [packed]);
}

const PLAIN_ENTRY = 0;
const LONG_ENTRY = 1;
const MARKER = 2;

function isLong(entry: DiskVersion): boolean {
  return isMarker(entry) || hasVersion(entry);
}

/** Answers where the next one goes. */
function packEntry(packed: Buffer, at: number, entry: DiskVersion): number {
  const keyLength = packed.write(entry.key, at + ENTRY_FIXED, 'utf8');
  const end = at + ENTRY_FIXED + keyLength;
  packed.writeUInt16LE(keyLength, at);
  packed.writeDoubleLE(entry.modified, at + 4);
  packed.writeUInt32LE(entry.segment, at + 36);
  packed.writeUInt32LE(entry.offset, at + 40);
  packed.writeUInt32LE(entry.length, at + 44);
  if (isMarker(entry)) {
    packed.writeUInt8(MARKER, at + 3);
  } else {
    packed.writeUInt8(storageClassNumber(entry.storageClass), at + 2);
    packed.writeUInt8(isLong(entry) ? LONG_ENTRY : PLAIN_ENTRY, at + 3);
    packed.writeDoubleLE(entry.size, at + 12);
    packed.write(entry.etag, at + 20, 16, 'hex');
    packed.writeUInt32LE(entry.file, at + 48);
  }
  if (!isLong(entry)) return end;
  writeVersion(packed, end, entry);
  return end + VERSION_SIZE;
}

function readLeaf<Entry extends { readonly key: string }>(
  block: Buffer,
  group: (versions: readonly DiskVersion[]) => Entry[],
): DiskLeaf<Entry> {
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
  const keyAt = at + ENTRY_FIXED;
  const firstKey = at === content.length ? '' : content.toString('utf8', keyAt, keyAt + content.readUInt16LE(at));
  return { firstKey, count, live, files, block, unpack: () => group(unpackEntries(content, entriesAt)) };
}

function onlyEntries(versions: readonly DiskVersion[]): DiskEntry[] {
  return versions.filter((version): version is DiskEntry => !isMarker(version));
}

/** Versions of one key stand together, oldest first. */
function groupByKey(versions: readonly DiskVersion[]): KeyHistory<DiskVersion>[] {
  const keys: { readonly key: string; readonly versions: DiskVersion[] }[] = [];
  for (const version of versions) {
    const last = keys.at(-1);
    if (last?.key === version.key) last.versions.push(version);
    else keys.push({ key: version.key, versions: [version] });
  }
  return keys;
}

const PLAIN_VERSION: ReadVersion = { etagEnd: '' };

function unpackEntries(content: Buffer, start: number): DiskVersion[] {
  const entries: DiskVersion[] = [];
  for (let at = start; at < content.length;) {
    const keyAt = at + ENTRY_FIXED;
    const end = keyAt + content.readUInt16LE(at);
    const kind = content.readUInt8(at + 3);
    const { version, etagEnd } = kind === PLAIN_ENTRY ? PLAIN_VERSION : readVersion(content, end);
    const segment = content.readUInt32LE(at + 36);
    const offset = content.readUInt32LE(at + 40);
    const length = content.readUInt32LE(at + 44);
    const key = content.toString('utf8', keyAt, end);
    const modified = content.readDoubleLE(at + 4);
    if (kind === MARKER) {
      if (version === undefined) throw new Error('a delete marker has no version');
      entries.push({ marker: true, key, modified, version, segment, offset, length });
    } else {
      const entry = {
        key,
        size: content.readDoubleLE(at + 12),
        etag: content.toString('hex', at + 20, at + 36) + etagEnd,
        modified,
        storageClass: storageClassName(content.readUInt8(at + 2)),
        file: content.readUInt32LE(at + 48),
        segment,
        offset,
        length,
      };
      entries.push(version === undefined ? entry : { ...entry, version });
    }
    at = kind === PLAIN_ENTRY ? end : end + VERSION_SIZE;
  }
  return entries;
}
