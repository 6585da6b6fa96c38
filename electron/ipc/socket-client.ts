import { createConnection, type Socket } from 'node:net';
import type { EventMessage } from '../../shared/bridge.ts';
import { AppFailure, type AppError, type Result } from '../../shared/result.ts';
import type { Door, DoorSession } from './door.ts';
import { readLines, writeLine } from './lines.ts';
import type { OwnerDescription, OwnerMessage, Shell } from './socket-messages.ts';

/** How to reach the owner of a data folder. */
export interface OwnerAddress {
  readonly socket: string;
  readonly token: string;
  readonly shell: Shell;
}

export type Reception =
  /** The owner serves: `door` speaks to it until `leave`. */
  | {
      readonly kind: 'welcome';
      readonly owner: OwnerDescription;
      readonly door: Door;
      /** Resolves when the owner has ended, or we have left. */
      readonly ended: Promise<void>;
      leave(): void;
    }
  /** It ended, or told us to wait and has ended now: somebody else may own the folder. */
  | { readonly kind: 'gone' };

/** An owner that is alive answers at once, whatever it is doing. */
const PATIENCE_MILLISECONDS = 10_000;

/** Throws `data-folder-in-use` where the owner is there and does not answer, or may not be asked. */
export async function visitOwner(address: OwnerAddress): Promise<Reception> {
  const presence = createConnection(address.socket);
  const ended = new Promise<void>((resolve) => {
    presence.once('close', () => resolve());
  });
  const owner = await new Promise<OwnerDescription | null>((resolve, reject) => {
    const timer = setTimeout(() => {
      presence.destroy();
      reject(inUse('it does not answer'));
    }, PATIENCE_MILLISECONDS);
    presence.on('error', (error) => {
      if ('code' in error && (error.code === 'EACCES' || error.code === 'EPERM'))
        reject(inUse('it does not let us in'));
    });
    presence.on('close', () => {
      clearTimeout(timer);
      resolve(null);
    });
    readLines(presence, (message) => {
      clearTimeout(timer);
      // Our own program, of whatever version, is at the other end: it showed that by the socket in the data folder.
      // oxlint-disable-next-line typescript/no-unsafe-type-assertion
      const said = message as OwnerMessage;
      if ('welcome' in said) resolve(said.welcome);
    });
    writeLine(presence, { hello: address.token, shell: address.shell });
  });
  if (owner === null) return { kind: 'gone' };
  const sessions = new Set<DoorSession>();
  return {
    kind: 'welcome',
    owner,
    ended,
    door: {
      connect: (onEvent) => {
        const session = openSession(address, onEvent, () => sessions.delete(session));
        sessions.add(session);
        return session;
      },
    },
    leave: () => {
      for (const session of sessions) session.close();
      presence.destroy();
    },
  };
}

/** A socket for each session: when it ends, the owner cancels what the session asked for. */
function openSession(address: OwnerAddress, onEvent: (event: EventMessage) => void, onClose: () => void): DoorSession {
  const waiting = new Map<string, (result: Result<unknown>) => void>();
  const socket: Socket = createConnection(address.socket);
  let ending: AppError = connectionLost();

  socket.on('error', () => undefined);
  socket.on('close', () => {
    for (const settle of waiting.values()) settle({ ok: false, error: ending });
    waiting.clear();
    onClose();
  });
  readLines(socket, (message) => {
    // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- as above
    const said = message as OwnerMessage;
    if ('answer' in said) {
      waiting.get(said.answer)?.(said.result);
      waiting.delete(said.answer);
    } else if ('event' in said) {
      onEvent(said.event);
    } else if ('wait' in said) {
      socket.destroy();
    }
  });
  writeLine(socket, { hello: address.token, shell: address.shell });

  return {
    call: (callId, channel, args) =>
      new Promise((resolve) => {
        if (socket.destroyed) {
          resolve({ ok: false, error: ending });
          return;
        }
        waiting.set(callId, resolve);
        writeLine(socket, { call: callId, channel, args });
      }),
    cancel: (callId) => writeLine(socket, { cancel: callId }),
    close: () => {
      ending = new AppFailure('aborted', 'The call was cancelled.').error;
      socket.destroy();
    },
  };
}

function connectionLost(): AppError {
  return new AppFailure(
    'connection-lost',
    'The Dipper that this one was working through has ended. Start it again, or this one.',
    { retryable: true },
  ).error;
}

function inUse(reason: string): AppFailure {
  return new AppFailure(
    'data-folder-in-use',
    `Another Dipper uses this data folder, and ${reason}. End it, or choose another folder with --data-dir.`,
    { retryable: true },
  );
}
