import { createHash, randomBytes } from 'node:crypto';
import { createChecksum } from '../checksums.ts';
import type { ByteRange } from '../byte-range.ts';
import type { ReceivedBody } from '../http/receive-body.ts';
import {
  readEncryption,
  readKeptHeaders,
  readStorageClass,
  readUserMetadata,
  refuseUnsupportedHeaders,
} from '../object-headers.ts';
import { parseTagHeader } from '../object-tags.ts';
import { noSuchBucket } from '../s3-failure.ts';
import {
  INLINE_LIMIT,
  type Bucket,
  type ChecksumAlgorithm,
  type ObjectEncryption,
  type ObjectFacts,
  type OpenedObject,
  type WriteCheck,
} from '../storage/storage.ts';
import type { Call } from './answer.ts';

/** What the headers of PutObject, CopyObject and CreateMultipartUpload say of the object to be. */
export interface DescribedObject {
  readonly storageClass: string;
  readonly facts: Omit<ObjectFacts, 'checksum'>;
}

export function readDescription({ request, identity }: Call): DescribedObject {
  const { headers } = request;
  refuseUnsupportedHeaders(headers);
  return {
    storageClass: readStorageClass(headers),
    facts: {
      headers: readKeptHeaders(headers),
      metadata: readUserMetadata(headers),
      tags: parseTagHeader(headers.get('x-amz-tagging')),
      encryption: readEncryption(headers, identity.region),
    },
  };
}

/** With a KMS key the ETag is not the body's MD5, and clients must not take it for that. */
export function etagOf(md5: string, encryption: ObjectEncryption): string {
  return encryption.algorithm === 'AES256' ? md5 : randomBytes(16).toString('hex');
}

/** A bucket may be deleted while a body is on its way: the object would bring it back. */
export function stillThere(call: Call, bucket: Bucket, check: WriteCheck): WriteCheck {
  return (current) => {
    if (call.storage.bucket(bucket.name) !== bucket) throw noSuchBucket(bucket.name);
    check(current);
  };
}

/** Takes bytes of another object for a body, holding no more of them in memory than what is kept inline. */
export async function copyBody(
  call: Call,
  opened: OpenedObject,
  { start, end }: ByteRange,
  algorithm: ChecksumAlgorithm,
): Promise<ReceivedBody> {
  const size = end - start;
  const md5 = createHash('md5');
  const checksum = createChecksum(algorithm);
  const content = opened.read(start, end);
  let writer = size > INLINE_LIMIT ? await call.storage.writeBody() : null;
  const chunks: Uint8Array[] = [];
  try {
    for await (const chunk of content instanceof Uint8Array ? [content] : content) {
      md5.update(chunk);
      checksum.update(chunk);
      if (writer === null) chunks.push(chunk);
      else await writer.write(chunk);
    }
    const body = writer === null ? { bytes: Buffer.concat(chunks) } : await writer.finish();
    writer = null;
    const value = checksum.digest().toString('base64');
    return { size, md5: md5.digest('hex'), checksum: { algorithm, type: 'FULL_OBJECT', value }, body };
  } finally {
    await writer?.discard();
  }
}
