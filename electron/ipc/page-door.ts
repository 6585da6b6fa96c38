import { AppFailure } from '../../shared/result.ts';
import type { Channel } from '../../shared/contract.ts';
import type { Door } from './door.ts';

/** Channels that name a file of this machine: the command line's alone. A path that a page chose is never opened. */
const NOT_FOR_PAGES: ReadonlySet<string> = new Set<Channel>(['record:upload', 'record:download']);

/** The contract as a page may use it. */
export function pageDoor(door: Door): Door {
  return {
    connect: (onEvent) => {
      const session = door.connect(onEvent);
      return {
        ...session,
        call: async (callId, channel, args) =>
          NOT_FOR_PAGES.has(channel)
            ? { ok: false, error: new AppFailure('access-denied', `${channel} is not for a page.`).error }
            : session.call(callId, channel, args),
      };
    },
  };
}
