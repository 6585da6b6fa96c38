import { AppFailure } from '../../../../shared/result.ts';
import type { UnfinishedUpload, UnfinishedUploads } from '../../../../shared/upload.ts';
import type { CallOptions, S3Client } from '../s3-client.ts';
import { isGone } from './is-gone.ts';
import type { ListedUpload } from './multipart-verbs.ts';
import type { UploadJournal } from './upload-journal.ts';

/** As many are looked at: their sizes cost a request each. */
const MOST_UPLOADS = 200;
const AT_ONCE = 8;

/** The uploads below a prefix that were begun and not ended, by whomever, with what is stored and paid of each. */
export async function listUnfinishedUploads(
  client: S3Client,
  journal: UploadJournal,
  place: { readonly connection: string; readonly bucket: string; readonly prefix: string },
  call: CallOptions,
): Promise<UnfinishedUploads> {
  const listed: ListedUpload[] = [];
  let more = false;
  for await (const page of client.listMultipartUploads(place.bucket, { ...call, prefix: place.prefix })) {
    listed.push(...page);
    more = listed.length > MOST_UPLOADS;
    if (more) break;
  }
  const ours = new Set((await journal.ofConnection(place.connection)).map(({ uploadId }) => uploadId));
  const uploads: UnfinishedUpload[] = [];
  const waiting = listed.slice(0, MOST_UPLOADS).values();
  const measure = async (): Promise<void> => {
    for (const upload of waiting) {
      const { key, uploadId, begunAt } = upload;
      const bytes = await bytesOf(client, { bucket: place.bucket, key, uploadId }, call);
      if (bytes !== null) uploads.push({ key, uploadId, begunAt, bytes, ours: ours.has(uploadId) });
    }
  };
  await Promise.all(Array.from({ length: AT_ONCE }, measure));
  return { uploads: uploads.toSorted((a, b) => a.begunAt - b.begunAt), more };
}

/** Null where it has ended since it was listed. */
async function bytesOf(
  client: S3Client,
  upload: { readonly bucket: string; readonly key: string; readonly uploadId: string },
  call: CallOptions,
): Promise<number | null> {
  try {
    const parts = await client.listParts(upload, call);
    return parts.reduce((sum, { size }) => sum + size, 0);
  } catch (error) {
    if (isGone(error)) return null;
    throw error;
  }
}

/** Ends uploads that a person chose. Throws the first failure; what was ended before stays ended. */
export async function abortUploads(
  client: S3Client,
  bucket: string,
  uploads: readonly Pick<UnfinishedUpload, 'key' | 'uploadId'>[],
  call: CallOptions,
): Promise<void> {
  for (const { key, uploadId } of uploads) {
    if (call.signal?.aborted === true) throw new AppFailure('aborted', 'Stopped: removing unfinished uploads.');
    await client.abortMultipartUpload({ bucket, key, uploadId }, call);
  }
}
