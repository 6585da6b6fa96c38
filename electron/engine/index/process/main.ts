import { getPriority, setPriority } from 'node:os';
import { openPort } from './port.ts';
import { createIndexHandlers } from './handlers.ts';
import { serve } from './serve.ts';

// The files hold records in plain text: whatever this process makes is for its user alone.
process.umask(0o077);

// Ctrl-C in a terminal reaches the whole group of processes: main keeps what was read first, and then ends this one.
for (const signal of ['SIGINT', 'SIGHUP'] as const) process.on(signal, () => undefined);

/**
 * What draws goes first: where there are few cores, the comparison of a listing or a batch of changes would take half of one from
 * the page that shows rows meanwhile. A third of the usual share where both want all of a core, as much as ever where they do not
 * (Linux and macOS; on Windows it is as before). DuckDB's threads begin with it too.
 */
const NICENESS = 5;
try {
  // Who began Dipper with a lower one keeps it.
  if (getPriority() < NICENESS) setPriority(NICENESS);
} catch (error) {
  // A system that forbids it leaves everything as quick as it was.
  console.error(`The index runs at the usual priority: ${String(error)}`);
}

serve(openPort(), createIndexHandlers());
