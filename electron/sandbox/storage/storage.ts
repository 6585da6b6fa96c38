import type { KeyIndex } from './key-index.ts';
import type { VersionIndex } from './version-index.ts';

export interface ObjectTag {
  readonly key: string;
  readonly value: string;
}

export interface ObjectEncryption {
  /** `AES256`, `aws:kms` or `aws:kms:dsse`. */
  readonly algorithm: string;
  readonly keyId: string | null;
  readonly bucketKey: boolean;
}

/** Whether a bucket keeps versions: not since it was made, or now, or not any more. */
export type Versioning = 'off' | 'enabled' | 'suspended';

/** Which of its key's versions something is. */
export interface EntryVersion {
  /** `null` for what was written while versioning was suspended. */
  readonly id: string;
  /** Grows with every write. */
  readonly order: number;
}

/** What a listing says of an object. */
export interface ObjectEntry {
  readonly key: string;
  /** Bytes. */
  readonly size: number;
  /** 32 hex digits, without quotes; `-` and the number of parts behind them where it was uploaded in parts. */
  readonly etag: string;
  /** Milliseconds since 1970, whole seconds as S3 gives them. */
  readonly modified: number;
  readonly storageClass: string;
  /** Absent for what was written before its bucket kept versions: the oldest, and its id is `null`. */
  readonly version?: EntryVersion;
}

/** The version that says: deleted. */
export interface DeleteMarker {
  readonly marker: true;
  readonly key: string;
  /** As that of an object. */
  readonly modified: number;
  readonly version: EntryVersion;
}

export type VersionEntry = ObjectEntry | DeleteMarker;

export type ChecksumAlgorithm = 'CRC32' | 'CRC32C' | 'CRC64NVME' | 'SHA1' | 'SHA256';

export interface ObjectChecksum {
  readonly algorithm: ChecksumAlgorithm;
  /** A COMPOSITE is made of the sums of a multipart upload's parts. */
  readonly type: 'FULL_OBJECT' | 'COMPOSITE';
  /** Base64; a COMPOSITE has `-` and the number of parts behind it. */
  readonly value: string;
}

/** A part that a multipart object was made of. */
export interface ObjectPart {
  readonly number: number;
  /** Bytes. */
  readonly size: number;
  /** Base64, by the object's algorithm; null where the upload asked for none. */
  readonly checksum: string | null;
}

/** What S3 keeps beside the body and does not list. */
export interface ObjectFacts {
  /** Content-Type and its like, by lower-case name. */
  readonly headers: Readonly<Record<string, string>>;
  /** User metadata by lower-case name without `x-amz-meta-`, decoded. */
  readonly metadata: Readonly<Record<string, string>>;
  readonly tags: readonly ObjectTag[];
  readonly encryption: ObjectEncryption;
  /** Null where an object's writer predates sums. */
  readonly checksum: ObjectChecksum | null;
  /** In order of their numbers, where it came in parts. */
  readonly parts?: readonly ObjectPart[];
  /** Id of the upload that it came by, where it came in parts. */
  readonly upload?: string;
  /** The copy that is or was fetched from an archive: it can be read between these times. */
  readonly restore?: { readonly ready: number; readonly expires: number };
}

/** What a multipart upload is begun with. */
export interface NewUpload {
  readonly key: string;
  readonly storageClass: string;
  readonly facts: ObjectFacts;
  readonly checksum: UploadChecksum;
}

export interface UploadChecksum {
  readonly algorithm: ChecksumAlgorithm;
  readonly type: ObjectChecksum['type'];
  /** False where the client named none: its parts are summed all the same, for the whole. */
  readonly asked: boolean;
}

/** A multipart upload that was neither completed nor aborted. */
export interface MultipartUpload extends NewUpload {
  readonly id: string;
  /** Milliseconds since 1970. */
  readonly initiated: number;
  /** By their numbers, in no order. */
  readonly parts: ReadonlyMap<number, UploadedPart>;
}

export interface UploadedPart {
  readonly number: number;
  /** Bytes. */
  readonly size: number;
  /** As that of an object. */
  readonly etag: string;
  /** Base64, by the upload's algorithm. */
  readonly checksum: string;
  /** As that of an object. */
  readonly modified: number;
}

export interface NewPart extends Omit<UploadedPart, 'modified'> {
  readonly body: StoredBody;
}

/** What the parts of an upload become. */
export interface CompletedUpload {
  readonly size: number;
  readonly etag: string;
  readonly checksum: ObjectChecksum;
  /** Of the upload's parts, in order of their numbers. */
  readonly parts: readonly ObjectPart[];
}

/** The uploads of a bucket. Writes resolve as those of the bucket do; null and false say: no such upload. */
export interface Uploads {
  /** In order of keys; those of one key oldest first. */
  list(): readonly MultipartUpload[];
  get(id: string): MultipartUpload | null;
  create(upload: NewUpload): Promise<MultipartUpload>;
  putPart(id: string, part: NewPart): Promise<UploadedPart | null>;
  complete(id: string, completed: CompletedUpload, check: WriteCheck): Promise<ObjectEntry | null>;
  abort(id: string): Promise<boolean>;
}

/** A body on its way in, beyond what is held in memory. */
export interface BodyWriter {
  /** Resolves when more may be written. */
  write(chunk: Uint8Array): Promise<void>;
  /** All bytes are in the file then. */
  finish(): Promise<StoredBody>;
  discard(): Promise<void>;
}

/** A body that is not part of an object yet: its bytes, or the number of the file that has them. */
export type StoredBody = { readonly bytes: Uint8Array } | { readonly file: number };

export interface OpenedObject {
  readonly entry: ObjectEntry;
  readonly facts: ObjectFacts;
  /** Bytes `start` up to but without `end`; what was opened stays readable while others overwrite or delete it. */
  read(start: number, end: number): AsyncIterable<Uint8Array> | Uint8Array;
  close(): Promise<void>;
}

export interface NewObject {
  readonly key: string;
  readonly size: number;
  readonly etag: string;
  readonly storageClass: string;
  readonly facts: ObjectFacts;
  readonly body: StoredBody;
}

/** Throws what stands against the write, given what is there now; nothing comes between it and the write. */
export type WriteCheck = (current: ObjectEntry | null) => void;

/** What a delete did. */
export interface Deletion {
  /** Of the marker that was made, or of what was removed; null where the bucket keeps no versions. */
  readonly versionId: string | null;
  /** A marker was made or removed, not an object. */
  readonly marker: boolean;
}

export interface Bucket {
  readonly name: string;
  /** Milliseconds since 1970. */
  readonly created: number;
  readonly versioning: Versioning;
  /** Current objects, for reading only. */
  readonly index: KeyIndex<ObjectEntry>;
  /** All versions, for reading only. */
  readonly versions: VersionIndex<ObjectEntry, DeleteMarker>;
  readonly uploads: Uploads;
  /** The current version without an id; null where that is a delete marker or not there. */
  open(key: string, versionId?: string | null): Promise<OpenedObject | null>;
  /** The writes resolve when the write is in the file (and on the disk, where the storage was asked for that). */
  setVersioning(versioning: 'enabled' | 'suspended'): Promise<void>;
  put(object: NewObject, check: WriteCheck): Promise<ObjectEntry>;
  /** Removes the object, or makes a delete marker where the bucket keeps or kept versions. */
  delete(key: string, check: WriteCheck): Promise<Deletion>;
  /** Removes one version for good. Answers null where there is none; `check` is given that version, not the current one. */
  deleteVersion(key: string, versionId: string, check: WriteCheck): Promise<Deletion | null>;
  /** Replaces facts and nothing else. Answers null where `open` would. */
  changeFacts(
    key: string,
    versionId: string | null,
    change: (facts: ObjectFacts, entry: ObjectEntry) => ObjectFacts,
  ): Promise<ObjectEntry | null>;
}

/** Where the server keeps buckets and objects. */
export interface SandboxStorage {
  /** In order of their names. */
  buckets(): readonly Bucket[];
  bucket(name: string): Bucket | null;
  createBucket(name: string): Promise<void>;
  /** Answers false where the bucket holds objects, versions or delete markers; its uploads end with it. */
  deleteBucket(name: string): Promise<boolean>;
  writeBody(): Promise<BodyWriter>;
  close(): Promise<void>;
}

/** Bodies up to so many bytes are kept inline, larger ones as a file each. */
export const INLINE_LIMIT = 1024 * 1024;

/** S3 knows whole seconds. */
export function wholeSeconds(milliseconds: number): number {
  return Math.floor(milliseconds / 1000) * 1000;
}
