import { execFile, spawn, type ChildProcess, type ChildProcessByStdio } from 'node:child_process';
import { once } from 'node:events';
import { mkdir, mkdtemp, rm, symlink } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { delimiter, dirname, join, resolve } from 'node:path';
import { createInterface } from 'node:readline';
import type { Readable, Writable } from 'node:stream';
import { promisify } from 'node:util';

const root = resolve(import.meta.dirname, '../../..');
const script = join(root, 'dist/node/cli.js');

/** Builds what changed since the last build; nothing where nothing did. */
export async function buildDipper(): Promise<void> {
  await promisify(execFile)(process.execPath, [join(root, 'scripts/build.mjs')], { cwd: root });
}

export interface Outcome {
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

/** A command that runs until it is stopped. */
export interface RunningCommand {
  /** The next line of standard output. */
  readonly line: () => Promise<string>;
  /** SIGTERM, where nothing else is said. */
  readonly stop: (signal?: NodeJS.Signals) => Promise<Outcome>;
  /** Ctrl-C: SIGINT for the command and the processes that it started. */
  readonly interrupt: () => void;
  /** Gives it standard input; resolves when it reads there. */
  readonly give: () => Promise<void>;
  /** Waits for it to end by itself. */
  readonly end: () => Promise<Outcome>;
  /** Closes the reading end of its standard output, as `| head` does. */
  readonly hangUp: () => Promise<Outcome>;
}

/** A command line of bash in a terminal of its own, with a keyboard. */
export interface CommandInTerminal {
  readonly type: (keys: string) => void;
  /** Waits until the screen was given this text, so many times. */
  readonly shows: (text: string, times?: number) => Promise<void>;
  /** `stdout` is all that the screen was given. */
  readonly end: () => Promise<Outcome>;
}

/** The built command in a data folder of its own, with an environment that holds nothing but what is given. */
export interface Dipper {
  readonly dataFolder: string;
  run(args: readonly string[], input?: string | Uint8Array): Promise<Outcome>;
  start(args: readonly string[]): RunningCommand;
  /** A command line of a shell, with `dipper` in its PATH. */
  shell(line: string, program?: readonly string[]): Promise<Outcome>;
  inTerminal(line: string): CommandInTerminal;
  /** Kills what still runs, as after a test that failed, then removes the folder. */
  remove(): Promise<void>;
}

export async function createDipper(environment: Readonly<Record<string, string>>): Promise<Dipper> {
  const dataFolder = await mkdtemp(join(tmpdir(), 'dipper-cli-'));
  await mkdir(join(dataFolder, 'bin'));
  await symlink(script, join(dataFolder, 'bin/dipper'));
  const path = [join(dataFolder, 'bin'), dirname(process.execPath), process.env['PATH']].join(delimiter);

  const running = new Set<ChildProcess>();

  /** Each in a group of its own, as a shell starts it: a signal to the group reaches nobody else. */
  function launch(program: string, args: readonly string[]): ChildProcessByStdio<Writable, Readable, Readable> {
    const child = spawn(program, args, {
      cwd: dataFolder,
      env: { PATH: path, HOME: dataFolder, DIPPER_DATA_DIR: join(dataFolder, 'data'), ...environment },
      stdio: ['pipe', 'pipe', 'pipe'],
      detached: true,
    });
    running.add(child);
    child.once('close', () => running.delete(child));
    return child;
  }

  async function outcomeOf(child: ReturnType<typeof launch>): Promise<Outcome> {
    const out: Buffer[] = [];
    const err: Buffer[] = [];
    child.stdout.on('data', (chunk: Buffer) => out.push(chunk));
    child.stderr.on('data', (chunk: Buffer) => err.push(chunk));
    const code = await new Promise<number | null>((done, failed) => {
      child.on('error', failed);
      child.on('close', (status) => done(status));
    });
    return { code, stdout: Buffer.concat(out).toString('utf8'), stderr: Buffer.concat(err).toString('utf8') };
  }

  return {
    dataFolder,
    run(args, input) {
      const child = launch(process.execPath, [script, ...args]);
      // A command that does not read its input may end before it was given.
      child.stdin.on('error', () => undefined);
      child.stdin.end(input);
      return outcomeOf(child);
    },
    start(args) {
      const child = launch(process.execPath, [script, ...args]);
      const outcome = outcomeOf(child);
      const lines = createInterface({ input: child.stdout })[Symbol.asyncIterator]();
      return {
        line: async () => {
          const next = await lines.next();
          if (next.done === true) throw new Error(`it ended early: ${(await outcome).stderr}`);
          return next.value;
        },
        end: () => outcome,
        hangUp: () => {
          child.stdout.destroy();
          return outcome;
        },
        stop: (signal = 'SIGTERM') => {
          child.kill(signal);
          return outcome;
        },
        interrupt: () => {
          if (child.pid !== undefined) process.kill(-child.pid, 'SIGINT');
        },
        give: () =>
          new Promise((taken, failed) => {
            // More than a pipe holds: the last of it is on its way when somebody reads.
            child.stdin.write('x'.repeat(1_000_000), (error) => (error ? failed(error) : taken()));
          }),
      };
    },
    shell(line, [program = 'bash', ...args] = ['bash', '--noprofile', '--norc', '-c']) {
      const child = launch(program, [...args, line]);
      child.stdin.end();
      return outcomeOf(child);
    },
    inTerminal(line) {
      // script (util-linux) gives its command a terminal and passes its exit code on.
      const child = launch('script', ['--quiet', '--flush', '--return', '--command', line, '/dev/null']);
      const outcome = outcomeOf(child);
      let screen = '';
      const watchers = new Set<() => void>();
      child.stdout.on('data', (chunk: Buffer) => {
        screen += chunk.toString('utf8');
        for (const watcher of watchers) watcher();
      });
      return {
        type: (keys) => child.stdin.write(keys),
        shows: (text, times = 1) =>
          new Promise((seen, failed) => {
            const look = (): void => {
              if (screen.split(text).length <= times) return;
              watchers.delete(look);
              seen();
            };
            watchers.add(look);
            look();
            void outcome.then(() => failed(new Error(`it ended without showing ${text}: ${screen}`)));
          }),
        end: () => outcome,
      };
    },
    remove: async () => {
      await Promise.all([...running].map(killGroup));
      await rm(dataFolder, { recursive: true, force: true });
    },
  };
}

/** The processes that it started go too. */
async function killGroup(child: ChildProcess): Promise<void> {
  if (child.pid === undefined) return;
  const closed = once(child, 'close');
  try {
    process.kill(-child.pid, 'SIGKILL');
  } catch (error) {
    // All of them may have ended already, and nobody heard of it yet.
    if (!(error instanceof Error && 'code' in error && error.code === 'ESRCH')) throw error;
  }
  await closed;
}
