import { notImplemented, S3Failure } from '../s3-failure.ts';
import type { S3Request } from '../http/s3-request.ts';
import type { Answer, Call } from './answer.ts';
import {
  createBucket,
  deleteBucket,
  getBucketLocation,
  headBucket,
  listBuckets,
  listObjects,
  listObjectsV2,
} from './buckets.ts';
import { deleteObjects } from './delete-objects.ts';
import { getObjectAttributes } from './object-attributes.ts';
import {
  deleteObject,
  deleteObjectTagging,
  getObject,
  getObjectTagging,
  headObject,
  putObject,
  putObjectTagging,
} from './objects.ts';
import { copyObject } from './copy-object.ts';
import {
  abortMultipartUpload,
  completeMultipartUpload,
  createMultipartUpload,
  listMultipartUploads,
} from './multipart-uploads.ts';
import { restoreObject } from './restore.ts';
import { listParts, uploadPart, uploadPartCopy } from './upload-parts.ts';
import { getBucketVersioning, listObjectVersions, putBucketVersioning } from './versions.ts';

export interface Operation {
  /** As S3's API reference calls it. */
  readonly name: string;
  /** `bucket` and `key` are empty where the operation is not on one. */
  readonly run: (call: Call, bucket: string, key: string) => Promise<Answer>;
}

/** By method, what it is on, and the query parameter that chooses it. */
const OPERATIONS: Readonly<Record<string, Operation>> = {
  'GET service': { name: 'ListBuckets', run: listBuckets },

  'PUT bucket': { name: 'CreateBucket', run: createBucket },
  'HEAD bucket': { name: 'HeadBucket', run: headBucket },
  'DELETE bucket': { name: 'DeleteBucket', run: deleteBucket },
  'GET bucket ?location': { name: 'GetBucketLocation', run: getBucketLocation },
  'GET bucket': { name: 'ListObjects', run: listObjects },
  'GET bucket ?versioning': { name: 'GetBucketVersioning', run: getBucketVersioning },
  'PUT bucket ?versioning': { name: 'PutBucketVersioning', run: putBucketVersioning },
  'GET bucket ?versions': { name: 'ListObjectVersions', run: listObjectVersions },
  'GET bucket ?list-type': { name: 'ListObjectsV2', run: listObjectsV2 },

  'POST bucket ?delete': { name: 'DeleteObjects', run: deleteObjects },

  'GET bucket ?uploads': { name: 'ListMultipartUploads', run: listMultipartUploads },

  'PUT object': { name: 'PutObject', run: putObject },
  'COPY object': { name: 'CopyObject', run: copyObject },
  'GET object': { name: 'GetObject', run: getObject },
  'HEAD object': { name: 'HeadObject', run: headObject },
  'DELETE object': { name: 'DeleteObject', run: deleteObject },
  'POST object ?restore': { name: 'RestoreObject', run: restoreObject },
  'POST object ?uploads': { name: 'CreateMultipartUpload', run: createMultipartUpload },
  'PUT object ?uploadId': { name: 'UploadPart', run: uploadPart },
  'COPY object ?uploadId': { name: 'UploadPartCopy', run: uploadPartCopy },
  'GET object ?uploadId': { name: 'ListParts', run: listParts },
  'POST object ?uploadId': { name: 'CompleteMultipartUpload', run: completeMultipartUpload },
  'DELETE object ?uploadId': { name: 'AbortMultipartUpload', run: abortMultipartUpload },
  'GET object ?attributes': { name: 'GetObjectAttributes', run: getObjectAttributes },
  'GET object ?tagging': { name: 'GetObjectTagging', run: getObjectTagging },
  'PUT object ?tagging': { name: 'PutObjectTagging', run: putObjectTagging },
  'DELETE object ?tagging': { name: 'DeleteObjectTagging', run: deleteObjectTagging },
};

/** What this server does, by the names of S3's API reference. */
export function operationNames(): readonly string[] {
  return Object.values(OPERATIONS).map(({ name }) => name);
}

/** Query parameters that do not choose another operation. */
const PLAIN = new Set([
  'bucket-region',
  'continuation-token',
  'delimiter',
  'encoding-type',
  'fetch-owner',
  'key-marker',
  'marker',
  'max-buckets',
  'max-keys',
  'max-parts',
  'max-uploads',
  'part-number-marker',
  'partNumber',
  'prefix',
  'start-after',
  'upload-id-marker',
  'version-id-marker',
  'versionId',
  'x-id',
]);

const METHODS = ['GET', 'HEAD', 'PUT', 'POST', 'DELETE'];

/** Null where this server does not do what is asked; `refuseUnknown` says so by name then, never something else. */
export function findOperation(request: S3Request): Operation | null {
  return OPERATIONS[describe(request)] ?? null;
}

export function refuseUnknown(request: S3Request): S3Failure {
  if (METHODS.includes(request.method)) return notImplemented(describe(request));
  return new S3Failure('MethodNotAllowed', 'The specified method is not allowed against this resource.', {
    Method: request.method,
  });
}

function describe(request: S3Request): string {
  const { bucket, key } = request;
  // A copy is a PUT whose body is elsewhere.
  const method = request.method === 'PUT' && request.headers.has('x-amz-copy-source') ? 'COPY' : request.method;
  const place = key === null ? (bucket === null ? 'service' : 'bucket') : 'object';
  const resource = subresource(request);
  return `${method} ${place}${resource === null ? '' : ` ?${resource}`}`;
}

function subresource(request: S3Request): string | null {
  const chosen = request.query.find(([name]) => !PLAIN.has(name) && !name.startsWith('response-'));
  return chosen?.[0] ?? null;
}
