import type { Draft } from '../../shared/record.ts';

export interface DraftStore {
  readonly save: (draft: Draft) => Promise<unknown>;
  readonly discard: (collection: string, key: string) => Promise<unknown>;
}

export interface DraftWriter {
  /** Keeps the newest draft of a record; what was asked before and has not been sent is dropped. */
  readonly keep: (draft: Draft) => void;
  readonly discard: (collection: string, key: string) => void;
  /** Resolves once everything asked for so far is kept (or has failed and been reported). */
  readonly settled: () => Promise<void>;
}

/**
 * Writes drafts as they change, without a timer: one write at a time a record, and while it is under way only the newest
 * draft waits. A slow store therefore gets few writes, a quick one gets all, and none is left behind.
 */
export function createDraftWriter(store: DraftStore, onFailure: (thrown: unknown) => void): DraftWriter {
  const waiting = new Map<string, Draft | { readonly collection: string; readonly key: string }>();
  const running = new Map<string, Promise<void>>();

  async function drain(name: string): Promise<void> {
    for (;;) {
      const next = waiting.get(name);
      if (next === undefined) break;
      waiting.delete(name);
      try {
        await ('change' in next ? store.save(next) : store.discard(next.collection, next.key));
      } catch (thrown) {
        onFailure(thrown);
      }
    }
    running.delete(name);
  }

  function ask(wanted: Draft | { readonly collection: string; readonly key: string }): void {
    const name = JSON.stringify([wanted.collection, wanted.key]);
    waiting.set(name, wanted);
    if (!running.has(name)) running.set(name, drain(name));
  }

  return {
    keep: ask,
    discard: (collection, key) => ask({ collection, key }),
    settled: async () => {
      await Promise.all(running.values());
    },
  };
}
