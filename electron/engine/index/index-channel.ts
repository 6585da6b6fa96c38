import { AppFailure } from '../../../shared/result.ts';
import type { IndexProcess, SpawnIndexProcess } from './index-process.ts';
import type { AnswerMessage, CallMessage, CancelMessage, IndexCalls, IndexMethod } from './protocol.ts';

/** Main's end of the talk with the index process. The process is started by the first call, and again after it died. */
export interface IndexChannel {
  /**
   * Every failure is an `AppFailure`; `index-restarted` (retryable) when the process ends before it answers. An aborted
   * call rejects at once with `aborted`; what it would have answered goes to `late`, so that nothing stays open.
   */
  call<M extends IndexMethod>(
    method: M,
    args: IndexCalls[M]['args'],
    options?: { readonly signal?: AbortSignal | undefined; readonly late?: (value: IndexCalls[M]['value']) => void },
  ): Promise<IndexCalls[M]['value']>;
  /** Counts the processes started so far: what one process was told, the next does not know. 0 before the first. */
  readonly generation: number;
  readonly running: boolean;
  /** Calls `listener` whenever a process ended, after its calls were answered. */
  onEnd(listener: () => void): void;
  /** Lets the process close its files, then ends it. Calls after this one start a new process. */
  stop(): Promise<void>;
}

interface Pending {
  readonly method: IndexMethod;
  resolve(value: unknown): void;
  reject(reason: unknown): void;
}

/** Milliseconds that closing the files may take. */
const CLOSING_PATIENCE = 10_000;

export function createIndexChannel(spawn: SpawnIndexProcess, closingPatience = CLOSING_PATIENCE): IndexChannel {
  let current: IndexProcess | null = null;
  let generation = 0;
  let nextCall = 1;
  let ended: Promise<void> = Promise.resolve();
  const pending = new Map<number, Pending>();
  const endListeners: (() => void)[] = [];

  function start(): IndexProcess {
    const started = spawn();
    current = started;
    generation += 1;
    ended = new Promise<void>((resolve) => {
      started.onExit((reason) => {
        if (current === started) current = null;
        const unanswered = [...pending.values()];
        pending.clear();
        for (const waiting of unanswered) waiting.reject(restarted(reason));
        for (const listener of endListeners) listener();
        resolve();
      });
    });
    started.onMessage((message) => {
      // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- the process sends nothing else
      const answer = message as AnswerMessage;
      const waiting = pending.get(answer.call);
      if (waiting === undefined) return;
      pending.delete(answer.call);
      if (answer.ok) waiting.resolve(answer.value);
      else waiting.reject(new AppFailure(answer.error.code, answer.error.message, answer.error));
    });
    return started;
  }

  async function call<M extends IndexMethod>(
    method: M,
    args: IndexCalls[M]['args'],
    options: {
      readonly signal?: AbortSignal | undefined;
      readonly late?: (value: IndexCalls[M]['value']) => void;
    } = {},
  ): Promise<IndexCalls[M]['value']> {
    const { signal, late } = options;
    if (signal?.aborted === true) throw abandoned();
    const target = current ?? start();
    const number = nextCall++;
    return new Promise((resolve, reject) => {
      const onAbort = (): void => {
        target.send({ cancel: number } satisfies CancelMessage);
        reject(abandoned());
      };
      signal?.addEventListener('abort', onAbort, { once: true });
      pending.set(number, {
        method,
        resolve: (value) => {
          signal?.removeEventListener('abort', onAbort);
          // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- the method says which value this is
          const answer = value as IndexCalls[M]['value'];
          if (signal?.aborted === true) late?.(answer);
          resolve(answer);
        },
        reject: (reason) => {
          signal?.removeEventListener('abort', onAbort);
          reject(reason instanceof Error ? reason : new Error(String(reason)));
        },
      });
      target.send({ call: number, method, args } satisfies CallMessage);
    });
  }

  return {
    call,
    get generation() {
      return generation;
    },
    get running() {
      return current !== null;
    },
    onEnd: (listener) => {
      endListeners.push(listener);
    },
    stop: async () => {
      const process = current;
      if (process === null) return;
      // A query that runs for seconds must not hold up the end.
      for (const number of pending.keys()) process.send({ cancel: number } satisfies CancelMessage);
      // A process that cannot close its files any more is ended all the same: the index is a cache.
      const deadline = setTimeout(() => process.kill(), closingPatience);
      await call('closeAll', {}).catch(() => undefined);
      clearTimeout(deadline);
      process.kill();
      await ended;
    },
  };
}

function restarted(reason: string): AppFailure {
  return new AppFailure('index-restarted', `The index process ended (${reason}). The next query starts it again.`, {
    retryable: true,
  });
}

function abandoned(): AppFailure {
  return new AppFailure('aborted', 'The call was cancelled.');
}
