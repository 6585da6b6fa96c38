import type { JobOutcome } from '../../../shared/job.ts';
import type { Tag } from '../../../shared/record.ts';
import { AppFailure } from '../../../shared/result.ts';
import { sameTags } from '../../../shared/same-tags.ts';
import { bareEtag, sameEtag } from '../s3/etag.ts';
import { copyInParts, LARGEST_COPY } from '../s3/multipart/copy-in-parts.ts';
import type { ObjectHead, PutAnswer, S3Client } from '../s3/s3-client.ts';
import { beforeImage } from './before-image.ts';
import { copyInPlace, type ChangedFacts } from './copy-in-place.ts';
import { findDeleted, removeMarker } from './delete-markers.ts';
import { deleteObject } from './delete-object.ts';
import type { RecordCall } from './record-call.ts';
import type { RecordDone } from './record-done.ts';
import { headOrNull, settleSent } from './settle-write.ts';
import { recordChanged, recordGone, type Place } from './write-failures.ts';
import type { BeforeImage, IntendedFacts, WriteIntent } from './write-intent.ts';
import { factsOf, keptHeaders, writeObject } from './write-object.ts';

/**
 * Brings an object back to what it was before a write. Whatever is there now must be what that write left: else somebody
 * has changed it since (`record-changed`), and it stays. What is as it was before already is `unchanged`. The undo keeps what
 * it replaces in its own journal, so that it can be undone itself.
 */
export async function undoWrite(
  client: S3Client,
  { key, etagAfter, ...outcome }: Pick<JobOutcome, 'key' | 'etagBefore' | 'etagAfter'>,
  intent: WriteIntent | null,
  call: RecordCall,
): Promise<RecordDone> {
  if (intent === null) throw lost(key);
  const { bucket, expectation, after, before } = intent;
  // The outcome of a copy tells the ETag of its source.
  const etagBefore = 'etag' in expectation ? expectation.etag : outcome.etagBefore;
  const place = { bucket, key: intent.key };
  const { announce: _, ...look } = call;
  const head = await headOrNull(client, place, look);
  if (etagAfter === null) return bringBack(client, place, { head, etagBefore, before }, call);
  if ('absent' in expectation) {
    if (head === null) return unchanged(place, null);
    if (!sameEtag(head.etag, etagAfter)) throw recordChanged(place);
    await deleteObject(client, place, head.etag, call, await beforeImage(client, bucket, head, look));
    return { outcome: 'done', key: place.key, etagBefore: head.etag, etagAfter: null, notes: [], written: null };
  }
  if (head === null) throw recordGone(place);
  if (after?.facts !== undefined) {
    if (!sameEtag(head.etag, etagAfter)) throw recordChanged(place);
    return restoreFacts(client, place, head, { facts: after.facts, before }, call);
  }
  if (etagBefore !== null && sameEtag(head.etag, etagBefore)) return unchanged(place, head.etag);
  if (!sameEtag(head.etag, etagAfter)) throw recordChanged(place);
  return restoreBody(client, place, head, { etagBefore, before }, call);
}

interface Deleted {
  readonly head: ObjectHead | null;
  readonly etagBefore: string | null;
  readonly before: BeforeImage | null;
}

/** An object that was deleted: from the journal, or by removing the mark of its deletion. */
async function bringBack(
  client: S3Client,
  place: Place,
  { head, etagBefore, before }: Deleted,
  call: RecordCall,
): Promise<RecordDone> {
  const { key } = place;
  if (head !== null) {
    if (etagBefore !== null && sameEtag(head.etag, etagBefore)) return unchanged(place, head.etag);
    throw recordChanged(place);
  }
  if (before !== null && before.body !== null) {
    const { written, notes } = await writeObject(
      client,
      {
        ...place,
        body: before.body,
        expectation: { absent: true },
        headers: keptHeaders(before.facts, before.tags),
        before: null,
      },
      call,
    );
    return { outcome: 'done', key, etagBefore: null, etagAfter: written.facts.etag, notes, written };
  }
  const { announce: _, ...look } = call;
  const found = await findDeleted(client, place, look);
  if (found === null) throw lost(key);
  if (etagBefore === null || !sameEtag(found.object.etag, etagBefore)) throw recordChanged(place);
  return removeMarker(client, place, found, call);
}

/** Class, content type or tags of an object whose body stayed. */
async function restoreFacts(
  client: S3Client,
  place: Place,
  head: ObjectHead,
  { facts, before }: { readonly facts: IntendedFacts; readonly before: BeforeImage | null },
  call: RecordCall,
): Promise<RecordDone> {
  if (before === null) throw lost(place.key);
  if (facts.tags !== undefined) return restoreTags(client, place, head, { left: facts.tags, tags: before.tags }, call);
  const back: ChangedFacts =
    facts.storageClass === undefined
      ? { contentType: before.facts.contentType ?? 'binary/octet-stream' }
      : { storageClass: before.facts.storageClass };
  if (isSaidOf(head, back)) return unchanged(place, head.etag);
  if (!isSaidOf(head, facts)) throw recordChanged(place);
  const { etag } = await copyInPlace(client, place.bucket, head, back, call);
  return { outcome: 'done', key: place.key, etagBefore: head.etag, etagAfter: etag, notes: [], written: null };
}

function isSaidOf(head: ObjectHead, { storageClass, contentType }: IntendedFacts): boolean {
  return (
    (storageClass === undefined || head.storageClass === storageClass) &&
    (contentType === undefined || head.contentType === contentType)
  );
}

async function restoreTags(
  client: S3Client,
  { bucket, key }: Place,
  head: ObjectHead,
  { left, tags }: { readonly left: readonly Tag[]; readonly tags: readonly Tag[] },
  { announce, ...call }: RecordCall,
): Promise<RecordDone> {
  const present = await client.getObjectTagging(bucket, key, call);
  if (sameTags(present, tags)) return unchanged({ bucket, key }, head.etag);
  if (!sameTags(present, left)) throw recordChanged({ bucket, key });
  await announce?.({
    bucket,
    key,
    expectation: { etag: head.etag },
    after: { md5: null, size: head.size, facts: { tags } },
    before: { facts: factsOf(head), body: null, tags: present },
  });
  await client.putObjectTagging(bucket, key, tags, call);
  const etags = { etagBefore: head.etag, etagAfter: head.etag };
  return { outcome: 'done', key, ...etags, notes: [], written: null, tagged: tags };
}

/** What was written over: from the journal, or from the version that the bucket keeps. */
async function restoreBody(
  client: S3Client,
  place: Place,
  head: ObjectHead,
  { etagBefore, before }: Pick<Deleted, 'etagBefore' | 'before'>,
  call: RecordCall,
): Promise<RecordDone> {
  const { bucket, key } = place;
  const { announce, ...look } = call;
  const expectation = { etag: head.etag };
  if (before === null) throw lost(key);
  if (before.body !== null) {
    const { written, notes } = await writeObject(
      client,
      {
        ...place,
        body: before.body,
        expectation,
        headers: keptHeaders(before.facts, before.tags),
        before: await beforeImage(client, bucket, head, look),
      },
      call,
    );
    return { outcome: 'done', key, etagBefore: head.etag, etagAfter: written.facts.etag, notes, written };
  }
  const { versionId, size } = before.facts;
  if (versionId === null || versionId === 'null' || etagBefore === null) throw lost(key);
  const after = { md5: size > LARGEST_COPY ? null : bareEtag(etagBefore), size };
  await announce?.({ ...place, expectation, after, before: await beforeImage(client, bucket, head, look) });
  const source = { bucket, key, versionId, ifMatch: etagBefore };
  const headers = keptHeaders(before.facts, before.tags);
  const send = (): Promise<PutAnswer> =>
    size > LARGEST_COPY
      ? copyInParts(client, bucket, key, { ...source, size }, { ...look, headers })
      : client.copyObject(bucket, key, source, {
          ...look,
          storageClass: headers.storageClass ?? null,
          encryption: headers.encryption ?? null,
        });
  const { etag } = await settleSent(client, { ...place, expectation }, () => after, send, look);
  return { outcome: 'done', key, etagBefore: head.etag, etagAfter: etag, notes: [], written: null };
}

function unchanged({ key }: Place, etag: string | null): RecordDone {
  return { outcome: 'unchanged', key, etagBefore: etag, etagAfter: etag, notes: [], written: null };
}

function lost(key: string): AppFailure {
  return new AppFailure(
    'record-not-found',
    `What ${JSON.stringify(key)} was before is kept neither in the journal of the job nor as a version in the bucket. It stays as it is.`,
    { detail: { key } },
  );
}
