import { AppFailure } from '../../../../shared/result.ts';
import type { S3Client } from '../s3-client.ts';
import type { JournalledUpload, UploadJournal } from './upload-journal.ts';

/** A file's upload that was broken off waits this long for somebody to go on with it. */
const RESUMABLE_FOR = 7 * 24 * 60 * 60 * 1000;

/**
 * Aborts the uploads of earlier runs that nobody goes on with: they would be paid for until somebody finds them. Only what
 * the journal knows as ours. Quiet: what cannot be ended now stays in the journal for the next start.
 */
export async function sweepUploads(
  client: S3Client,
  connection: string,
  journal: UploadJournal,
  now: number,
): Promise<void> {
  try {
    for (const upload of await journal.ofConnection(connection)) {
      if (upload.run === journal.run) continue;
      if (upload.file !== null && now - upload.begunAt < RESUMABLE_FOR) continue;
      await sweepUpload(client, connection, journal, upload);
    }
  } catch (error) {
    if (!(error instanceof AppFailure)) throw error;
  }
}

async function sweepUpload(
  client: S3Client,
  connection: string,
  journal: UploadJournal,
  upload: JournalledUpload,
): Promise<void> {
  try {
    await client.abortMultipartUpload(upload, { lane: 'bulk' });
  } catch (error) {
    if (!(error instanceof AppFailure)) throw error;
    if (error.error.code === 'no-such-bucket') await journal.ended(connection, upload);
  }
}
