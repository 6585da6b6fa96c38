import { sameTags } from '../../../shared/same-tags.ts';
import { putBody } from '../s3/multipart/put-body.ts';
import type { CallOptions, ObjectHead, ObjectHeaders, PutAnswer, PutOptions, S3Client } from '../s3/s3-client.ts';
import { lookInDoubt, WriteInDoubt } from '../s3/write-in-doubt.ts';
import { isEtagOf, md5Of, sameEtag } from '../s3/etag.ts';
import { hasCode, recordChanged, recordExists, recordGone, type Place } from './write-failures.ts';
import type { Expectation, IntendedObject, WriteIntent } from './write-intent.ts';

/**
 * What became of a write whose answer nobody heard. `done`: what is there is what was to be. `not-done`: all is as it was,
 * so the write can be sent (again). `changed`: somebody else's object is there, or none where one was expected.
 */
export type Settled = 'done' | 'not-done' | 'changed';

type Intended = Pick<WriteIntent, 'bucket' | 'key' | 'expectation' | 'after'>;

/** Decides by HEAD, and by the body where an ETag is no MD5. */
export async function settleIntent(client: S3Client, intent: Intended, call: CallOptions): Promise<SettledIntent> {
  const { settled, head } = await look(client, intent, call);
  return { settled, etag: head?.etag ?? null };
}

/** The same for a write that several runs tried and that was cut off each time: what any of them was to leave is `done`. */
export async function settleTries(
  client: S3Client,
  tries: readonly [Intended, ...(readonly Intended[])],
  call: CallOptions,
): Promise<SettledIntent> {
  const head = await headOrNull(client, tries[0], call);
  const etag = head?.etag ?? null;
  for (const intent of tries) {
    const settled = await settle(client, intent, head, call);
    if (settled !== 'changed') return { settled, etag };
  }
  return { settled: 'changed', etag };
}

export interface SettledIntent {
  readonly settled: Settled;
  /** Of what is there now. */
  readonly etag: string | null;
}

export interface SettledPut extends Place {
  readonly body: Uint8Array;
  readonly headers: ObjectHeaders;
  readonly expectation: Expectation;
}

/** Of a write that is in doubt each time. */
export const MAXIMUM_TRIES = 3;

/**
 * A PUT whose outcome may be lost on the way. After an answer that never came, or a 500, what is there is compared before
 * the write is sent again or called a conflict: a write that was done is no conflict with itself. Throws `WriteInDoubt`
 * where three tries came to nothing, or where nobody can look.
 * @param conditional false where the server cannot do conditional writes: the condition is checked by HEAD alone
 */
export function settlePut(
  client: S3Client,
  { bucket, key, body, headers, expectation }: SettledPut,
  call: CallOptions,
  conditional: boolean,
): Promise<PutAnswer> {
  const condition = conditional ? conditionOf(expectation) : {};
  return settleSent(
    client,
    { bucket, key, expectation },
    () => ({ md5: md5Of(body), size: body.byteLength }),
    () => putBody(client, bucket, key, body, { headers, ...call, ...condition }),
    call,
  );
}

/** The same for whatever leaves the object of `after` behind; asked for that where it has to be compared. */
export function settleSent(
  client: S3Client,
  write: Place & { readonly expectation: Expectation },
  after: () => IntendedObject,
  send: () => Promise<PutAnswer>,
  call: CallOptions,
): Promise<PutAnswer> {
  // Nearly all are answered: only what is in doubt is worth a function that waits.
  return send().catch((failure: unknown) => settleFailed(failure, client, write, after, send, call));
}

async function settleFailed(
  failure: unknown,
  ...[client, write, after, send, call]: Parameters<typeof settleSent>
): Promise<PutAnswer> {
  let doubt: WriteInDoubt | null = null;
  let failed = failure;
  for (let tries = 1; ; tries++) {
    if (failed instanceof WriteInDoubt) doubt = failed;
    // A conflict after a doubt may be one with the first try.
    else if (doubt === null || !hasCode(failed, 'record-exists', 'record-changed')) throw failed;
    const { settled, head } = await lookInDoubt(() => look(client, { ...write, after: after() }, call));
    if (settled === 'done' && head !== null) {
      return { etag: head.etag, versionId: head.versionId, lastModified: head.lastModified };
    }
    if (settled === 'changed' && head === null) throw recordGone(write);
    if (settled === 'changed') throw 'absent' in write.expectation ? recordExists(write) : recordChanged(write);
    if (tries >= MAXIMUM_TRIES) throw doubt;
    try {
      return await send();
    } catch (error) {
      failed = error;
    }
  }
}

export function conditionOf(expectation: Expectation): Pick<PutOptions, 'ifMatch' | 'ifNoneMatch'> {
  if ('any' in expectation) return {};
  return 'absent' in expectation ? { ifNoneMatch: '*' } : { ifMatch: expectation.etag };
}

/**
 * A DELETE whose outcome may be lost: gone means done, another object means it was not this one that is to go. False where
 * the server says that there was nothing to delete.
 */
export async function settleDelete(
  client: S3Client,
  place: Place,
  etag: string | null,
  options: CallOptions & { readonly conditional: boolean },
): Promise<boolean> {
  const { conditional, ...call } = options;
  const intent = { ...place, expectation: etag === null ? { any: true as const } : { etag }, after: null };
  for (let tries = 1; ; tries++) {
    let doubt: WriteInDoubt;
    try {
      await client.deleteObject(place.bucket, place.key, {
        ...call,
        ...(conditional && etag !== null ? { ifMatch: etag } : {}),
      });
      return true;
    } catch (error) {
      // S3 answers 404 to If-Match on nothing. After a doubt the first try may have done it.
      if (hasCode(error, 'record-not-found')) return tries > 1;
      if (!(error instanceof WriteInDoubt)) throw error;
      doubt = error;
    }
    const { settled } = await lookInDoubt(() => settleIntent(client, intent, call));
    if (settled === 'done') return true;
    if (settled === 'changed') throw recordChanged(place);
    if (tries >= MAXIMUM_TRIES) throw doubt;
  }
}

async function look(
  client: S3Client,
  intent: Intended,
  call: CallOptions,
): Promise<{ readonly settled: Settled; readonly head: ObjectHead | null }> {
  const head = await headOrNull(client, intent, call);
  return { head, settled: await settle(client, intent, head, call) };
}

async function settle(
  client: S3Client,
  { bucket, key, expectation, after }: Intended,
  head: ObjectHead | null,
  call: CallOptions,
): Promise<Settled> {
  if (head === null) {
    if (after === null) return 'done';
    return 'etag' in expectation ? 'changed' : 'not-done';
  }
  if (after?.facts !== undefined) return settleFacts(client, { bucket, key, expectation, after }, head, call);
  // First of all, so that a write of the same bytes (with other tags) is sent again: that does no harm.
  if ('etag' in expectation && sameEtag(head.etag, expectation.etag)) return 'not-done';
  const other = 'any' in expectation ? 'not-done' : 'changed';
  if (after === null) return other;
  const { md5 } = after;
  if (md5 !== null && isEtagOf(head.etag, md5)) return 'done';
  if (head.size !== after.size) return other;
  // A copy that the server made of what nobody read: with a key of KMS, or in parts, its ETag is one of its own.
  if (md5 === null) return 'done';
  // Under SSE-KMS and on some servers an ETag is no MD5.
  try {
    const { body } = await client.getObject(bucket, key, { ...call, ifMatch: head.etag });
    return md5Of(body) === md5 ? 'done' : other;
  } catch (error) {
    if (hasCode(error, 'record-changed', 'record-not-found')) return other;
    throw error;
  }
}

/** The body stays, and so may the ETag: what is said of it decides. */
async function settleFacts(
  client: S3Client,
  { bucket, key, expectation, after }: Intended,
  head: ObjectHead,
  call: CallOptions,
): Promise<Settled> {
  const { storageClass, contentType, tags } = after?.facts ?? {};
  const isSame =
    head.size === after?.size &&
    (storageClass === undefined || storageClass === head.storageClass) &&
    (contentType === undefined || contentType === head.contentType) &&
    (tags === undefined || sameTags(tags, await client.getObjectTagging(bucket, key, call)));
  if (isSame) return 'done';
  return 'etag' in expectation && sameEtag(head.etag, expectation.etag) ? 'not-done' : 'changed';
}

export async function headOrNull(
  client: S3Client,
  { bucket, key }: Place,
  call: CallOptions,
): Promise<ObjectHead | null> {
  try {
    return await client.headObject(bucket, key, call);
  } catch (error) {
    if (hasCode(error, 'record-not-found')) return null;
    throw error;
  }
}
