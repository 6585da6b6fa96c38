import type { EventMessage } from '../../shared/bridge.ts';
import type { ReportMistake } from './contract-server.ts';

/** Where events meet their listeners: made before whatever raises them. */
export interface EventHub {
  emit(event: EventMessage): void;
  /** Answers a function that ends the subscription. */
  subscribe(listener: (event: EventMessage) => void): () => void;
}

export function createEventHub(reportMistake: ReportMistake): EventHub {
  const listeners = new Set<(event: EventMessage) => void>();
  return {
    emit: (event) => {
      for (const listener of listeners) {
        try {
          listener(event);
        } catch (error) {
          // One listener's mistake is not the others' and not that of whoever raised the event.
          reportMistake(`event ${event.name}`, error);
        }
      }
    },
    subscribe: (listener) => {
      // A wrapper, so that one function that listens twice hears twice and leaves once.
      const entry = (event: EventMessage): void => listener(event);
      listeners.add(entry);
      return () => {
        listeners.delete(entry);
      };
    },
  };
}
