import { createHash } from 'node:crypto';
import { addAbortSignal, Readable } from 'node:stream';
import type { PutObjectCommandInput } from '@aws-sdk/client-s3';
import { AppFailure } from '../../../../shared/result.ts';
import type { ObjectHeaders, PutAnswer, PutOptions, S3Client } from '../s3-client.ts';
import { taggingHeader } from '../tagging.ts';
import { lookInDoubt, WriteInDoubt } from '../write-in-doubt.ts';
import { damagedUpload, expectedEtag } from './complete-upload.ts';
import { stoppedUpload, type SentPart } from './send-parts.ts';
import { bareEtag, etagOfParts } from '../etag.ts';

export interface StreamUploadOptions extends Omit<PutOptions, 'headers'> {
  /** Without `Expires`, of which Amazon's client takes no text. */
  readonly headers?: Omit<ObjectHeaders, 'expires'>;
  /** Bytes that the server has. */
  readonly onProgress?: (bytes: number) => void;
}

/**
 * Writes a stream of any length, which can be read but once: four parts of 5 MiB are in memory, and a stream of less is a
 * plain PUT. Each part goes with its MD5. Whatever breaks it off (the signal, the stream, a refusal) ends it at once and
 * aborts the upload. Conditions and `WriteInDoubt` as with a PUT; an error of the stream itself is rethrown as it is.
 */
export async function uploadStream(
  client: S3Client,
  bucket: string,
  key: string,
  stream: AsyncIterable<Uint8Array>,
  options: StreamUploadOptions,
): Promise<PutAnswer> {
  const { headers = {}, ifMatch, ifNoneMatch, onProgress, signal, ...call } = options;
  const stop = new AbortController();
  const either = signal === undefined ? stop.signal : AbortSignal.any([signal, stop.signal]);
  let failed: { readonly cause: unknown } | null = null;
  const fail = (cause: unknown): void => {
    failed ??= { cause };
    // Otherwise the other parts would be sent to the end of the stream before the failure is told.
    stop.abort();
  };
  const body = addAbortSignal(either, readableOf(stream));
  body.once('error', fail);
  const { Upload } = await import('@aws-sdk/lib-storage');
  const sdk = await client.sdkClient({ ...call, signal: either });
  const parts = new Map<number, SentPart>();
  let sent = 0;
  sdk.middlewareStack.add(
    (next, { commandName }) =>
      async (step) => {
        try {
          const part = partOf(step.input);
          if (part === null) return await next(step);
          const md5 = createHash('md5').update(part.body).digest();
          const size = part.body.byteLength;
          parts.set(part.number, { number: part.number, etag: '', size, md5 });
          const answer = await next({ ...step, input: { ...step.input, ContentMD5: md5.toString('base64') } });
          parts.set(part.number, { number: part.number, etag: etagOf(answer.output), size, md5 });
          sent += size;
          onProgress?.(sent);
          return answer;
        } catch (cause) {
          // An upload that is gone need not be aborted.
          if (commandName !== 'AbortMultipartUploadCommand') fail(cause);
          throw cause;
        }
      },
    { step: 'initialize', name: 'sumParts' },
  );
  const upload = new Upload({
    client: sdk,
    params: {
      Bucket: bucket,
      Key: key,
      Body: body,
      ...parametersOf(headers),
      ...(ifMatch === undefined ? {} : { IfMatch: ifMatch }),
      ...(ifNoneMatch === undefined ? {} : { IfNoneMatch: ifNoneMatch }),
    },
  });
  try {
    const answer = await upload.done();
    const etag = answer.ETag ?? '';
    const inOrder = orderOf(parts);
    const expected = inOrder.length > 1 ? expectedEtag(inOrder) : null;
    if (expected !== null && bareEtag(etag) !== expected) throw damagedUpload({ bucket, key });
    return { etag, versionId: answer.VersionId ?? null };
  } catch (reason) {
    if (signal?.aborted === true) throw stoppedUpload({ bucket, key });
    const cause = causeOf(failed, reason);
    if (!(cause instanceof WriteInDoubt)) throw cause;
    const answer = await lookInDoubt(() => findWritten(client, bucket, key, orderOf(parts), call));
    if (answer === null) throw cause;
    return answer;
  } finally {
    body.destroy();
    sdk.destroy();
  }
}

/** `Readable.from` cannot be destroyed while it waits for a source that gives nothing. */
function readableOf(stream: AsyncIterable<Uint8Array>): Readable {
  const source = stream[Symbol.asyncIterator]();
  return new Readable({
    read() {
      source.next().then(
        ({ done, value }) => this.push(done === true ? null : value),
        (cause: unknown) => this.destroy(cause instanceof Error ? cause : new Error('the stream failed', { cause })),
      );
    },
    destroy(error, told) {
      letGo(source);
      told(error);
    },
  });
}

/** Not waited for: it may wait for what never comes, and nobody is left to hear how it ends. */
function letGo(source: AsyncIterator<Uint8Array>): void {
  source.return?.().catch(() => undefined);
}

function causeOf(failed: { readonly cause: unknown } | null, reason: unknown): unknown {
  return failed === null ? reason : failed.cause;
}

function partOf(input: object): { readonly number: number; readonly body: Uint8Array } | null {
  if (!('Body' in input) || !(input.Body instanceof Uint8Array)) return null;
  return { number: 'PartNumber' in input ? Number(input.PartNumber) : 1, body: input.Body };
}

function etagOf(output: object): string {
  return 'ETag' in output && typeof output.ETag === 'string' ? output.ETag : '';
}

function orderOf(parts: ReadonlyMap<number, SentPart>): readonly SentPart[] {
  return [...parts.values()].toSorted((a, b) => a.number - b.number);
}

/** What was written although the answer was lost, told by its ETag; null also where that is no MD5. */
async function findWritten(
  client: S3Client,
  bucket: string,
  key: string,
  parts: readonly SentPart[],
  call: Pick<PutOptions, 'lane' | 'meter'>,
): Promise<PutAnswer | null> {
  const md5s = parts.map(({ md5 }) => md5);
  const [only] = md5s;
  const expected = md5s.length === 1 && only !== undefined ? Buffer.from(only).toString('hex') : etagOfParts(md5s);
  try {
    const head = await client.headObject(bucket, key, call);
    return bareEtag(head.etag) === expected ? { etag: head.etag, versionId: head.versionId } : null;
  } catch (error) {
    if (error instanceof AppFailure && error.error.code === 'record-not-found') return null;
    throw error;
  }
}

function parametersOf(headers: Omit<ObjectHeaders, 'expires'>): Partial<PutObjectCommandInput> {
  const { encryption } = headers;
  const parameters = {
    ContentType: headers.contentType,
    ContentEncoding: headers.contentEncoding,
    ContentLanguage: headers.contentLanguage,
    ContentDisposition: headers.contentDisposition,
    CacheControl: headers.cacheControl,
    WebsiteRedirectLocation: headers.websiteRedirect,
    StorageClass: headers.storageClass,
    Metadata:
      headers.userMetadata === undefined
        ? null
        : Object.fromEntries(headers.userMetadata.map(({ key, value }) => [key, value])),
    Tagging: headers.tags === undefined || headers.tags.length === 0 ? null : taggingHeader(headers.tags),
    ServerSideEncryption: encryption?.algorithm,
    SSEKMSKeyId: encryption?.algorithm === 'AES256' ? null : encryption?.keyId,
    BucketKeyEnabled: encryption?.algorithm === 'AES256' ? null : encryption?.bucketKey,
  };
  return Object.fromEntries(
    Object.entries(parameters).filter(([, value]) => value !== null && value !== undefined),
  ) as Partial<PutObjectCommandInput>;
}
