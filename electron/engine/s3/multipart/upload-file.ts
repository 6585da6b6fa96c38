import { createHash } from 'node:crypto';
import { AppFailure } from '../../../../shared/result.ts';
import type { CallOptions, ObjectHeaders, PutAnswer, S3Client } from '../s3-client.ts';
import { completeUpload } from './complete-upload.ts';
import { isSameFile, openFile, type OpenFile } from './file-source.ts';
import { isGone } from './is-gone.ts';
import type { CompleteOptions, UploadAddress, UploadedFile } from './multipart-verbs.ts';
import { partsOf, sumPart, type PartSource } from './part-source.ts';
import { abandon } from './put-body.ts';
import { haveMd5Etags, sendParts, stoppedUpload, type SentPart } from './send-parts.ts';
import { bareEtag, etagOfParts, partsOfEtag } from '../etag.ts';
import type { UploadJournal } from './upload-journal.ts';
import { partBytesFor, type UploadLimits } from './upload-limits.ts';

export interface FileUpload {
  /** A client that journals its uploads in `journal`, under this connection. */
  readonly client: S3Client;
  readonly journal: UploadJournal;
  readonly connection: string;
  readonly limits: UploadLimits;
  readonly bucket: string;
  readonly key: string;
  readonly path: string;
  readonly headers: ObjectHeaders;
}

export interface FileUploadOptions extends CompleteOptions {
  readonly onProgress?: (progress: UploadProgress) => void;
  /** All parts are there: the last moment to look at what the object takes the place of. */
  readonly beforeComplete?: () => Promise<void>;
}

export interface UploadProgress {
  /** Bytes that the server has. */
  readonly done: number;
  readonly total: number;
}

export interface FileUploaded extends PutAnswer {
  readonly size: number;
  /** Bytes that an earlier try had sent already. */
  readonly resumed: number;
}

const PARTS_AT_ONCE = 4;

/**
 * Uploads a file in parts. One that was broken off (by a crash, a lost connection, a stop) is gone on with by the same
 * call: what the server has already is compared and not sent again, as long as file and headers are the same; an upload of
 * a file that has changed since is aborted, and a new one begun. A refusal aborts the upload.
 */
export async function uploadFile(upload: FileUpload, options: FileUploadOptions): Promise<FileUploaded> {
  const release = upload.journal.claim(JSON.stringify([upload.connection, upload.bucket, upload.key]));
  if (release === null) throw isUnderWay(upload);
  try {
    const file = await openFile(upload.path);
    try {
      return await uploadOpenFile(upload, file, options);
    } finally {
      await file.close();
    }
  } finally {
    release();
  }
}

async function uploadOpenFile(upload: FileUpload, file: OpenFile, options: FileUploadOptions): Promise<FileUploaded> {
  const { client, bucket, key } = upload;
  const { onProgress, beforeComplete, ifMatch, ifNoneMatch, ...call } = options;
  const { size } = file.facts;
  const described: UploadedFile = {
    ...file.facts,
    partBytes: partBytesFor(size, upload.limits),
    headers: createHash('sha256').update(JSON.stringify(upload.headers)).digest('hex'),
  };
  const source = file.sourceOf(described.partBytes);
  const begun = await findBegun(upload, described, call);
  const found = begun === null ? null : await findParts(client, begun, source, call);
  if (begun !== null && found === null) {
    const answer = await findCompleted(client, begun, source, call);
    // The upload is gone; this only tells the journal.
    await client.abortMultipartUpload(begun, call);
    if (answer !== null) return { ...answer, size, resumed: size };
  }
  const there = found ?? [];
  const address =
    begun !== null && found !== null
      ? begun
      : {
          bucket,
          key,
          uploadId: await client.createMultipartUpload(bucket, key, {
            ...call,
            headers: upload.headers,
            file: described,
          }),
        };
  try {
    let done = there.reduce((sum, { size: bytes }) => sum + bytes, 0);
    const resumed = done;
    onProgress?.({ done, total: size });
    const known = new Set(there.map(({ number }) => number));
    const missing = partsOf(source).filter(({ number }) => !known.has(number));
    const sent = await sendParts(client, address, source, missing, {
      ...call,
      atOnce: PARTS_AT_ONCE,
      onSent: (bytes) => {
        done += bytes;
        onProgress?.({ done, total: size });
      },
    });
    await file.requireUnchanged();
    await beforeComplete?.();
    const parts = [...there, ...sent].toSorted((a, b) => a.number - b.number);
    const conditions = {
      ...(ifMatch === undefined ? {} : { ifMatch }),
      ...(ifNoneMatch === undefined ? {} : { ifNoneMatch }),
    };
    const answer = await completeUpload(client, address, parts, size, { ...call, ...conditions });
    return { ...answer, size, resumed };
  } catch (failure) {
    if (!canBeGoneOnWith(failure)) await abandon(client, address, call);
    throw failure;
  }
}

/** What passes by itself, and a stop: the parts that are there stay for the next try. */
function canBeGoneOnWith(failure: unknown): boolean {
  return failure instanceof AppFailure && (failure.error.retryable || failure.error.code === 'aborted');
}

/** The upload of this file to this key that an earlier try began; those of what the file was before are aborted. */
async function findBegun(
  { client, journal, connection, bucket, key, path }: FileUpload,
  described: UploadedFile,
  call: CallOptions,
): Promise<UploadAddress | null> {
  let begun: UploadAddress | null = null;
  for (const { file, ...entry } of await journal.ofConnection(connection)) {
    if (file === null || entry.bucket !== bucket || entry.key !== key || file.path !== path) continue;
    const fits = isSameFile(file, described) && file.headers === described.headers;
    if (fits && file.partBytes === described.partBytes) begun = { bucket, key, uploadId: entry.uploadId };
    else await client.abortMultipartUpload(entry, call);
  }
  return begun;
}

/**
 * The parts that need not be sent again. The file is read for them: their sums are needed for that of the whole, and show
 * a part that is another one. Null where the upload is gone.
 */
async function findParts(
  client: S3Client,
  upload: UploadAddress,
  source: PartSource,
  call: CallOptions,
): Promise<readonly SentPart[] | null> {
  let listed;
  try {
    listed = await client.listParts(upload, call);
  } catch (error) {
    if (isGone(error)) return null;
    throw error;
  }
  const parts = new Map(partsOf(source).map((part) => [part.number, part]));
  const found: SentPart[] = [];
  for (const { number, etag, size } of listed) {
    const part = parts.get(number);
    if (part === undefined || part.end - part.start !== size) continue;
    if (call.signal?.aborted === true) throw stoppedUpload(upload);
    found.push({ number, etag, size, md5: (await sumPart(source, part)).md5 });
  }
  // Where KMS encrypts, no ETag is an MD5 and nothing can be compared; elsewhere one that differs is another part.
  const equal = found.filter((part) => haveMd5Etags([part]));
  return equal.length > 0 ? equal : found;
}

/** The object, where an earlier try completed the upload and ended before it heard so. */
async function findCompleted(
  client: S3Client,
  upload: UploadAddress,
  source: PartSource,
  call: CallOptions,
): Promise<PutAnswer | null> {
  const parts = partsOf(source);
  let head;
  try {
    head = await client.headObject(upload.bucket, upload.key, call);
  } catch (error) {
    if (error instanceof AppFailure && error.error.code === 'record-not-found') return null;
    throw error;
  }
  if (head.size !== source.size || partsOfEtag(head.etag) !== parts.length) return null;
  const md5s: Uint8Array[] = [];
  for (const part of parts) {
    if (call.signal?.aborted === true) throw stoppedUpload(upload);
    md5s.push((await sumPart(source, part)).md5);
  }
  return bareEtag(head.etag) === etagOfParts(md5s) ? { etag: head.etag, versionId: head.versionId } : null;
}

function isUnderWay({ bucket, key }: FileUpload): AppFailure {
  return new AppFailure(
    'invalid-arguments',
    `A file is being uploaded to object "${key}" in bucket "${bucket}" already. Wait until it is there.`,
    { detail: { bucket, key } },
  );
}
