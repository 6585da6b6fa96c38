import { openPort } from './port.ts';
import { createIndexHandlers } from './handlers.ts';
import { serve } from './serve.ts';

// The files hold records in plain text: whatever this process makes is for its user alone.
process.umask(0o077);

// Ctrl-C in a terminal reaches the whole group of processes: main keeps what was read first, and then ends this one.
for (const signal of ['SIGINT', 'SIGHUP'] as const) process.on(signal, () => undefined);

serve(openPort(), createIndexHandlers());
