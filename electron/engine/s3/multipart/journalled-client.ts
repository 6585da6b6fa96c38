import type { CallOptions, S3Client } from '../s3-client.ts';
import { isGone } from './is-gone.ts';
import type { UploadAddress, UploadedFile } from './multipart-verbs.ts';
import { abandon } from './put-body.ts';
import type { UploadJournal } from './upload-journal.ts';

/** The same client, with every upload of its in the journal from its beginning to its end. */
export function journalUploads(client: S3Client, connection: string, journal: UploadJournal): S3Client {
  /** An upload that cannot be journalled is not begun. */
  const begun = async (upload: UploadAddress, file: UploadedFile | null, call: CallOptions): Promise<void> => {
    try {
      await journal.begun({ connection, ...upload, file });
    } catch (failure) {
      await abandon(client, upload, call);
      throw failure;
    }
  };
  return {
    ...client,
    async createMultipartUpload(bucket, key, options) {
      const uploadId = await client.createMultipartUpload(bucket, key, options);
      await begun({ bucket, key, uploadId }, options.file ?? null, options);
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
    async sdkClient(options) {
      const sdk = await client.sdkClient(options);
      sdk.middlewareStack.add(
        (next, { commandName }) =>
          async (step) => {
            if (commandName === 'CreateMultipartUploadCommand') {
              const answer = await next(step);
              await begun(addressOf({ ...step.input, ...answer.output }), null, options);
              return answer;
            }
            if (!ENDS.has(commandName ?? '')) return await next(step);
            try {
              const answer = await next(step);
              await journal.ended(connection, addressOf(step.input));
              return answer;
            } catch (error) {
              if (isGone(error)) await journal.ended(connection, addressOf(step.input));
              throw error;
            }
          },
        { step: 'initialize', name: 'journalUploads' },
      );
      return sdk;
    },
  };
}

const ENDS = new Set(['CompleteMultipartUploadCommand', 'AbortMultipartUploadCommand']);

/** Of a command's input, and of the answer to the one that begins an upload. */
function addressOf(facts: object): UploadAddress {
  return {
    bucket: 'Bucket' in facts ? String(facts.Bucket) : '',
    key: 'Key' in facts ? String(facts.Key) : '',
    uploadId: 'UploadId' in facts ? String(facts.UploadId) : '',
  };
}
