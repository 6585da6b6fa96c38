import { AppFailure } from '../../../shared/result.ts';
import { sameEtag } from '../s3/etag.ts';
import type { CallOptions } from '../s3/s3-client.ts';
import { copyRecord, type Copied, type CopySide, type CopyTerms } from './copy-record.ts';
import { deleteObject } from './delete-object.ts';
import type { RecordCall } from './record-call.ts';
import { headOrNull } from './settle-write.ts';

/** A copy whose source goes once the copy was looked at. Where something else is in its place, both stay. */
export async function moveRecord(
  from: CopySide & { readonly etag: string },
  to: CopySide,
  terms: CopyTerms,
  call: RecordCall,
): Promise<Copied> {
  const copied = await copyRecord(from, to, terms, call);
  // What was there already is no copy of ours unless it is the same; then the source is one too many.
  if (copied.outcome === 'unchanged' && !sameEtag(copied.etag, from.etag)) return copied;
  const { announce: _, ...look } = call;
  await removeMoved(from, to, copied, look);
  return { ...copied, outcome: 'done' };
}

/** The second half of a move: also after a crash in between. */
export async function removeMoved(
  from: CopySide & { readonly etag: string },
  to: CopySide,
  { etag, size }: Pick<Copied, 'etag' | 'size'>,
  call: CallOptions & { readonly signal: AbortSignal },
): Promise<void> {
  const there = await headOrNull(to.client, to, call);
  if (there === null || there.size !== size || !sameEtag(there.etag, etag)) {
    throw new AppFailure(
      'record-changed',
      `The copy ${JSON.stringify(to.key)} in bucket "${to.bucket}" is not as it was written: somebody has changed it. ${JSON.stringify(from.key)} stays where it is.`,
      { detail: { bucket: to.bucket, key: to.key } },
    );
  }
  await deleteObject(from.client, from, from.etag, call);
}
