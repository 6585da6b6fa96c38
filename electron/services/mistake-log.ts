import type { Mistake } from '../../shared/diagnostics.ts';

/** The last mistakes of this Dipper, in memory only: what a report of a bug begins with. */
export interface MistakeLog {
  add(place: string, error: unknown): void;
  /** The oldest first. */
  entries(): readonly Mistake[];
}

const MOST_MISTAKES = 100;
/** A stack is no longer; a text that is may be somebody's record. */
const LONGEST_TEXT = 4_000;

export function createMistakeLog(): MistakeLog {
  let entries: readonly Mistake[] = [];
  return {
    add: (place, error) => {
      const text = error instanceof Error ? (error.stack ?? error.message) : String(error);
      const mistake = { at: Date.now(), place: place.slice(0, 200), text: text.slice(0, LONGEST_TEXT) };
      entries = [...entries, mistake].slice(-MOST_MISTAKES);
    },
    entries: () => entries,
  };
}
