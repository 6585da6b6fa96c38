import { randomBytes } from 'node:crypto';
import { open, rename, rm, statfs, type FileHandle } from 'node:fs/promises';
import { dirname } from 'node:path';
import { formatBytes } from '../../../../shared/byte-size.ts';
import { fileErrorCode } from '../../../../shared/file-failure.ts';
import { AppFailure } from '../../../../shared/result.ts';
import { localFileFailure } from '../../local-file-failure.ts';
import type { HeadOptions, ObjectHead, S3Client } from '../s3-client.ts';
import { verifyFile, type Verification } from './verify-file.ts';

export interface DownloadOptions extends Omit<HeadOptions, 'versionId'> {
  readonly onProgress?: (progress: DownloadProgress) => void;
}

export interface DownloadProgress {
  /** Bytes on disk. */
  readonly done: number;
  readonly total: number;
}

export interface Downloaded {
  readonly head: ObjectHead;
  /** How it is known that the file is the object. */
  readonly verified: Verification;
}

const RANGE_BYTES = 8 * 1024 * 1024;
/** So much is in memory at once: four times that. */
const RANGES_AT_ONCE = 4;

/**
 * Writes an object of any size to a file, by ranges side by side that all have to be of the same object (If-Match). The
 * file appears, or takes the place of one that was there, only once it is whole and was read back and compared with the
 * ETag; whatever happens before, only a temporary file beside it is removed. Throws what reading an object throws, and
 * `disk-full` or `invalid-arguments` for the file.
 */
export async function downloadObject(
  client: S3Client,
  bucket: string,
  key: string,
  path: string,
  options: DownloadOptions,
): Promise<Downloaded> {
  const { onProgress, ifMatch, ...call } = options;
  const head = await client.headObject(bucket, key, { ...call, ...(ifMatch === undefined ? {} : { ifMatch }) });
  await requireRoom(path, head.size);
  const draft = `${path}.${randomBytes(6).toString('hex')}.part`;
  try {
    const file = await openDraft(draft, path);
    let verified: Verification;
    try {
      await writeRanges(client, bucket, head, { file, path }, { ...call, onProgress });
      verified = await verifyFile(client, bucket, head, { file, path }, call);
      await onDisk(path, () => file.sync());
    } finally {
      await file.close();
    }
    await onDisk(path, () => rename(draft, path));
    return { head, verified };
  } catch (failure) {
    await rm(draft, { force: true });
    throw failure;
  }
}

async function writeRanges(
  client: S3Client,
  bucket: string,
  { key, etag, size }: ObjectHead,
  { file, path }: { readonly file: FileHandle; readonly path: string },
  {
    onProgress,
    signal,
    ...call
  }: Omit<DownloadOptions, 'ifMatch' | 'onProgress'> & {
    readonly onProgress: DownloadOptions['onProgress'];
  },
): Promise<void> {
  const stop = new AbortController();
  const either = signal === undefined ? stop.signal : AbortSignal.any([signal, stop.signal]);
  let next = 0;
  let done = 0;
  onProgress?.({ done, total: size });
  const readOneByOne = async (): Promise<void> => {
    while (next < size) {
      const start = next;
      const end = Math.min(size, start + RANGE_BYTES);
      next = end;
      const { body } = await client.getObject(bucket, key, {
        ...call,
        signal: either,
        range: `bytes=${start}-${end - 1}`,
        ifMatch: etag,
        maximumBytes: end - start,
      });
      if (body.byteLength !== end - start) throw cutShort(bucket, key);
      await onDisk(path, () => writeWhole(file, body, start));
      done += body.byteLength;
      onProgress?.({ done, total: size });
    }
  };
  let failed: { readonly cause: unknown } | null = null;
  const readers = Array.from({ length: RANGES_AT_ONCE }, () =>
    readOneByOne().catch((cause: unknown) => {
      failed ??= { cause };
      // The other ranges are of no use any more.
      stop.abort();
    }),
  );
  await Promise.all(readers);
  rethrow(failed);
}

function rethrow(failed: { readonly cause: unknown } | null): void {
  if (failed !== null) throw failed.cause;
}

async function writeWhole(file: FileHandle, body: Uint8Array, start: number): Promise<void> {
  for (let written = 0; written < body.byteLength;) {
    written += (await file.write(body, written, body.byteLength - written, start + written)).bytesWritten;
  }
}

async function openDraft(draft: string, path: string): Promise<FileHandle> {
  try {
    return await open(draft, 'wx+');
  } catch (cause) {
    throw localFileFailure(path, 'written', cause);
  }
}

async function onDisk(path: string, work: () => Promise<void>): Promise<void> {
  try {
    await work();
  } catch (cause) {
    throw localFileFailure(path, 'written', cause);
  }
}

/** Said before gigabytes are read for nothing. */
async function requireRoom(path: string, size: number): Promise<void> {
  let room;
  try {
    const { bavail, bsize } = await statfs(dirname(path));
    room = bavail * bsize;
  } catch (cause) {
    // File systems that do not say how much room there is; a folder that is not there.
    if (fileErrorCode(cause) === 'ENOENT') throw localFileFailure(path, 'written', cause);
    return;
  }
  if (size > room) {
    throw new AppFailure(
      'disk-full',
      `There is no room for ${path}: the object has ${formatBytes(size)}, and the disk has ${formatBytes(room)} left. Make room on it and try again.`,
    );
  }
}

function cutShort(bucket: string, key: string): AppFailure {
  return new AppFailure(
    'connection-lost',
    `Object "${key}" in bucket "${bucket}" came with fewer bytes than the server had announced. Try again.`,
    { retryable: true, detail: { bucket, key } },
  );
}
