import { checkRead } from '../conditions.ts';
import type { S3Request } from '../http/s3-request.ts';
import { decodeQueryText } from '../http/uri.ts';
import { noSuchBucket, notImplemented, S3Failure } from '../s3-failure.ts';
import type { Bucket, OpenedObject } from '../storage/storage.ts';
import { isMarker, versionId } from '../storage/version-index.ts';
import type { Call } from './answer.ts';
import { requireReadable } from './restore.ts';
import { checkVersionId, notThere } from './versions.ts';

/** What is to be copied; to be closed by whoever asked for it. */
export interface CopySource {
  readonly bucket: Bucket;
  readonly opened: OpenedObject;
  /** It is what a read without a version would give. */
  readonly isCurrent: boolean;
}

interface NamedSource {
  readonly bucket: string;
  readonly key: string;
  readonly versionId: string | null;
}

const LARGEST_SOURCE = 5 * 1024 ** 3;

/** Opens the source that `x-amz-copy-source` names, where its conditions hold and it can be read. */
export async function openCopySource(call: Call): Promise<CopySource> {
  const { headers } = call.request;
  const named = readCopySource(call.request);
  const bucket = call.storage.bucket(named.bucket);
  if (bucket === null) throw noSuchBucket(named.bucket);
  const found = bucket.versions.find(named.key, named.versionId);
  if (found !== null && isMarker(found) && named.versionId !== null) {
    throw new S3Failure(
      'InvalidRequest',
      'The source of a copy request may not specifically refer to a delete marker by version id.',
    );
  }
  const opened = await bucket.open(named.key, named.versionId);
  if (opened === null) throw notThere(bucket, named.key, named.versionId);
  try {
    checkConditions(headers, opened);
    requireReadable(call, opened, 'Operation is not valid for the source object');
    return { bucket, opened, isCurrent: bucket.index.get(named.key) === opened.entry };
  } catch (error) {
    await opened.close();
    throw error;
  }
}

export function requireCopyableAtOnce(size: number): void {
  if (size <= LARGEST_SOURCE) return;
  throw new S3Failure(
    'InvalidRequest',
    `The specified copy source is larger than the maximum allowable size for a copy source: ${LARGEST_SOURCE}`,
  );
}

/** What an answer says of the version that was copied. */
export function sourceVersionHeaders({ bucket, opened }: CopySource): Record<string, string> {
  return bucket.versioning === 'off' ? {} : { 'x-amz-copy-source-version-id': versionId(opened.entry) };
}

function readCopySource(request: S3Request): NamedSource {
  const header = request.headers.get('x-amz-copy-source') ?? '';
  if (header.startsWith('arn:')) throw notImplemented('copies from an access point');
  const mark = header.indexOf('?versionId=');
  // The whole may be encoded, its slashes too; a version's name must stand outside.
  const path = decodeQueryText(mark === -1 ? header : header.slice(0, mark)).replace(/^\//, '');
  const slash = path.indexOf('/');
  if (slash <= 0 || slash === path.length - 1) {
    throw new S3Failure(
      'InvalidArgument',
      'Copy Source must mention the source bucket and key: sourcebucket/sourcekey',
      { ArgumentName: 'x-amz-copy-source', ArgumentValue: header },
    );
  }
  return {
    bucket: path.slice(0, slash),
    key: path.slice(slash + 1),
    versionId: checkVersionId(mark === -1 ? null : decodeQueryText(header.slice(mark + '?versionId='.length))),
  };
}

/** The conditions are those of a read; one that S3 would answer with 304 there fails a copy. */
function checkConditions(headers: ReadonlyMap<string, string>, { entry }: OpenedObject): void {
  const prefix = 'x-amz-copy-source-if-';
  const conditions = new Map<string, string>();
  for (const [name, value] of headers) {
    if (name.startsWith(prefix)) conditions.set(name.slice('x-amz-copy-source-'.length), value);
  }
  if (checkRead(conditions, entry) === null) return;
  throw new S3Failure('PreconditionFailed', 'At least one of the pre-conditions you specified did not hold', {
    Condition: conditions.has('if-none-match')
      ? 'x-amz-copy-source-If-None-Match'
      : 'x-amz-copy-source-If-Modified-Since',
  });
}
