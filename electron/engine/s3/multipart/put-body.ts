import type { PutAnswer, PutOptions, S3Client } from '../s3-client.ts';
import { completeUpload } from './complete-upload.ts';
import { memorySource, partsOf } from './part-source.ts';
import { sendParts } from './send-parts.ts';
import { partBytesFor } from './upload-limits.ts';

/** A body above it goes in parts, so that a broken connection costs a part and not the whole. */
export const MULTIPART_THRESHOLD = 5 * 1024 * 1024;

const PARTS_AT_ONCE = 4;

/**
 * `putObject` for a body of any size: above 5 MiB in parts, with the same headers, tags, conditions and failures,
 * `WriteInDoubt` included. An upload that fails or is stopped is aborted; where that fails too, the journal of uploads
 * still knows it.
 */
export function putBody(
  client: S3Client,
  bucket: string,
  key: string,
  body: Uint8Array,
  options: PutOptions,
): Promise<PutAnswer> {
  return body.byteLength > MULTIPART_THRESHOLD
    ? putInParts(client, bucket, key, body, options)
    : client.putObject(bucket, key, body, options);
}

async function putInParts(...[client, bucket, key, body, options]: Parameters<typeof putBody>): Promise<PutAnswer> {
  const { headers = {}, ifMatch, ifNoneMatch, ...call } = options;
  const uploadId = await client.createMultipartUpload(bucket, key, { ...call, headers });
  const upload = { bucket, key, uploadId };
  try {
    const source = memorySource(body, partBytesFor(body.byteLength));
    const parts = await sendParts(client, upload, source, partsOf(source), { ...call, atOnce: PARTS_AT_ONCE });
    return await completeUpload(client, upload, parts, body.byteLength, {
      ...call,
      ...(ifMatch === undefined ? {} : { ifMatch }),
      ...(ifNoneMatch === undefined ? {} : { ifNoneMatch }),
    });
  } catch (failure) {
    await abandon(client, upload, call);
    throw failure;
  }
}

/** Without the signal, which may be what stopped the upload. The failure that is on its way out matters more than this one. */
export async function abandon(
  client: S3Client,
  upload: { readonly bucket: string; readonly key: string; readonly uploadId: string },
  { lane }: Pick<PutOptions, 'lane'>,
): Promise<void> {
  await client.abortMultipartUpload(upload, lane === undefined ? {} : { lane }).catch(() => undefined);
}
