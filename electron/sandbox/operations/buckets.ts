import { isIPv4 } from 'node:net';
import { receiveDocument } from '../http/receive-body.ts';
import { parameter } from '../http/s3-request.ts';
import { listObjectsFirst, listObjectsSecond } from '../list-objects.ts';
import { noSuchBucket, S3Failure } from '../s3-failure.ts';
import type { Bucket } from '../storage/storage.ts';
import { compareUtf8 } from '../../../shared/utf8-order.ts';
import { element, escapeXml, malformed, parseXml, S3_NAMESPACE, XML_DECLARATION } from '../xml.ts';
import type { Answer, Call } from './answer.ts';

export const OWNER = `<Owner>${element('ID', '0'.repeat(64))}${element('DisplayName', 'sandbox')}</Owner>`;
const MOST_BUCKETS = 10_000;
const OLDEST_REGION = 'us-east-1';
/** `EU` is what Ireland was called once; S3 still knows it. */
const REGION_NAME = /^(?:EU|[a-z]{2,3}(?:-[a-z]+)+-\d)$/;

export function findBucket(call: Call, name: string): Bucket {
  const bucket = call.storage.bucket(name);
  if (bucket === null) throw noSuchBucket(name);
  return bucket;
}

export async function listBuckets(call: Call): Promise<Answer> {
  const prefix = parameter(call.request, 'prefix') ?? '';
  const token = parameter(call.request, 'continuation-token');
  const after = token === null ? '' : Buffer.from(token, 'base64url').toString('utf8');
  const sent = parameter(call.request, 'max-buckets');
  const most = sent === null ? MOST_BUCKETS : Number(sent);
  if (!Number.isInteger(most) || most < 1 || most > MOST_BUCKETS) {
    throw new S3Failure('InvalidArgument', 'Argument max-buckets must be an integer between 1 and 10000', {
      ArgumentName: 'max-buckets',
      ArgumentValue: sent ?? '',
    });
  }
  const found = call.storage.buckets().filter(({ name }) => name.startsWith(prefix) && compareUtf8(name, after) > 0);
  const listed = found.slice(0, most);
  const buckets = listed.map(
    ({ name, created }) =>
      `<Bucket>${element('Name', name)}${element('CreationDate', new Date(created).toISOString())}</Bucket>`,
  );
  const next =
    found.length > most
      ? element('ContinuationToken', Buffer.from(listed.at(-1)?.name ?? '', 'utf8').toString('base64url'))
      : '';
  return {
    status: 200,
    document:
      `${XML_DECLARATION}<ListAllMyBucketsResult xmlns="${S3_NAMESPACE}">${OWNER}` +
      `<Buckets>${buckets.join('')}</Buckets>${next}${prefix === '' ? '' : element('Prefix', prefix)}</ListAllMyBucketsResult>`,
  };
}

export async function createBucket(call: Call, name: string): Promise<Answer> {
  const { region } = call.identity;
  checkName(name);
  checkLocation(readLocation(await receiveDocument(call.request, call.signing)), region);
  if (call.storage.bucket(name) === null) await call.storage.createBucket(name);
  // In the oldest region creating one's own bucket again is no error.
  else if (region !== OLDEST_REGION) {
    throw new S3Failure(
      'BucketAlreadyOwnedByYou',
      'Your previous request to create the named bucket succeeded and you already own it.',
      { BucketName: name },
    );
  }
  return { status: 200, headers: { location: `/${name}` } };
}

export async function headBucket(call: Call, name: string): Promise<Answer> {
  findBucket(call, name);
  return {
    status: 200,
    headers: { 'x-amz-bucket-region': call.identity.region, 'x-amz-access-point-alias': 'false' },
  };
}

export async function deleteBucket(call: Call, name: string): Promise<Answer> {
  findBucket(call, name);
  if (!(await call.storage.deleteBucket(name))) {
    throw new S3Failure('BucketNotEmpty', 'The bucket you tried to delete is not empty', { BucketName: name });
  }
  return { status: 204 };
}

export async function listObjects(call: Call, name: string): Promise<Answer> {
  return listing(call, listObjectsFirst(findBucket(call, name), call.request, OWNER));
}

export async function listObjectsV2(call: Call, name: string): Promise<Answer> {
  return listing(call, listObjectsSecond(findBucket(call, name), call.request, OWNER));
}

export async function getBucketLocation(call: Call, name: string): Promise<Answer> {
  findBucket(call, name);
  const { region } = call.identity;
  // The oldest region has no name here.
  const text = region === OLDEST_REGION ? '' : escapeXml(region);
  const document = `${XML_DECLARATION}<LocationConstraint xmlns="${S3_NAMESPACE}">${text}</LocationConstraint>`;
  return { status: 200, document };
}

function listing(call: Call, document: string): Answer {
  return { status: 200, headers: { 'x-amz-bucket-region': call.identity.region }, document };
}

function checkName(name: string): void {
  const allowed =
    /^[a-z0-9](?:[a-z0-9.-]{1,61})[a-z0-9]$/.test(name) &&
    !name.includes('..') &&
    !isIPv4(name) &&
    !/^(?:xn--|sthree-|amzn-s3-demo-)/.test(name) &&
    !/(?:-s3alias|--ol-s3|\.mrap|--x-s3|--table-s3)$/.test(name);
  if (!allowed) throw new S3Failure('InvalidBucketName', 'The specified bucket is not valid.', { BucketName: name });
}

/** Null where the request names none. */
function readLocation(document: string): string | null {
  if (document.trim() === '') return null;
  const root = parseXml(document);
  if (root.name !== 'CreateBucketConfiguration') throw malformed();
  const constraint = root.children.find((child) => child.name === 'LocationConstraint');
  return constraint === undefined || constraint.text === '' ? null : constraint.text;
}

function checkLocation(location: string | null, region: string): void {
  if (location === region && region !== OLDEST_REGION) return;
  if (location === null && region === OLDEST_REGION) return;
  // The oldest region may not be named, and no other can be left out.
  if (location !== null && (location === OLDEST_REGION || !REGION_NAME.test(location))) {
    throw new S3Failure('InvalidLocationConstraint', 'The specified location-constraint is not valid', {
      LocationConstraint: location,
    });
  }
  throw new S3Failure(
    'IllegalLocationConstraintException',
    `The ${location ?? 'unspecified'} location constraint is incompatible for the region specific endpoint this request was sent to.`,
  );
}
