import type { RequestBody } from '../request-body.ts';
import type { CallOptions, CopySource, ObjectHeaders, PutAnswer } from '../s3-client.ts';

/** Uploads in parts, by S3's operation names. An upload is invisible until it is completed, and is paid for until then. */
export interface MultipartVerbs {
  /**
   * Answers the upload's id, also where the signal fires meanwhile: the caller ends it then. Sent again where its answer is
   * lost: the upload that nobody knows of then has no parts and costs nothing.
   */
  createMultipartUpload(bucket: string, key: string, options: CreateUploadOptions): Promise<string>;
  /** Replaces the part of that number. `md5`: base64, checked by the server. Answers the part's ETag. */
  uploadPart(upload: UploadAddress, number: number, body: RequestBody, options: UploadPartOptions): Promise<string>;
  /** A part made of bytes of an object that is there, by the server itself. `range`: `bytes=0-1023`. Answers the part's ETag. */
  uploadPartCopy(upload: UploadAddress, number: number, source: CopySource, options: CopyPartOptions): Promise<string>;
  /** All parts that are there, by their numbers. `record-not-found` where the upload is not. */
  listParts(upload: UploadAddress, options: CallOptions): Promise<readonly ListedPart[]>;
  /** Throws `WriteInDoubt` where its outcome is unknown; conditions as with a PUT. */
  completeMultipartUpload(
    upload: UploadAddress,
    parts: readonly UploadedPart[],
    options: CompleteOptions,
  ): Promise<PutAnswer>;
  /** Done as well where the upload is gone already. */
  abortMultipartUpload(upload: UploadAddress, options: CallOptions): Promise<void>;
  /**
   * Bytes of one part of an object that was uploaded in parts (HEAD with its number); of the whole object where the server
   * knows no parts. `record-changed` where the object has another ETag.
   */
  headPart(bucket: string, key: string, number: number, options: HeadPartOptions): Promise<number>;
  /** Uploads that were begun and not ended, by keys; a page at a time in memory. */
  listMultipartUploads(
    bucket: string,
    options: CallOptions & { readonly prefix?: string },
  ): AsyncGenerator<readonly ListedUpload[], void, undefined>;
}

export interface UploadAddress {
  readonly bucket: string;
  readonly key: string;
  readonly uploadId: string;
}

export interface CreateUploadOptions extends CallOptions {
  readonly headers?: ObjectHeaders;
  /** Kept in the journal of uploads, so that the upload can be gone on with. */
  readonly file?: UploadedFile;
}

/** What a file was when its upload began: another one is not what the parts that are there were cut from. */
export interface UploadedFile {
  readonly path: string;
  readonly size: number;
  /** Milliseconds since 1970. */
  readonly modifiedAt: number;
  readonly inode: number;
  readonly partBytes: number;
  /** Of the headers that the object was begun with: hash of their JSON. */
  readonly headers: string;
}

export interface UploadPartOptions extends CallOptions {
  readonly md5?: string;
}

export interface CopyPartOptions extends CallOptions {
  readonly range: string;
}

export interface CompleteOptions extends CallOptions {
  readonly ifMatch?: string;
  readonly ifNoneMatch?: '*';
}

export interface HeadPartOptions extends CallOptions {
  readonly ifMatch: string;
}

export interface UploadedPart {
  /** From 1 to 10,000. */
  readonly number: number;
  readonly etag: string;
}

export interface ListedPart extends UploadedPart {
  readonly size: number;
}

export interface ListedUpload {
  readonly key: string;
  readonly uploadId: string;
  /** Milliseconds since 1970. */
  readonly begunAt: number;
}
