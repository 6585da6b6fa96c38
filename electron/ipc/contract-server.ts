import type { Channel } from '../../shared/contract.ts';
import { AppFailure, type AppError, type Result } from '../../shared/result.ts';
import type { CallContext, ClientScope, Handler, Handlers } from '../handlers/handler.ts';
import type { Door, DoorSession } from './door.ts';
import type { EventHub } from './event-hub.ts';

/** The contract's server of one application. */
export interface ContractServer extends Door {
  /** Cancels everything and waits until it has ended; later calls answer `aborted`. */
  close(): Promise<void>;
}

/** Told of failures that are mistakes of ours: the caller only hears `internal`. */
export type ReportMistake = (place: string, error: unknown) => void;

export function createContractServer(
  handlers: Handlers,
  events: EventHub,
  reportMistake: ReportMistake,
): ContractServer {
  const sessions = new Set<DoorSession>();
  const underWay = new Set<Promise<unknown>>();
  let closed = false;

  const track = <T>(work: Promise<T>): Promise<T> => {
    underWay.add(work);
    // Neither a call nor a release rejects (both report), so `finally` makes no second rejection.
    void work.finally(() => underWay.delete(work));
    return work;
  };

  return {
    connect: (onEvent) => {
      const unsubscribe = events.subscribe(onEvent);
      const session = createSession(handlers, reportMistake, track, () => {
        unsubscribe();
        sessions.delete(session);
      });
      sessions.add(session);
      if (closed) session.close();
      return session;
    },
    close: async () => {
      closed = true;
      for (const session of sessions) session.close();
      await Promise.all(underWay);
    },
  };
}

function createSession(
  handlers: Handlers,
  reportMistake: ReportMistake,
  track: <T>(work: Promise<T>) => Promise<T>,
  onClose: () => void,
): DoorSession {
  const calls = new Map<string, AbortController>();
  const held = new Map<string, () => Promise<void>>();
  let closed = false;

  const release = async (name: string, letGo: () => Promise<void>): Promise<void> => {
    try {
      await letGo();
    } catch (error) {
      // The engine answers `result-closed` for what is closed already: nothing is lost by that.
      if (!(error instanceof AppFailure)) reportMistake(`release of ${name}`, error);
    }
  };

  const client: ClientScope = {
    hold: (name, letGo) => {
      if (closed) void track(release(name, letGo));
      else held.set(name, letGo);
    },
    drop: (name) => {
      held.delete(name);
    },
  };

  const answer = async (callId: string, channel: string, args: unknown): Promise<Result<unknown>> => {
    if (closed) return failed(abortedError());
    if (!isChannel(handlers, channel)) {
      return failed(invalid(`There is no call named ${channel.slice(0, 100)}.`));
    }
    if (calls.has(callId)) return failed(invalid(`A call ${callId.slice(0, 100)} is under way already.`));
    const controller = new AbortController();
    calls.set(callId, controller);
    try {
      return { ok: true, value: await run(handlers[channel], channel, args, { signal: controller.signal, client }) };
    } catch (error) {
      return failed(errorOf(error, controller.signal, channel, reportMistake));
    } finally {
      calls.delete(callId);
    }
  };

  return {
    call: (callId, channel, args) => track(answer(callId, channel, args)),
    cancel: (callId) => calls.get(callId)?.abort(),
    close: () => {
      if (closed) return;
      closed = true;
      for (const controller of calls.values()) controller.abort();
      for (const [name, letGo] of held) void track(release(name, letGo));
      held.clear();
      onClose();
    },
  };
}

function isChannel(handlers: Handlers, channel: string): channel is Channel {
  return Object.hasOwn(handlers, channel);
}

async function run(handler: Handler<Channel>, channel: Channel, args: unknown, context: CallContext): Promise<unknown> {
  const checked = handler.check(args);
  if (checked.ok) return handler.run(checked.args, context);
  const { path, reason } = checked;
  const subject = path === '' ? 'the value' : path;
  const message = `${channel} was asked with arguments that do not fit: ${subject} ${reason}.`;
  throw new AppFailure('invalid-arguments', message, path === '' ? {} : { detail: { path } });
}

function errorOf(error: unknown, signal: AbortSignal, channel: string, reportMistake: ReportMistake): AppError {
  if (error instanceof AppFailure) return error.error;
  if (signal.aborted && (error === signal.reason || (error instanceof Error && error.name === 'AbortError'))) {
    return abortedError();
  }
  reportMistake(channel, error);
  return new AppFailure(
    'internal',
    `${channel} failed because of a mistake in Dipper. Its log has the cause; report it if it happens again.`,
  ).error;
}

export function abortedError(): AppError {
  return new AppFailure('aborted', 'The call was cancelled.').error;
}

function invalid(message: string): AppError {
  return new AppFailure('invalid-arguments', message).error;
}

function failed(error: AppError): Result<unknown> {
  return { ok: false, error };
}
