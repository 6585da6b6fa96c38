import type { Collection } from '../../../shared/collection.ts';
import type { RecordUpdate } from '../../../shared/contract.ts';
import type { BulkChange, RecordChange, RecordProblem, Tag } from '../../../shared/record.ts';
import { AppFailure } from '../../../shared/result.ts';
import { idOfKey } from '../../../shared/record-key.ts';
import type { FoundObject, S3Client } from '../s3/s3-client.ts';
import { bulkEdit } from './bulk-edit.ts';
import type { DecodedRecord } from './codec.ts';
import { copyInPlace } from './copy-in-place.ts';
import { encodeBody, PLAIN_ENCODING } from './decode-body.ts';
import { decodeRecord, isJson, type DecodedObject } from './decode-record.ts';
import { editRecord, replaceBody } from './edit-record.ts';
import { md5Of, sameEtag } from '../s3/etag.ts';
import { invalidAsRecord } from './invalid-record.ts';
import { readPresentTags } from './present-tags.ts';
import { decodeFound } from './read-record.ts';
import type { RecordCall } from './record-call.ts';
import type { RecordWritten } from './record-store.ts';
import { checkTags, mapTags } from './tag-mapping.ts';
import { UnreadableRecord } from './unreadable-record.ts';
import { recordChanged } from './write-failures.ts';
import { factsOf, keptHeaders, writeObject } from './write-object.ts';

export interface UpdatedRecord extends Omit<RecordUpdate, 'collection' | 'change'> {
  readonly change: RecordChange | { readonly bulk: BulkChange; readonly tags?: undefined };
}

/**
 * Changes values, the body or the tags of the object that the person saw. Another ETag is `record-changed` before anything
 * is sent; headers, user metadata, tags, class and encryption stay.
 */
export async function updateRecord(
  client: S3Client,
  collection: Collection,
  update: UpdatedRecord,
  now: Date,
  call: RecordCall,
): Promise<RecordWritten> {
  const place = { bucket: collection.bucket, key: update.key };
  const found = await client.getObject(place.bucket, place.key, call);
  if (!sameEtag(found.head.etag, update.etag)) throw recordChanged(place);
  const before = decodeFound(collection, found);
  const changed = changedBody(collection, update.change, before, place, now);
  const contentType = 'bulk' in update.change ? update.change.bulk.contentType : undefined;
  if (changed === null || changed.text === before.body?.text) {
    if (contentType !== undefined) return writeTypeOnly(client, collection, found, contentType, call);
    return writeTagsOnly(client, collection, found, update, call);
  }

  const { text } = changed;
  const present = await readPresentTags(client, place.bucket, found.head, update.withoutTags ?? false, call);
  const after = changed.problem === null ? decodeRecord(collection.codec, text) : null;
  const { tags, notes } = tagsAfter(collection, update, { present: present.tags, before: before.record, after });
  // Bytes that are no text have no encoding to keep, and a header that lies about them is of no use.
  const encoding = before.body?.encoding ?? PLAIN_ENCODING;
  const headers = { ...keptHeaders(found.head, tags), ...(contentType === undefined ? {} : { contentType }) };
  const result = await writeObject(
    client,
    {
      ...place,
      body: invalidAsRecord(() => encodeBody(text, encoding)),
      expectation: { etag: found.head.etag },
      headers: before.body === null ? { ...headers, contentEncoding: null } : headers,
      before: { facts: factsOf(found.head), body: found.body, tags: present.tags },
    },
    call,
  );
  return {
    outcome: 'done',
    etagBefore: found.head.etag,
    written: result.written,
    answer: {
      id: idOfKey(collection.prefix, place.key),
      key: place.key,
      etag: result.written.facts.etag,
      notes: [...result.notes, ...present.notes, ...notes, ...stillNoRecord(changed)],
    },
  };
}

interface ChangedBody {
  readonly text: string;
  /** Why it is no record, where it was none before either. */
  readonly problem: RecordProblem | null;
}

/** Null where only tags change. */
function changedBody(
  collection: Collection,
  change: UpdatedRecord['change'],
  before: DecodedObject,
  place: { readonly bucket: string; readonly key: string },
  now: Date,
): ChangedBody | null {
  if ('body' in change) {
    if (change.body === before.body?.text) return null;
    const after = replacement(collection, change.body, before);
    if (after instanceof UnreadableRecord) return { text: change.body, problem: after.problem };
    return { text: replaceBody(before.record, after, now), problem: null };
  }
  if ('edits' in change && change.edits.length === 0) return null;
  if ('bulk' in change && change.bulk.edits.length === 0 && change.bulk.patch === undefined) return null;
  if (before.record === null) {
    throw new AppFailure(
      'record-unreadable',
      `Object ${JSON.stringify(place.key)} in bucket "${place.bucket}" is no record. ${before.problem.message} Mend its body first.`,
      { detail: { ...place } },
    );
  }
  const { record } = before;
  const edited = (): string =>
    'bulk' in change ? bulkEdit(collection.codec, record, change.bulk, now) : editRecord(record, change.edits, now);
  return { text: invalidAsRecord(edited), problem: null };
}

/**
 * A whole body that a person gave. It may be as broken as the one before, so that what takes long to mend can be saved on
 * the way; but a record stays a record, and JSON stays JSON.
 */
function replacement(collection: Collection, text: string, before: DecodedObject): DecodedRecord | UnreadableRecord {
  return invalidAsRecord(() => {
    try {
      return decodeRecord(collection.codec, text);
    } catch (error) {
      const isWorse = before.record !== null || (isJson(before.body?.text ?? '') && !isJson(text));
      if (isWorse || !(error instanceof UnreadableRecord)) throw error;
      return error;
    }
  });
}

function stillNoRecord({ problem }: ChangedBody): readonly string[] {
  if (problem === null) return [];
  const place = problem.line === null ? '' : ` Line ${problem.line}, column ${problem.column ?? 1}.`;
  return [`The object was saved, and is still no record. ${problem.message}${place}`];
}

/** The body stays; another content type is said of it. */
async function writeTypeOnly(
  client: S3Client,
  collection: Collection,
  { head, body }: FoundObject,
  contentType: string,
  call: RecordCall,
): Promise<RecordWritten> {
  const facts = factsOf(head);
  const { key, etag } = facts;
  const id = idOfKey(collection.prefix, key);
  if (head.contentType === contentType) {
    return { outcome: 'unchanged', etagBefore: etag, written: { facts, body }, answer: { id, key, etag, notes: [] } };
  }
  const answer = await copyInPlace(client, collection.bucket, head, { contentType }, call);
  const written = { facts: { ...facts, etag: answer.etag, versionId: answer.versionId, contentType }, body };
  return { outcome: 'done', etagBefore: etag, written, answer: { id, key, etag: answer.etag, notes: [] } };
}

/** Body and ETag stay; the tags are replaced where the change has any. */
async function writeTagsOnly(
  client: S3Client,
  collection: Collection,
  found: FoundObject,
  update: UpdatedRecord,
  call: RecordCall,
): Promise<RecordWritten> {
  const facts = factsOf(found.head);
  const { key, etag } = facts;
  const unchanged = (note: string): RecordWritten => ({
    outcome: 'unchanged',
    etagBefore: etag,
    written: { facts, body: found.body },
    answer: { id: idOfKey(collection.prefix, key), key, etag, notes: [note] },
  });
  if (update.change.tags === undefined) return unchanged('Nothing was to be changed, so nothing was written.');
  if (update.withoutTags === true) return unchanged('The tags were left as they are.');
  const tags = checkTags(update.change.tags);
  if (call.announce !== undefined) {
    const present = await readPresentTags(client, collection.bucket, found.head, false, call);
    await call.announce({
      bucket: collection.bucket,
      key,
      expectation: { etag },
      after: { md5: md5Of(found.body), size: found.body.byteLength },
      before: { facts, body: found.body, tags: present.tags },
    });
  }
  await client.putObjectTagging(collection.bucket, key, tags, call);
  return {
    outcome: 'done',
    etagBefore: etag,
    written: { facts, body: found.body, tags },
    answer: { id: idOfKey(collection.prefix, key), key, etag, notes: [] },
  };
}

function tagsAfter(
  collection: Collection,
  update: UpdatedRecord,
  record: {
    readonly present: readonly Tag[];
    readonly before: DecodedRecord | null;
    /** Null where it is still none. */
    readonly after: DecodedRecord | null;
  },
): { readonly tags: readonly Tag[]; readonly notes: readonly string[] } {
  if (update.withoutTags === true) return { tags: [], notes: [] };
  const given = update.change.tags === undefined ? record.present : checkTags(update.change.tags);
  if (!collection.tagMapping || record.after === null) return { tags: given, notes: [] };
  const id = idOfKey(collection.prefix, update.key);
  return mapTags(given, { id, record: record.after, before: record.before });
}
