import { AppFailure } from '../../../shared/result.ts';

/**
 * The answer to a HEAD has no body, so a wrong key, a wrong signature, an expired token and a missing permission look
 * alike (403, or 400 on AWS). The same request as a GET says which it is: `ask`. Where that one succeeds, what stood in
 * the way was mended with it, and the HEAD is sent once more.
 */
export async function explainedHead<T>(head: () => Promise<T>, ask: () => Promise<unknown>): Promise<T> {
  try {
    return await head();
  } catch (failure) {
    const status = failure instanceof AppFailure ? failure.error.detail?.status : undefined;
    if (status !== 403 && status !== 400) throw failure;
  }
  await ask();
  return await head();
}
