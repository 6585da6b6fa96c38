import type { Bucket } from '../../../../electron/sandbox/storage/storage.ts';
import { versionId } from '../../../../electron/sandbox/storage/version-index.ts';

/** Removes all versions of all objects, and ends all uploads. */
export async function emptyBucket(bucket: Bucket): Promise<void> {
  // Listed first, as the index may not change while it is walked.
  for (const version of Array.from(bucket.versions.from(() => false)).flat()) {
    await bucket.deleteVersion(version.key, versionId(version), () => undefined);
  }
  for (const { id } of bucket.uploads.list()) await bucket.uploads.abort(id);
}
