/**
 * The sandbox's process. Started by `startSandbox` with a channel for messages: node:child_process's, or Electron's
 * `process.parentPort`. It ends when it is told to, and when its parent is gone.
 */
import type { FaultRule } from './faults/fault-rules.ts';
import { runSandbox, type HostedSandbox } from './run-sandbox.ts';
import { isToSandbox, type FromSandbox } from './sandbox-messages.ts';

interface ParentPort {
  postMessage(message: unknown): void;
  on(event: 'message', listener: (event: { readonly data: unknown }) => void): void;
}

const parentPort = findParentPort();
let running: Promise<HostedSandbox> | null = null;
let ending = false;

if (parentPort !== null) {
  parentPort.on('message', ({ data }) => receive(data));
} else if (process.send !== undefined) {
  process.on('message', receive);
  process.on('disconnect', () => void end());
} else {
  process.stderr.write('This is a part of Dipper. To run the sandbox alone: dipper sandbox\n');
  process.exit(2);
}
// Ctrl+C in a terminal reaches the whole group; the parent decides when the sandbox may go.
process.on('SIGINT', () => undefined);
process.on('SIGTERM', () => void end());

function receive(message: unknown): void {
  if (!isToSandbox(message)) return;
  if (message.type === 'stop') {
    void end();
    return;
  }
  if (message.type === 'faults') {
    void setFaults(message.rules, message.seed);
    return;
  }
  if (running !== null) return;
  const starting = runSandbox(message.options, (note) => send({ type: 'note', note }));
  running = starting;
  starting.then(
    ({ endpoint, region, accessKeyId, secretAccessKey }) =>
      send({ type: 'ready', sandbox: { endpoint, region, accessKeyId, secretAccessKey } }),
    (error: unknown) => {
      send({ type: 'failed', message: error instanceof Error ? error.message : String(error) });
      void end();
    },
  );
}

async function setFaults(rules: readonly FaultRule[], seed: number): Promise<void> {
  try {
    const sandbox = await running;
    sandbox?.faults.set(rules, seed);
  } catch {
    // It did not start, and its parent was told.
    return;
  }
  send({ type: 'faults-set' });
}

async function end(): Promise<void> {
  if (ending) return;
  ending = true;
  let code = 0;
  try {
    const sandbox = await running;
    await sandbox?.close();
  } catch {
    // The parent was told why, or is gone; the exit code says it again.
    code = 1;
  }
  process.exit(code);
}

function send(message: FromSandbox): void {
  // oxlint-disable-next-line unicorn/require-post-message-target-origin -- a process's port, no window
  if (parentPort !== null) parentPort.postMessage(message);
  else if (process.connected) process.send?.(message);
}

function findParentPort(): ParentPort | null {
  const port: unknown = 'parentPort' in process ? process.parentPort : null;
  return isParentPort(port) ? port : null;
}

function isParentPort(value: unknown): value is ParentPort {
  return typeof value === 'object' && value !== null && 'postMessage' in value && 'on' in value;
}
