import type { EventMessage } from '../../shared/bridge.ts';
import type { EventName, Events } from '../../shared/contract.ts';
import { bridge } from './bridge.ts';

type Listener = (event: EventMessage) => void;

const listeners = new Set<Listener>();
let stop: (() => void) | null = null;

/** Calls `listener` for each event of one name until the answered function is called. One subscription serves all. */
export function onEvent<E extends EventName>(name: E, listener: (payload: Events[E]) => void): () => void {
  const filtered: Listener = (event) => {
    // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- the name says which payload it is
    if (event.name === name) listener(event.payload as Events[E]);
  };
  listeners.add(filtered);
  stop ??= bridge().subscribe((event) => {
    for (const each of listeners) each(event);
  });
  return () => {
    listeners.delete(filtered);
    if (listeners.size === 0) {
      stop?.();
      stop = null;
    }
  };
}
