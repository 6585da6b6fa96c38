/**
 * A process that uploads a file and is killed at a point of it: `killed-upload.mjs JSON`. It kills itself, so that the
 * point is the same each time; nothing of it gets to run after that.
 */
import { createS3Client } from '../../../../electron/engine/s3/create-s3-client.ts';
import { journalUploads } from '../../../../electron/engine/s3/multipart/journalled-client.ts';
import { uploadFile } from '../../../../electron/engine/s3/multipart/upload-file.ts';
import { createUploadJournal } from '../../../../electron/engine/s3/multipart/upload-journal.ts';
import { UPLOAD_LIMITS } from '../../../../electron/engine/s3/multipart/upload-limits.ts';
import type { S3Client, S3Target } from '../../../../electron/engine/s3/s3-client.ts';

export interface KilledUpload {
  readonly target: S3Target;
  readonly journal: string;
  readonly bucket: string;
  readonly key: string;
  readonly path: string;
  /** After the upload was begun, after so many parts, or after it was completed, before anybody heard. */
  readonly killAt: 'begun' | number | 'completed';
}

// oxlint-disable-next-line typescript/no-unsafe-type-assertion -- the test's own argument
const asked = JSON.parse(process.argv[2] ?? '') as KilledUpload;
const { killAt } = asked;

function killed(): Promise<never> {
  process.kill(process.pid, 'SIGKILL');
  return new Promise(() => undefined);
}

const client = createS3Client(asked.target);
let parts = 0;
const killing: S3Client = {
  ...client,
  async uploadPart(...call) {
    if (killAt === 'begun') return await killed();
    const etag = await client.uploadPart(...call);
    parts += 1;
    return parts === killAt ? await killed() : etag;
  },
  async completeMultipartUpload(...call) {
    const answer = await client.completeMultipartUpload(...call);
    return killAt === 'completed' ? await killed() : answer;
  },
};
const journal = createUploadJournal(asked.journal);
await uploadFile(
  {
    client: journalUploads(killing, 'test', journal),
    journal,
    connection: 'test',
    limits: UPLOAD_LIMITS.sandbox,
    bucket: asked.bucket,
    key: asked.key,
    path: asked.path,
    headers: { contentType: 'application/json' },
  },
  {},
);
