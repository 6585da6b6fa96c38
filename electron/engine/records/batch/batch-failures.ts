import { AppFailure, type AppError, type ErrorCode } from '../../../../shared/result.ts';

/** What a record failed with says nothing of the next one. */
const OF_ONE_RECORD: ReadonlySet<ErrorCode> = new Set([
  'invalid-arguments',
  'invalid-record',
  'invalid-key',
  'record-not-found',
  'record-exists',
  'record-changed',
  'record-unreadable',
  'record-too-large',
  'record-archived',
]);

/** So may these, unless no record comes through. */
const REFUSALS: ReadonlySet<ErrorCode> = new Set(['access-denied', 'tagging-denied', 'unsupported-by-server']);

/** A server or a network in trouble; each of these was tried again before it became the failure of a record. */
const TROUBLE: ReadonlySet<ErrorCode> = new Set(['server-error', 'timed-out', 'connection-lost']);

/** So many records one after the other that fail alike are no accident. */
const MOST_ALIKE = 100;

/** Whether a record failed for what has nothing to do with it. */
export function isTrouble(error: AppError | null): error is AppError {
  return error !== null && TROUBLE.has(error.code);
}

/** Whether the next record may come through, as far as one failure tells. */
export function isOfOneRecord({ code }: AppError): boolean {
  return OF_ONE_RECORD.has(code) || REFUSALS.has(code);
}

/**
 * Decides of each failure whether it is that of one record or of the whole batch. The batch ends with what every other
 * record would meet too: at once where the code says so (credentials, no such bucket, no server, this machine), else after
 * 100 records in a row that met trouble, or were refused alike while none came through.
 */
export class BatchFailures {
  #alike = 0;
  #last: ErrorCode | 'trouble' | null = null;
  #anyDone = false;

  /** A record came through, or failed for a reason of its own. */
  passed(): void {
    this.#anyDone = true;
    this.#last = null;
  }

  /** Answers the record's failure; throws that of the batch. */
  ofRecord(failure: unknown): AppError {
    // A request of bulk work fails as one too many only where its server has said so for minutes, or for hours to come.
    if (!(failure instanceof AppFailure) || failure.error.code === 'throttled') throw failure;
    const { code } = failure.error;
    if (OF_ONE_RECORD.has(code)) {
      this.passed();
      return failure.error;
    }
    // A server that is going down answers in more than one way.
    const kind = TROUBLE.has(code) ? 'trouble' : code;
    this.#alike = this.#last === kind ? this.#alike + 1 : 1;
    this.#last = kind;
    const mayPass = kind === 'trouble' || REFUSALS.has(code);
    const isLasting = this.#alike >= MOST_ALIKE && (kind === 'trouble' || !this.#anyDone);
    if (!mayPass || isLasting) throw failure;
    return failure.error;
  }
}
