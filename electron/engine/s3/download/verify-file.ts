import { createHash, type Hash } from 'node:crypto';
import type { FileHandle } from 'node:fs/promises';
import { AppFailure } from '../../../../shared/result.ts';
import { localFileFailure } from '../../local-file-failure.ts';
import { bareEtag, etagOfParts, partsOfEtag } from '../etag.ts';
import type { CallOptions, ObjectHead, S3Client } from '../s3-client.ts';

/** `etag`: its bytes have the MD5 that the ETag is made of. `size`: the ETag is none, so the number of bytes has to do. */
export type Verification = 'etag' | 'size';

const PIECE_BYTES = 1024 * 1024;

/** Reads a file back and compares it with the object's ETag. Throws `connection-lost` where it is something else. */
export async function verifyFile(
  client: S3Client,
  bucket: string,
  head: ObjectHead,
  { file, path }: { readonly file: FileHandle; readonly path: string },
  call: CallOptions,
): Promise<Verification> {
  const { key, size } = head;
  const stopped = (): boolean => call.signal?.aborted === true;
  const sumsOf = (sizes: readonly number[]): Promise<readonly Buffer[]> => sumPieces(file, sizes, { path, stopped });
  const etag = bareEtag(head.etag);
  // KMS encrypts before the sum is made.
  if (!/^[0-9a-f]{32}(-\d+)?$/.test(etag) || (head.encryption !== null && head.encryption.algorithm !== 'AES256')) {
    return 'size';
  }
  const count = partsOfEtag(etag);
  if (count === null) {
    const [md5] = await sumsOf([size]);
    if (md5?.toString('hex') !== etag) throw damaged(bucket, key);
    return 'etag';
  }
  const usual = await usualSizes(client, bucket, head, count, call);
  if (usual === null) return 'size';
  if (etagOfParts(await sumsOf(usual)) === etag) return 'etag';
  // Nobody has to cut an object into parts of one size.
  const exact = await exactSizes(client, bucket, head, count, call);
  if (exact === null) return 'size';
  if (etagOfParts(await sumsOf(exact)) !== etag) throw damaged(bucket, key);
  return 'etag';
}

/** Parts as most programs cut them: all as large as the first, but the last. Null where the server does not say. */
async function usualSizes(
  client: S3Client,
  bucket: string,
  head: ObjectHead,
  count: number,
  call: CallOptions,
): Promise<readonly number[] | null> {
  if (count === 1) return [head.size];
  const first = await partSize(client, bucket, head, 1, call);
  if (first === null || first <= 0 || first >= head.size) return null;
  return Array.from({ length: count }, (_, at) => Math.max(0, Math.min(first, head.size - at * first)));
}

async function exactSizes(
  client: S3Client,
  bucket: string,
  head: ObjectHead,
  count: number,
  call: CallOptions,
): Promise<readonly number[] | null> {
  const sizes: number[] = [];
  for (let number = 1; number <= count; number += 1) {
    const size = await partSize(client, bucket, head, number, call);
    if (size === null) return null;
    sizes.push(size);
  }
  return sizes.reduce((sum, size) => sum + size, 0) === head.size ? sizes : null;
}

/** Null where the server refuses to say: that is no reason to refuse the object. */
async function partSize(
  client: S3Client,
  bucket: string,
  { key, etag }: ObjectHead,
  number: number,
  call: CallOptions,
): Promise<number | null> {
  try {
    return await client.headPart(bucket, key, number, { ...call, ifMatch: etag });
  } catch (error) {
    if (!(error instanceof AppFailure) || error.error.code === 'aborted') throw error;
    return null;
  }
}

/** MD5s of pieces of the file that follow each other, the last to its end. */
async function sumPieces(
  file: FileHandle,
  sizes: readonly number[],
  { path, stopped }: { readonly path: string; readonly stopped: () => boolean },
): Promise<readonly Buffer[]> {
  const buffer = Buffer.allocUnsafe(PIECE_BYTES);
  const sums: Buffer[] = [];
  let at = 0;
  for (const size of sizes) {
    const md5: Hash = createHash('md5');
    for (const end = at + size; at < end;) {
      if (stopped()) throw new AppFailure('aborted', `Stopped: downloading to ${path}.`);
      const bytesRead = await readPiece(file, path, buffer.subarray(0, Math.min(PIECE_BYTES, end - at)), at);
      if (bytesRead === 0) break;
      md5.update(buffer.subarray(0, bytesRead));
      at += bytesRead;
    }
    sums.push(md5.digest());
  }
  return sums;
}

async function readPiece(file: FileHandle, path: string, into: Buffer, position: number): Promise<number> {
  try {
    return (await file.read(into, 0, into.byteLength, position)).bytesRead;
  } catch (cause) {
    throw localFileFailure(path, 'read', cause);
  }
}

function damaged(bucket: string, key: string): AppFailure {
  return new AppFailure(
    'connection-lost',
    `Object "${key}" in bucket "${bucket}" arrived damaged: its bytes do not have the sum that its ETag names. Nothing was kept of it. Try again.`,
    { retryable: true, detail: { bucket, key } },
  );
}
