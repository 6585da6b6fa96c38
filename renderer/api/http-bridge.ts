import { CLIENT_HEADER, TOKEN_HEADER, type Bridge, type EventMessage } from '../../shared/bridge.ts';
import type { Answer, Args, Channel } from '../../shared/contract.ts';
import type { ErrorCode, Result } from '../../shared/result.ts';
import { createReconnectDelay } from './reconnect-delay.ts';
import { readLines } from './read-lines.ts';

export interface HttpBridgeOptions {
  /** Of the browser host; calls wait for it. */
  readonly token: Promise<string>;
  /** Where the page came from by default. */
  readonly origin?: string;
}

/** The contract over loopback HTTP: the protocol is in shared/bridge.ts. */
export function createHttpBridge({ token, origin = window.location.origin }: HttpBridgeOptions): Bridge {
  const client = crypto.randomUUID();
  const headersOf = async (): Promise<Record<string, string>> => ({
    [TOKEN_HEADER]: await token,
    [CLIENT_HEADER]: client,
  });
  // Where the host did not answer every call says so.
  token.catch(() => undefined);
  const running = new Map<string, AbortController>();

  async function invoke<C extends Channel>(channel: C, args: Args<C>, callId: string): Promise<Result<Answer<C>>> {
    const controller = new AbortController();
    running.set(callId, controller);
    try {
      const response = await fetch(`${origin}/api/call`, {
        method: 'POST',
        headers: { ...(await headersOf()), 'content-type': 'application/json' },
        body: JSON.stringify({ call: callId, channel, args }),
        signal: controller.signal,
      });
      const result: Result<Answer<C>> = await response.json();
      return result;
    } catch (error) {
      if (controller.signal.aborted) return failure('aborted', 'The call was cancelled.');
      console.warn('The call did not reach Dipper', channel, error);
      return failure(
        'connection-lost',
        'Dipper itself does not answer. Check that the program that shows this page still runs.',
        true,
      );
    } finally {
      running.delete(callId);
    }
  }

  function subscribe(listener: (event: EventMessage) => void): () => void {
    const ended = new AbortController();
    void listen(ended.signal, listener);
    return () => ended.abort();
  }

  async function listen(signal: AbortSignal, listener: (event: EventMessage) => void): Promise<void> {
    const delay = createReconnectDelay();
    while (!signal.aborted) {
      try {
        const response = await fetch(`${origin}/api/events`, { headers: await headersOf(), signal });
        if (response.status === 401 || response.status === 403) return;
        if (response.ok && response.body !== null) {
          delay.reset();
          // What happened before, or since the last stream, was heard by nobody: the lists are read again.
          listener({ name: 'connections:changed', payload: {} });
          listener({ name: 'collections:changed', payload: {} });
          listener({ name: 'jobs:changed', payload: {} });
          for await (const line of readLines(response.body)) {
            if (line === '') continue;
            const event: EventMessage = JSON.parse(line);
            listener(event);
          }
        }
      } catch (error) {
        if (!signal.aborted) console.warn('The event stream ended; Dipper asks for a new one', error);
      }
      await delay.wait(signal);
    }
  }

  return {
    invoke,
    cancel: (callId) => running.get(callId)?.abort(),
    subscribe,
  };
}

function failure(
  code: ErrorCode,
  message: string,
  retryable = false,
): { readonly ok: false; readonly error: { code: ErrorCode; message: string; retryable: boolean } } {
  return { ok: false, error: { code, message, retryable } };
}
