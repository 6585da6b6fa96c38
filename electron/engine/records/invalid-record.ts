import { AppFailure } from '../../../shared/result.ts';
import { UnreadableRecord } from './unreadable-record.ts';

/** Runs `work`; what would make an object unreadable is `invalid-record` where a person is about to write it. */
export function invalidAsRecord<T>(work: () => T): T {
  try {
    return work();
  } catch (error) {
    if (!(error instanceof UnreadableRecord)) throw error;
    const { message, line, column } = error.problem;
    const place = line === null || column === null ? '' : ` Correct line ${line}, column ${column}.`;
    throw new AppFailure('invalid-record', `The record was not written. ${message}${place}`, {
      cause: error,
      ...(line === null || column === null ? {} : { detail: { line, column } }),
    });
  }
}
