/**
 * What the segments hold, little endian:
 *
 *     0 crc32 of all that follows   4 length of the whole   8 kind   9 storage class   10 bytes of bucket   12 bytes of key
 *     16 modified (a bucket: created), double   24 size, double   32 ETag, 16 bytes   48 bytes of facts   52 body file or 0
 *     56 bytes of inline body   60 bucket, key, facts (JSON), body
 *
 * `put-version`, `marker` and `delete-version` have 11 bytes more at their end: order of the version, double; 1 where its
 * id is `null`; the number of parts it was uploaded in, two bytes. What there is to say of an upload stands in the place
 * of facts.
 */
import { crc32 } from 'node:zlib';
import type { PartFile } from './body-files.ts';
import type {
  DeleteMarker,
  EntryVersion,
  NewUpload,
  ObjectEntry,
  ObjectFacts,
  ObjectPart,
  UploadedPart,
  VersionEntry,
  Versioning,
} from './storage.ts';
import { NULL_VERSION, versionIdOf } from './version-index.ts';

export type LogRecord =
  | { readonly kind: 'create-bucket'; readonly bucket: string; readonly created: number }
  | { readonly kind: 'delete-bucket'; readonly bucket: string }
  /** Repeats when the bucket was made, which tells it from one of the same name. */
  | { readonly kind: 'versioning'; readonly bucket: string; readonly created: number; readonly versioning: Versioning }
  | { readonly kind: 'delete'; readonly bucket: string; readonly key: string; readonly versionId: string }
  | ({ readonly kind: 'upload'; readonly bucket: string } & UploadRecord)
  | ({ readonly kind: 'part'; readonly bucket: string; readonly upload: string } & PartRecord)
  /** All that belongs to the upload is an object's or gone. */
  | { readonly kind: 'end-upload'; readonly bucket: string; readonly id: string }
  | ({ readonly kind: 'marker'; readonly bucket: string } & Omit<DeleteMarker, 'marker'>)
  | ({ readonly kind: 'put'; readonly bucket: string; readonly file: number } & ObjectEntry);

export interface UploadRecord extends NewUpload {
  readonly id: string;
  readonly initiated: number;
  /** Number of the body's folder. */
  readonly folder: number;
}

export interface PartRecord extends UploadedPart, Pick<PartFile, 'file'> {}

/** Facts, and where the parts of a body are that came in parts. */
export interface StoredFacts extends ObjectFacts {
  readonly parts?: readonly (ObjectPart & PartFile)[];
}

export const RECORD_HEADER = 60;
/** No record is longer: an inline body, its facts and its names. */
const LONGEST_RECORD = 4 * 1024 * 1024;

/** By their number on disk; only ever appended to. */
const KINDS = [
  '',
  'put',
  'delete',
  'create-bucket',
  'delete-bucket',
  'put-version',
  'marker',
  'delete-version',
  'versioning',
  'upload',
  'part',
  'end-upload',
] as const;

/** By their number on disk. */
const VERSIONINGS = ['off', 'enabled', 'suspended'] as const;

/** By their number on disk; only ever appended to. */
const STORAGE_CLASSES = [
  'STANDARD',
  'REDUCED_REDUNDANCY',
  'STANDARD_IA',
  'ONEZONE_IA',
  'INTELLIGENT_TIERING',
  'GLACIER',
  'DEEP_ARCHIVE',
  'GLACIER_IR',
];

export function storageClassNumber(name: string): number {
  const number = STORAGE_CLASSES.indexOf(name);
  if (number === -1) throw new Error(`no number for the storage class ${name}`);
  return number;
}

export function storageClassName(number: number): string {
  const name = STORAGE_CLASSES[number];
  if (name === undefined) throw new Error(`no storage class has the number ${number}`);
  return name;
}

/** Bytes of `writeVersion`. */
export const VERSION_SIZE = 11;

/** What an entry has beyond one that keeps no versions and came in one piece; false where it has nothing. */
export function hasVersion(entry: ObjectEntry): boolean {
  return entry.version !== undefined || entry.etag.length > 32;
}

export function writeVersion(buffer: Buffer, at: number, entry: Partial<VersionEntry>): void {
  buffer.writeDoubleLE(entry.version?.order ?? 0, at);
  buffer.writeUInt8((entry.version?.id ?? NULL_VERSION) === NULL_VERSION ? 1 : 0, at + 8);
  buffer.writeUInt16LE('etag' in entry ? Number(entry.etag?.slice(33) ?? 0) : 0, at + 9);
}

export interface ReadVersion {
  readonly version?: EntryVersion;
  /** `-` and the number of parts, or empty. */
  readonly etagEnd: string;
}

export function readVersion(buffer: Buffer, at: number): ReadVersion {
  const order = buffer.readDoubleLE(at);
  const id = buffer.readUInt8(at + 8) === 1 ? NULL_VERSION : versionIdOf(order);
  const parts = buffer.readUInt16LE(at + 9);
  return { ...(order === 0 ? {} : { version: { id, order } }), etagEnd: parts === 0 ? '' : `-${parts}` };
}

/** `facts` and `bytes` belong to a put; `bytes` is empty where the body is a file. */
export function encodeRecord(record: LogRecord, facts?: ObjectFacts, bytes: Uint8Array = EMPTY): Buffer {
  const bucket = Buffer.from(record.bucket, 'utf8');
  const inFacts = record.kind === 'upload' || record.kind === 'part' || record.kind === 'end-upload';
  const key = 'key' in record && !inFacts ? Buffer.from(record.key, 'utf8') : EMPTY;
  const described = inFacts
    ? Buffer.from(JSON.stringify({ ...record, kind: undefined, bucket: undefined }), 'utf8')
    : facts === undefined
      ? EMPTY
      : Buffer.from(JSON.stringify(facts), 'utf8');
  const kind = kindOnDisk(record);
  const versionAt = RECORD_HEADER + bucket.length + key.length + described.length + bytes.length;
  const length = versionAt + (withVersion(kind) ? VERSION_SIZE : 0);
  const buffer = Buffer.allocUnsafe(length);
  buffer.fill(0, 0, RECORD_HEADER);
  buffer.writeUInt32LE(length, 4);
  buffer.writeUInt8(KINDS.indexOf(kind), 8);
  buffer.writeUInt16LE(bucket.length, 10);
  buffer.writeUInt16LE(key.length, 12);
  buffer.writeUInt32LE(described.length, 48);
  buffer.writeUInt32LE(bytes.length, 56);
  switch (record.kind) {
    case 'versioning':
      buffer.writeUInt8(VERSIONINGS.indexOf(record.versioning), 9);
      buffer.writeDoubleLE(record.created, 16);
      break;
    case 'create-bucket':
      buffer.writeDoubleLE(record.created, 16);
      break;
    case 'marker':
      buffer.writeDoubleLE(record.modified, 16);
      writeVersion(buffer, versionAt, record);
      break;
    case 'delete':
      if (kind === 'delete-version') {
        writeVersion(buffer, versionAt, { version: { id: record.versionId, order: Number(`0x${record.versionId}`) } });
      }
      break;
    case 'put':
      buffer.writeUInt8(storageClassNumber(record.storageClass), 9);
      buffer.writeDoubleLE(record.modified, 16);
      buffer.writeDoubleLE(record.size, 24);
      buffer.write(record.etag, 32, 16, 'hex');
      buffer.writeUInt32LE(record.file, 52);
      if (kind === 'put-version') writeVersion(buffer, versionAt, record);
      break;
    case 'delete-bucket':
    case 'upload':
    case 'part':
    case 'end-upload':
  }
  let at = RECORD_HEADER;
  for (const part of [bucket, key, described, bytes]) {
    buffer.set(part, at);
    at += part.length;
  }
  buffer.writeUInt32LE(crc32(buffer.subarray(4)), 0);
  return buffer;
}

function kindOnDisk(record: LogRecord): (typeof KINDS)[number] {
  if (record.kind === 'put') return hasVersion(record) ? 'put-version' : 'put';
  if (record.kind === 'delete') return record.versionId === NULL_VERSION ? 'delete' : 'delete-version';
  return record.kind;
}

function withVersion(kind: (typeof KINDS)[number]): boolean {
  return kind === 'put-version' || kind === 'marker' || kind === 'delete-version';
}

/**
 * Length of the record that starts at `at`: null where it is none or damaged, `more` where the buffer ends before it
 * does.
 */
export function recordLength(buffer: Buffer, at: number): number | 'more' | null {
  if (at + RECORD_HEADER > buffer.length) return 'more';
  const length = buffer.readUInt32LE(at + 4);
  if (length < RECORD_HEADER || length > LONGEST_RECORD) return null;
  if (at + length > buffer.length) return 'more';
  return crc32(buffer.subarray(at + 4, at + length)) === buffer.readUInt32LE(at) ? length : null;
}

/** Reads a record whose length was found good. */
export function decodeRecord(buffer: Buffer, at: number): LogRecord {
  const kind = KINDS[buffer.readUInt8(at + 8)] ?? '';
  const keyAt = at + RECORD_HEADER + buffer.readUInt16LE(at + 10);
  const bucket = buffer.toString('utf8', at + RECORD_HEADER, keyAt);
  const key = (): string => buffer.toString('utf8', keyAt, keyAt + buffer.readUInt16LE(at + 12));
  const version = (): ReadVersion => readVersion(buffer, at + buffer.readUInt32LE(at + 4) - VERSION_SIZE);
  switch (kind) {
    case 'put':
    case 'put-version': {
      const record = {
        kind: 'put' as const,
        bucket,
        key: key(),
        storageClass: storageClassName(buffer.readUInt8(at + 9)),
        modified: buffer.readDoubleLE(at + 16),
        size: buffer.readDoubleLE(at + 24),
        etag: buffer.toString('hex', at + 32, at + 48),
        file: buffer.readUInt32LE(at + 52),
      };
      if (kind === 'put') return record;
      const { version: known, etagEnd } = version();
      const etag = record.etag + etagEnd;
      return known === undefined ? { ...record, etag } : { ...record, etag, version: known };
    }
    case 'marker': {
      const known = version().version;
      if (known === undefined) throw new Error('a delete marker of the sandbox has no version');
      return { kind, bucket, key: key(), modified: buffer.readDoubleLE(at + 16), version: known };
    }
    case 'delete':
      return { kind, bucket, key: key(), versionId: NULL_VERSION };
    case 'delete-version':
      return { kind: 'delete', bucket, key: key(), versionId: version().version?.id ?? NULL_VERSION };
    case 'create-bucket':
      return { kind, bucket, created: buffer.readDoubleLE(at + 16) };
    case 'delete-bucket':
      return { kind, bucket };
    case 'upload':
    case 'part':
    case 'end-upload':
      return { kind, bucket, ...JSON.parse(buffer.toString('utf8', keyAt, keyAt + buffer.readUInt32LE(at + 48))) };
    case 'versioning': {
      const versioning = VERSIONINGS[buffer.readUInt8(at + 9)] ?? 'off';
      return { kind, bucket, created: buffer.readDoubleLE(at + 16), versioning };
    }
    case '':
      throw new Error('a record of the sandbox is of a kind that this version does not know');
  }
}

/** Facts and inline body of a put, as a whole record. */
export function decodeContent(record: Buffer): { readonly facts: StoredFacts; readonly bytes: Buffer } {
  const factsAt = RECORD_HEADER + record.readUInt16LE(10) + record.readUInt16LE(12);
  const bodyAt = factsAt + record.readUInt32LE(48);
  const facts = readFacts(record.toString('utf8', factsAt, bodyAt));
  return { facts, bytes: record.subarray(bodyAt, bodyAt + record.readUInt32LE(56)) };
}

/** Dipper 0.1 knew one kind of sum, and wrote it as `crc32`. */
function readFacts(text: string): StoredFacts {
  const { crc32: older, ...facts }: StoredFacts & { readonly crc32?: string | null } = JSON.parse(text);
  if (older === undefined) return facts;
  return { ...facts, checksum: older === null ? null : { algorithm: 'CRC32', type: 'FULL_OBJECT', value: older } };
}

const EMPTY = new Uint8Array(0);
