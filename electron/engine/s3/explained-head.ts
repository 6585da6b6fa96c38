import { AppFailure } from '../../../shared/result.ts';

/**
 * The answer to a HEAD has no body, so a wrong key, a wrong signature and a missing permission look alike (403, or 400
 * on AWS). The same request as a GET says which it is: `ask`. Answers what a failed HEAD is to be told as.
 */
export async function explainedHead(failure: unknown, ask: () => Promise<unknown>): Promise<unknown> {
  const status = failure instanceof AppFailure ? failure.error.detail?.status : undefined;
  if (status !== 403 && status !== 400) return failure;
  try {
    await ask();
    return failure;
  } catch (answer) {
    return answer;
  }
}
