/**
 * Which collection the requests of a signal are for. Each call of the contract and each sync has a signal of its own
 * that goes down to all of its requests already; the request log needs nothing else on that way.
 */
const collections = new WeakMap<AbortSignal, string>();

export function markCollection(signal: AbortSignal, collection: string): void {
  collections.set(signal, collection);
}

export function markedCollection(signal: AbortSignal | undefined): string | null {
  return signal === undefined ? null : (collections.get(signal) ?? null);
}
