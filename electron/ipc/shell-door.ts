import type { Door } from './door.ts';
import type { Shell } from './socket-messages.ts';

/** A guest's page shows the owner's records in a shell of its own: its shortcuts and menus are those of `shell`. */
export function shellDoor(door: Door, shell: Shell): Door {
  return {
    connect: (onEvent) => {
      const session = door.connect(onEvent);
      return {
        ...session,
        call: async (callId, channel, args) => {
          const result = await session.call(callId, channel, args);
          if (channel !== 'application:state' || !result.ok || typeof result.value !== 'object') return result;
          return { ok: true, value: { ...result.value, shell } };
        },
      };
    },
  };
}
