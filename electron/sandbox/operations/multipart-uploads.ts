import { createHash } from 'node:crypto';
import {
  CHECKSUM_ALGORITHMS,
  checksumElements,
  checksumHeaderName,
  multipartChecksum,
  USUAL_ALGORITHM,
} from '../checksums.ts';
import { putCheck } from '../conditions.ts';
import { receiveDocument } from '../http/receive-body.ts';
import { parameter } from '../http/s3-request.ts';
import { encodeUri } from '../http/uri.ts';
import { encryptionHeaders } from '../object-headers.ts';
import { listUploads } from '../list-uploads.ts';
import { noSuchUpload, S3Failure } from '../s3-failure.ts';
import type {
  Bucket,
  MultipartUpload,
  ObjectChecksum,
  ObjectEntry,
  UploadChecksum,
  UploadedPart,
} from '../storage/storage.ts';
import { isMarker, versionId } from '../storage/version-index.ts';
import { element, malformed, parseXml, S3_NAMESPACE, XML_DECLARATION, type XmlElement } from '../xml.ts';
import type { Answer, Call } from './answer.ts';
import { findBucket, OWNER } from './buckets.ts';
import { requireAlgorithm } from './copy-object.ts';
import { readDescription, stillThere } from './new-object.ts';
import { versionHeaders } from './versions.ts';

export const MOST_PARTS = 10_000;
/** Of every part but the last one. */
const SMALLEST_PART = 5 * 1024 * 1024;
/** 10,000 parts with a checksum each fit. */
const LARGEST_DOCUMENT = 4 * 1024 * 1024;

/** Who began an upload, and whose the object will be. */
export const PEOPLE = OWNER.replaceAll('Owner>', 'Initiator>') + OWNER;

interface NamedPart {
  readonly number: number;
  /** Without quotes. */
  readonly etag: string;
  readonly checksum: string | null;
}

export async function createMultipartUpload(call: Call, bucketName: string, key: string): Promise<Answer> {
  const bucket = findBucket(call, bucketName);
  const { storageClass, facts } = readDescription(call);
  const checksum = readUploadChecksum(call.request.headers);
  const upload = await bucket.uploads.create({ key, storageClass, facts: { ...facts, checksum: null }, checksum });
  return {
    status: 200,
    headers: {
      ...encryptionHeaders(facts.encryption),
      ...(checksum.asked
        ? { 'x-amz-checksum-algorithm': checksum.algorithm, 'x-amz-checksum-type': checksum.type }
        : {}),
    },
    document:
      `${XML_DECLARATION}<InitiateMultipartUploadResult xmlns="${S3_NAMESPACE}">${element('Bucket', bucketName)}` +
      `${element('Key', key)}${element('UploadId', upload.id)}</InitiateMultipartUploadResult>`,
  };
}

export async function completeMultipartUpload(call: Call, bucketName: string, key: string): Promise<Answer> {
  const { headers } = call.request;
  const bucket = findBucket(call, bucketName);
  const check = stillThere(call, bucket, putCheck(headers, key));
  const named = readParts(await receiveUnsummedDocument(call));
  const id = parameter(call.request, 'uploadId') ?? '';
  const upload = bucket.uploads.get(id);
  if (upload === null || upload.key !== key) {
    const entry = await findCompleted(bucket, key, id);
    if (entry === null) throw noSuchUpload(id);
    return completedAnswer(call, bucket, entry.entry, entry.checksum, entry.headers);
  }
  const parts = checkParts(upload, named);
  const checksum = multipartChecksum(
    upload.checksum.algorithm,
    upload.checksum.type,
    parts.map((part) => ({ value: part.checksum, size: part.size })),
  );
  const size = parts.reduce((sum, part) => sum + part.size, 0);
  checkWhole(headers, checksum, size);
  const entry = await bucket.uploads.complete(
    id,
    {
      size,
      etag: etagOfParts(parts),
      checksum,
      parts: parts.map((part) => ({
        number: part.number,
        size: part.size,
        checksum: upload.checksum.asked ? part.checksum : null,
      })),
    },
    check,
  );
  if (entry === null) throw noSuchUpload(id);
  return completedAnswer(call, bucket, entry, checksum, encryptionHeaders(upload.facts.encryption));
}

export async function abortMultipartUpload(call: Call, bucketName: string, key: string): Promise<Answer> {
  const bucket = findBucket(call, bucketName);
  await bucket.uploads.abort(findUpload(call, bucket, key).id);
  return { status: 204 };
}

export async function listMultipartUploads(call: Call, bucketName: string): Promise<Answer> {
  return { status: 200, document: listUploads(findBucket(call, bucketName), call.request, PEOPLE) };
}

/** The upload that the request names, of this key. */
export function findUpload(call: Call, bucket: Bucket, key: string): MultipartUpload {
  const id = parameter(call.request, 'uploadId') ?? '';
  const upload = bucket.uploads.get(id);
  if (upload === null || upload.key !== key) throw noSuchUpload(id);
  return upload;
}

function completedAnswer(
  call: Call,
  bucket: Bucket,
  entry: ObjectEntry,
  checksum: ObjectChecksum | null,
  headers: Readonly<Record<string, string>>,
): Answer {
  const host = call.request.headers.get('host') ?? '';
  const location = `http://${host}/${bucket.name}/${encodeUri(entry.key, true)}`;
  return {
    status: 200,
    headers: { ...versionHeaders(bucket, entry), ...headers },
    document:
      `${XML_DECLARATION}<CompleteMultipartUploadResult xmlns="${S3_NAMESPACE}">${element('Location', location)}` +
      `${element('Bucket', bucket.name)}${element('Key', entry.key)}<ETag>&quot;${entry.etag}&quot;</ETag>` +
      `${checksum === null ? '' : checksumElements(checksum)}</CompleteMultipartUploadResult>`,
  };
}

interface Completed {
  readonly entry: ObjectEntry;
  readonly checksum: ObjectChecksum | null;
  readonly headers: Readonly<Record<string, string>>;
}

/** A client that lost the answer asks again: S3 gives it once more as long as the object is there. */
async function findCompleted(bucket: Bucket, key: string, id: string): Promise<Completed | null> {
  for (const version of bucket.versions.versionsOf(key).toReversed()) {
    if (isMarker(version) || version.etag.length === 32) continue;
    const opened = await bucket.open(key, versionId(version));
    await opened?.close();
    if (opened?.facts.upload !== id) continue;
    const { entry, facts } = opened;
    return { entry, checksum: facts.checksum, headers: encryptionHeaders(facts.encryption) };
  }
  return null;
}

/** What CompleteMultipartUpload says in x-amz-checksum-… is of the object, not of its own document. */
function receiveUnsummedDocument(call: Call): Promise<string> {
  const headers = new Map(call.request.headers);
  for (const algorithm of CHECKSUM_ALGORITHMS) headers.delete(checksumHeaderName(algorithm));
  return receiveDocument({ ...call.request, headers }, call.signing, LARGEST_DOCUMENT);
}

function readParts(document: string): readonly NamedPart[] {
  const root = parseXml(document);
  if (root.name !== 'CompleteMultipartUpload') throw malformed();
  if (root.children.length === 0 || root.children.length > MOST_PARTS) throw malformed();
  return root.children.map(readPart);
}

function readPart({ name, children }: XmlElement): NamedPart {
  const text = (wanted: string): string | null => children.find((child) => child.name === wanted)?.text.trim() ?? null;
  const number = Number(text('PartNumber') ?? '');
  const etag = text('ETag');
  if (name !== 'Part' || !Number.isInteger(number) || number < 1 || etag === null) throw malformed();
  const sum = children.find((child) => child.name.startsWith('Checksum'));
  return { number, etag: etag.replace(/^"(.*)"$/, '$1'), checksum: sum?.text.trim() ?? null };
}

/** The parts of the upload that are named, checked as S3 checks them. */
function checkParts(upload: MultipartUpload, named: readonly NamedPart[]): readonly UploadedPart[] {
  const { checksum } = upload;
  const parts = named.map(({ number, etag, checksum: sum }, at) => {
    const before = named[at - 1];
    if (before !== undefined && before.number >= number) {
      throw new S3Failure(
        'InvalidPartOrder',
        'The list of parts was not in ascending order. Parts must be ordered by part number.',
        { UploadId: upload.id },
      );
    }
    const part = upload.parts.get(number);
    if (part === undefined || part.etag !== etag || (sum !== null && sum !== part.checksum)) {
      throw new S3Failure(
        'InvalidPart',
        "One or more of the specified parts could not be found.  The part may not have been uploaded, or the specified entity tag may not match the part's entity tag.",
        { UploadId: upload.id, PartNumber: String(number), ETag: etag },
      );
    }
    if (checksum.asked && checksum.type === 'COMPOSITE' && sum === null) {
      throw new S3Failure(
        'InvalidRequest',
        `The upload was created using a ${checksum.algorithm.toLowerCase()} checksum. The complete request must include the checksum for each part. It was missing for part ${number} in the request.`,
      );
    }
    return part;
  });
  const small = parts.slice(0, -1).find((part) => part.size < SMALLEST_PART);
  if (small !== undefined) {
    throw new S3Failure('EntityTooSmall', 'Your proposed upload is smaller than the minimum allowed size', {
      ProposedSize: String(small.size),
      MinSizeAllowed: String(SMALLEST_PART),
      PartNumber: String(small.number),
      ETag: small.etag,
    });
  }
  return parts;
}

/** What the client says of the whole object must be so. */
function checkWhole(headers: ReadonlyMap<string, string>, checksum: ObjectChecksum, size: number): void {
  const type = headers.get('x-amz-checksum-type');
  if (type !== undefined && type !== checksum.type) {
    throw new S3Failure(
      'InvalidRequest',
      `The upload was created using the ${checksum.type} checksum mode. The complete request must use the same checksum mode.`,
    );
  }
  for (const algorithm of CHECKSUM_ALGORITHMS) {
    const sent = headers.get(checksumHeaderName(algorithm));
    if (sent === undefined || (algorithm === checksum.algorithm && sent === checksum.value)) continue;
    throw new S3Failure('BadDigest', `The ${algorithm} you specified did not match the calculated checksum.`);
  }
  const length = headers.get('x-amz-mp-object-size');
  if (length !== undefined && Number(length) !== size) {
    throw new S3Failure(
      'InvalidRequest',
      `The provided 'x-amz-mp-object-size' header does not match what was computed: ${size}`,
    );
  }
}

/** MD5 of the parts' MD5s, and how many they are. */
function etagOfParts(parts: readonly UploadedPart[]): string {
  const md5 = createHash('md5');
  for (const { etag } of parts) md5.update(Buffer.from(etag, 'hex'));
  return `${md5.digest('hex')}-${parts.length}`;
}

function readUploadChecksum(headers: ReadonlyMap<string, string>): UploadChecksum {
  const sent = headers.get('x-amz-checksum-algorithm');
  const algorithm = sent === undefined ? USUAL_ALGORITHM : requireAlgorithm(sent);
  const type = headers.get('x-amz-checksum-type')?.toUpperCase();
  const usual = algorithm === 'CRC64NVME' ? 'FULL_OBJECT' : 'COMPOSITE';
  if (type === undefined) return { algorithm, type: usual, asked: sent !== undefined };
  if (sent === undefined) {
    throw new S3Failure(
      'InvalidRequest',
      'The x-amz-checksum-type header can only be used with the x-amz-checksum-algorithm header.',
    );
  }
  if (type !== 'FULL_OBJECT' && type !== 'COMPOSITE') {
    throw new S3Failure('InvalidRequest', 'Value for x-amz-checksum-type header is invalid.');
  }
  if (type !== usual && !['CRC32', 'CRC32C'].includes(algorithm)) {
    throw new S3Failure(
      'InvalidRequest',
      `The ${type} checksum type cannot be used with the ${algorithm.toLowerCase()} checksum algorithm.`,
    );
  }
  return { algorithm, type, asked: true };
}
