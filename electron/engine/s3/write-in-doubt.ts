import { AppFailure } from '../../../shared/result.ts';

/**
 * A PUT or DELETE that was sent and whose outcome is not known: the connection broke, no answer came in time, the server
 * answered 500, 502 or 504, or it took the request, as it says, and answered not as S3 does. It may have been done. The
 * client never sends such a request again, because a second create would meet its own object and call it a conflict; who
 * knows the body compares (HEAD) before trying again. Retries that cannot do harm (nothing was sent, or the server refused
 * it as too busy) have happened before this is thrown.
 */
export class WriteInDoubt extends AppFailure {
  constructor(failure: AppFailure) {
    const { code, message, detail } = failure.error;
    super(code, message, { retryable: true, cause: failure, ...(detail === undefined ? {} : { detail }) });
  }
}

/**
 * Looks at what became of a write in doubt. Where that fails too (a server that went down behind the write), the write
 * stays in doubt, for the reason that stands in the way now.
 */
export async function lookInDoubt<T>(look: () => Promise<T>): Promise<T> {
  try {
    return await look();
  } catch (failure) {
    if (!(failure instanceof AppFailure) || failure.error.code === 'aborted') throw failure;
    throw new WriteInDoubt(failure);
  }
}
