import { execFile, spawn, type ChildProcessByStdio } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
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
  readonly stop: () => Promise<Outcome>;
  /** Waits for it to end by itself. */
  readonly end: () => Promise<Outcome>;
  /** Closes the reading end of its standard output, as `| head` does. */
  readonly hangUp: () => Promise<Outcome>;
}

/** The built command in a data folder of its own, with an environment that holds nothing but what is given. */
export interface Dipper {
  readonly dataFolder: string;
  run(args: readonly string[], input?: string | Uint8Array): Promise<Outcome>;
  start(args: readonly string[]): RunningCommand;
  remove(): Promise<void>;
}

export async function createDipper(environment: Readonly<Record<string, string>>): Promise<Dipper> {
  const dataFolder = await mkdtemp(join(tmpdir(), 'dipper-cli-'));

  function launch(args: readonly string[]): ChildProcessByStdio<Writable, Readable, Readable> {
    return spawn(process.execPath, [script, ...args], {
      cwd: dataFolder,
      env: { PATH: process.env['PATH'], HOME: dataFolder, DIPPER_DATA_DIR: join(dataFolder, 'data'), ...environment },
      stdio: ['pipe', 'pipe', 'pipe'],
    });
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
      const child = launch(args);
      // A command that does not read its input may end before it was given.
      child.stdin.on('error', () => undefined);
      child.stdin.end(input);
      return outcomeOf(child);
    },
    start(args) {
      const child = launch(args);
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
        stop: () => {
          child.kill('SIGTERM');
          return outcome;
        },
      };
    },
    remove: () => rm(dataFolder, { recursive: true, force: true }),
  };
}
