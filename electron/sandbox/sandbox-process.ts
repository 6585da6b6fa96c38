import { fork } from 'node:child_process';
import { AppFailure } from '../../shared/result.ts';
import type { SandboxOptions } from './run-sandbox.ts';
import { isFromSandbox, type ToSandbox } from './sandbox-messages.ts';

/** Where a running sandbox is and how to sign for it. */
export interface RunningSandbox {
  /** `http://127.0.0.1:PORT`. */
  readonly endpoint: string;
  readonly region: string;
  readonly accessKeyId: string;
  readonly secretAccessKey: string;
  /** Resolves when its process has ended. */
  stop(): Promise<void>;
  onExit(listener: (reason: string) => void): void;
}

/** The sandbox's process, whoever started it: node:child_process here, Electron's utilityProcess on the desktop. */
export interface SandboxProcess {
  readonly pid: number | null;
  send(message: object): void;
  onMessage(listener: (message: unknown) => void): void;
  /** Called once, whatever ended it. */
  onExit(listener: (reason: string) => void): void;
}

export interface StartSandboxOptions extends SandboxOptions {
  readonly spawn: () => SandboxProcess;
  /** Told what is worth a line in a log. Default: standard error. */
  readonly onNote?: (note: string) => void;
}

/**
 * Starts the sandbox as a process of its own (`spawn`, see `nodeSandboxProcess`); resolves when it listens. Rejects with
 * AppFailure `sandbox-unavailable`.
 */
export function startSandbox({
  spawn,
  onNote = noteOnStandardError,
  ...options
}: StartSandboxOptions): Promise<RunningSandbox> {
  return new Promise((resolve, reject) => {
    const child = spawn();
    const exitListeners: ((reason: string) => void)[] = [];
    let exitReason: string | null = null;
    const onExit = (listener: (reason: string) => void): void => {
      if (exitReason === null) exitListeners.push(listener);
      else listener(exitReason);
    };
    const send = (message: ToSandbox): void => child.send(message);
    child.onMessage((message) => {
      if (!isFromSandbox(message)) return;
      if (message.type === 'note') onNote(message.note);
      else if (message.type === 'failed') reject(unavailable(message.message));
      else if (message.type === 'ready') {
        resolve({
          ...message.sandbox,
          onExit,
          stop: () =>
            new Promise((ended) => {
              onExit(() => ended());
              if (exitReason === null) send({ type: 'stop' });
            }),
        });
      }
    });
    child.onExit((reason) => {
      exitReason = reason;
      reject(unavailable(`Its process ended (${reason}).`));
      for (const listener of exitListeners) listener(reason);
    });
    send({ type: 'start', options });
  });
}

/** Starts `script` (the built `sandbox-process.js`) as a child of this Node, or of this Electron as plain Node. */
export function nodeSandboxProcess(script: string): SandboxProcess {
  const child = fork(script, {
    stdio: ['ignore', 'ignore', 'inherit', 'ipc'],
    execArgv: [],
    env: { ...process.env, ELECTRON_RUN_AS_NODE: '1' },
  });
  return {
    pid: child.pid ?? null,
    // A child that is gone says so by its exit.
    send: (message) => child.send(message, () => undefined),
    onMessage: (listener) => child.on('message', listener),
    onExit: (listener) => {
      let told = false;
      const tell = (reason: string): void => {
        if (!told) listener(reason);
        told = true;
      };
      child.once('error', (error) => tell(error.message));
      child.once('exit', (code, signal) => tell(signal ?? `exit code ${code}`));
    },
  };
}

function unavailable(why: string): AppFailure {
  return new AppFailure('sandbox-unavailable', `The sandbox did not start. ${why}`, { retryable: true });
}

function noteOnStandardError(note: string): void {
  process.stderr.write(`dipper sandbox: ${note}\n`);
}
