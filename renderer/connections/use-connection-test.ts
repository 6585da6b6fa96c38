import { useCallback, useEffect, useRef, useState } from 'react';
import type { Args, ConnectionTest } from '../../shared/contract.ts';
import type { AppError } from '../../shared/result.ts';
import { call, isAborted, toAppError } from '../api/call.ts';

export type TestState =
  | { readonly state: 'untested' }
  | { readonly state: 'testing' }
  | { readonly state: 'passed'; readonly test: ConnectionTest }
  | { readonly state: 'failed'; readonly error: AppError };

/** Sends one signed request when asked to; a newer test, or a change of what is tested, gives the one before up. */
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
    running.current = controller;
    setOutcome({ state: 'testing' });
    void ask(args, controller.signal).then((answer) => {
      if (answer !== null && !controller.signal.aborted) setOutcome(answer);
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
    return { state: 'passed', test: await call('connections:test', args, signal) };
  } catch (thrown) {
    return isAborted(thrown) ? null : { state: 'failed', error: toAppError(thrown) };
  }
}
