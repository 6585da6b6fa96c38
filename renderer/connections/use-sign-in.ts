import { useCallback, useEffect, useRef, useState } from 'react';
import type { SignInStep } from '../../shared/aws-profile.ts';
import type { AppError } from '../../shared/result.ts';
import { call, isAborted, toAppError } from '../api/call.ts';

export type SignInState =
  | { readonly step: 'asking' }
  | Exclude<SignInStep, { readonly step: 'done' }>
  | { readonly step: 'failed'; readonly error: AppError };

export interface SignIn {
  readonly state: SignInState;
  /** Of a code that was refused: it is asked for again. */
  readonly refusal: AppError | null;
  /** A code is being looked at. */
  readonly checking: boolean;
  readonly giveCode: (code: string) => void;
}

/** Signs in to a profile, step by step, from the moment it is shown until `onDone` or until it is shown no more. */
export function useSignIn(profile: string, onDone: () => void): SignIn {
  const [state, setState] = useState<SignInState>({ step: 'asking' });
  const [refusal, setRefusal] = useState<AppError | null>(null);
  const [checking, setChecking] = useState(false);
  const running = useRef<AbortController | null>(null);
  const done = useRef(onDone);
  useEffect(() => {
    done.current = onDone;
  });

  const follow = useCallback(
    async (step: SignInStep, signal: AbortSignal): Promise<void> => {
      for (let next = step; ;) {
        if (signal.aborted) return;
        if (next.step === 'done') {
          done.current();
          return;
        }
        setState(next);
        if (next.step === 'code') return;
        next = await call('profiles:continue-sign-in', { profile, code: null }, signal);
      }
    },
    [profile],
  );

  useEffect(() => {
    const controller = new AbortController();
    running.current = controller;
    void call('profiles:begin-sign-in', { profile }, controller.signal)
      .then((step) => follow(step, controller.signal))
      .catch((thrown: unknown) => {
        if (!isAborted(thrown)) setState({ step: 'failed', error: toAppError(thrown) });
      });
    return () => controller.abort();
  }, [profile, follow]);

  const giveCode = useCallback(
    (code: string) => {
      const signal = running.current?.signal;
      if (signal === undefined) return;
      setChecking(true);
      setRefusal(null);
      void call('profiles:continue-sign-in', { profile, code }, signal)
        .then((step) => follow(step, signal))
        .catch((thrown: unknown) => {
          if (!isAborted(thrown)) setRefusal(toAppError(thrown));
        })
        .finally(() => setChecking(false));
    },
    [profile, follow],
  );
  return { state, refusal, checking, giveCode };
}
