import { AppFailure } from '../../../shared/result.ts';
import type { Execute } from './execute.ts';
import { readDate } from './listing/read-date.ts';
import { errorCodeOf } from './read-refusal.ts';
import type { ListedVersion, S3Client } from './s3-client.ts';
import { decodeUrlEncoding } from './uri-encoding.ts';
import { elementText, findElement, namespacePrefix, type Span } from './xml.ts';

/** A page of 1,000 keys of 1,024 bytes, each byte percent-encoded, with room for the rest. */
const MAXIMUM_PAGE_BYTES = 16 * 1024 * 1024;

interface VersionsPage {
  readonly versions: readonly ListedVersion[];
  /** Where the next page begins; null after the last. */
  readonly next: { readonly key: string; readonly versionId: string } | null;
}

export function createVersionVerbs(
  execute: Execute,
): Pick<S3Client, 'listObjectVersions' | 'getBucketVersioning' | 'restoreObject'> {
  async function readPage(
    bucket: string,
    { prefix = '', maxKeys, ...call }: Parameters<S3Client['listObjectVersions']>[1],
    from: VersionsPage['next'],
  ): Promise<VersionsPage> {
    const query: [string, string][] = [
      ['versions', ''],
      ['encoding-type', 'url'],
    ];
    if (prefix !== '') query.push(['prefix', prefix]);
    if (maxKeys !== undefined) query.push(['max-keys', String(maxKeys)]);
    if (from !== null) query.push(['key-marker', from.key], ['version-id-marker', from.versionId]);
    const answer = await execute(
      { name: 'ListObjectVersions', method: 'GET', bucket, key: null, query, maximumBytes: MAXIMUM_PAGE_BYTES },
      call,
    );
    const page = readVersions(answer.body.toString('utf8'));
    if (page === null) throw answer.notS3();
    return page;
  }

  return {
    async *listObjectVersions(bucket, options) {
      let from: VersionsPage['next'] = null;
      for (;;) {
        const page: VersionsPage = await readPage(bucket, options, from);
        yield page.versions;
        // A server that says "more" and brings nothing new would be asked for ever.
        if (page.next === null || (page.next.key === from?.key && page.next.versionId === from.versionId)) return;
        from = page.next;
      }
    },

    async getBucketVersioning(bucket, call) {
      const query = [['versioning', '']] as const;
      const answer = await execute({ name: 'GetBucketVersioning', method: 'GET', bucket, key: null, query }, call);
      const xml = answer.body.toString('utf8');
      const p = namespacePrefix(xml);
      if (findElement(xml, `${p}VersioningConfiguration`, 0, xml.length) === null) throw answer.notS3();
      const status = elementText(xml, `${p}Status`)?.trim();
      return status === 'Enabled' ? 'enabled' : status === 'Suspended' ? 'suspended' : 'off';
    },

    async restoreObject(bucket, key, { days, tier, versionId, ...call }) {
      const query: [string, string][] = [['restore', '']];
      if (versionId !== undefined) query.push(['versionId', versionId]);
      const body = Buffer.from(
        `<RestoreRequest xmlns="http://s3.amazonaws.com/doc/2006-03-01/"><Days>${days}</Days><GlacierJobParameters><Tier>${tier}</Tier></GlacierJobParameters></RestoreRequest>`,
      );
      try {
        const answer = await execute(
          {
            name: 'RestoreObject',
            method: 'POST',
            bucket,
            key,
            query,
            headers: { 'content-type': 'application/xml' },
            body,
            repeatable: true,
            errorIn: errorCodeOf,
          },
          call,
        );
        return answer.status === 200 ? 'extended' : 'begun';
      } catch (error) {
        if (error instanceof AppFailure && error.error.detail?.s3Code === 'RestoreAlreadyInProgress') return 'pending';
        throw error;
      }
    },
  };
}

/** Versions and markers stand mixed, in one order. */
function readVersions(xml: string): VersionsPage | null {
  const p = namespacePrefix(xml);
  const root =
    findElement(xml, `${p}ListVersionsResult`, 0, xml.length) ??
    findElement(xml, `${p}ListVersionResult`, 0, xml.length);
  if (root === null) return null;
  const result = xml.slice(root.start, root.end);
  const isEncoded = elementText(result, `${p}EncodingType`)?.trim() === 'url';
  const nameOf = (text: string | null): string => (isEncoded ? decodeUrlEncoding(text ?? '') : (text ?? ''));
  const read = (entry: string, isMarker: boolean): ListedVersion => ({
    key: nameOf(elementText(entry, `${p}Key`)),
    versionId: elementText(entry, `${p}VersionId`)?.trim() ?? 'null',
    isLatest: elementText(entry, `${p}IsLatest`)?.trim() === 'true',
    lastModified: readDate(elementText(entry, `${p}LastModified`)?.trim() ?? ''),
    object: isMarker
      ? null
      : {
          etag: elementText(entry, `${p}ETag`)?.trim() ?? '',
          size: Number(elementText(entry, `${p}Size`) ?? 0),
          storageClass: elementText(entry, `${p}StorageClass`)?.trim() || 'STANDARD',
        },
  });
  const versions = Array.from(inOrder(result, `${p}Version`, `${p}DeleteMarker`), ({ entry, isSecond }) =>
    read(entry, isSecond),
  );
  const isTruncated = elementText(result, `${p}IsTruncated`)?.trim() === 'true';
  const key = nameOf(elementText(result, `${p}NextKeyMarker`));
  return {
    versions,
    next: isTruncated && key !== '' ? { key, versionId: elementText(result, `${p}NextVersionIdMarker`) ?? '' } : null,
  };
}

/** Elements of two names as they stand, each name looked for once. */
function* inOrder(xml: string, first: string, second: string): Generator<{ entry: string; isSecond: boolean }> {
  const next = (name: string, from: number): Span | null => findElement(xml, name, from, xml.length);
  let one = next(first, 0);
  let other = next(second, 0);
  while (one !== null || other !== null) {
    if (one !== null && (other === null || one.start < other.start)) {
      yield { entry: xml.slice(one.start, one.end), isSecond: false };
      one = next(first, one.after);
    } else if (other !== null) {
      yield { entry: xml.slice(other.start, other.end), isSecond: true };
      other = next(second, other.after);
    }
  }
}
