import type { ObjectHead, PutAnswer, PutOptions, S3Client } from '../s3/s3-client.ts';
import { WriteInDoubt } from '../s3/write-in-doubt.ts';
import { isEtagOf, sameEtag } from './etag.ts';
import { hasCode, recordChanged, recordExists, recordGone, type Place } from './write-failures.ts';

/** What a write expects to find: nothing, or the object with this ETag. */
export type Expectation = { readonly absent: true } | { readonly etag: string };

export interface SettledPut extends Place {
  readonly body: Uint8Array;
  readonly expectation: Expectation;
  /** False where the server cannot do conditional writes: the condition is checked by HEAD alone. */
  readonly conditional: boolean;
  readonly options: PutOptions;
}

const MAXIMUM_TRIES = 3;

type Look =
  | { readonly found: 'ours'; readonly answer: PutAnswer }
  /** Still as it was before the write: nothing was done. */
  | { readonly found: 'as-expected' }
  | { readonly found: 'other' | 'nothing' };

/**
 * A PUT whose outcome may be lost on the way. After an answer that never came, or a 500, what is there is compared (ETag;
 * the body where the ETag is no MD5) before the write is sent again or called a conflict: a write that was done is no
 * conflict with itself. Throws the last `WriteInDoubt` where three tries came to nothing.
 */
export async function settlePut(client: S3Client, put: SettledPut): Promise<PutAnswer> {
  let doubt: WriteInDoubt | null = null;
  for (let tries = 1; ; tries++) {
    try {
      return await client.putObject(put.bucket, put.key, put.body, { ...put.options, ...conditionOf(put) });
    } catch (error) {
      if (error instanceof WriteInDoubt) doubt = error;
      // A conflict after a doubt may be one with the first try.
      else if (doubt === null || !hasCode(error, 'record-exists', 'record-changed')) throw error;
    }
    const look = await lookAt(client, put);
    if (look.found === 'ours') return look.answer;
    if (look.found === 'other') throw 'absent' in put.expectation ? recordExists(put) : recordChanged(put);
    if (look.found === 'nothing') throw recordGone(put);
    if (tries >= MAXIMUM_TRIES) throw doubt;
  }
}

function conditionOf({ conditional, expectation }: SettledPut): Pick<PutOptions, 'ifMatch' | 'ifNoneMatch'> {
  if (!conditional) return {};
  return 'absent' in expectation ? { ifNoneMatch: '*' } : { ifMatch: expectation.etag };
}

async function lookAt(client: S3Client, put: SettledPut): Promise<Look> {
  const { signal } = put.options;
  const call = signal === undefined ? {} : { signal };
  const head = await headOrNull(client, put, signal);
  if (head === null) return { found: 'absent' in put.expectation ? 'as-expected' : 'nothing' };
  const answer: PutAnswer = { etag: head.etag, versionId: head.versionId };
  if (isEtagOf(head.etag, put.body)) return { found: 'ours', answer };
  if ('etag' in put.expectation && sameEtag(head.etag, put.expectation.etag)) return { found: 'as-expected' };
  if (head.size !== put.body.byteLength) return { found: 'other' };
  // Under SSE-KMS and on some servers an ETag is no MD5.
  const found = await client.getObject(put.bucket, put.key, { ...call, ifMatch: head.etag });
  return Buffer.compare(found.body, put.body) === 0 ? { found: 'ours', answer } : { found: 'other' };
}

/** A DELETE whose outcome may be lost: gone means done, another object means it was not this one that is to go. */
export async function settleDelete(
  client: S3Client,
  place: Place,
  etag: string | null,
  options: { readonly conditional: boolean; readonly signal: AbortSignal },
): Promise<void> {
  for (let tries = 1; ; tries++) {
    try {
      await client.deleteObject(place.bucket, place.key, {
        signal: options.signal,
        ...(options.conditional && etag !== null ? { ifMatch: etag } : {}),
      });
      return;
    } catch (error) {
      // After a doubt the first try may have done it: S3 answers 404 to If-Match on nothing.
      if (tries > 1 && hasCode(error, 'record-not-found')) return;
      if (!(error instanceof WriteInDoubt) || tries >= MAXIMUM_TRIES) throw error;
    }
    const head = await headOrNull(client, place, options.signal);
    if (head === null) return;
    if (etag !== null && !sameEtag(head.etag, etag)) throw recordChanged(place);
  }
}

export async function headOrNull(
  client: S3Client,
  { bucket, key }: Place,
  signal: AbortSignal | undefined,
): Promise<ObjectHead | null> {
  try {
    return await client.headObject(bucket, key, signal === undefined ? {} : { signal });
  } catch (error) {
    if (hasCode(error, 'record-not-found')) return null;
    throw error;
  }
}
