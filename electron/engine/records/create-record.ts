import type { Collection } from '../../../shared/collection.ts';
import type { NewRecord } from '../../../shared/contract.ts';
import type { Tag } from '../../../shared/record.ts';
import { idOfKey } from '../../../shared/record-key.ts';
import type { FoundObject, ObjectHeaders, S3Client } from '../s3/s3-client.ts';
import { createClassRules } from './class-rules.ts';
import { encodeBody, PLAIN_ENCODING, type BodyEncoding, type DecodedBody } from './decode-body.ts';
import { decodeRecord } from './decode-record.ts';
import { encodeNew, type EncodedRecord } from './encode-new.ts';
import { invalidAsRecord } from './invalid-record.ts';
import { candidateKeys, isListedKey, keyOfId } from './key-template.ts';
import { readPresentTags } from './present-tags.ts';
import { decodeFound } from './read-record.ts';
import type { RecordCall } from './record-call.ts';
import type { RecordWritten } from './record-store.ts';
import { headOrNull } from './settle-write.ts';
import { checkTags, mapTags } from './tag-mapping.ts';
import { hasCode } from './write-failures.ts';
import { factsOf, keptHeaders, writeObject, type ObjectWritten } from './write-object.ts';

export type GivenRecord = Pick<NewRecord, 'id' | 'record' | 'tags' | 'withoutTags'> & {
  /** Its metadata's `created_at` and `updated_at` stay; default: both are set. */
  readonly keepsTimes?: boolean;
  /** Default: as the collection says, or as the object in its place has it. */
  readonly headers?: Pick<ObjectHeaders, 'userMetadata' | 'storageClass' | 'encryption'>;
};

/** A record as it is to be stored, and where. */
export interface PreparedRecord {
  readonly given: GivenRecord;
  readonly encoded: EncodedRecord;
  readonly key: string;
  readonly now: Date;
}

/** Throws `invalid-record`, `invalid-key`. */
export function prepareRecord(
  collection: Pick<Collection, 'bucket' | 'prefix' | 'codec' | 'keyTemplate'>,
  given: GivenRecord,
  now: Date,
  mint?: () => string,
): PreparedRecord {
  const facts = {
    id: given.id,
    now,
    createdAt: null,
    keepsTimes: given.keepsTimes === true,
    ...(mint === undefined ? {} : { mint }),
  };
  const encoded = encodeNew(collection.codec, given.record, facts);
  return { given, encoded, key: keyOfId(collection, encoded.id), now };
}

/** Writes a new record. `record-exists` where there is one. */
export async function createRecord(
  client: S3Client,
  collection: Collection,
  { given, encoded, key, now }: PreparedRecord,
  call: RecordCall,
): Promise<RecordWritten> {
  const { tags, notes } = tagsOf(collection, given, encoded, []);
  const body = invalidAsRecord(() => encodeBody(encoded.text, encodingOfKey(key)));
  const result = await writeObject(
    client,
    {
      bucket: collection.bucket,
      key,
      body,
      expectation: { absent: true },
      headers: {
        contentType: 'application/json',
        contentEncoding: contentEncodingOfKey(key),
        storageClass: given.headers?.storageClass === undefined ? newClass(collection, encoded, key, body, now) : null,
        encryption: collection.encryption,
        tags,
        ...given.headers,
      },
      before: null,
    },
    call,
  );
  return answerOf(collection, result, null, notes);
}

/** As the collection says it of new objects. */
function newClass(
  { codec, storageRules = [], defaultStorageClass }: Collection,
  { id, text }: EncodedRecord,
  key: string,
  body: Uint8Array,
  now: Date,
): string | null {
  if (storageRules.length === 0) return defaultStorageClass;
  const choose = createClassRules(storageRules, now.getTime());
  const ruled = choose({ id, key, size: body.byteLength, record: decodeRecord(codec, text) });
  // Servers without classes refuse the header, and STANDARD is what S3 takes by itself.
  return ruled === 'STANDARD' ? null : (ruled ?? defaultStorageClass);
}

/** Writes a record in the place of the one with its id, or a new one. A conflict where somebody else writes meanwhile. */
export async function replaceRecord(
  client: S3Client,
  collection: Collection,
  prepared: PreparedRecord,
  call: RecordCall,
): Promise<RecordWritten> {
  const existing = await findExisting(client, collection, prepared, call);
  return existing === null
    ? createRecord(client, collection, prepared, call)
    : replaceExisting(client, collection, prepared, existing, call);
}

/** The same whatever is there: what somebody else wrote meanwhile is read again and replaced too. */
export async function upsertRecord(
  client: S3Client,
  collection: Collection,
  prepared: PreparedRecord,
  call: RecordCall,
): Promise<RecordWritten> {
  for (let tries = 1; ; tries += 1) {
    try {
      return await replaceRecord(client, collection, prepared, call);
    } catch (error) {
      const isConflict = hasCode(error, 'record-changed', 'record-exists', 'record-not-found');
      if (!isConflict || tries >= MOST_CONFLICTS) throw error;
    }
  }
}

const MOST_CONFLICTS = 5;

/** An object that is there; its body is null where it is archived, which does not hinder replacing it. */
export interface Existing {
  readonly head: FoundObject['head'];
  readonly found: FoundObject | null;
}

async function findExisting(
  client: S3Client,
  collection: Collection,
  prepared: PreparedRecord,
  call: RecordCall,
): Promise<Existing | null> {
  const { codec, prefix } = collection;
  for (const key of candidateKeys(collection, prepared.encoded.id)) {
    // What is no record of the collection would not become one by being replaced.
    if (key !== prepared.key && !isListedKey(codec, prefix, key)) continue;
    try {
      const found = await client.getObject(collection.bucket, key, call);
      return { head: found.head, found };
    } catch (error) {
      if (hasCode(error, 'record-archived')) {
        const head = await headOrNull(client, { bucket: collection.bucket, key }, call);
        if (head !== null) return { head, found: null };
      } else if (!hasCode(error, 'record-not-found', 'invalid-key')) {
        throw error;
      }
    }
  }
  return null;
}

/** Conditional on the ETag of what was found. */
export async function replaceExisting(
  client: S3Client,
  collection: Collection,
  { given, encoded: { id }, now }: PreparedRecord,
  { head, found }: Existing,
  call: RecordCall,
): Promise<RecordWritten> {
  const before = found === null ? null : decodeFound(collection, found);
  const created = before?.record?.metadata.find(({ name }) => name === 'created_at')?.value;
  const encoded = encodeNew(collection.codec, given.record, {
    id,
    now,
    keepsTimes: given.keepsTimes === true,
    createdAt: created?.kind === 'string' ? (before?.record?.text.slice(created.start, created.end) ?? null) : null,
  });
  const present = await readPresentTags(client, collection.bucket, head, given.withoutTags ?? false, call);
  const { tags, notes } = tagsOf(collection, given, encoded, present.tags);
  const headers = { ...keptHeaders(head, tags), ...given.headers };
  const result = await writeObject(
    client,
    {
      bucket: collection.bucket,
      key: head.key,
      body: replacedBody(encoded.text, head.key, found, before?.body ?? null),
      expectation: { etag: head.etag },
      // The encoding of what could not be read is not that of what takes its place.
      headers: before?.body ? headers : { ...headers, contentEncoding: contentEncodingOfKey(head.key) },
      before: found === null ? null : { facts: factsOf(head), body: found.body, tags: present.tags },
    },
    call,
  );
  return answerOf(collection, result, head.etag, [...present.notes, ...notes]);
}

/** Stored as the one before was. The same text is the same bytes: compressing it anew would make others of it. */
function replacedBody(given: string, key: string, found: FoundObject | null, before: DecodedBody | null): Uint8Array {
  const encoding = before?.encoding ?? encodingOfKey(key);
  // The mark is the encoding's; one that was given with the text would be the second.
  const text = encoding.charset.byteOrderMark && given.startsWith('\uFEFF') ? given.slice(1) : given;
  if (found !== null && text === before?.text) return found.body;
  return invalidAsRecord(() => encodeBody(text, encoding));
}

function contentEncodingOfKey(key: string): string | null {
  return key.endsWith('.json.gz') ? 'gzip' : null;
}

function encodingOfKey(key: string): BodyEncoding {
  return key.endsWith('.json.gz') ? { ...PLAIN_ENCODING, compressions: ['gzip'] } : PLAIN_ENCODING;
}

function tagsOf(
  collection: Collection,
  record: GivenRecord,
  { id, text }: EncodedRecord,
  present: readonly Tag[],
): { readonly tags: readonly Tag[]; readonly notes: readonly string[] } {
  if (record.withoutTags === true) {
    const wanted = collection.tagMapping || (record.tags ?? []).length > 0;
    return { tags: [], notes: wanted ? ['The record was saved without tags.'] : [] };
  }
  const given = record.tags === undefined ? present : checkTags(record.tags);
  if (!collection.tagMapping) return { tags: given, notes: [] };
  return mapTags(given, { id, record: decodeRecord(collection.codec, text), before: null });
}

function answerOf(
  collection: Collection,
  { written, notes }: ObjectWritten,
  etagBefore: string | null,
  more: readonly string[],
): RecordWritten {
  const { key, etag } = written.facts;
  return {
    outcome: 'done',
    etagBefore,
    written,
    answer: { id: idOfKey(collection.prefix, key), key, etag, notes: [...notes, ...more] },
  };
}
