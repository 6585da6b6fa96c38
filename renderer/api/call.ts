import type { Answer, Args, Channel } from '../../shared/contract.ts';
import { AppFailure, type AppError } from '../../shared/result.ts';
import { bridge } from './bridge.ts';

/**
 * Calls across the contract. Throws `AppFailure` with the other side's AppError; a call whose signal is aborted fails
 * with the code `aborted` at once, whether or not the other side has answered, and is cancelled there.
 */
export async function call<C extends Channel>(channel: C, args: Args<C>, signal?: AbortSignal): Promise<Answer<C>> {
  if (signal?.aborted === true) throw abortedFailure();
  const callId = crypto.randomUUID();
  const answered = bridge().invoke(channel, args, callId);
  const result =
    signal === undefined ? await answered : await untilAborted(answered, signal, () => bridge().cancel(callId));
  if (result.ok) return result.value;
  const { code, message, retryable, detail } = result.error;
  throw new AppFailure(code, message, detail === undefined ? { retryable } : { retryable, detail });
}

async function untilAborted<T>(answered: Promise<T>, signal: AbortSignal, cancel: () => void): Promise<T> {
  const settled = new AbortController();
  const aborted = new Promise<never>((_, reject) => {
    const onAbort = () => {
      cancel();
      reject(abortedFailure());
    };
    signal.addEventListener('abort', onAbort, { once: true, signal: settled.signal });
  });
  try {
    return await Promise.race([answered, aborted]);
  } finally {
    settled.abort();
  }
}

function abortedFailure(): AppFailure {
  return new AppFailure('aborted', 'The call was cancelled.');
}

/** The AppError in anything that was thrown; whatever is no AppFailure is a fault of ours. */
export function toAppError(thrown: unknown): AppError {
  if (thrown instanceof AppFailure) return thrown.error;
  console.error('Unexpected failure in the page', thrown);
  return {
    code: 'internal',
    message: 'Something in Dipper itself failed. Reload the page; if it happens again, report it with what you did.',
    retryable: false,
  };
}

/** True for failures nobody needs to see, because the page itself gave the call up. */
export function isAborted(thrown: unknown): boolean {
  return thrown instanceof AppFailure && thrown.error.code === 'aborted';
}
