import { openPort } from './port.ts';
import { createIndexHandlers } from './handlers.ts';
import { serve } from './serve.ts';

// The files hold records in plain text: whatever this process makes is for its user alone.
process.umask(0o077);

serve(openPort(), createIndexHandlers());
