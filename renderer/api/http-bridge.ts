import { CLIENT_HEADER, TOKEN_HEADER, type Bridge, type EventMessage, type HostState } from '../../shared/bridge.ts';
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

  let host: HostState = 'there';
  const watchers = new Set<() => void>();
  function found(state: HostState): void {
    if (state === host) return;
    host = state;
    for (const watcher of watchers) watcher();
  }

  /** Null where the host cannot be reached. */
  async function openStream(signal: AbortSignal): Promise<Response | null> {
    try {
      return await fetch(`${origin}/api/events`, { headers: await headersOf(), signal });
    } catch (error) {
      if (!signal.aborted) console.warn('Dipper cannot be reached; the page tries again', error);
      return null;
    }
  }

  async function listen(signal: AbortSignal, listener: (event: EventMessage) => void): Promise<void> {
    const delay = createReconnectDelay();
    while (!signal.aborted) {
      const response = await openStream(signal);
      if (signal.aborted) return;
      if (response === null) found('gone');
      else if (response.status === 401 || response.status === 403) return found('another');
      else if (response.ok && response.body !== null) {
        found('there');
        delay.reset();
        await hear(response.body, signal, listener);
      }
      await delay.wait(signal);
    }
  }

  return {
    invoke,
    cancel: (callId) => running.get(callId)?.abort(),
    subscribe,
    host: {
      state: () => host,
      subscribe: (watcher) => {
        watchers.add(watcher);
        return () => watchers.delete(watcher);
      },
    },
  };
}

/** Until the stream ends or breaks. */
async function hear(
  stream: ReadableStream<Uint8Array>,
  signal: AbortSignal,
  listener: (event: EventMessage) => void,
): Promise<void> {
  // What happened before, or since the last stream, was heard by nobody: the lists are read again.
  listener({ name: 'connections:changed', payload: {} });
  listener({ name: 'collections:changed', payload: {} });
  listener({ name: 'jobs:changed', payload: {} });
  try {
    for await (const line of readLines(stream)) {
      if (line === '') continue;
      const event: EventMessage = JSON.parse(line);
      listener(event);
    }
  } catch (error) {
    if (!signal.aborted) console.warn('The event stream broke; the page asks for a new one', error);
  }
}

function failure(
  code: ErrorCode,
  message: string,
  retryable = false,
): { readonly ok: false; readonly error: { code: ErrorCode; message: string; retryable: boolean } } {
  return { ok: false, error: { code, message, retryable } };
}
