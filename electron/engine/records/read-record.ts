import type { Collection } from '../../../shared/collection.ts';
import { findMember } from '../../../shared/json/find-node.ts';
import type { JsonNode } from '../../../shared/json/node.ts';
import type { NamedText, RecordAddress, RecordDetail, Tag } from '../../../shared/record.ts';
import { AppFailure } from '../../../shared/result.ts';
import { idOfKey } from '../../../shared/record-key.ts';
import type { FoundObject, S3Client } from '../s3/s3-client.ts';
import type { CollectionBodies } from './body-cache.ts';
import type { DecodedMember, DecodedRecord } from './codec.ts';
import { decodeObject, type DecodedObject } from './decode-record.ts';
import { candidateKeys } from './key-template.ts';
import { rememberTags } from './present-tags.ts';
import { hasCode } from './write-failures.ts';
import { factsOf } from './write-object.ts';

/** Bytes of an uncompressed body; above it an object is shown by its facts alone. */
export const MAXIMUM_BODY_BYTES = 64 * 1024 * 1024;

/** Enough to tell what kind of file it is. */
const FIRST_BYTES = 512;

/**
 * Reads one record whole: GET, and GetObjectTagging beside it. A body that `bodies` keeps is not read again while its
 * object has the same ETag: HEAD in place of the GET. `record-not-found` where no such object is.
 */
export async function readRecord(
  client: S3Client,
  collection: Collection,
  address: RecordAddress,
  signal: AbortSignal,
  bodies: CollectionBodies | null,
): Promise<RecordDetail> {
  const get = (key: string): Promise<FoundObject> => getKept(client, collection, key, signal, bodies);
  const { found, tags } = await getWithTags(client, collection, address, get, signal);
  if (tags.tags !== null) {
    rememberTags(client, { bucket: collection.bucket, key: found.head.key }, tags.tags, found.head.tagCount);
  }
  const decoded = decodeFound(collection, found);
  const id = idOfKey(collection.prefix, found.head.key);
  const { record } = decoded;
  return {
    id,
    form: record?.form ?? 'plain',
    fields: record === null ? [] : namedTexts(record, record.fields),
    metadata: record === null ? [] : namedTexts(record, record.metadata),
    body: decoded.body?.text ?? null,
    firstBytes: decoded.body === null ? firstBytes(found.body) : null,
    facts: factsOf(found.head),
    ...tags,
    problem: decoded.problem,
    notes: record === null ? [] : [...identityNotes(collection, record, id), ...record.notes],
  };
}

/** The object of a record. For an id: the codec's key first, then prefix + id. */
export async function findObject(
  collection: Collection,
  address: RecordAddress,
  get: (key: string) => Promise<FoundObject>,
): Promise<FoundObject> {
  if ('key' in address) return await get(address.key);
  for (const key of candidateKeys(collection, address.id)) {
    try {
      return await get(key);
    } catch (error) {
      if (!hasCode(error, 'record-not-found', 'invalid-key')) throw error;
    }
  }
  throw new AppFailure(
    'record-not-found',
    `There is no record ${JSON.stringify(address.id)} in s3://${collection.bucket}/${collection.prefix}. Check the id.`,
    { detail: { bucket: collection.bucket } },
  );
}

async function getKept(
  client: S3Client,
  { bucket, indexSizeCap }: Collection,
  key: string,
  signal: AbortSignal,
  bodies: CollectionBodies | null,
): Promise<FoundObject> {
  const kept = bodies === null ? null : await bodies.etagOf(key);
  if (bodies !== null && kept !== null) {
    const head = await client.headObject(bucket, key, { signal });
    const body = head.etag === kept ? await bodies.read(key, kept) : null;
    if (body !== null) return { head, body };
  }
  const found = await client.getObject(bucket, key, { signal });
  // A smaller one is in the index.
  if (found.body.byteLength > indexSizeCap) await bodies?.keep(key, found.head.etag, found.body);
  return found;
}

export function decodeFound(collection: Collection, { head, body }: FoundObject): DecodedObject {
  const origin = { key: head.key, contentEncoding: head.contentEncoding };
  return decodeObject(collection.codec, body, origin, MAXIMUM_BODY_BYTES);
}

function firstBytes(body: Uint8Array): string {
  return Buffer.from(body.subarray(0, FIRST_BYTES)).toString('hex');
}

interface TagsRead {
  readonly tags: readonly Tag[] | null;
  readonly tagsProblem: string | null;
}

/**
 * S3 leaves the count of tags out of a GET where the access key may not read them, so a count of zero proves nothing:
 * they are always asked for, at the same time where the key is known.
 */
async function getWithTags(
  client: S3Client,
  collection: Collection,
  address: RecordAddress,
  get: (key: string) => Promise<FoundObject>,
  signal: AbortSignal,
): Promise<{ readonly found: FoundObject; readonly tags: TagsRead }> {
  if ('key' in address) {
    const [found, tags] = await Promise.all([
      findObject(collection, address, get),
      readTags(client, collection.bucket, address.key, signal),
    ]);
    return { found, tags };
  }
  const found = await findObject(collection, address, get);
  return { found, tags: await readTags(client, collection.bucket, found.head.key, signal) };
}

async function readTags(client: S3Client, bucket: string, key: string, signal: AbortSignal): Promise<TagsRead> {
  try {
    return { tags: await client.getObjectTagging(bucket, key, { signal }), tagsProblem: null };
  } catch (error) {
    if (!(error instanceof AppFailure) || error.error.code === 'aborted') throw error;
    return { tags: null, tagsProblem: error.error.message };
  }
}

function namedTexts(record: DecodedRecord, members: readonly DecodedMember[]): readonly NamedText[] {
  return members.map(({ name, value }) => ({ name, text: record.text.slice(value.start, value.end) }));
}

/** The key is the identity; dataknobs itself would answer with the id in the body. */
function identityNotes({ codec }: Collection, record: DecodedRecord, id: string): readonly string[] {
  if (codec === 'plain' || record.root.kind !== 'object') return [];
  const { root } = record;
  const named = new Set<string>();
  const add = (node: JsonNode | undefined): void => {
    if (node?.kind === 'string' && node.value !== '') named.add(node.value);
    else if (node?.kind === 'number') named.add(node.text);
  };
  if (record.form !== 'dataknobs-1') {
    add(findMember(root, 'id')?.value);
    add(findMember(root, '_id')?.value);
  }
  add(record.metadata.find(({ name }) => name === 'id')?.value);
  named.delete(id);
  return Array.from(
    named,
    (other) =>
      `The body names the id ${JSON.stringify(other)}; the key says ${JSON.stringify(id)}, and the key counts.`,
  );
}
