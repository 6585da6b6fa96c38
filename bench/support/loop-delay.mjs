import { monitorEventLoopDelay } from 'node:perf_hooks';

const milliseconds = (nanoseconds) => nanoseconds / 1e6;

/** Watches this process's event loop until the answer is called; milliseconds that a timer of 1 ms came late or on time. */
export function watchLoop() {
  const histogram = monitorEventLoopDelay({ resolution: 1 });
  histogram.enable();
  return () => {
    histogram.disable();
    return {
      median: milliseconds(histogram.percentile(50)),
      p99: milliseconds(histogram.percentile(99)),
      longest: milliseconds(histogram.max),
    };
  };
}
