/** What a request was about: the words of its failure. */
export interface RequestContext {
  /** Name of the connection. */
  readonly connection: string;
  readonly endpoint: string;
  readonly region: string;
  /** The proxy that stands in between. */
  readonly proxy: Proxy | null;
  /** Milliseconds that requests are signed ahead of this computer's clock, since the server refused its time; else 0. */
  readonly clockOffset: number;
  /** S3 operation name. */
  readonly operation: string;
  readonly bucket: string | null;
  readonly key: string | null;
  /** What a copy is made of. */
  readonly source: ObjectName | null;
  readonly condition: 'if-match' | 'if-none-match' | null;
  /** A PUT that carries tags needs a second permission. */
  readonly withTags: boolean;
}

export interface ObjectName {
  readonly bucket: string;
  readonly key: string;
}

/** A proxy without the user name and the password that may be in its address. */
export interface Proxy {
  /** `http://proxy.example:3128`. */
  readonly address: string;
  /** The environment variable that names it; null where the connection or the system does. */
  readonly variable: string | null;
  /** The settings of this computer, a PAC script among them, name it. */
  readonly ofSystem?: boolean;
  readonly hasPassword: boolean;
}

/** A connection that a command made of its options has its endpoint for a name: said once is enough. */
export function isUnnamed(context: RequestContext): boolean {
  return context.connection === context.endpoint;
}

export function connectionOf(context: RequestContext): string {
  return isUnnamed(context) ? 'this connection' : `connection "${context.connection}"`;
}

/** Where what is wrong is corrected: the command's own options and variables, or the settings of a saved connection. */
export function placeToCorrect(context: RequestContext, ofCommand: string): string {
  return isUnnamed(context) ? ofCommand : 'the settings of the connection';
}

export function placeOf(context: RequestContext): string {
  return isUnnamed(context) ? context.endpoint : `${context.endpoint} (${connectionOf(context)})`;
}

export function bucketOf(context: RequestContext): string {
  return `bucket "${context.bucket ?? ''}"`;
}

export function subject(context: RequestContext, capitalized = true): string {
  if (context.bucket === null) return context.endpoint;
  const text =
    context.key === null ? bucketOf(context) : `object "${shortKey(context.key)}" in bucket "${context.bucket}"`;
  return capitalized ? capital(text) : text;
}

/** In the middle of a sentence, such as "reading object "a" in bucket "b"". */
export function what(context: RequestContext): string {
  const verb = (OPERATIONS[context.operation] ?? [context.operation])[0];
  return context.bucket === null ? verb : `${verb} ${subject(context, false)}`;
}

/** What one has to be allowed for it, as policies name it. */
export function permissionFor(context: RequestContext, action: string | undefined): string {
  const name = action ?? OPERATIONS[context.operation]?.[1] ?? `s3:${context.operation}`;
  if (context.bucket === null) return name;
  return `${name} on arn:aws:s3:::${context.bucket}${BUCKET_ACTIONS.has(name) ? '' : '/*'}`;
}

const BUCKET_ACTIONS = new Set([
  's3:ListBucket',
  's3:ListBucketVersions',
  's3:ListBucketMultipartUploads',
  's3:GetBucketVersioning',
  's3:CreateBucket',
]);

/** What each does, as a verb, and the permission that it needs where that has another name. */
const OPERATIONS: Readonly<Record<string, readonly [verb: string, permission?: string]>> = {
  GetObject: ['reading'],
  // Without the permission to list, S3 denies where it could say that the object is missing.
  HeadObject: ['looking at', 's3:GetObject'],
  PutObject: ['writing'],
  DeleteObject: ['deleting'],
  DeleteObjects: ['deleting objects of', 's3:DeleteObject'],
  CopyObject: ['copying to', 's3:PutObject'],
  ListObjectsV2: ['listing', 's3:ListBucket'],
  ListObjectVersions: ['listing the versions in', 's3:ListBucketVersions'],
  GetBucketVersioning: ['asking for the versioning of'],
  RestoreObject: ['restoring'],
  GetObjectTagging: ['reading the tags of'],
  PutObjectTagging: ['writing the tags of'],
  DeleteObjectTagging: ['removing the tags of'],
  ListBuckets: ['listing the buckets', 's3:ListAllMyBuckets'],
  HeadBucket: ['looking at', 's3:ListBucket'],
  CreateBucket: ['creating'],
  CreateMultipartUpload: ['beginning the upload of', 's3:PutObject'],
  UploadPart: ['uploading a part of', 's3:PutObject'],
  UploadPartCopy: ['copying a part to', 's3:PutObject'],
  ListParts: ['listing the uploaded parts of', 's3:ListMultipartUploadParts'],
  CompleteMultipartUpload: ['completing the upload of', 's3:PutObject'],
  AbortMultipartUpload: ['removing the unfinished upload of'],
  ListMultipartUploads: ['listing the unfinished uploads in', 's3:ListBucketMultipartUploads'],
};

/** A key can have 1,024 bytes; the whole of it is in `detail`. */
function shortKey(key: string): string {
  return key.length <= 120 ? key : `${key.slice(0, 80)}…${key.slice(-30)}`;
}

export function article(text: string): string {
  return /^[aeiou]/.test(text) ? `an ${text}` : `a ${text}`;
}

export function capital(text: string): string {
  return text.slice(0, 1).toUpperCase() + text.slice(1);
}
