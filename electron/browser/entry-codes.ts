import { randomBytes } from 'node:crypto';

/** Milliseconds in which an address that was printed has to be opened. */
export const ENTRY_MILLISECONDS = 15 * 60_000;
/** Who asks for addresses and opens none of them has made the oldest worthless. */
const MOST_CODES = 32;

/**
 * What the address of the page holds in place of the token: the program that opens a browser is given the address as an
 * argument, and arguments are seen by every user of the machine.
 */
export interface EntryCodes {
  make(): string;
  /** True once for each code, within its time. */
  take(code: string): boolean;
}

/** `now` in milliseconds, of a clock that is not set. */
export function createEntryCodes(now: () => number = () => performance.now()): EntryCodes {
  const ends = new Map<string, number>();
  return {
    make: () => {
      for (const oldest of ends.keys()) {
        if (ends.size < MOST_CODES) break;
        ends.delete(oldest);
      }
      const code = randomBytes(32).toString('base64url');
      ends.set(code, now() + ENTRY_MILLISECONDS);
      return code;
    },
    take: (code) => {
      const end = ends.get(code);
      ends.delete(code);
      return end !== undefined && now() < end;
    },
  };
}
