import { checksumHeaderName, partChecksumElement } from '../checksums.ts';
import type { ByteRange } from '../byte-range.ts';
import { readExpectation } from '../http/body-expectation.ts';
import { receiveBody, type ReceivedBody } from '../http/receive-body.ts';
import { parameter } from '../http/s3-request.ts';
import { encryptionHeaders, refuseUnsupportedHeaders } from '../object-headers.ts';
import { listUploadParts } from '../list-uploads.ts';
import { noSuchUpload, S3Failure } from '../s3-failure.ts';
import type { Bucket, MultipartUpload, UploadedPart } from '../storage/storage.ts';
import { element, S3_NAMESPACE, XML_DECLARATION } from '../xml.ts';
import type { Answer, Call } from './answer.ts';
import { findBucket } from './buckets.ts';
import { openCopySource, requireCopyableAtOnce, sourceVersionHeaders } from './copy-source.ts';
import { findUpload, MOST_PARTS, PEOPLE } from './multipart-uploads.ts';
import { copyBody, etagOf } from './new-object.ts';

export async function uploadPart(call: Call, bucketName: string, key: string): Promise<Answer> {
  const { request, storage } = call;
  refuseUnsupportedHeaders(request.headers);
  const bucket = findBucket(call, bucketName);
  const number = readPartNumber(call);
  const upload = findUpload(call, bucket, key);
  const { algorithm, asked } = upload.checksum;
  checkAlgorithm(call, upload);
  const received = await receiveBody(request, call.signing, () => storage.writeBody(), algorithm);
  const part = await storePart(bucket, upload, number, received);
  return {
    status: 200,
    headers: {
      etag: `"${part.etag}"`,
      ...encryptionHeaders(upload.facts.encryption),
      ...(asked ? { [checksumHeaderName(algorithm)]: part.checksum } : {}),
    },
  };
}

export async function uploadPartCopy(call: Call, bucketName: string, key: string): Promise<Answer> {
  refuseUnsupportedHeaders(call.request.headers);
  const bucket = findBucket(call, bucketName);
  const number = readPartNumber(call);
  const upload = findUpload(call, bucket, key);
  const source = await openCopySource(call);
  try {
    const range = readCopyRange(call.request.headers.get('x-amz-copy-source-range'), source.opened.entry.size);
    requireCopyableAtOnce(range.end - range.start);
    const { algorithm, asked } = upload.checksum;
    const part = await storePart(bucket, upload, number, await copyBody(call, source.opened, range, algorithm));
    return {
      status: 200,
      headers: { ...sourceVersionHeaders(source), ...encryptionHeaders(upload.facts.encryption) },
      document:
        `${XML_DECLARATION}<CopyPartResult xmlns="${S3_NAMESPACE}">` +
        `${element('LastModified', new Date(part.modified).toISOString())}<ETag>&quot;${part.etag}&quot;</ETag>` +
        `${asked ? partChecksumElement(algorithm, part.checksum) : ''}</CopyPartResult>`,
    };
  } finally {
    await source.opened.close();
  }
}

export async function listParts(call: Call, bucketName: string, key: string): Promise<Answer> {
  const bucket = findBucket(call, bucketName);
  return { status: 200, document: listUploadParts(bucket, findUpload(call, bucket, key), call.request, PEOPLE) };
}

async function storePart(
  bucket: Bucket,
  upload: MultipartUpload,
  number: number,
  { size, md5, checksum, body }: ReceivedBody,
): Promise<UploadedPart> {
  const etag = etagOf(md5, upload.facts.encryption);
  const part = await bucket.uploads.putPart(upload.id, { number, size, etag, checksum: checksum.value, body });
  if (part === null) throw noSuchUpload(upload.id);
  return part;
}

/** A part is summed as its upload was said to be, or S3 could not sum the whole. */
function checkAlgorithm(call: Call, { checksum: { algorithm, asked } }: MultipartUpload): void {
  const sent = readExpectation(call.request, call.signing).checksum?.algorithm;
  if (sent === undefined || sent === algorithm) return;
  const expected = asked ? algorithm.toLowerCase() : 'null';
  throw new S3Failure(
    'InvalidRequest',
    `Checksum Type mismatch occurred, expected checksum Type: ${expected}, actual checksum Type: ${sent.toLowerCase()}`,
  );
}

function readPartNumber(call: Call): number {
  const text = parameter(call.request, 'partNumber') ?? '';
  const number = /^\d{1,9}$/.test(text) ? Number(text) : 0;
  if (number >= 1 && number <= MOST_PARTS) return number;
  throw new S3Failure('InvalidArgument', `Part number must be an integer between 1 and ${MOST_PARTS}, inclusive`, {
    ArgumentName: 'partNumber',
    ArgumentValue: text,
  });
}

function readCopyRange(header: string | undefined, size: number): ByteRange {
  if (header === undefined) return { start: 0, end: size };
  const match = /^bytes=(\d+)-(\d+)$/.exec(header);
  const [start, last] = [Number(match?.[1]), Number(match?.[2])];
  const facts = { ArgumentName: 'x-amz-copy-source-range', ArgumentValue: header };
  if (match === null || last < start) {
    throw new S3Failure(
      'InvalidArgument',
      'The x-amz-copy-source-range value must be of the form bytes=first-last where first and last are the zero-based offsets of the first and last bytes to copy',
      facts,
    );
  }
  if (last >= size) {
    throw new S3Failure('InvalidArgument', `Range specified is not valid for source object of size: ${size}`, facts);
  }
  return { start, end: last + 1 };
}
