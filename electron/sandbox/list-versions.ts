import { encodeListed } from './http/uri.ts';
import { parameter, type S3Request } from './http/s3-request.ts';
import { behind, invalidArgument, isoTime, readCount, readEncoding, type Position } from './list-objects.ts';
import type { Bucket, VersionEntry } from './storage/storage.ts';
import { isMarker, versionId } from './storage/version-index.ts';
import { element, S3_NAMESPACE, XML_DECLARATION } from './xml.ts';

interface ListedVersion {
  readonly version: VersionEntry;
  readonly isLatest: boolean;
}

interface VersionsPage {
  readonly versions: readonly ListedVersion[];
  readonly prefixes: readonly string[];
  /** The markers of the next page; null where there is nothing more. */
  readonly next: { readonly key: string; readonly versionId: string | null } | null;
}

/** Answers the document of ListObjectVersions. */
export function listVersions(bucket: Bucket, request: S3Request, ownerXml: string): string {
  const prefix = parameter(request, 'prefix') ?? '';
  const delimiter = parameter(request, 'delimiter') ?? '';
  const keyMarker = parameter(request, 'key-marker') ?? '';
  const idMarker = parameter(request, 'version-id-marker');
  const encoding = readEncoding(parameter(request, 'encoding-type'));
  const count = readCount(parameter(request, 'max-keys'));
  if (idMarker !== null && keyMarker === '') {
    throw invalidArgument(
      'version-id-marker',
      idMarker,
      'A version-id marker cannot be specified without a key marker.',
    );
  }
  if (idMarker === '') throw invalidArgument('version-id-marker', '', 'A version-id marker cannot be empty.');
  const page = readPage(bucket, { prefix, delimiter, keyMarker, idMarker, count });
  const name = encoding === null ? (text: string): string => text : encodeListed;
  const parts = [
    `${XML_DECLARATION}<ListVersionsResult xmlns="${S3_NAMESPACE}">`,
    element('Name', bucket.name),
    element('Prefix', name(prefix)),
    element('KeyMarker', name(keyMarker)),
    element('VersionIdMarker', idMarker ?? ''),
    page.next === null ? '' : element('NextKeyMarker', name(page.next.key)),
    page.next === null || page.next.versionId === null ? '' : element('NextVersionIdMarker', page.next.versionId),
    element('MaxKeys', count),
    delimiter === '' ? '' : element('Delimiter', name(delimiter)),
    encoding === null ? '' : element('EncodingType', encoding),
    element('IsTruncated', page.next !== null),
  ];
  for (const { version, isLatest } of page.versions) {
    const common =
      element('Key', name(version.key)) +
      element('VersionId', versionId(version)) +
      element('IsLatest', isLatest) +
      element('LastModified', isoTime(version.modified));
    parts.push(
      isMarker(version)
        ? `<DeleteMarker>${common}${ownerXml}</DeleteMarker>`
        : `<Version>${common}<ETag>&quot;${version.etag}&quot;</ETag><Size>${version.size}</Size>` +
            `<StorageClass>${version.storageClass}</StorageClass>${ownerXml}</Version>`,
    );
  }
  for (const text of page.prefixes) parts.push(`<CommonPrefixes>${element('Prefix', name(text))}</CommonPrefixes>`);
  parts.push('</ListVersionsResult>');
  return parts.join('');
}

interface Listing {
  readonly prefix: string;
  readonly delimiter: string;
  readonly keyMarker: string;
  readonly idMarker: string | null;
  readonly count: number;
}

function readPage(bucket: Bucket, { prefix, delimiter, keyMarker, idMarker, count }: Listing): VersionsPage {
  const versions: ListedVersion[] = [];
  const prefixes: string[] = [];
  let last: VersionsPage['next'] = null;
  const page = (next: VersionsPage['next']): VersionsPage => ({ versions, prefixes, next });
  if (count === 0) return page(null);
  if (idMarker !== null && keyMarker.startsWith(prefix)) {
    // The rest of the key that the page before ended in.
    const all = bucket.versions.versionsOf(keyMarker).toReversed();
    const earlier = all.slice(all.length - earlierThan(all, idMarker));
    for (const version of earlier) {
      if (versions.length === count) return page(last);
      versions.push({ version, isLatest: version === all[0] });
      last = { key: keyMarker, versionId: versionId(version) };
    }
  }
  const start: Position = { after: endsInPrefix(keyMarker, prefix, delimiter) ? 'prefix' : 'key', text: keyMarker };
  let rest = bucket.versions.from(behind(start, prefix));
  for (let step = rest.next(); !step.done; step = rest.next()) {
    const [latest] = step.value;
    if (latest === undefined || !latest.key.startsWith(prefix)) break;
    const cut = delimiter === '' ? -1 : latest.key.indexOf(delimiter, prefix.length);
    if (cut !== -1) {
      if (versions.length + prefixes.length === count) return page(last);
      const common = latest.key.slice(0, cut + delimiter.length);
      prefixes.push(common);
      last = { key: common, versionId: null };
      rest = bucket.versions.from(behind({ after: 'prefix', text: common }, prefix));
      continue;
    }
    for (const version of step.value) {
      if (versions.length + prefixes.length === count) return page(last);
      versions.push({ version, isLatest: version === latest });
      last = { key: version.key, versionId: versionId(version) };
    }
  }
  return page(null);
}

/** How many of a key's versions, latest first, come behind `id`, which may have been removed since it was listed. */
function earlierThan(versions: readonly VersionEntry[], id: string): number {
  const at = versions.findIndex((version) => versionId(version) === id);
  if (at !== -1) return versions.length - at - 1;
  const order = /^[0-9a-f]{16}$/.test(id) ? Number(`0x${id}`) : Infinity;
  return versions.filter((version) => (version.version?.order ?? 0) < order).length;
}

/** A page that ended with a common prefix gives that as the marker of the next one. */
function endsInPrefix(marker: string, prefix: string, delimiter: string): boolean {
  if (delimiter === '' || !marker.startsWith(prefix)) return false;
  const cut = marker.indexOf(delimiter, prefix.length);
  return cut !== -1 && cut + delimiter.length === marker.length;
}
