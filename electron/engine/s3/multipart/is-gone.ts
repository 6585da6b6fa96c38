import { AppFailure } from '../../../../shared/result.ts';

/** Whether a failure says that the upload is not there (any more): completed, aborted, or never begun. */
export function isGone(error: unknown): boolean {
  return error instanceof AppFailure && error.error.detail?.s3Code === 'NoSuchUpload';
}
