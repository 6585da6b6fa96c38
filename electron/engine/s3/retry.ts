import type { FailedTry } from './errors.ts';
import type { Lane } from './s3-client.ts';

/** The first try counted. */
export const TRIES = 3;

const BASE = 100;
const BASE_WHEN_THROTTLED = 500;
const LONGEST = 5_000;
/** A person is better shown a server that wants a longer pause than this. */
const LONGEST_ASKED_FOR = 20_000;
/** Milliseconds for which a request of the bulk lane goes on while its server answers "slow down". */
export const BULK_PATIENCE = 5 * 60_000;
/** Milliseconds without any other answer after which it is too busy for anybody, and that is better shown than waited for. */
export const LONGEST_SILENCE = 10_000;

export interface TriedRequest {
  /** So far, at least 1. */
  readonly tries: number;
  /** Milliseconds since the first of them began. */
  readonly elapsed: number;
  /** Milliseconds of them in which the lane had no answer but "slow down". */
  readonly silence: number;
  /** It must not be done twice. */
  readonly isWrite: boolean;
  readonly lane: Lane;
}

/**
 * The one place that decides whether a request is sent again: milliseconds to wait before that, or null for never.
 * Refusals (403, 404, 412, an expired token, a bad signature) come out the same each time and are not `retryable`. A
 * write is sent again only where the server certainly did nothing (see WriteInDoubt). Full jitter: a random share of a
 * window that doubles with each try, so that many clients do not return at the same moment.
 *
 * A server that asks bulk work to slow down gets it all in the end: the whole lane pauses then (Pacer), so the request
 * itself need not, and what counts is time, not tries: as long as others are answered.
 * @param random from 0 (included) to 1
 */
export function pauseBeforeRetry(request: TriedRequest, failed: FailedTry, random: number): number | null {
  const { code, retryable } = failed.failure.error;
  if (!retryable || (request.isWrite && !failed.notDone)) return null;
  const asked = failed.waitMilliseconds;
  if (request.lane === 'bulk' && code === 'throttled') {
    return request.silence < LONGEST_SILENCE && request.elapsed + (asked ?? 0) < BULK_PATIENCE ? 0 : null;
  }
  if (request.tries >= TRIES) return null;
  if (asked !== null) return asked <= LONGEST_ASKED_FOR ? asked : null;
  const base = code === 'throttled' ? BASE_WHEN_THROTTLED : BASE;
  return random * Math.min(LONGEST, base * 2 ** request.tries);
}
