import { notImplemented, S3Failure } from './s3-failure.ts';
import { withoutChunkedCoding } from './http/receive-body.ts';
import type { ObjectEncryption, ObjectEntry, ObjectFacts } from './storage/storage.ts';

/** Headers that S3 keeps with an object and answers again. */
const KEPT = [
  'cache-control',
  'content-disposition',
  'content-encoding',
  'content-language',
  'content-type',
  'expires',
  'x-amz-website-redirect-location',
] as const;

const STORAGE_CLASSES: ReadonlySet<string> = new Set([
  'STANDARD',
  'REDUCED_REDUNDANCY',
  'STANDARD_IA',
  'ONEZONE_IA',
  'INTELLIGENT_TIERING',
  'GLACIER',
  'DEEP_ARCHIVE',
  'GLACIER_IR',
]);

const METADATA_PREFIX = 'x-amz-meta-';
const LARGEST_METADATA = 2 * 1024;
const ACCOUNT = '000000000000';

type Headers = ReadonlyMap<string, string>;

/** Refuses what this server would otherwise leave out in silence. */
export function refuseUnsupportedHeaders(headers: Headers): void {
  for (const name of headers.keys()) {
    if (
      name === 'x-amz-write-offset-bytes' ||
      name.startsWith('x-amz-object-lock-') ||
      name.includes('-server-side-encryption-customer-') ||
      name.startsWith('x-amz-if-match-')
    ) {
      throw notImplemented(`the header ${name}`);
    }
    if (name.startsWith('x-amz-grant-')) throw accessControlRefused();
  }
  const acl = headers.get('x-amz-acl');
  if (acl !== undefined && acl !== 'private' && acl !== 'bucket-owner-full-control') throw accessControlRefused();
  const owner = headers.get('x-amz-expected-bucket-owner');
  if (owner !== undefined && owner !== ACCOUNT) throw new S3Failure('AccessDenied', 'Access Denied');
}

export function readStorageClass(headers: Headers): string {
  const storageClass = headers.get('x-amz-storage-class') ?? 'STANDARD';
  if (!STORAGE_CLASSES.has(storageClass)) {
    throw new S3Failure('InvalidStorageClass', 'The storage class you specified is not valid', {
      StorageClassRequested: storageClass,
    });
  }
  return storageClass;
}

/** `region` names the key that Amazon would use where none is given. */
export function readEncryption(headers: Headers, region: string): ObjectEncryption {
  const algorithm = headers.get('x-amz-server-side-encryption') ?? 'AES256';
  const keyId = headers.get('x-amz-server-side-encryption-aws-kms-key-id') ?? null;
  if (!['AES256', 'aws:kms', 'aws:kms:dsse'].includes(algorithm)) {
    throw new S3Failure(
      'InvalidEncryptionAlgorithmError',
      'The encryption request you specified is not valid. Supported value: AES256, aws:kms.',
    );
  }
  if (algorithm === 'AES256') {
    if (keyId !== null) {
      throw new S3Failure(
        'InvalidArgument',
        'Server Side Encryption with AWS KMS managed key requires HTTP header x-amz-server-side-encryption : aws:kms',
      );
    }
    return { algorithm, keyId: null, bucketKey: false };
  }
  return {
    algorithm,
    keyId: keyId ?? `arn:aws:kms:${region}:${ACCOUNT}:key/00000000-0000-4000-8000-000000000000`,
    bucketKey: headers.get('x-amz-server-side-encryption-bucket-key-enabled')?.toLowerCase() === 'true',
  };
}

export function readKeptHeaders(headers: Headers): Readonly<Record<string, string>> {
  const kept: Record<string, string> = {};
  for (const name of KEPT) {
    const sent = headers.get(name);
    if (sent === undefined) continue;
    const value = name === 'content-encoding' ? withoutChunkedCoding(sent) : sent;
    if (value !== '') kept[name] = value;
  }
  return { 'content-type': 'binary/octet-stream', ...kept };
}

/**
 * User metadata. Header values are latin1 to S3; encoded words of RFC 2047 in them are decoded before they are kept
 * ("User-defined object metadata" in Amazon's guide, whose example this reproduces).
 */
export function readUserMetadata(headers: Headers): Readonly<Record<string, string>> {
  const metadata: Record<string, string> = {};
  let bytes = 0;
  for (const [name, value] of headers) {
    if (!name.startsWith(METADATA_PREFIX)) continue;
    const decoded = decodeWords(value);
    metadata[name.slice(METADATA_PREFIX.length)] = decoded;
    bytes += name.length - METADATA_PREFIX.length + Buffer.byteLength(decoded);
  }
  if (bytes > LARGEST_METADATA) {
    throw new S3Failure('MetadataTooLarge', 'Your metadata headers exceed the maximum allowed metadata size', {
      Size: String(bytes),
      MaxSizeAllowed: String(LARGEST_METADATA),
    });
  }
  return metadata;
}

export function encryptionHeaders(encryption: ObjectEncryption): Record<string, string> {
  return {
    'x-amz-server-side-encryption': encryption.algorithm,
    ...(encryption.keyId === null ? {} : { 'x-amz-server-side-encryption-aws-kms-key-id': encryption.keyId }),
    ...(encryption.bucketKey ? { 'x-amz-server-side-encryption-bucket-key-enabled': 'true' } : {}),
  };
}

/** Headers of GET and HEAD, apart from those of length and range. */
export function objectHeaders(entry: ObjectEntry, facts: ObjectFacts): Record<string, string> {
  const headers: Record<string, string> = {
    etag: `"${entry.etag}"`,
    'last-modified': new Date(entry.modified).toUTCString(),
    'accept-ranges': 'bytes',
    ...facts.headers,
    ...encryptionHeaders(facts.encryption),
  };
  // S3 names every class but the usual one.
  if (entry.storageClass !== 'STANDARD') headers['x-amz-storage-class'] = entry.storageClass;
  if (facts.tags.length > 0) headers['x-amz-tagging-count'] = String(facts.tags.length);
  for (const [name, value] of Object.entries(facts.metadata)) headers[METADATA_PREFIX + name] = encodeWord(value);
  return headers;
}

function encodeWord(value: string): string {
  return /^[ -~\t]*$/.test(value) ? value : `=?UTF-8?B?${Buffer.from(value, 'utf8').toString('base64')}?=`;
}

function decodeWords(value: string): string {
  // Blanks between two encoded words are not part of the text (RFC 2047, 6.2).
  const joined = value.replace(/(\?=)[ \t]+(?==\?[^?\s]+\?[bq]\?)/gi, '$1');
  return joined.replace(
    /=\?([^?\s]+)\?([bq])\?([^?\s]*)\?=/gi,
    (whole, charset: string, coding: string, text: string) => {
      const bytes =
        coding.toLowerCase() === 'b'
          ? Buffer.from(text, 'base64')
          : Buffer.from(
              text
                .replaceAll('_', ' ')
                .replace(/=([0-9a-f]{2})/gi, (_, hex: string) => String.fromCharCode(Number.parseInt(hex, 16))),
              'latin1',
            );
      if (/^utf-?8$/i.test(charset)) return bytes.toString('utf8');
      return /^(iso-8859-1|us-ascii)$/i.test(charset) ? bytes.toString('latin1') : whole;
    },
  );
}

function accessControlRefused(): S3Failure {
  return new S3Failure('AccessControlListNotSupported', 'The bucket does not allow ACLs');
}
