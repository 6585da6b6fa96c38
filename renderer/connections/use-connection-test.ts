import { useCallback, useEffect, useRef, useState } from 'react';
import type { ConnectionCheck, ConnectionTest } from '../../shared/connection-check.ts';
import type { Args } from '../../shared/contract.ts';
import type { AppError } from '../../shared/result.ts';
import { call, isAborted, toAppError } from '../api/call.ts';
import { onEvent } from '../api/events.ts';

export type TestState =
  | { readonly state: 'untested' }
  /** `checks`: those that have ended. */
  | { readonly state: 'testing'; readonly checks: readonly ConnectionCheck[] }
  | { readonly state: 'tested'; readonly test: ConnectionTest }
  /** It could not be begun. */
  | { readonly state: 'failed'; readonly error: AppError };

/** Tries a connection out when asked to; a newer test, or a change of what is tested, gives the one before up. */
export function useConnectionTest(): {
  readonly outcome: TestState;
  readonly test: (args: Args<'connections:test'>) => void;
  readonly forget: () => void;
} {
  const [outcome, setOutcome] = useState<TestState>({ state: 'untested' });
  const running = useRef<AbortController | null>(null);
  useEffect(() => () => running.current?.abort(), []);

  const test = useCallback((args: Args<'connections:test'>) => {
    running.current?.abort();
    const controller = new AbortController();
    const { signal } = controller;
    running.current = controller;
    setOutcome({ state: 'testing', checks: [] });
    const id = crypto.randomUUID();
    const stop = onEvent('connection-test:progress', ({ test: of, checks }) => {
      if (of === id && !signal.aborted) setOutcome({ state: 'testing', checks });
    });
    void ask({ ...args, test: id }, signal).then((answer) => {
      stop();
      if (answer !== null && !signal.aborted) setOutcome(answer);
      return answer;
    });
  }, []);

  const forget = useCallback(() => {
    running.current?.abort();
    setOutcome({ state: 'untested' });
  }, []);
  return { outcome, test, forget };
}

async function ask(args: Args<'connections:test'>, signal: AbortSignal): Promise<TestState | null> {
  try {
    return { state: 'tested', test: await call('connections:test', args, signal) };
  } catch (thrown) {
    return isAborted(thrown) ? null : { state: 'failed', error: toAppError(thrown) };
  }
}
