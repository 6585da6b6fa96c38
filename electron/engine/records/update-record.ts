import type { Collection } from '../../../shared/collection.ts';
import type { RecordUpdate } from '../../../shared/contract.ts';
import type { RecordChange, Tag } from '../../../shared/record.ts';
import { AppFailure } from '../../../shared/result.ts';
import { idOfKey } from '../../../shared/record-key.ts';
import type { FoundObject, S3Client } from '../s3/s3-client.ts';
import type { DecodedRecord } from './codec.ts';
import { encodeBody, PLAIN_ENCODING } from './decode-body.ts';
import { decodeRecord, type DecodedObject } from './decode-record.ts';
import { editRecord, replaceBody } from './edit-record.ts';
import { sameEtag } from './etag.ts';
import { invalidAsRecord } from './invalid-record.ts';
import { readPresentTags } from './present-tags.ts';
import { decodeFound } from './read-record.ts';
import type { RecordWritten } from './record-store.ts';
import { checkTags, mapTags } from './tag-mapping.ts';
import { recordChanged } from './write-failures.ts';
import { keptHeaders, writeObject } from './write-object.ts';

/**
 * Changes values, the body or the tags of the object that the person saw. Another ETag is `record-changed` before anything
 * is sent; headers, user metadata, tags, class and encryption stay.
 */
export async function updateRecord(
  client: S3Client,
  collection: Collection,
  update: RecordUpdate,
  now: Date,
  signal: AbortSignal,
): Promise<RecordWritten> {
  const place = { bucket: collection.bucket, key: update.key };
  const found = await client.getObject(place.bucket, place.key, { signal });
  if (!sameEtag(found.head.etag, update.etag)) throw recordChanged(place);
  const before = decodeFound(collection, found);
  const text = changedText(collection, update.change, before, place, now);
  if (text === (before.body?.text ?? null) || text === null) {
    return writeTagsOnly(client, collection, found, update, signal);
  }

  const present = await readPresentTags(client, place.bucket, found.head, update.withoutTags ?? false, signal);
  const after = decodeRecord(collection.codec, text);
  const { tags, notes } = tagsAfter(collection, update, { present: present.tags, before: before.record, after });
  // Bytes that are no text have no encoding to keep, and a header that lies about them is of no use.
  const encoding = before.body?.encoding ?? PLAIN_ENCODING;
  const headers = keptHeaders(found.head, tags);
  const result = await writeObject(client, {
    ...place,
    body: invalidAsRecord(() => encodeBody(text, encoding)),
    expectation: { etag: found.head.etag },
    headers: before.body === null ? { ...headers, contentEncoding: null } : headers,
    signal,
  });
  return {
    written: result.written,
    answer: {
      id: idOfKey(collection.prefix, place.key),
      key: place.key,
      etag: result.written.facts.etag,
      notes: [...result.notes, ...present.notes, ...notes],
    },
  };
}

/** Null where only tags change. */
function changedText(
  collection: Collection,
  change: RecordChange,
  before: DecodedObject,
  place: { readonly bucket: string; readonly key: string },
  now: Date,
): string | null {
  if ('body' in change) {
    const after = invalidAsRecord(() => decodeRecord(collection.codec, change.body));
    return change.body === before.body?.text ? change.body : replaceBody(before.record, after, now);
  }
  if (change.edits.length === 0) return null;
  if (before.record === null) {
    throw new AppFailure(
      'record-unreadable',
      `Object ${JSON.stringify(place.key)} in bucket "${place.bucket}" is no record. ${before.problem.message} Mend its body first.`,
      { detail: { ...place } },
    );
  }
  const { record } = before;
  return invalidAsRecord(() => editRecord(record, change.edits, now));
}

/** Body and ETag stay; the tags are replaced where the change has any. */
async function writeTagsOnly(
  client: S3Client,
  collection: Collection,
  found: FoundObject,
  update: RecordUpdate,
  signal: AbortSignal,
): Promise<RecordWritten> {
  const { tagCount: _, ...facts } = found.head;
  const notes: string[] = [];
  if (update.change.tags === undefined) notes.push('Nothing was to be changed, so nothing was written.');
  else if (update.withoutTags === true) notes.push('The tags were left as they are.');
  else {
    await client.putObjectTagging(collection.bucket, update.key, checkTags(update.change.tags), { signal });
  }
  return {
    written: { facts, body: found.body },
    answer: { id: idOfKey(collection.prefix, update.key), key: update.key, etag: facts.etag, notes },
  };
}

function tagsAfter(
  collection: Collection,
  update: RecordUpdate,
  record: { readonly present: readonly Tag[]; readonly before: DecodedRecord | null; readonly after: DecodedRecord },
): { readonly tags: readonly Tag[]; readonly notes: readonly string[] } {
  if (update.withoutTags === true) return { tags: [], notes: [] };
  const given = update.change.tags === undefined ? record.present : checkTags(update.change.tags);
  if (!collection.tagMapping) return { tags: given, notes: [] };
  const id = idOfKey(collection.prefix, update.key);
  return mapTags(given, { id, record: record.after, before: record.before });
}
