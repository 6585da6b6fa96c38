import { checksumElements, partChecksumElement } from '../checksums.ts';
import { S3Failure } from '../s3-failure.ts';
import type { ObjectChecksum, ObjectPart, OpenedObject } from '../storage/storage.ts';
import { element, S3_NAMESPACE, XML_DECLARATION } from '../xml.ts';
import type { Answer, Call } from './answer.ts';
import { findBucket } from './buckets.ts';
import { openObject } from './objects.ts';
import { versionHeaders } from './versions.ts';

const ATTRIBUTES = ['ETag', 'Checksum', 'ObjectParts', 'StorageClass', 'ObjectSize'] as const;
type Attribute = (typeof ATTRIBUTES)[number];

const MOST_PARTS = 1000;

export async function getObjectAttributes(call: Call, bucketName: string, key: string): Promise<Answer> {
  const wanted = readAttributes(call.request.headers.get('x-amz-object-attributes'));
  const page = {
    after: readCount(call, 'x-amz-part-number-marker') ?? 0,
    most: Math.min(MOST_PARTS, readCount(call, 'x-amz-max-parts') ?? MOST_PARTS),
  };
  const bucket = findBucket(call, bucketName);
  const opened = await openObject(call, bucket, key);
  await opened.close();
  // S3 writes them in this order, whatever the order asked for.
  const attributes = ATTRIBUTES.filter((name) => wanted.has(name)).map((name) => attribute(name, opened, page));
  return {
    status: 200,
    headers: {
      'last-modified': new Date(opened.entry.modified).toUTCString(),
      ...versionHeaders(bucket, opened.entry),
    },
    document:
      `${XML_DECLARATION}<GetObjectAttributesResponse xmlns="${S3_NAMESPACE}">` +
      `${attributes.join('')}</GetObjectAttributesResponse>`,
  };
}

interface PartsPage {
  /** Parts of higher numbers than this. */
  readonly after: number;
  readonly most: number;
}

function attribute(name: Attribute, { entry, facts }: OpenedObject, page: PartsPage): string {
  switch (name) {
    case 'ETag':
      return element('ETag', entry.etag);
    case 'Checksum':
      return facts.checksum === null ? '' : `<Checksum>${checksumElements(facts.checksum)}</Checksum>`;
    case 'ObjectParts':
      return facts.parts === undefined ? '' : partsElement(facts.parts, facts.checksum, page);
    case 'StorageClass':
      return element('StorageClass', entry.storageClass);
    case 'ObjectSize':
      return element('ObjectSize', entry.size);
  }
}

function partsElement(
  parts: readonly ObjectPart[],
  checksum: ObjectChecksum | null,
  { after, most }: PartsPage,
): string {
  const rest = parts.filter(({ number }) => number > after);
  const listed = rest.slice(0, most);
  // S3 lists parts only where their writer summed them.
  const rows = listed.flatMap((part) =>
    part.checksum === null || checksum === null
      ? []
      : `<Part>${element('PartNumber', part.number)}${element('Size', part.size)}` +
        `${partChecksumElement(checksum.algorithm, part.checksum)}</Part>`,
  );
  return (
    `<ObjectParts>${element('PartsCount', parts.length)}${element('PartNumberMarker', after)}` +
    `${element('NextPartNumberMarker', listed.at(-1)?.number ?? 0)}${element('MaxParts', most)}` +
    `${element('IsTruncated', rest.length > listed.length)}${rows.join('')}</ObjectParts>`
  );
}

function readAttributes(header: string | undefined): ReadonlySet<string> {
  const names = (header ?? '')
    .split(',')
    .map((name) => name.trim())
    .filter((name) => name !== '');
  if (names.length === 0) {
    throw new S3Failure(
      'InvalidRequest',
      'The x-amz-object-attributes header specifying the attributes to be retrieved is either missing or empty',
    );
  }
  const unknown = names.find((name) => !ATTRIBUTES.some((known) => known === name));
  if (unknown !== undefined) {
    throw new S3Failure('InvalidArgument', 'Invalid attribute name specified.', {
      ArgumentName: 'x-amz-object-attributes',
      ArgumentValue: unknown,
    });
  }
  return new Set(names);
}

function readCount(call: Call, name: string): number | null {
  const text = call.request.headers.get(name);
  if (text === undefined) return null;
  if (!/^\d{1,9}$/.test(text)) {
    throw new S3Failure('InvalidArgument', `Provided ${name} not an integer or within integer range`, {
      ArgumentName: name,
      ArgumentValue: text,
    });
  }
  return Number(text);
}
