import { randomBytes } from 'node:crypto';
import { constants } from 'node:fs';
import { chmod, copyFile, link, mkdir, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { z } from 'zod';
import { fileFailure } from '../../shared/file-failure.ts';
import { AppFailure } from '../../shared/result.ts';
import type { Door } from './door.ts';
import { visitOwner } from './socket-client.ts';
import type { OwnerDescription, Shell } from './socket-messages.ts';
import { startSocketServer, type SocketServer } from './socket-server.ts';

/** The data folder is ours: we open the application and serve it to whoever comes. */
export interface OwnedFolder {
  readonly role: 'owner';
  /** The application is open. */
  serve(door: Door): void;
  /** The browser host runs; `newAddress` makes an address of its page for who asks where it is. */
  announce(newAddress: () => string): void;
  /**
   * Gives the folder up. `closeApplication` runs after the last call was answered or cut off, and before anybody else
   * can own the folder. A command line waits for other commands that work through it; a window or host cuts them off.
   */
  release(closeApplication: () => Promise<void>): Promise<void>;
  /** The application could not be opened: guests are cut off at once. */
  abandon(): Promise<void>;
}

/** Somebody else owns the folder: `door` is the contract of that application. */
export interface VisitedFolder {
  readonly role: 'guest';
  readonly owner: OwnerDescription;
  readonly door: Door;
  /** Resolves when the owner has ended, or we have left. */
  readonly ended: Promise<void>;
  leave(): void;
}

/**
 * Takes the data folder, or connects to the process that has it. An owner is alive if its socket accepts: a socket ends
 * with its process, whatever ended that, so no process id and no time is trusted. Owners are numbered files in `run/`:
 * the highest number counts, numbers only grow, and making a file that exists fails, so of several that find a dead
 * owner exactly one follows it. The window and the browser host wait for a command that owns the folder to end.
 *
 * `prepare` runs before the folder is taken: whoever comes between that and its opening depends on that going well.
 *
 * Throws `data-folder-in-use`, `data-folder-unusable`.
 */
export async function becomeOwnerOrConnect(
  root: string,
  shell: Shell,
  prepare: () => Promise<unknown> = () => Promise.resolve(),
): Promise<OwnedFolder | VisitedFolder> {
  const folder = join(root, 'run');
  await usable(folder, async () => {
    await makeFolders(root);
    await mkdir(folder, { recursive: true, mode: 0o700 });
    await chmod(folder, 0o700);
  });
  for (;;) {
    const last = await lastOwner(folder);
    if (last.address) {
      const reception = await visitOwner({ ...last.address, shell });
      if (reception.kind === 'welcome') {
        const { owner, door, ended } = reception;
        return { role: 'guest', owner, door, ended, leave: () => reception.leave() };
      }
    }
    await prepare();
    const taken = await usable(folder, () => take(folder, last.number + 1, shell));
    if (taken) return taken;
  }
}

/** Node names no cause where a read-only file system refuses the first of several folders: it is asked for alone then. */
async function makeFolders(path: string): Promise<void> {
  try {
    await mkdir(path, { recursive: true, mode: 0o700 });
  } catch (error) {
    if (!hasCode(error, 'ENOENT') || dirname(path) === path) throw error;
    await makeFolders(dirname(path));
    await mkdir(path, { mode: 0o700 });
  }
}

const ownerSchema = z.object({ socket: z.string(), token: z.string() });

interface LastOwner {
  readonly number: number;
  /** Null where there is none, or its file cannot be read: then nobody can be asked, and the next number is free. */
  readonly address: { readonly socket: string; readonly token: string } | null;
}

async function lastOwner(folder: string): Promise<LastOwner> {
  const number = Math.max(0, ...(await ownerNumbers(folder)));
  if (number === 0) return { number, address: null };
  try {
    const parsed = ownerSchema.safeParse(JSON.parse(await readFile(ownerFile(folder, number), 'utf8')));
    return { number, address: parsed.success ? parsed.data : null };
  } catch (error) {
    if (error instanceof SyntaxError) return { number, address: null };
    // A newer owner has tidied up meanwhile: look again.
    if (hasCode(error, 'ENOENT')) return lastOwner(folder);
    throw unusable(folder, error);
  }
}

/** Null where somebody else was faster. */
async function take(folder: string, number: number, shell: Shell): Promise<OwnedFolder | null> {
  const token = randomBytes(24).toString('base64url');
  const name = randomBytes(8).toString('hex');
  const socket = await socketPath(folder, name);
  // Listening comes before the file: who reads the file can connect.
  const server = await startSocketServer(socket.path, token, { shell, processId: process.pid });
  const draft = join(folder, `${name}.tmp`);
  const giveUp = async (): Promise<void> => {
    await server.close();
    await socket.remove();
  };
  try {
    await writeFile(draft, JSON.stringify({ socket: socket.path, token, processId: process.pid }), { mode: 0o600 });
    const first = await makeIfMissing(draft, ownerFile(folder, number));
    // Who was very slow may have made a number below the one that counts by now.
    if (!first || Math.max(...(await ownerNumbers(folder))) > number) {
      await giveUp();
      return null;
    }
  } catch (error) {
    await giveUp();
    throw error;
  } finally {
    await rm(draft, { force: true });
  }
  await removeOlder(folder, number);
  return {
    role: 'owner',
    serve: (door) => server.serve(door),
    announce: (newAddress) => server.announce(newAddress),
    release: (closeApplication) => release(server, shell, closeApplication, socket.remove),
    abandon: giveUp,
  };
}

async function release(
  server: SocketServer,
  shell: Shell,
  closeApplication: () => Promise<void>,
  removeSocket: () => Promise<void>,
): Promise<void> {
  if (shell === 'command-line') await server.turnAwayWhenIdle();
  else server.turnAway();
  try {
    await closeApplication();
  } finally {
    // The owner's file stays, so that numbers only grow; its socket is dead from here on.
    await server.close();
    await removeSocket();
  }
}

/** Whole or not at all, and never over a file that is there. */
async function makeIfMissing(draft: string, path: string): Promise<boolean> {
  try {
    await link(draft, path);
    return true;
  } catch (error) {
    if (hasCode(error, 'EEXIST')) return false;
    // FAT and some network file systems have no links; a copy may be seen half written, and counts as dead then.
    if (!hasCode(error, 'EPERM', 'ENOTSUP', 'EOPNOTSUPP', 'ENOSYS', 'EXDEV', 'EMLINK')) throw error;
  }
  try {
    await copyFile(draft, path, constants.COPYFILE_EXCL);
    return true;
  } catch (error) {
    if (hasCode(error, 'EEXIST')) return false;
    throw error;
  }
}

async function socketPath(folder: string, name: string): Promise<{ path: string; remove: () => Promise<void> }> {
  if (process.platform === 'win32') {
    return { path: `\\\\.\\pipe\\dipper-${name}`, remove: () => Promise.resolve() };
  }
  const path = join(folder, `${name}.sock`);
  // sun_path holds 104 bytes on a Mac and 108 on Linux, the final zero included.
  if (Buffer.byteLength(path) < 104) return { path, remove: () => rm(path, { force: true }) };
  const short = await mkdtemp(join(tmpdir(), 'dipper-'));
  return { path: join(short, 's'), remove: () => rm(short, { recursive: true, force: true }) };
}

/** Files and sockets that dead owners left. */
async function removeOlder(folder: string, number: number): Promise<void> {
  for (const older of await ownerNumbers(folder)) {
    if (older >= number) continue;
    const path = ownerFile(folder, older);
    try {
      const parsed = ownerSchema.safeParse(JSON.parse(await readFile(path, 'utf8')));
      if (parsed.success && parsed.data.socket.startsWith(folder)) await rm(parsed.data.socket, { force: true });
    } catch (error) {
      // Half-written or gone: there is no socket to remove then.
      if (!(error instanceof SyntaxError) && !hasCode(error, 'ENOENT')) throw unusable(folder, error);
    }
    await rm(path, { force: true });
  }
}

async function ownerNumbers(folder: string): Promise<readonly number[]> {
  const names = await usable(folder, () => readdir(folder));
  return names.flatMap((name) => {
    const match = /^owner-(\d+)\.json$/.exec(name);
    return match ? [Number(match[1])] : [];
  });
}

function ownerFile(folder: string, number: number): string {
  return join(folder, `owner-${number}.json`);
}

async function usable<T>(folder: string, work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    throw error instanceof AppFailure ? error : unusable(folder, error);
  }
}

function unusable(folder: string, cause: unknown): AppFailure {
  const path = cause instanceof Error && 'path' in cause && typeof cause.path === 'string' ? cause.path : folder;
  return fileFailure(path, cause);
}

function hasCode(error: unknown, ...codes: readonly string[]): boolean {
  return error instanceof Error && 'code' in error && typeof error.code === 'string' && codes.includes(error.code);
}
