const calls = new WeakMap<AbortSignal, Set<() => void>>();

/**
 * Calls once the signal fires, until `offAbort`. One listener a signal, whatever waits for it: thousands of requests of
 * a batch share one, adding a listener and taking it back costs 4 µs each time, and Node takes more than ten for a leak.
 */
export function onAbort(signal: AbortSignal, call: () => void): void {
  let waiting = calls.get(signal);
  if (waiting === undefined) {
    waiting = new Set();
    calls.set(signal, waiting);
  }
  if (waiting.size === 0) signal.addEventListener('abort', callAll);
  waiting.add(call);
}

export function offAbort(signal: AbortSignal, call: () => void): void {
  const waiting = calls.get(signal);
  // A signal that is made of others (`AbortSignal.any`) is kept alive by its listener.
  if (waiting?.delete(call) === true && waiting.size === 0) signal.removeEventListener('abort', callAll);
}

function callAll(this: AbortSignal): void {
  for (const call of calls.get(this) ?? []) call();
}
