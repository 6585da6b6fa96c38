import { AppFailure } from '../../../../shared/result.ts';
import type { CallOptions, S3Client } from '../s3-client.ts';
import type { UploadAddress } from './multipart-verbs.ts';
import { sumPart, type Part, type PartSource } from './part-source.ts';
import { bareEtag } from '../etag.ts';

/** A part as the server has it now. */
export interface SentPart {
  readonly number: number;
  readonly etag: string;
  readonly size: number;
  readonly md5: Uint8Array;
}

export interface SendOptions extends CallOptions {
  readonly atOnce: number;
  /** Bytes of a part that is there now. */
  readonly onSent?: (bytes: number) => void;
}

/**
 * Sends parts, some at once; the first failure breaks the others off. Each goes with its MD5, which the server compares,
 * so no part can arrive damaged. In memory are only the pieces under way.
 */
export async function sendParts(
  client: S3Client,
  upload: UploadAddress,
  source: PartSource,
  parts: readonly Part[],
  options: SendOptions,
): Promise<readonly SentPart[]> {
  const { atOnce, onSent, signal, ...call } = options;
  const stop = new AbortController();
  const either = signal === undefined ? stop.signal : AbortSignal.any([signal, stop.signal]);
  const waiting = parts.values();
  const sent: SentPart[] = [];
  const sendOneByOne = async (): Promise<void> => {
    for (const part of waiting) {
      either.throwIfAborted();
      const summed = await sumPart(source, part);
      const etag = await client.uploadPart(upload, part.number, summed.body, {
        ...call,
        signal: either,
        md5: summed.md5.toString('base64'),
      });
      sent.push({ number: part.number, etag, size: part.end - part.start, md5: summed.md5 });
      onSent?.(part.end - part.start);
    }
  };
  let failed: unknown = null;
  const lanes = Array.from({ length: Math.min(atOnce, parts.length) }, () =>
    sendOneByOne().catch((failure: unknown) => {
      failed ??= failure;
      stop.abort();
    }),
  );
  await Promise.all(lanes);
  if (signal?.aborted === true) throw stoppedUpload(upload);
  if (failed !== null) throw failed;
  return sent.toSorted((a, b) => a.number - b.number);
}

/** Whether the server's ETags are MD5s, so that the one of the whole can be foretold: not where KMS encrypts. */
export function haveMd5Etags(parts: readonly SentPart[]): boolean {
  return parts.every(({ etag, md5 }) => bareEtag(etag) === Buffer.from(md5).toString('hex'));
}

export function stoppedUpload({ bucket, key }: Pick<UploadAddress, 'bucket' | 'key'>): AppFailure {
  return new AppFailure('aborted', `Stopped: uploading object "${key}" in bucket "${bucket}".`, {
    detail: { bucket, key },
  });
}
