const FIRST = 250;
const LONGEST = 8_000;

export interface ReconnectDelay {
  /** Resolves after the delay, or at once when aborted. Each delay is twice the one before, at most 8 s. */
  wait(signal: AbortSignal): Promise<void>;
  reset(): void;
}

/** Spaces out attempts to reach a host that went away, so that a closed Dipper costs an open tab nothing. */
export function createReconnectDelay(): ReconnectDelay {
  let next = FIRST;
  return {
    reset() {
      next = FIRST;
    },
    wait(signal) {
      const milliseconds = next;
      next = Math.min(next * 2, LONGEST);
      return new Promise((resolve) => {
        if (signal.aborted) return resolve();
        const finish = () => {
          clearTimeout(timer);
          signal.removeEventListener('abort', finish);
          resolve();
        };
        const timer = setTimeout(finish, milliseconds);
        signal.addEventListener('abort', finish);
      });
    },
  };
}
