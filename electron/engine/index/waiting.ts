import { AppFailure } from '../../../shared/result.ts';

/** Waits for `promise` unless `signal` stops the waiting; the work itself goes on. */
export async function waitFor<T>(promise: Promise<T>, signal: AbortSignal): Promise<T> {
  if (signal.aborted) {
    // Nobody waits for it any more, and a rejection that nobody hears ends the process.
    promise.catch(() => undefined);
    throw cancelled();
  }
  return new Promise<T>((resolve, reject) => {
    const onAbort = (): void => reject(cancelled());
    signal.addEventListener('abort', onAbort, { once: true });
    promise.then(resolve, reject).finally(() => signal.removeEventListener('abort', onAbort));
  });
}

/** Waits for the end of `promise`, for whoever is not the one to be told how it ended. */
export async function settled(promise: Promise<unknown>): Promise<void> {
  await Promise.allSettled([promise]);
}

function cancelled(): AppFailure {
  return new AppFailure('aborted', 'The call was cancelled.');
}
