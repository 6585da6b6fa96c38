import { randomBytes } from 'node:crypto';
import { existsSync, readFileSync } from 'node:fs';
import { mkdir, rename, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileErrorCode } from '../../shared/file-failure.ts';
import type { Faults } from './faults/faults.ts';
import { fillWithSamples } from './sample-data.ts';
import { createSandboxServer, type SandboxServer } from './sandbox-server.ts';
import { openDiskStorage } from './storage/disk-storage.ts';
import { createMemoryStorage } from './storage/memory-storage.ts';
import type { SandboxStorage } from './storage/storage.ts';

export interface SandboxOptions {
  /** Absolute path; null keeps everything in memory. */
  readonly directory: string | null;
  /** Default: the one of the last time where it is free, else any free one. */
  readonly port?: number;
  /** Default: the pair that the directory keeps, made at its first start. */
  readonly credentials?: { readonly accessKeyId: string; readonly secretAccessKey: string } | null;
  /** Path of the bundled sample records, put in at the first start; null starts empty. */
  readonly sampleData: string | null;
  /** Answer a write only when the disk has it. Default false. */
  readonly fsync?: boolean;
  /** How long it takes to fetch an object from an archive. Default 3,000, where Amazon takes hours. */
  readonly restoreMilliseconds?: number;
  /** How long to wait for a process that has the directory to end. Default 0: it is refused at once. */
  readonly waitMilliseconds?: number;
}

/** A sandbox that runs in this very process. */
export interface HostedSandbox {
  /** `http://127.0.0.1:PORT`; path style, or `http://BUCKET.localhost:PORT`. */
  readonly endpoint: string;
  readonly region: string;
  readonly accessKeyId: string;
  readonly secretAccessKey: string;
  /** For tests: none until one sets some. */
  readonly faults: Faults;
  /** Ends connections; what was answered is kept. */
  close(): Promise<void>;
}

/** What a directory remembers of itself, beside the objects. */
interface SandboxSettings {
  readonly accessKeyId: string;
  readonly secretAccessKey: string;
  /** The sample records were put in once, or were not wanted at the first start. */
  readonly filled: boolean;
  /** Where it last listened: other clients keep finding it there. 0 before the first time. */
  readonly port: number;
}

const REGION = 'us-east-1';
const SETTINGS = 'settings.json';
/** One sees that it takes time, and what comes then. */
const RESTORE_MILLISECONDS = 3000;

/**
 * Runs the sandbox in this process: for `dipper sandbox`, and for the process that `startSandbox` starts. Rejects with
 * an Error for people where the directory is in use, the port is taken or the disk refuses. `onNote` is told what is
 * worth a line on standard error.
 */
export async function runSandbox(options: SandboxOptions, onNote: (note: string) => void): Promise<HostedSandbox> {
  try {
    return await openSandbox(options, onNote);
  } catch (error) {
    throw options.directory === null ? error : directoryFailure(options.directory, error);
  }
}

async function openSandbox(options: SandboxOptions, onNote: (note: string) => void): Promise<HostedSandbox> {
  const { directory } = options;
  const storage =
    directory === null
      ? createMemoryStorage()
      : await openDiskStorage({
          directory,
          fsync: options.fsync ?? false,
          waitMilliseconds: options.waitMilliseconds ?? 0,
          onNote,
        });
  try {
    const settings = await prepare(storage, options);
    const { accessKeyId, secretAccessKey } = { ...settings, ...options.credentials };
    const identity = { accessKeyId, secretAccessKey, region: REGION };
    const listen = (port: number): Promise<SandboxServer> =>
      createSandboxServer({
        ...identity,
        storage,
        port,
        clock: { now: () => Date.now(), restoreMilliseconds: options.restoreMilliseconds ?? RESTORE_MILLISECONDS },
        onError: (error) => onNote(`The sandbox could not do what was asked: ${String(error)}`),
      });
    const server = await (options.port === undefined ? listenAgain(listen, settings.port) : listen(options.port));
    if (directory !== null) {
      await writeSettings(join(directory, SETTINGS), { ...settings, port: Number(new URL(server.endpoint).port) });
    }
    return { ...identity, endpoint: server.endpoint, faults: server.faults, close: () => server.close() };
  } catch (error) {
    await storage.close();
    throw error;
  }
}

/** What the disk refused, for people; any other error as it is. */
function directoryFailure(directory: string, cause: unknown): unknown {
  const code = fileErrorCode(cause);
  if (code === undefined || isOfPort(cause)) return cause;
  const message =
    code === 'ENOSPC' || code === 'EDQUOT'
      ? `The disk is full: ${directory} cannot be written. Make room on it, or choose another directory.`
      : `The directory ${directory} cannot be used (${code}). Give it to this user, or choose another directory.`;
  return new Error(message, { cause });
}

/** The port of the last time may be somebody else's by now. */
async function listenAgain(listen: (port: number) => Promise<SandboxServer>, port: number): Promise<SandboxServer> {
  try {
    return await listen(port);
  } catch (error) {
    if (port !== 0 && fileErrorCode(error) === 'EADDRINUSE') return await listen(0);
    throw error;
  }
}

/** Whether it is the port that could not be had. */
function isOfPort(error: unknown): boolean {
  return error instanceof Error && 'syscall' in error && error.syscall === 'listen';
}

async function prepare(storage: SandboxStorage, options: SandboxOptions): Promise<SandboxSettings> {
  const path = options.directory === null ? null : join(options.directory, SETTINGS);
  const kept = path === null ? null : readSettings(path);
  const settings: SandboxSettings = {
    accessKeyId: kept?.accessKeyId ?? `DIPPER${randomBytes(7).toString('hex').toUpperCase()}`,
    secretAccessKey: kept?.secretAccessKey ?? randomBytes(30).toString('base64'),
    filled: true,
    port: kept?.port ?? 0,
  };
  // Keys are kept before the first object is: a start that is broken off here fills again.
  if (path !== null && kept === null) await writeSettings(path, { ...settings, filled: false });
  if (kept?.filled !== true) {
    if (options.sampleData !== null) await fillWithSamples(storage, options.sampleData);
    if (path !== null) await writeSettings(path, settings);
  }
  return settings;
}

function readSettings(path: string): SandboxSettings | null {
  if (!existsSync(path)) return null;
  const read: Partial<SandboxSettings> | null = JSON.parse(readFileSync(path, 'utf8'));
  if (typeof read?.accessKeyId !== 'string' || typeof read.secretAccessKey !== 'string') {
    throw new Error(`${path} is damaged. Remove it to give the sandbox new keys.`);
  }
  return {
    accessKeyId: read.accessKeyId,
    secretAccessKey: read.secretAccessKey,
    filled: read.filled === true,
    port: read.port ?? 0,
  };
}

async function writeSettings(path: string, settings: SandboxSettings): Promise<void> {
  await mkdir(join(path, '..'), { recursive: true, mode: 0o700 });
  await writeFile(`${path}.new`, `${JSON.stringify(settings, null, 2)}\n`, { mode: 0o600 });
  await rename(`${path}.new`, path);
}
