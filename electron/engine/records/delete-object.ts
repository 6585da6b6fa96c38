import type { S3Client } from '../s3/s3-client.ts';
import { sameEtag } from '../s3/etag.ts';
import type { RecordCall } from './record-call.ts';
import { headOrNull, settleDelete } from './settle-write.ts';
import { UNCHECKED_DELETE } from '../s3/unchecked-conditions.ts';
import { hasCode, recordChanged, type Place } from './write-failures.ts';
import type { BeforeImage } from './write-intent.ts';

export interface ObjectDeleted {
  /** False where there was nothing to delete. */
  readonly existed: boolean;
  readonly notes: readonly string[];
}

/**
 * Deletes what the caller saw; null: whatever is there. Unless the server is known to check the condition, the object is
 * looked at right before. `before`: what it is, for an undo.
 */
export async function deleteObject(
  client: S3Client,
  place: Place,
  etag: string | null,
  { announce, ...call }: RecordCall,
  before: BeforeImage | null = null,
): Promise<ObjectDeleted> {
  const isHeeded = etag === null ? null : await isConditionHeeded(client, place, call);
  const expectation = etag === null ? { any: true as const } : { etag };
  await announce?.({ ...place, expectation, after: null, before });
  if (isHeeded !== true) {
    const head = await headOrNull(client, place, call);
    if (head === null) return { existed: false, notes: [] };
    if (etag !== null && !sameEtag(head.etag, etag)) throw recordChanged(place);
  }
  if (isHeeded !== false) {
    try {
      return { existed: await settleDelete(client, place, etag, { ...call, conditional: true }), notes: [] };
    } catch (error) {
      if (etag === null || !hasCode(error, 'unsupported-by-server')) throw error;
    }
  }
  const existed = await settleDelete(client, place, etag, { ...call, conditional: false });
  return { existed, notes: [UNCHECKED_DELETE] };
}

async function isConditionHeeded(client: S3Client, { bucket, key }: Place, call: RecordCall): Promise<boolean | null> {
  return (await client.capabilities(bucket, key, call)).conditionalDelete;
}
