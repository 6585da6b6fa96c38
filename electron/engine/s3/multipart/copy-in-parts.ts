import type { CopySource, ObjectHeaders, PutAnswer, S3Client } from '../s3-client.ts';
import type { CompleteOptions, UploadedPart } from './multipart-verbs.ts';
import { partsOf } from './part-source.ts';
import { abandon } from './put-body.ts';
import { partBytesFor } from './upload-limits.ts';

/** What CopyObject takes at once. */
export const LARGEST_COPY = 5 * 1024 ** 3;

/**
 * No byte of it comes here, but some servers are silent until a part is copied: with parts of 256 MiB, of 5.25 GiB in all, the
 * sandbox was so for more than the 30 s that it is waited for.
 */
const PART_BYTES = 64 * 1024 * 1024;
const PARTS_AT_ONCE = 8;

export interface CopyInPartsOptions extends CompleteOptions {
  /** All that the copy is to say of itself: nothing is taken from the source. */
  readonly headers: ObjectHeaders;
  /** Of each part; default 64 MiB, or more where the object has too many of these. */
  readonly partBytes?: number;
}

/**
 * A copy of any size, made by the server. Each part is one of the source with the ETag that `source` names. An upload that
 * fails is aborted; `WriteInDoubt` as with a PUT.
 */
export async function copyInParts(
  client: S3Client,
  bucket: string,
  key: string,
  source: CopySource & { readonly size: number },
  { headers, ifMatch, ifNoneMatch, partBytes = PART_BYTES, ...call }: CopyInPartsOptions,
): Promise<PutAnswer> {
  const { size, ...from } = source;
  const uploadId = await client.createMultipartUpload(bucket, key, { ...call, headers });
  const upload = { bucket, key, uploadId };
  const stop = new AbortController();
  const signal = call.signal === undefined ? stop.signal : AbortSignal.any([call.signal, stop.signal]);
  try {
    const waiting = partsOf({ size, partBytes: Math.max(partBytes, partBytesFor(size)) }).values();
    const copied: UploadedPart[] = [];
    const copyOneByOne = async (): Promise<void> => {
      for (const { number, start, end } of waiting) {
        const range = `bytes=${start}-${end - 1}`;
        copied.push({ number, etag: await client.uploadPartCopy(upload, number, from, { ...call, signal, range }) });
      }
    };
    await Promise.all(Array.from({ length: PARTS_AT_ONCE }, copyOneByOne));
    return await client.completeMultipartUpload(
      upload,
      copied.toSorted((one, other) => one.number - other.number),
      { ...call, ...(ifMatch === undefined ? {} : { ifMatch }), ...(ifNoneMatch === undefined ? {} : { ifNoneMatch }) },
    );
  } catch (failure) {
    stop.abort();
    await abandon(client, upload, call);
    throw failure;
  }
}
