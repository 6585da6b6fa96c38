/** A tenth of a second's worth may come at once, as at a server that counts in short spans. */
const BURST_SECONDS = 0.1;

/** Lets `rate` requests a second through, and says of each whether it may. */
export function createRateLimit(rate) {
  const most = Math.max(1, rate * BURST_SECONDS);
  let left = most;
  let then = performance.now();
  return () => {
    const now = performance.now();
    left = Math.min(most, left + ((now - then) / 1000) * rate);
    then = now;
    if (left < 1) return false;
    left -= 1;
    return true;
  };
}
