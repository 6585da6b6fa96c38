import { notImplemented, S3Failure } from '../s3-failure.ts';
import { parameter } from '../http/s3-request.ts';
import type { Answer, Call } from './answer.ts';
import { createBucket, deleteBucket, headBucket, listBuckets, listObjectsV2 } from './buckets.ts';
import {
  deleteObject,
  deleteObjectTagging,
  getObject,
  getObjectTagging,
  headObject,
  putObject,
  putObjectTagging,
} from './objects.ts';

/** Query parameters that do not choose another operation. */
const PLAIN = new Set([
  'bucket-region',
  'continuation-token',
  'delimiter',
  'encoding-type',
  'fetch-owner',
  'list-type',
  'max-buckets',
  'max-keys',
  'prefix',
  'start-after',
  'x-id',
]);

/** Chooses the operation; what this server does not do answers `NotImplemented` by name, never as something else. */
export function route(call: Call): Promise<Answer> {
  const { method, bucket, key } = call.request;
  const resource = subresource(call);
  if (bucket === null) {
    if (method === 'GET' && resource === null) return listBuckets(call);
  } else if (key === null) {
    if (resource === null) {
      if (method === 'PUT') return createBucket(call, bucket);
      if (method === 'HEAD') return headBucket(call, bucket);
      if (method === 'DELETE') return deleteBucket(call, bucket);
      if (method === 'GET') {
        if (parameter(call.request, 'list-type') === '2') return listObjectsV2(call, bucket);
        throw notImplemented('ListObjects (version 1); use list-type=2');
      }
    }
  } else if (resource === null) {
    if (method === 'PUT') return putObject(call, bucket, key);
    if (method === 'GET') return getObject(call, bucket, key);
    if (method === 'HEAD') return headObject(call, bucket, key);
    if (method === 'DELETE') return deleteObject(call, bucket, key);
  } else if (resource === 'tagging') {
    if (method === 'GET') return getObjectTagging(call, bucket, key);
    if (method === 'PUT') return putObjectTagging(call, bucket, key);
    if (method === 'DELETE') return deleteObjectTagging(call, bucket, key);
  }
  if (!['GET', 'HEAD', 'PUT', 'POST', 'DELETE'].includes(method)) {
    throw new S3Failure('MethodNotAllowed', 'The specified method is not allowed against this resource.', {
      Method: method,
    });
  }
  const place = key === null ? (bucket === null ? 'the service' : 'a bucket') : 'an object';
  throw notImplemented(`${method}${resource === null ? '' : ` ?${resource}`} of ${place}`);
}

function subresource(call: Call): string | null {
  const chosen = call.request.query.find(([name]) => !PLAIN.has(name) && !name.startsWith('response-'));
  return chosen?.[0] ?? null;
}
