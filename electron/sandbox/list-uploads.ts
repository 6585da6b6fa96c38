import { partChecksumElement } from './checksums.ts';
import { encodeListed } from './http/uri.ts';
import { parameter, type S3Request } from './http/s3-request.ts';
import { invalidArgument, isoTime, readEncoding } from './list-objects.ts';
import type { Bucket, MultipartUpload } from './storage/storage.ts';
import { compareUtf8 } from '../../shared/utf8-order.ts';
import { element, S3_NAMESPACE, XML_DECLARATION } from './xml.ts';

const MOST = 1000;

/** Answers the document of ListParts. `initiator` and `owner` are elements. */
export function listUploadParts(bucket: Bucket, upload: MultipartUpload, request: S3Request, people: string): string {
  const most = readCount(request, 'max-parts');
  const after = readNumber(request, 'part-number-marker') ?? 0;
  const rest = [...upload.parts.values()]
    .filter(({ number }) => number > after)
    .toSorted((left, right) => left.number - right.number);
  const listed = rest.slice(0, most);
  const { algorithm, type, asked } = upload.checksum;
  const rows = listed.map(
    (part) =>
      `<Part>${element('PartNumber', part.number)}${element('LastModified', isoTime(part.modified))}` +
      `<ETag>&quot;${part.etag}&quot;</ETag>${element('Size', part.size)}` +
      `${asked ? partChecksumElement(algorithm, part.checksum) : ''}</Part>`,
  );
  return (
    `${XML_DECLARATION}<ListPartsResult xmlns="${S3_NAMESPACE}">${element('Bucket', bucket.name)}` +
    `${element('Key', upload.key)}${element('UploadId', upload.id)}${people}` +
    `${element('StorageClass', upload.storageClass)}${element('PartNumberMarker', after)}` +
    `${element('NextPartNumberMarker', listed.at(-1)?.number ?? 0)}${element('MaxParts', most)}` +
    `${element('IsTruncated', rest.length > listed.length)}${checksumOf(asked, algorithm, type)}` +
    `${rows.join('')}</ListPartsResult>`
  );
}

/** Answers the document of ListMultipartUploads. */
export function listUploads(bucket: Bucket, request: S3Request, people: string): string {
  const prefix = parameter(request, 'prefix') ?? '';
  const delimiter = parameter(request, 'delimiter') ?? '';
  const keyMarker = parameter(request, 'key-marker') ?? '';
  // Without a key S3 ignores it.
  const idMarker = keyMarker === '' ? '' : (parameter(request, 'upload-id-marker') ?? '');
  const encoding = readEncoding(parameter(request, 'encoding-type'));
  const most = readCount(request, 'max-uploads');
  const name = encoding === null ? (text: string): string => text : encodeListed;
  const uploads: MultipartUpload[] = [];
  const prefixes: string[] = [];
  let next: { readonly key: string; readonly id: string } | null = null;
  let isTruncated = false;
  for (const upload of behindMarkers(bucket.uploads.list(), keyMarker, idMarker)) {
    if (!upload.key.startsWith(prefix)) continue;
    const cut = delimiter === '' ? -1 : upload.key.indexOf(delimiter, prefix.length);
    const common = cut === -1 ? null : upload.key.slice(0, cut + delimiter.length);
    if (common !== null && (common === prefixes.at(-1) || common === keyMarker)) continue;
    if (uploads.length + prefixes.length === most) {
      isTruncated = true;
      break;
    }
    if (common === null) uploads.push(upload);
    else prefixes.push(common);
    next = common === null ? { key: upload.key, id: upload.id } : { key: common, id: '' };
  }
  const rows = uploads.map(
    ({ key, id, storageClass, initiated, checksum }) =>
      `<Upload>${element('Key', name(key))}${element('UploadId', id)}${people}${element('StorageClass', storageClass)}` +
      `${element('Initiated', isoTime(initiated))}${checksumOf(checksum.asked, checksum.algorithm, checksum.type)}</Upload>`,
  );
  const folders = prefixes.map((text) => `<CommonPrefixes>${element('Prefix', name(text))}</CommonPrefixes>`);
  return [
    `${XML_DECLARATION}<ListMultipartUploadsResult xmlns="${S3_NAMESPACE}">`,
    element('Bucket', bucket.name),
    element('KeyMarker', name(keyMarker)),
    element('UploadIdMarker', idMarker),
    next === null || !isTruncated ? '' : element('NextKeyMarker', name(next.key)),
    next === null || !isTruncated ? '' : element('NextUploadIdMarker', next.id),
    element('Prefix', name(prefix)),
    delimiter === '' ? '' : element('Delimiter', name(delimiter)),
    encoding === null ? '' : element('EncodingType', encoding),
    element('MaxUploads', most),
    element('IsTruncated', isTruncated),
    ...rows,
    ...folders,
    '</ListMultipartUploadsResult>',
  ].join('');
}

/** Behind the key, or behind one of its uploads. */
function behindMarkers(
  uploads: readonly MultipartUpload[],
  keyMarker: string,
  idMarker: string,
): readonly MultipartUpload[] {
  if (keyMarker === '') return uploads;
  return uploads.filter(({ key, id }) => {
    const order = compareUtf8(key, keyMarker);
    return order > 0 || (order === 0 && idMarker !== '' && compareUtf8(id, idMarker) > 0);
  });
}

function checksumOf(asked: boolean, algorithm: string, type: string): string {
  return asked ? element('ChecksumAlgorithm', algorithm) + element('ChecksumType', type) : '';
}

function readCount(request: S3Request, name: string): number {
  return Math.min(MOST, readNumber(request, name) ?? MOST);
}

function readNumber(request: S3Request, name: string): number | null {
  const text = parameter(request, name);
  if (text === null || text === '') return null;
  if (!/^\d{1,10}$/.test(text) || Number(text) > 0x7fff_ffff) {
    throw invalidArgument(name, text, `Argument ${name} must be an integer between 0 and 2147483647`);
  }
  return Number(text);
}
