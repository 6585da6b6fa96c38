import type { Terminal } from './terminal.ts';

/** Lines for standard output from a place that cannot wait, such as an event. */
export interface LineQueue {
  /** Left out where a thousand lines wait for a slow reader: events are hints. */
  push(line: string): void;
  /** Resolves when all that was pushed is on its way; rejects like `failed`. */
  written(): Promise<void>;
  /** Rejects with what a write failed with: `OutputClosed` where nobody reads any more. */
  readonly failed: Promise<never>;
}

const MOST_WAITING = 1000;

export function startLineQueue(terminal: Pick<Terminal, 'write'>): LineQueue {
  let waiting = 0;
  let last: Promise<void> = Promise.resolve();
  let fail: ((error: unknown) => void) | undefined;
  const failed = new Promise<never>((_, reject) => {
    fail = reject;
  });
  // Whoever does not wait for the failure meets it in `written`.
  failed.catch(() => undefined);
  const writeAfter = async (before: Promise<void>, line: string): Promise<void> => {
    await before;
    await terminal.write(`${line}\n`);
    waiting -= 1;
  };
  return {
    push: (line) => {
      if (waiting >= MOST_WAITING) return;
      waiting += 1;
      last = writeAfter(last, line);
      last.catch((error: unknown) => fail?.(error));
    },
    written: () => last,
    failed,
  };
}
