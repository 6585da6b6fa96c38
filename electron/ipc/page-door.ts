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

/** Of the source of an import, or of what one is to write. */
function hasPath(args: unknown): boolean {
  if (typeof args !== 'object' || args === null) return false;
  if ('job' in args) return hasPath(args.job);
  if ('badRows' in args && args.badRows !== null) return true;
  return 'source' in args && typeof args.source === 'object' && args.source !== null && 'path' in args.source;
}

/** Only the command line names files of this machine: a path that a page chose is never opened. */
function namesFile(channel: string, args: unknown): boolean {
  if (channel === 'record:upload') return true;
  if (channel.startsWith('import:') || channel === 'jobs:start') return hasPath(args);
  if (channel !== 'record:download') return false;
  return typeof args !== 'object' || args === null || !('path' in args) || args.path !== null;
}
