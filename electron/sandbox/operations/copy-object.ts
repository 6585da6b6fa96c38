import { checksumElements, readAlgorithm, USUAL_ALGORITHM } from '../checksums.ts';
import { putCheck } from '../conditions.ts';
import { encryptionHeaders } from '../object-headers.ts';
import { S3Failure } from '../s3-failure.ts';
import type { ChecksumAlgorithm, ObjectFacts } from '../storage/storage.ts';
import { element, S3_NAMESPACE, XML_DECLARATION } from '../xml.ts';
import type { Answer, Call } from './answer.ts';
import { findBucket } from './buckets.ts';
import { openCopySource, requireCopyableAtOnce, sourceVersionHeaders, type CopySource } from './copy-source.ts';
import { copyBody, etagOf, readDescription, stillThere } from './new-object.ts';
import { versionHeaders } from './versions.ts';

const REDIRECT = 'x-amz-website-redirect-location';
/** One of these makes a copy of an object onto itself a change, also where it says what was so before. */
const CHANGES = ['x-amz-storage-class', 'x-amz-server-side-encryption', REDIRECT];

export async function copyObject(call: Call, bucketName: string, key: string): Promise<Answer> {
  const { headers } = call.request;
  const bucket = findBucket(call, bucketName);
  const described = readDescription(call);
  const check = stillThere(call, bucket, putCheck(headers, key));
  const replaceMetadata = readDirective(headers, 'x-amz-metadata-directive');
  const replaceTags = readDirective(headers, 'x-amz-tagging-directive');
  const source = await openCopySource(call);
  try {
    const { entry, facts: before } = source.opened;
    requireCopyableAtOnce(entry.size);
    const onItself = source.bucket === bucket && entry.key === key && source.isCurrent;
    if (onItself && !replaceMetadata && before.restore === undefined && !CHANGES.some((name) => headers.has(name))) {
      throw new S3Failure(
        'InvalidRequest',
        "This copy request is illegal because it is trying to copy an object to itself without changing the object's metadata, storage class, website redirect location or encryption attributes.",
      );
    }
    const { encryption } = described.facts;
    const received = await copyBody(call, source.opened, { start: 0, end: entry.size }, algorithmOf(call, source));
    const facts: ObjectFacts = {
      headers: replaceMetadata ? described.facts.headers : keptHeaders(before, headers.get(REDIRECT)),
      metadata: replaceMetadata ? described.facts.metadata : before.metadata,
      tags: replaceTags ? described.facts.tags : before.tags,
      encryption,
      checksum: received.checksum,
    };
    const { storageClass } = described;
    const etag = etagOf(received.md5, encryption);
    const copied = await bucket.put(
      { key, size: received.size, etag, storageClass, facts, body: received.body },
      check,
    );
    return {
      status: 200,
      headers: {
        ...versionHeaders(bucket, copied),
        ...sourceVersionHeaders(source),
        ...encryptionHeaders(encryption),
      },
      document:
        `${XML_DECLARATION}<CopyObjectResult xmlns="${S3_NAMESPACE}">` +
        `${element('LastModified', new Date(copied.modified).toISOString())}<ETag>&quot;${copied.etag}&quot;</ETag>` +
        `${checksumElements(received.checksum)}</CopyObjectResult>`,
    };
  } finally {
    await source.opened.close();
  }
}

function readDirective(headers: ReadonlyMap<string, string>, name: string): boolean {
  const directive = headers.get(name) ?? 'COPY';
  if (directive === 'COPY') return false;
  if (directive === 'REPLACE') return true;
  const what = name === 'x-amz-metadata-directive' ? 'metadata' : 'tagging';
  throw new S3Failure('InvalidArgument', `Unknown ${what} directive.`, {
    ArgumentName: name,
    ArgumentValue: directive,
  });
}

/** A redirect is the one header that a copy does not take along. */
function keptHeaders(before: ObjectFacts, redirect: string | undefined): Readonly<Record<string, string>> {
  const { [REDIRECT]: _left, ...headers } = before.headers;
  return redirect === undefined ? headers : { ...headers, [REDIRECT]: redirect };
}

/** The one that is asked for, else that of the source. */
function algorithmOf(call: Call, source: CopySource): ChecksumAlgorithm {
  const sent = call.request.headers.get('x-amz-checksum-algorithm');
  if (sent === undefined) return source.opened.facts.checksum?.algorithm ?? USUAL_ALGORITHM;
  return requireAlgorithm(sent);
}

/** Throws `InvalidRequest` where S3 knows no such algorithm. */
export function requireAlgorithm(sent: string): ChecksumAlgorithm {
  const algorithm = readAlgorithm(sent);
  if (algorithm !== null) return algorithm;
  throw new S3Failure(
    'InvalidRequest',
    'Checksum algorithm provided is unsupported. Please try again with any of the valid types: [CRC32, CRC32C, CRC64NVME, SHA1, SHA256]',
  );
}
