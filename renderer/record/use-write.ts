import { useEffect, useRef, useState } from 'react';
import type { AppError } from '../../shared/result.ts';
import { isAborted, toAppError } from '../api/call.ts';

export interface Write {
  readonly working: boolean;
  /** Of the last try; null while one is under way. */
  readonly error: AppError | null;
  /** Does nothing while a write is under way. */
  readonly send: (write: (signal: AbortSignal) => Promise<void>) => Promise<void>;
  /** Breaks off what is under way. */
  readonly stop: () => void;
}

/** A dialog's one write at a time: cancelled when the dialog goes, its failure kept to be shown. */
export function useWrite(): Write {
  const sending = useRef<AbortController | null>(null);
  const [working, setWorking] = useState(false);
  const [error, setError] = useState<AppError | null>(null);
  useEffect(() => () => sending.current?.abort(), []);

  async function send(write: (signal: AbortSignal) => Promise<void>): Promise<void> {
    if (working) return;
    const controller = new AbortController();
    sending.current = controller;
    setWorking(true);
    setError(null);
    try {
      await write(controller.signal);
    } catch (thrown) {
      if (!isAborted(thrown)) setError(toAppError(thrown));
    } finally {
      setWorking(false);
    }
  }

  return { working, error, send, stop: () => sending.current?.abort() };
}
