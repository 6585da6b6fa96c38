import type { S3Client } from '../s3-client.ts';
import { abandon } from './put-body.ts';
import type { UploadJournal } from './upload-journal.ts';

/** The same client, with every upload of its in the journal from its beginning to its end. */
export function journalUploads(client: S3Client, connection: string, journal: UploadJournal): S3Client {
  return {
    ...client,
    async createMultipartUpload(bucket, key, options) {
      const uploadId = await client.createMultipartUpload(bucket, key, options);
      const upload = { bucket, key, uploadId };
      try {
        await journal.begun({ connection, ...upload, file: options.file ?? null });
      } catch (failure) {
        await abandon(client, upload, options);
        throw failure;
      }
      return uploadId;
    },
    async completeMultipartUpload(upload, parts, options) {
      const answer = await client.completeMultipartUpload(upload, parts, options);
      await journal.ended(connection, upload);
      return answer;
    },
    async abortMultipartUpload(upload, options) {
      await client.abortMultipartUpload(upload, options);
      await journal.ended(connection, upload);
    },
  };
}
