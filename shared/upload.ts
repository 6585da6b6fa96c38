import type { RecordAddress } from './record.ts';

/** An upload in parts that was begun and not ended: no object yet, but its parts are stored and paid for. */
export interface UnfinishedUpload {
  readonly key: string;
  readonly uploadId: string;
  /** Milliseconds since 1970. */
  readonly begunAt: number;
  readonly bytes: number;
  /** Begun by this Dipper; others may still be under way. */
  readonly ours: boolean;
}

export interface UnfinishedUploads {
  /** The oldest first. */
  readonly uploads: readonly UnfinishedUpload[];
  /** True where there are more than were looked at. */
  readonly more: boolean;
}

/** A file of this machine that becomes an object, byte by byte. */
export interface FileToUpload {
  readonly collection: string;
  readonly id: string;
  /** Absolute. */
  readonly path: string;
  /** `replace` writes over the object that is there now, and only that one. */
  readonly ifExists: 'fail' | 'replace';
}

export interface DownloadedFile {
  readonly key: string;
  readonly size: number;
  /** Of the file, absolute. */
  readonly path: string;
  /** `etag`: the file has the MD5 that the object's ETag is made of. `size`: the ETag is none. */
  readonly verified: 'etag' | 'size';
}

/** How far a file on its way to or from S3 is. */
export interface TransferProgress {
  readonly collection: string;
  /** As the call names it. */
  readonly record: RecordAddress;
  /** Of the file on this machine, absolute. */
  readonly path: string;
  readonly direction: 'up' | 'down';
  /** Bytes that have arrived: at the server, or on disk. */
  readonly done: number;
  readonly total: number;
}
