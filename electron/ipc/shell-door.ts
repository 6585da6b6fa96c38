import type { ApplicationState } from '../../shared/contract.ts';
import type { Door } from './door.ts';
import type { Shell } from './socket-messages.ts';

/** What a shell says of itself, in place of or beside what the owner of the data folder says. */
export interface ShellFacts {
  /** A guest's page shows the owner's records in a shell of its own: its shortcuts and menus are those of `shell`. */
  readonly shell?: Shell;
  readonly notes?: () => readonly string[];
}

export function shellDoor(door: Door, { shell, notes }: ShellFacts): Door {
  return {
    connect: (onEvent) => {
      const session = door.connect(onEvent);
      return {
        ...session,
        call: async (callId, channel, args) => {
          const result = await session.call(callId, channel, args);
          if (channel !== 'application:state' || !result.ok) return result;
          // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- the channel says which value this is
          const state = result.value as ApplicationState;
          return {
            ok: true,
            value: { ...state, shell: shell ?? state.shell, notes: [...state.notes, ...(notes?.() ?? [])] },
          };
        },
      };
    },
  };
}
