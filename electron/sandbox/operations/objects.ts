import { readRange, type ByteRange } from '../byte-range.ts';
import { checksumHeaders } from '../checksums.ts';
import { checkRead, deleteCheck, putCheck } from '../conditions.ts';
import { receiveBody, receiveDocument } from '../http/receive-body.ts';
import { parameter } from '../http/s3-request.ts';
import { encryptionHeaders, objectHeaders, refuseUnsupportedHeaders } from '../object-headers.ts';
import { parseTagging, taggingDocument } from '../object-tags.ts';
import { S3Failure } from '../s3-failure.ts';
import type { Bucket, ObjectTag, OpenedObject } from '../storage/storage.ts';
import type { Answer, Call } from './answer.ts';
import { findBucket } from './buckets.ts';
import { etagOf, readDescription, stillThere } from './new-object.ts';
import { requireReadable, restoreHeaders } from './restore.ts';
import { deletionHeaders, notThere, readVersionId, versionHeaders } from './versions.ts';

export async function putObject(call: Call, bucketName: string, key: string): Promise<Answer> {
  const { request, storage } = call;
  const bucket = findBucket(call, bucketName);
  const { storageClass, facts } = readDescription(call);
  const check = stillThere(call, bucket, putCheck(request.headers, key));
  const { size, md5, checksum, body } = await receiveBody(request, call.signing, () => storage.writeBody());
  const etag = etagOf(md5, facts.encryption);
  const entry = await bucket.put({ key, size, etag, storageClass, facts: { ...facts, checksum }, body }, check);
  return {
    status: 200,
    headers: {
      etag: `"${entry.etag}"`,
      ...versionHeaders(bucket, entry),
      ...encryptionHeaders(facts.encryption),
      ...checksumHeaders(checksum),
    },
  };
}

export async function getObject(call: Call, bucketName: string, key: string): Promise<Answer> {
  const bucket = findBucket(call, bucketName);
  const opened = await openObject(call, bucket, key);
  const { entry } = opened;
  try {
    requireReadable(call, opened, 'The operation is not valid for the object');
    const answer = readAnswer(call, bucket, opened);
    if (answer.status === 304) {
      await opened.close();
      return answer;
    }
    const range = chooseRange(call, opened) ?? { start: 0, end: entry.size };
    const content = opened.read(range.start, range.end);
    return { ...answer, body: { length: range.end - range.start, content, close: () => opened.close() } };
  } catch (error) {
    await opened.close();
    throw error;
  }
}

export async function headObject(call: Call, bucketName: string, key: string): Promise<Answer> {
  const bucket = findBucket(call, bucketName);
  const opened = await openObject(call, bucket, key);
  try {
    return readAnswer(call, bucket, opened);
  } finally {
    await opened.close();
  }
}

export async function deleteObject(call: Call, bucketName: string, key: string): Promise<Answer> {
  const bucket = findBucket(call, bucketName);
  refuseUnsupportedHeaders(call.request.headers);
  const check = deleteCheck(call.request.headers, key);
  const id = readVersionId(call.request);
  const deletion = await (id === null ? bucket.delete(key, check) : bucket.deleteVersion(key, id, check));
  return { status: 204, headers: deletionHeaders(deletion ?? { versionId: id, marker: false }) };
}

export async function getObjectTagging(call: Call, bucketName: string, key: string): Promise<Answer> {
  const bucket = findBucket(call, bucketName);
  const opened = await openObject(call, bucket, key);
  await opened.close();
  return {
    status: 200,
    headers: versionHeaders(bucket, opened.entry),
    document: taggingDocument(opened.facts.tags),
  };
}

export async function putObjectTagging(call: Call, bucketName: string, key: string): Promise<Answer> {
  const bucket = findBucket(call, bucketName);
  const tags = parseTagging(await receiveDocument(call.request, call.signing));
  return { status: 200, headers: await setTags(call, bucket, key, tags) };
}

export async function deleteObjectTagging(call: Call, bucketName: string, key: string): Promise<Answer> {
  return { status: 204, headers: await setTags(call, findBucket(call, bucketName), key, []) };
}

async function setTags(
  call: Call,
  bucket: Bucket,
  key: string,
  tags: readonly ObjectTag[],
): Promise<Record<string, string>> {
  const id = readVersionId(call.request);
  const entry = await bucket.changeFacts(key, id, (facts) => ({ ...facts, tags }));
  if (entry === null) throw notThere(bucket, key, id);
  return versionHeaders(bucket, entry);
}

/** To be closed by whoever asks. */
export async function openObject(call: Call, bucket: Bucket, key: string): Promise<OpenedObject> {
  refuseUnsupportedHeaders(call.request.headers);
  const id = readVersionId(call.request);
  const opened = await bucket.open(key, id);
  if (opened === null) throw notThere(bucket, key, id);
  return opened;
}

/** Status and headers that GET and HEAD have in common; HEAD answers the range's length too. */
function readAnswer(call: Call, bucket: Bucket, opened: OpenedObject): Answer {
  const { entry, facts } = opened;
  const { headers } = call.request;
  const described = {
    ...objectHeaders(entry, facts),
    ...versionHeaders(bucket, entry),
    ...restoreHeaders(call, facts),
    ...overrides(call),
  };
  if (checkRead(headers, entry) === 304) return { status: 304, headers: described };
  const range = chooseRange(call, opened);
  if (parameter(call.request, 'partNumber') !== null && facts.parts !== undefined) {
    described['x-amz-mp-parts-count'] = String(facts.parts.length);
  }
  if (range !== null) {
    described['content-range'] = `bytes ${range.start}-${range.end - 1}/${entry.size}`;
  } else if (headers.get('x-amz-checksum-mode')?.toUpperCase() === 'ENABLED' && facts.checksum !== null) {
    Object.assign(described, checksumHeaders(facts.checksum));
  }
  const length = range === null ? entry.size : range.end - range.start;
  return { status: range === null ? 200 : 206, headers: { ...described, 'content-length': String(length) } };
}

/** The bytes that are asked for, by their places or as a part; null for all of them. */
function chooseRange(call: Call, { entry, facts }: OpenedObject): ByteRange | null {
  const range = call.request.headers.get('range');
  const wanted = parameter(call.request, 'partNumber');
  if (wanted === null) return readRange(range, entry.size);
  if (range !== undefined) {
    throw new S3Failure('InvalidRequest', 'Cannot specify both Range header and partNumber query parameter.');
  }
  const sizes = facts.parts?.map(({ size }) => size) ?? [entry.size];
  const number = /^\d{1,5}$/.test(wanted) ? Number(wanted) : 0;
  const size = sizes[number - 1];
  if (size === undefined) {
    throw new S3Failure('InvalidPartNumber', 'The requested partnumber is not satisfiable', {
      PartNumberRequested: wanted,
      ActualPartCount: String(sizes.length),
    });
  }
  if (size === 0) return null;
  const start = sizes.slice(0, number - 1).reduce((sum, before) => sum + before, 0);
  return { start, end: start + size };
}

function overrides(call: Call): Record<string, string> {
  const found: Record<string, string> = {};
  for (const name of [
    'cache-control',
    'content-disposition',
    'content-encoding',
    'content-language',
    'content-type',
    'expires',
  ]) {
    const value = parameter(call.request, `response-${name}`);
    if (value === null) continue;
    if (!/^[ -~\t]*$/.test(value)) {
      throw new S3Failure('InvalidArgument', 'A response header can hold printable ASCII only.', {
        ArgumentName: `response-${name}`,
        ArgumentValue: value,
      });
    }
    found[name] = value;
  }
  return found;
}
