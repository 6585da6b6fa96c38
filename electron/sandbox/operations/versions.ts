import { receiveDocument } from '../http/receive-body.ts';
import { parameter, type S3Request } from '../http/s3-request.ts';
import { listVersions } from '../list-versions.ts';
import { noSuchKey, noSuchVersion, notImplemented, S3Failure } from '../s3-failure.ts';
import type { Bucket, Deletion, ObjectEntry } from '../storage/storage.ts';
import { isMarker, NULL_VERSION, versionId } from '../storage/version-index.ts';
import { element, malformed, parseXml, S3_NAMESPACE, XML_DECLARATION } from '../xml.ts';
import type { Answer, Call } from './answer.ts';
import { findBucket, OWNER } from './buckets.ts';

const STATUS = { off: null, enabled: 'Enabled', suspended: 'Suspended' } as const;

export async function getBucketVersioning(call: Call, bucketName: string): Promise<Answer> {
  const status = STATUS[findBucket(call, bucketName).versioning];
  const content = status === null ? '' : element('Status', status);
  return {
    status: 200,
    document: `${XML_DECLARATION}<VersioningConfiguration xmlns="${S3_NAMESPACE}">${content}</VersioningConfiguration>`,
  };
}

export async function putBucketVersioning(call: Call, bucketName: string): Promise<Answer> {
  const bucket = findBucket(call, bucketName);
  const root = parseXml(await receiveDocument(call.request, call.signing));
  if (root.name !== 'VersioningConfiguration') throw malformed();
  const text = (name: string): string | null => root.children.find((child) => child.name === name)?.text ?? null;
  if (text('MfaDelete') === 'Enabled') throw notImplemented('MFA delete');
  const status = text('Status');
  if (status === null) {
    throw new S3Failure(
      'IllegalVersioningConfigurationException',
      'The Versioning element must be specified and hold a Status',
    );
  }
  if (status !== 'Enabled' && status !== 'Suspended') throw malformed();
  await bucket.setVersioning(status === 'Enabled' ? 'enabled' : 'suspended');
  return { status: 200 };
}

export async function listObjectVersions(call: Call, bucketName: string): Promise<Answer> {
  const bucket = findBucket(call, bucketName);
  return {
    status: 200,
    headers: { 'x-amz-bucket-region': call.identity.region },
    document: listVersions(bucket, call.request, OWNER),
  };
}

/** The version that a request names; null where it names none. Throws where none can have that id. */
export function readVersionId(request: S3Request): string | null {
  return checkVersionId(parameter(request, 'versionId'));
}

/** Gives a client's version id back; throws where none can be written so. */
export function checkVersionId(id: string | null): string | null {
  if (id === null || isVersionId(id)) return id;
  const message = id === '' ? 'Version id cannot be the empty string' : 'Invalid version id specified';
  throw new S3Failure('InvalidArgument', message, { ArgumentName: 'versionId', ArgumentValue: id });
}

/** Whether a version can have this id. */
export function isVersionId(id: string): boolean {
  return id === NULL_VERSION || /^[0-9a-f]{16}$/.test(id);
}

/** What an answer says of the version it is about: nothing in a bucket that never kept any. */
export function versionHeaders(bucket: Bucket, entry: ObjectEntry): Record<string, string> {
  return bucket.versioning === 'off' ? {} : { 'x-amz-version-id': versionId(entry) };
}

export function deletionHeaders(deletion: Deletion): Record<string, string> {
  return {
    ...(deletion.versionId === null ? {} : { 'x-amz-version-id': deletion.versionId }),
    ...(deletion.marker ? { 'x-amz-delete-marker': 'true' } : {}),
  };
}

/** Why `bucket.open(key, id)` found nothing. */
export function notThere(bucket: Bucket, key: string, id: string | null): S3Failure {
  const found = bucket.versions.find(key, id);
  const marker = found !== null && isMarker(found) ? found : null;
  const headers: Record<string, string> =
    marker === null ? {} : { 'x-amz-version-id': versionId(marker), 'x-amz-delete-marker': 'true' };
  if (id === null) return noSuchKey(key, headers);
  if (marker !== null) {
    return new S3Failure(
      'MethodNotAllowed',
      'The specified method is not allowed against this resource.',
      { ResourceType: 'DeleteMarker' },
      { ...headers, allow: 'DELETE', 'last-modified': new Date(marker.modified).toUTCString() },
    );
  }
  return noSuchVersion(key, id);
}
