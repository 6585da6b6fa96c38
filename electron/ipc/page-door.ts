import { AppFailure } from '../../shared/result.ts';
import type { Door } from './door.ts';

/** The contract as a page may use it. */
export function pageDoor(door: Door): Door {
  return {
    connect: (onEvent) => {
      const session = door.connect(onEvent);
      return {
        ...session,
        call: async (callId, channel, args) =>
          namesFile(channel, args)
            ? { ok: false, error: new AppFailure('access-denied', `${channel} of a file is not for a page.`).error }
            : session.call(callId, channel, args),
      };
    },
  };
}

/** Only the command line names files of this machine: a path that a page chose is never opened. */
function namesFile(channel: string, args: unknown): boolean {
  if (channel === 'record:upload') return true;
  if (channel !== 'record:download') return false;
  return typeof args !== 'object' || args === null || !('path' in args) || args.path !== null;
}
