import { randomBytes } from 'node:crypto';
import { readRange } from '../byte-range.ts';
import { checksumHeaders } from '../checksums.ts';
import { checkRead, deleteCheck, putCheck } from '../conditions.ts';
import { receiveBody, receiveDocument } from '../http/receive-body.ts';
import { parameter } from '../http/s3-request.ts';
import {
  encryptionHeaders,
  objectHeaders,
  readEncryption,
  readKeptHeaders,
  readStorageClass,
  readUserMetadata,
  refuseUnsupportedHeaders,
} from '../object-headers.ts';
import { parseTagHeader, parseTagging, taggingDocument } from '../object-tags.ts';
import { noSuchBucket, noSuchKey, S3Failure } from '../s3-failure.ts';
import type { ObjectFacts, OpenedObject } from '../storage/storage.ts';
import type { Answer, Call } from './answer.ts';
import { findBucket } from './buckets.ts';

export async function putObject(call: Call, bucketName: string, key: string): Promise<Answer> {
  const { request, storage, identity } = call;
  const { headers } = request;
  const bucket = findBucket(call, bucketName);
  refuseUnsupportedHeaders(headers);
  const check = putCheck(headers, key);
  const storageClass = readStorageClass(headers);
  const encryption = readEncryption(headers, identity.region);
  const known = {
    headers: readKeptHeaders(headers),
    metadata: readUserMetadata(headers),
    tags: parseTagHeader(headers.get('x-amz-tagging')),
    encryption,
  };
  const received = await receiveBody(request, call.signing, () => storage.writeBody());
  const facts: ObjectFacts = { ...known, checksum: received.checksum };
  // With a KMS key the ETag is not the body's MD5, and clients must not take it for that.
  const etag = encryption.algorithm === 'AES256' ? received.md5 : randomBytes(16).toString('hex');
  const entry = await bucket.put(
    { key, size: received.size, etag, storageClass, facts, body: received.body },
    (current) => {
      // It may have been deleted while the body was on its way: the object would bring it back.
      if (storage.bucket(bucketName) !== bucket) throw noSuchBucket(bucketName);
      check(current);
    },
  );
  return {
    status: 200,
    headers: {
      etag: `"${entry.etag}"`,
      ...encryptionHeaders(encryption),
      ...checksumHeaders(received.checksum),
    },
  };
}

export async function getObject(call: Call, bucketName: string, key: string): Promise<Answer> {
  const opened = await openObject(call, bucketName, key);
  const { entry } = opened;
  try {
    if (entry.storageClass === 'GLACIER' || entry.storageClass === 'DEEP_ARCHIVE') {
      throw new S3Failure('InvalidObjectState', "The operation is not valid for the object's storage class", {
        StorageClass: entry.storageClass,
      });
    }
    const answer = readAnswer(call, opened);
    if (answer.status === 304) {
      await opened.close();
      return answer;
    }
    const range = readRange(call.request.headers.get('range'), entry.size) ?? { start: 0, end: entry.size };
    const content = opened.read(range.start, range.end);
    return { ...answer, body: { length: range.end - range.start, content, close: () => opened.close() } };
  } catch (error) {
    await opened.close();
    throw error;
  }
}

export async function headObject(call: Call, bucketName: string, key: string): Promise<Answer> {
  const opened = await openObject(call, bucketName, key);
  try {
    return readAnswer(call, opened);
  } finally {
    await opened.close();
  }
}

export async function deleteObject(call: Call, bucketName: string, key: string): Promise<Answer> {
  const bucket = findBucket(call, bucketName);
  refuseUnsupportedHeaders(call.request.headers);
  await bucket.delete(key, deleteCheck(call.request.headers, key));
  return { status: 204 };
}

export async function getObjectTagging(call: Call, bucketName: string, key: string): Promise<Answer> {
  const opened = await openObject(call, bucketName, key);
  await opened.close();
  return { status: 200, document: taggingDocument(opened.facts.tags) };
}

export async function putObjectTagging(call: Call, bucketName: string, key: string): Promise<Answer> {
  const bucket = findBucket(call, bucketName);
  const tags = parseTagging(await receiveDocument(call.request, call.signing));
  if (!(await bucket.setTags(key, tags))) throw noSuchKey(key);
  return { status: 200 };
}

export async function deleteObjectTagging(call: Call, bucketName: string, key: string): Promise<Answer> {
  if (!(await findBucket(call, bucketName).setTags(key, []))) throw noSuchKey(key);
  return { status: 204 };
}

/** To be closed by whoever asks. */
export async function openObject(call: Call, bucketName: string, key: string): Promise<OpenedObject> {
  refuseUnsupportedHeaders(call.request.headers);
  const opened = await findBucket(call, bucketName).open(key);
  if (opened === null) throw noSuchKey(key);
  return opened;
}

/** Status and headers that GET and HEAD have in common; HEAD answers the range's length too. */
function readAnswer(call: Call, { entry, facts }: OpenedObject): Answer {
  const { headers } = call.request;
  const described = { ...objectHeaders(entry, facts), ...overrides(call) };
  if (checkRead(headers, entry) === 304) return { status: 304, headers: described };
  const range = readRange(headers.get('range'), entry.size);
  if (range !== null) {
    described['content-range'] = `bytes ${range.start}-${range.end - 1}/${entry.size}`;
  } else if (headers.get('x-amz-checksum-mode')?.toUpperCase() === 'ENABLED' && facts.checksum !== null) {
    Object.assign(described, checksumHeaders(facts.checksum));
  }
  const length = range === null ? entry.size : range.end - range.start;
  return { status: range === null ? 200 : 206, headers: { ...described, 'content-length': String(length) } };
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
