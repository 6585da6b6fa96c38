import type { Encryption } from '../../../shared/collection.ts';
import type { IfCopyExists } from '../../../shared/job.ts';
import type { Tag } from '../../../shared/record.ts';
import { bareEtag, sameEtag } from '../s3/etag.ts';
import { copyInParts, LARGEST_COPY } from '../s3/multipart/copy-in-parts.ts';
import { MULTIPART_THRESHOLD } from '../s3/multipart/put-body.ts';
import { uploadStream } from '../s3/multipart/upload-stream.ts';
import type { CallOptions, ObjectHead, ObjectHeaders, PutAnswer, S3Client } from '../s3/s3-client.ts';
import { UNCHECKED_WRITE } from '../s3/unchecked-conditions.ts';
import { beforeImage } from './before-image.ts';
import { readPresentTags } from './present-tags.ts';
import type { RecordCall } from './record-call.ts';
import { conditionOf, headOrNull, settleSent } from './settle-write.ts';
import { hasCode, recordChanged, recordExists, type Place } from './write-failures.ts';
import type { BeforeImage, Expectation } from './write-intent.ts';
import { keptHeaders } from './write-object.ts';

/** An object and who reaches it. */
export interface CopySide extends Place {
  readonly client: S3Client;
}

export interface CopyTerms {
  readonly ifExists: IfCopyExists;
  /** Null: that of the source. */
  readonly storageClass: string | null;
  /** Null: that of the source where one connection has both, else the bucket's. */
  readonly encryption: Encryption | null;
  readonly route: CopyRoute;
}

/** By which way the copies of a job go. */
export interface CopyRoute {
  /** One service has both: the bytes need not come here. False once it has refused that. */
  byServer: boolean;
  /** The keys of the destination may not read the source. */
  readonly mayBeRefused: boolean;
}

/** What the person saw in its place: null where nothing was. Left out: whatever is there, by `ifExists`. */
export interface SeenThere {
  readonly seen?: string | null;
}

export interface Copied {
  readonly outcome: 'done' | 'unchanged';
  /** Of what was in its place; null where nothing was. */
  readonly etagBefore: string | null;
  readonly etag: string;
  readonly size: number;
  readonly notes: readonly string[];
  /** Set where the server refused to copy it with the keys of the destination, so that its bytes came through here. */
  readonly throughHere?: true;
}

/** Bytes of a piece of a large object on its way from one server to the other. */
const PIECE_BYTES = 8 * 1024 * 1024;

type CopyWay = 'server' | 'process';

/**
 * Copies the object that the person saw, with its headers, user metadata and tags: by the server where one has both, else
 * through this process, never through a file. What is in its place stays, or is kept for an undo before it is written over.
 */
export async function copyRecord(
  from: CopySide & { readonly etag: string },
  to: CopySide,
  terms: CopyTerms & SeenThere,
  call: RecordCall,
): Promise<Copied> {
  const { route } = terms;
  if (!route.byServer) return copyBy('process', from, to, terms, call);
  try {
    return await copyBy('server', from, to, terms, call);
  } catch (error) {
    if (!route.mayBeRefused || !hasCode(error, 'access-denied')) throw error;
  }
  const copied = await copyBy('process', from, to, terms, call);
  // What the keys may not here they may nowhere in this job; others of it are on their way still.
  route.byServer = false;
  return copied.outcome === 'done' ? { ...copied, throughHere: true } : copied;
}

async function copyBy(
  way: CopyWay,
  from: CopySide & { readonly etag: string },
  to: CopySide,
  terms: CopyTerms & SeenThere,
  { announce, ...call }: RecordCall,
): Promise<Copied> {
  const head = await from.client.headObject(from.bucket, from.key, { ...call, ifMatch: from.etag });
  const heeded = await isHeeded(to, way, call);
  const there = terms.ifExists === 'fail' && heeded ? null : await headOrNull(to.client, to, call);
  if (terms.seen != null && (there === null || !sameEtag(there.etag, terms.seen))) throw recordChanged(to);
  if (there !== null) {
    const isSame = there.size === head.size && sameEtag(there.etag, head.etag);
    if (terms.ifExists === 'skip' || (terms.ifExists === 'overwrite' && isSame)) {
      return { outcome: 'unchanged', etagBefore: there.etag, etag: there.etag, size: there.size, notes: [] };
    }
    if (terms.ifExists === 'fail') throw recordExists(to);
  }
  const expectation: Expectation = there === null ? { absent: true } : { etag: there.etag };
  const source = { bucket: from.bucket, key: from.key, etag: head.etag };
  const before: BeforeImage | null = there === null ? null : await beforeImage(to.client, to.bucket, there, call);
  const headers = await headersOf(way, from, to, head, terms, call);
  const after = { md5: md5Of(head), size: head.size, storageClass: headers.storageClass ?? 'STANDARD' };
  await announce?.({ bucket: to.bucket, key: to.key, expectation, after, before, from: source });
  const condition = heeded ? conditionOf(expectation) : {};
  const send = (): Promise<PutAnswer> =>
    way === 'server'
      ? copyByServer(to, { ...source, size: head.size }, headers, { ...call, ...condition })
      : copyThrough(from, to, head, headers, { ...call, ...condition });
  const { etag } = await settleSent(
    to.client,
    { bucket: to.bucket, key: to.key, expectation },
    () => after,
    send,
    call,
  );
  const etagBefore = there === null ? null : there.etag;
  return { outcome: 'done', etagBefore, etag, size: head.size, notes: heeded ? [] : [UNCHECKED_WRITE] };
}

/** Whether the server looks at conditions on what is replaced: a copy's and a PUT's are two things. */
async function isHeeded(to: CopySide, way: CopyWay, call: CallOptions): Promise<boolean> {
  const known = await to.client.capabilities(to.bucket, to.key, call);
  return way === 'server'
    ? known.conditionalCopy === true
    : known.conditionalCreate === true && known.conditionalReplace === true;
}

/** Of an object whose ETag is one of its bytes, which a copy of it has too. */
function md5Of({ etag, encryption, size }: ObjectHead): string | null {
  const bare = bareEtag(etag);
  const isPlain = encryption === null || encryption.algorithm === 'AES256';
  return isPlain && size <= LARGEST_COPY && /^[\da-f]{32}$/.test(bare) ? bare : null;
}

async function headersOf(
  way: CopyWay,
  from: CopySide,
  to: CopySide,
  head: ObjectHead,
  terms: CopyTerms,
  call: CallOptions,
): Promise<ObjectHeaders> {
  const takesTags = way === 'server' && head.size <= LARGEST_COPY;
  const tags: readonly Tag[] = takesTags
    ? []
    : (await readPresentTags(from.client, from.bucket, head, false, call)).tags;
  const { storageClasses } = await to.client.capabilities(to.bucket, to.key, call);
  const kept = keptHeaders(head, tags);
  return {
    ...kept,
    storageClass: storageClasses === false ? null : (terms.storageClass ?? kept.storageClass ?? null),
    // A key that encrypts is of one account and region.
    encryption: terms.encryption ?? (way === 'server' && !terms.route.mayBeRefused ? head.encryption : null),
  };
}

type Conditional = CallOptions & ReturnType<typeof conditionOf>;

function copyByServer(
  { client, bucket, key }: CopySide,
  source: Place & { readonly etag: string; readonly size: number },
  headers: ObjectHeaders,
  options: Conditional,
): Promise<PutAnswer> {
  const from = { bucket: source.bucket, key: source.key, ifMatch: source.etag };
  if (source.size > LARGEST_COPY) {
    return copyInParts(client, bucket, key, { ...from, size: source.size }, { ...options, headers });
  }
  const { storageClass = null, encryption = null, tags: _taken, ...described } = headers;
  // All but a redirect is taken along by the server, as it is.
  const say = headers.websiteRedirect == null ? {} : { headers: described };
  return client.copyObject(bucket, key, from, { ...options, ...say, storageClass, encryption });
}

async function copyThrough(
  from: CopySide,
  to: CopySide,
  head: ObjectHead,
  headers: ObjectHeaders,
  options: Conditional,
): Promise<PutAnswer> {
  const { ifMatch: _match, ifNoneMatch: _none, ...call } = options;
  if (head.size <= MULTIPART_THRESHOLD) {
    const { body } = await from.client.getObject(from.bucket, from.key, { ...call, ifMatch: head.etag });
    return to.client.putObject(to.bucket, to.key, body, { ...options, headers });
  }
  // Amazon's client takes no text for it.
  const { expires: _expires, ...others } = headers;
  return uploadStream(to.client, to.bucket, to.key, pieces(from, head, call), { ...options, headers: others });
}

/** An object of any size, a piece at a time; all of the ETag that it began with. */
async function* pieces(
  { client, bucket, key }: CopySide,
  { etag, size }: ObjectHead,
  call: CallOptions,
): AsyncGenerator<Uint8Array, void, undefined> {
  for (let start = 0; start < size; start += PIECE_BYTES) {
    const range = `bytes=${start}-${Math.min(size, start + PIECE_BYTES) - 1}`;
    yield (await client.getObject(bucket, key, { ...call, ifMatch: etag, range })).body;
  }
}
