import { AppFailure, type ErrorCode } from '../../../shared/result.ts';

export function hasCode(error: unknown, ...codes: readonly ErrorCode[]): error is AppFailure {
  return error instanceof AppFailure && codes.includes(error.error.code);
}

/** The object that a write is about. */
export interface Place {
  readonly bucket: string;
  readonly key: string;
}

export function recordExists(place: Place): AppFailure {
  return new AppFailure('record-exists', `There is already an object ${name(place)}. Choose another id, or open it.`, {
    detail: { ...place },
  });
}

export function recordChanged(place: Place): AppFailure {
  return new AppFailure(
    'record-changed',
    `Object ${name(place)} was changed by someone else in the meantime. Reload it and apply the change again.`,
    { detail: { ...place } },
  );
}

export function recordGone(place: Place): AppFailure {
  return new AppFailure('record-not-found', `There is no object ${name(place)}. It may have been deleted.`, {
    detail: { ...place },
  });
}

function name({ bucket, key }: Place): string {
  return `${JSON.stringify(key)} in bucket "${bucket}"`;
}
