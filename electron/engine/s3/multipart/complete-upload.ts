import { AppFailure } from '../../../../shared/result.ts';
import type { CallOptions, PutAnswer, S3Client } from '../s3-client.ts';
import { lookInDoubt, WriteInDoubt } from '../write-in-doubt.ts';
import { isGone } from './is-gone.ts';
import type { CompleteOptions, UploadAddress } from './multipart-verbs.ts';
import { haveMd5Etags, type SentPart } from './send-parts.ts';
import { bareEtag, etagOfParts, partsOfEtag } from '../etag.ts';

const MAXIMUM_TRIES = 3;

/**
 * Makes one object of the parts. After an answer that was lost, what is there is looked at before it is asked for again:
 * most servers do not answer twice for one upload, and one with a condition would meet its own object. The ETag of the
 * whole is compared with the parts' MD5s where the server's ETags are made of them. Throws `WriteInDoubt` where it stays
 * open.
 */
export async function completeUpload(
  client: S3Client,
  upload: UploadAddress,
  parts: readonly SentPart[],
  size: number,
  options: CompleteOptions,
): Promise<PutAnswer> {
  const expected = expectedEtag(parts);
  const { ifMatch: _, ifNoneMatch: _none, ...call } = options;
  let doubt: WriteInDoubt | null = null;
  for (let tries = 1; ; tries++) {
    try {
      const answer = await client.completeMultipartUpload(upload, parts, options);
      if (expected !== null && bareEtag(answer.etag) !== expected) throw damagedUpload(upload);
      return answer;
    } catch (error) {
      if (error instanceof WriteInDoubt) doubt = error;
      // After a doubt the first try may have done it: then the upload is gone, or the condition meets our own object.
      else if (doubt === null || !(isGone(error) || isConflict(error))) throw error;
      const found = await lookInDoubt(() =>
        findCompleted(client, upload, { expected, parts: parts.length, size }, call),
      );
      if (found !== null) {
        // The upload is gone; this only tells the journal.
        await client.abortMultipartUpload(upload, call);
        return found;
      }
      if (!(error instanceof WriteInDoubt)) throw isGone(error) ? doubt : error;
      if (tries >= MAXIMUM_TRIES) throw doubt;
    }
  }
}

/** The ETag that the whole is to have; null where the server's are no MD5s. */
export function expectedEtag(parts: readonly SentPart[]): string | null {
  return haveMd5Etags(parts) ? etagOfParts(parts.map(({ md5 }) => md5)) : null;
}

/** The object, where it is the one of these parts. */
async function findCompleted(
  client: S3Client,
  upload: UploadAddress,
  { expected, parts, size }: { readonly expected: string | null; readonly parts: number; readonly size: number },
  call: CallOptions,
): Promise<PutAnswer | null> {
  let head;
  try {
    head = await client.headObject(upload.bucket, upload.key, call);
  } catch (error) {
    if (error instanceof AppFailure && error.error.code === 'record-not-found') return null;
    throw error;
  }
  const isOurs =
    expected === null
      ? head.size === size && partsOfEtag(head.etag) === parts && (await isOver(client, upload, call))
      : bareEtag(head.etag) === expected;
  return isOurs ? { etag: head.etag, versionId: head.versionId } : null;
}

async function isOver(client: S3Client, upload: UploadAddress, call: CallOptions): Promise<boolean> {
  try {
    await client.listParts(upload, call);
    return false;
  } catch (error) {
    if (isGone(error)) return true;
    throw error;
  }
}

function isConflict(error: unknown): boolean {
  return error instanceof AppFailure && (error.error.code === 'record-exists' || error.error.code === 'record-changed');
}

export function damagedUpload({ bucket, key }: Pick<UploadAddress, 'bucket' | 'key'>): AppFailure {
  return new AppFailure(
    'server-error',
    `Object "${key}" in bucket "${bucket}" was uploaded, but the server says by its ETag that it holds something else. Upload it again, and compare what is there before relying on it.`,
    { detail: { bucket, key } },
  );
}
