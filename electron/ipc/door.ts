import type { EventMessage } from '../../shared/bridge.ts';
import type { Result } from '../../shared/result.ts';

/** The way to the contract: of the application in this process, or over a socket of the one that owns the data folder. */
export interface Door {
  /** One session for each page, command or socket: what it does ends with it. */
  connect(onEvent: (event: EventMessage) => void): DoorSession;
}

export interface DoorSession {
  /** Never rejects. `args` are not trusted. */
  call(callId: string, channel: string, args: unknown): Promise<Result<unknown>>;
  /** Unknown ids are ignored: the call may have ended on its way. */
  cancel(callId: string): void;
  /** Cancels all calls of the session and lets go of what it holds open. */
  close(): void;
}
