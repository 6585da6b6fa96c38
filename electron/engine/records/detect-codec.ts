import type { CodecDetection } from '../../../shared/collection.ts';
import { findMember } from '../../../shared/json/find-node.ts';
import type { JsonNode } from '../../../shared/json/node.ts';
import { AppFailure } from '../../../shared/result.ts';
import type { ListedObject, S3Client } from '../s3/s3-client.ts';
import { version1Data } from './dataknobs-codec.ts';
import { decodeObject } from './decode-record.ts';
import { isFieldObject } from './field-type.ts';

const LOOKED_AT = 100;
const AT_ONCE = 16;
/** Bytes; a larger object says nothing that the small ones do not. */
const LARGEST = 1024 * 1024;

/** Reads the first 100 JSON objects below a prefix: a majority in dataknobs' wire format makes it `dataknobs`. */
export async function detectCodec(
  client: S3Client,
  bucket: string,
  prefix: string,
  signal: AbortSignal,
): Promise<CodecDetection> {
  const page = await client.listObjectsV2(bucket, { prefix, maxKeys: 1000, signal });
  const candidates = page.objects.filter(({ size }) => size > 0 && size <= LARGEST);
  const named = candidates.filter(({ key }) => /\.json(\.gz)?$/i.test(key));
  const chosen = (named.length > 0 ? named : candidates).slice(0, LOOKED_AT);
  if (chosen.length === 0) {
    return { codec: 'plain', reason: 'There are no objects to look at yet, so new records are plain JSON.', looked: 0 };
  }
  let looked = 0;
  let inWireFormat = 0;
  for (let from = 0; from < chosen.length; from += AT_ONCE) {
    const roots = await Promise.all(
      chosen.slice(from, from + AT_ONCE).map((object) => readRoot(client, bucket, object, signal)),
    );
    for (const root of roots) {
      if (root?.kind !== 'object') continue;
      looked++;
      if (isWireFormat(root)) inWireFormat++;
    }
  }
  if (looked === 0) {
    return { codec: 'plain', reason: `None of the first ${chosen.length} objects is a JSON object.`, looked };
  }
  const codec = inWireFormat * 2 > looked ? 'dataknobs' : 'plain';
  const share = inWireFormat === 0 ? 'None' : inWireFormat === looked ? 'All' : `${inWireFormat}`;
  const reason =
    looked === 1
      ? `The one JSON object looked at is ${inWireFormat === 1 ? "in dataknobs' wire format" : 'plain JSON'}.`
      : `${share} of the first ${looked} JSON objects are in dataknobs' wire format.`;
  return { codec, reason, looked };
}

/** An object of field objects, or the form of release 0.1; a record without fields is told by its metadata. */
function isWireFormat(root: JsonNode): boolean {
  if (root.kind !== 'object') return false;
  const fields = findMember(root, 'fields')?.value;
  if (fields === undefined) return version1Data(root) !== null;
  if (fields.kind !== 'object') return false;
  if (fields.members.length === 0) return findMember(root, 'metadata')?.value.kind === 'object';
  return fields.members.every(({ value }) => isFieldObject(value));
}

/** Null where the object is no JSON, was deleted in the meantime, or is archived. */
async function readRoot(
  client: S3Client,
  bucket: string,
  { key }: ListedObject,
  signal: AbortSignal,
): Promise<JsonNode | null> {
  try {
    const { head, body } = await client.getObject(bucket, key, { signal });
    return (
      decodeObject('plain', body, { key, contentEncoding: head.contentEncoding }, LARGEST * 16).record?.root ?? null
    );
  } catch (error) {
    if (
      error instanceof AppFailure &&
      (error.error.code === 'record-not-found' || error.error.code === 'record-archived')
    ) {
      return null;
    }
    throw error;
  }
}
