import { closeSync, openSync, readSync } from 'node:fs';
import { monitorEventLoopDelay } from 'node:perf_hooks';
import { percentile } from './percentiles.mjs';

const milliseconds = (nanoseconds) => nanoseconds / 1e6;

/**
 * Watches this process's event loop until the answer is called. Milliseconds that a timer of 1 ms came late or on time
 * (`median`, `p99`, `longest`), and `own`: the same without the time that this thread was ready to run and the machine
 * had no core for it, which is what the machine adds; null where the system does not tell (only Linux does).
 */
export function watchLoop() {
  const histogram = monitorEventLoopDelay({ resolution: 1 });
  const clock = openClockOfThread();
  const looks = [];
  let before = { at: performance.now(), waited: clock?.waited() ?? 0 };
  const timer = setInterval(() => {
    const now = { at: performance.now(), waited: clock?.waited() ?? 0 };
    looks.push(Math.max(0, now.at - before.at - (now.waited - before.waited)));
    before = now;
  }, 1);
  histogram.enable();
  return () => {
    histogram.disable();
    clearInterval(timer);
    const figures = {
      median: milliseconds(histogram.percentile(50)),
      p99: milliseconds(histogram.percentile(99)),
      longest: milliseconds(histogram.max),
      own: clock === null ? null : { p99: percentile(looks, 0.99), longest: Math.max(...looks) },
    };
    clock?.close();
    return figures;
  };
}

/** Of the main thread; null where there is no /proc. */
function openClockOfThread() {
  let file;
  try {
    file = openSync('/proc/self/schedstat', 'r');
  } catch (error) {
    if (error.code === 'ENOENT') return null;
    throw error;
  }
  const text = Buffer.alloc(80);
  return {
    /** Milliseconds so far that the thread waited for a core. */
    waited: () => milliseconds(Number(text.toString('latin1', 0, readSync(file, text, 0, 80, 0)).split(' ')[1])),
    close: () => closeSync(file),
  };
}
