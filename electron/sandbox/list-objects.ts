import { encodeListed } from './http/uri.ts';
import { parameter, type S3Request } from './http/s3-request.ts';
import { S3Failure } from './s3-failure.ts';
import type { Bucket, ObjectEntry } from './storage/storage.ts';
import { compareUtf8 } from '../../shared/utf8-order.ts';
import { element, S3_NAMESPACE, XML_DECLARATION } from './xml.ts';

const MOST_KEYS = 1000;

/** Where a listing goes on: behind a key, or behind all keys of a common prefix. */
export interface Position {
  readonly after: 'key' | 'prefix';
  readonly text: string;
}

interface ListedPage {
  readonly objects: readonly ObjectEntry[];
  readonly prefixes: readonly string[];
  /** Null where there is nothing more. */
  readonly next: Position | null;
}

/** Answers the document of ListObjectsV2. */
export function listObjectsSecond(bucket: Bucket, request: S3Request, ownerXml: string): string {
  const version = parameter(request, 'list-type') ?? '';
  if (version !== '2') throw invalidArgument('list-type', version, 'Invalid List Type specified in Request');
  const asked = readAsked(request);
  const { prefix, delimiter, count, name } = asked;
  const startAfter = parameter(request, 'start-after') ?? '';
  const token = parameter(request, 'continuation-token');
  const from: Position = token === null ? { after: 'key', text: startAfter } : readToken(token);
  const page = readPage(bucket, { prefix, delimiter, from, count });
  return listingDocument(bucket, asked, page, parameter(request, 'fetch-owner') === 'true' ? ownerXml : '', [
    element('KeyCount', page.objects.length + page.prefixes.length),
    token === null ? '' : element('ContinuationToken', token),
    page.next === null ? '' : element('NextContinuationToken', writeToken(page.next)),
    startAfter === '' ? '' : element('StartAfter', name(startAfter)),
  ]);
}

/** Answers the document of ListObjects, version 1. */
export function listObjectsFirst(bucket: Bucket, request: S3Request, ownerXml: string): string {
  const asked = readAsked(request);
  const { prefix, delimiter, count, name } = asked;
  const marker = parameter(request, 'marker') ?? '';
  // A marker that is a common prefix was answered as the last of a page: nothing below it is wanted again.
  const cut = delimiter !== '' && marker.startsWith(prefix) ? marker.indexOf(delimiter, prefix.length) : -1;
  const from: Position =
    cut !== -1 && cut + delimiter.length === marker.length
      ? { after: 'prefix', text: marker }
      : { after: 'key', text: marker };
  const page = readPage(bucket, { prefix, delimiter, from, count });
  return listingDocument(bucket, asked, page, ownerXml, [
    element('Marker', name(marker)),
    // Without a delimiter the last key is the marker, and S3 leaves it to the client to take it.
    page.next === null || delimiter === '' ? '' : element('NextMarker', name(page.next.text)),
  ]);
}

/** What both versions have in common. */
interface Asked {
  readonly prefix: string;
  readonly delimiter: string;
  readonly count: number;
  readonly encoding: 'url' | null;
  /** How names are written in the answer. */
  readonly name: (text: string) => string;
}

function readAsked(request: S3Request): Asked {
  const encoding = readEncoding(parameter(request, 'encoding-type'));
  return {
    prefix: parameter(request, 'prefix') ?? '',
    delimiter: parameter(request, 'delimiter') ?? '',
    count: readCount(parameter(request, 'max-keys')),
    encoding,
    name: encoding === null ? (text) => text : encodeListed,
  };
}

function listingDocument(
  bucket: Bucket,
  { prefix, delimiter, count, encoding, name }: Asked,
  page: ListedPage,
  ownerXml: string,
  ofVersion: readonly string[],
): string {
  const parts = [
    `${XML_DECLARATION}<ListBucketResult xmlns="${S3_NAMESPACE}">`,
    element('Name', bucket.name),
    element('Prefix', name(prefix)),
    delimiter === '' ? '' : element('Delimiter', name(delimiter)),
    element('MaxKeys', count),
    encoding === null ? '' : element('EncodingType', encoding),
    element('IsTruncated', page.next !== null),
    ...ofVersion,
  ];
  for (const entry of page.objects) {
    parts.push(
      `<Contents>${element('Key', name(entry.key))}<LastModified>${isoTime(entry.modified)}</LastModified>` +
        `<ETag>&quot;${entry.etag}&quot;</ETag><Size>${entry.size}</Size>${ownerXml}` +
        `<StorageClass>${entry.storageClass}</StorageClass></Contents>`,
    );
  }
  for (const text of page.prefixes) parts.push(`<CommonPrefixes>${element('Prefix', name(text))}</CommonPrefixes>`);
  parts.push('</ListBucketResult>');
  return parts.join('');
}

interface Listing {
  readonly prefix: string;
  readonly delimiter: string;
  readonly from: Position;
  readonly count: number;
}

function readPage(bucket: Bucket, { prefix, delimiter, from, count }: Listing): ListedPage {
  const objects: ObjectEntry[] = [];
  const prefixes: string[] = [];
  let last: Position = from;
  if (count === 0) return { objects, prefixes, next: null };
  let rest = bucket.index.from(behind(from, prefix));
  for (let step = rest.next(); !step.done; step = rest.next()) {
    const entry = step.value;
    if (!entry.key.startsWith(prefix)) break;
    if (objects.length + prefixes.length === count) return { objects, prefixes, next: last };
    const cut = delimiter === '' ? -1 : entry.key.indexOf(delimiter, prefix.length);
    if (cut === -1) {
      objects.push(entry);
      last = { after: 'key', text: entry.key };
    } else {
      const common = entry.key.slice(0, cut + delimiter.length);
      prefixes.push(common);
      last = { after: 'prefix', text: common };
      // A "folder" of a million keys is passed in one step.
      rest = bucket.index.from(behind(last, prefix));
    }
  }
  return { objects, prefixes, next: null };
}

export function behind(position: Position, prefix: string): (key: string) => boolean {
  return (key) => {
    if (compareUtf8(key, prefix) < 0) return true;
    if (position.after === 'prefix' && key.startsWith(position.text)) return true;
    return position.text !== '' && compareUtf8(key, position.text) <= 0;
  };
}

export function readEncoding(text: string | null): 'url' | null {
  if (text === null || text === 'url') return text;
  throw invalidArgument('encoding-type', text, 'Invalid Encoding Method specified in Request');
}

export function readCount(text: string | null): number {
  if (text === null || text === '') return MOST_KEYS;
  if (!/^\d{1,10}$/.test(text) || Number(text) > 0x7fff_ffff) {
    throw invalidArgument('max-keys', text, 'Argument maxKeys must be an integer between 0 and 2147483647');
  }
  return Math.min(MOST_KEYS, Number(text));
}

function writeToken({ after, text }: Position): string {
  return Buffer.from(`${after}:${text}`, 'utf8').toString('base64url');
}

function readToken(token: string): Position {
  const text = Buffer.from(token, 'base64url').toString('utf8');
  if (text.startsWith('key:')) return { after: 'key', text: text.slice(4) };
  if (text.startsWith('prefix:')) return { after: 'prefix', text: text.slice(7) };
  throw invalidArgument('continuation-token', token, 'The continuation token provided is incorrect');
}

export function invalidArgument(name: string, value: string, message: string): S3Failure {
  return new S3Failure('InvalidArgument', message, { ArgumentName: name, ArgumentValue: value });
}

const times = new Map<number, string>();

/** Neighbours were often written in the same second, and formatting a date costs more than the rest of its row. */
export function isoTime(milliseconds: number): string {
  let text = times.get(milliseconds);
  if (text === undefined) {
    if (times.size > 4096) times.clear();
    text = new Date(milliseconds).toISOString();
    times.set(milliseconds, text);
  }
  return text;
}
