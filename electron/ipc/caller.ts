import type { EventMessage } from '../../shared/bridge.ts';
import type { Answer, Args, Channel } from '../../shared/contract.ts';
import { AppFailure } from '../../shared/result.ts';
import type { Door } from './door.ts';

/** The contract as functions that throw, for the command line and for tests. */
export interface Caller {
  /** Rejects with an `AppFailure`. Aborting `signal` cancels the call, which then rejects with `aborted`. */
  call<C extends Channel>(channel: C, args: Args<C>, signal?: AbortSignal): Promise<Answer<C>>;
  /** Cancels what is under way and closes the results that were opened. */
  close(): void;
}

export function createCaller(door: Door, onEvent: (event: EventMessage) => void = () => undefined): Caller {
  const session = door.connect(onEvent);
  let calls = 0;
  return {
    call: async <C extends Channel>(channel: C, args: Args<C>, signal?: AbortSignal): Promise<Answer<C>> => {
      calls += 1;
      const callId = String(calls);
      const cancel = (): void => session.cancel(callId);
      const answer = session.call(callId, channel, args);
      if (signal?.aborted) cancel();
      signal?.addEventListener('abort', cancel, { once: true });
      try {
        const result = await answer;
        if (!result.ok) {
          const { code, message, retryable, detail } = result.error;
          throw new AppFailure(code, message, { retryable, ...(detail ? { detail } : {}) });
        }
        // The contract's server is compiled against the same map of channels to answers.
        // oxlint-disable-next-line typescript/no-unsafe-type-assertion
        return result.value as Answer<C>;
      } finally {
        signal?.removeEventListener('abort', cancel);
      }
    },
    close: () => session.close(),
  };
}
