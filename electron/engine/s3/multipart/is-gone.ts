import { AppFailure } from '../../../../shared/result.ts';

/**
 * Whether a failure says that the upload is not there (any more): completed, aborted, or never begun. RGW says of its parts
 * that there is no such key.
 */
export function isGone(error: unknown): boolean {
  return error instanceof AppFailure && GONE.has(error.error.detail?.s3Code ?? '');
}

const GONE: ReadonlySet<string> = new Set(['NoSuchUpload', 'NoSuchKey']);
