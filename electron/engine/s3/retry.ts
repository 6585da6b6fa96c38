import type { FailedTry } from './errors.ts';

/** The first try counted. */
export const TRIES = 3;

const BASE = 100;
const BASE_WHEN_THROTTLED = 500;
const LONGEST = 5_000;
/** A server that wants a longer pause than this is better shown than waited for. */
const LONGEST_ASKED_FOR = 20_000;

/**
 * The one place that decides whether a request is sent again: milliseconds to wait before that, or null for never.
 * Refusals (403, 404, 412, an expired token, a bad signature) come out the same each time and are not `retryable`. A
 * write is sent again only where the server certainly did nothing (see WriteInDoubt). Full jitter: a random share of a
 * window that doubles with each try, so that many clients do not return at the same moment.
 * @param tried tries made so far, at least 1
 * @param random from 0 (included) to 1
 */
export function pauseBeforeRetry(tried: number, write: boolean, failed: FailedTry, random: number): number | null {
  if (tried >= TRIES || !failed.failure.error.retryable) return null;
  if (write && !failed.notDone) return null;
  if (failed.waitMilliseconds !== null) {
    return failed.waitMilliseconds <= LONGEST_ASKED_FOR ? failed.waitMilliseconds : null;
  }
  const base = failed.failure.error.code === 'throttled' ? BASE_WHEN_THROTTLED : BASE;
  return random * Math.min(LONGEST, base * 2 ** tried);
}
