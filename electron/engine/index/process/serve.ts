import { type AppError, AppFailure } from '../../../../shared/result.ts';
import { diskFault } from './disk-fault.ts';
import type { AnswerMessage, CallMessage, CancelMessage, IndexCalls, IndexMethod } from '../protocol.ts';
import type { Port } from './port.ts';

/** What answers each method; `signal` aborts when main does not wait any more. */
export type IndexHandlers = {
  readonly [M in IndexMethod]: (args: IndexCalls[M]['args'], signal: AbortSignal) => Promise<IndexCalls[M]['value']>;
};

/** Answers main's calls, several at once, each with a value or an `AppError`: nothing that a call does ends the process. */
export function serve(port: Port, handlers: IndexHandlers): void {
  const running = new Map<number, AbortController>();
  port.onMessage((message) => {
    if (isCancel(message)) {
      running.get(message.cancel)?.abort();
      return;
    }
    // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- main sends nothing else
    const { call, method, args } = message as CallMessage;
    const controller = new AbortController();
    running.set(call, controller);
    // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- the method says which arguments these are
    const handler = handlers[method] as (args: unknown, signal: AbortSignal) => Promise<unknown>;
    Promise.resolve()
      .then(() => handler(args, controller.signal))
      .then(
        (value): AnswerMessage => ({ call, ok: true, value }),
        (error: unknown): AnswerMessage => ({ call, ok: false, error: appErrorOf(error) }),
      )
      .then((answer) => {
        running.delete(call);
        return port.post(answer);
      })
      .catch((error: unknown) => {
        // An answer that cannot be sent: main is gone, or the value cannot be cloned; the latter is a fault of ours.
        console.error(error);
        process.exit(1);
      });
  });
}

function isCancel(message: unknown): message is CancelMessage {
  return typeof message === 'object' && message !== null && 'cancel' in message;
}

export function appErrorOf(error: unknown): AppError {
  if (error instanceof AppFailure) return error.error;
  const text = error instanceof Error ? error.message : String(error);
  const fault = diskFault(error);
  if (fault !== null) return fault.error;
  if (/out of memory/i.test(text)) {
    return {
      code: 'internal',
      message: 'The index needs more memory than it may use for this query. Narrow the query.',
      retryable: false,
    };
  }
  console.error(error);
  return {
    code: 'internal',
    message: 'The index met a fault inside Dipper while it answered. Run the query again.',
    retryable: true,
  };
}
