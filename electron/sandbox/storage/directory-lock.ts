import { linkSync, readFileSync, renameSync, unlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';

/** Thrown where another process has the directory. */
export class DirectoryInUse extends Error {
  constructor(directory: string, owner: string) {
    super(
      `The sandbox directory ${directory} is in use by process ${owner}. Stop that one, or choose another directory.`,
    );
    this.name = 'DirectoryInUse';
  }
}

/** Where processes end is told to their parents alone: others have to look. */
const LOOK_AGAIN_MILLISECONDS = 50;

/** `lockDirectory`, after a wait of at most so long for the process that has the directory. */
export async function lockWhenFree(directory: string, waitMilliseconds: number): Promise<() => void> {
  for (const until = Date.now() + waitMilliseconds; ;) {
    try {
      return lockDirectory(directory);
    } catch (error) {
      if (!(error instanceof DirectoryInUse) || Date.now() >= until) throw error;
    }
    await pause(LOOK_AGAIN_MILLISECONDS);
  }
}

/** Takes the directory for this process; answers what gives it back. What a dead process left is taken over. */
function lockDirectory(directory: string): () => void {
  const path = join(directory, 'lock');
  const mine = identityOf(process.pid);
  for (let attempt = 0; ; attempt += 1) {
    try {
      writeFileSync(path, mine, { flag: 'wx', mode: 0o600 });
      return () => unlinkSync(path);
    } catch (error) {
      if (!isCode(error, 'EEXIST') || attempt === 3) throw error;
    }
    const owner = readIfThere(path);
    if (owner === null) continue;
    const [pid = ''] = owner.split(' ');
    if (isAlive(Number(pid), owner)) throw new DirectoryInUse(directory, pid);
    removeStale(path, owner);
  }
}

/** Two starting at once must not both take over: who moved a lock away that is not the stale one puts it back. */
function removeStale(path: string, owner: string): void {
  const aside = `${path}.${process.pid}`;
  try {
    renameSync(path, aside);
  } catch (error) {
    if (isCode(error, 'ENOENT')) return;
    throw error;
  }
  if (readFileSync(aside, 'utf8') !== owner) linkSync(aside, path);
  unlinkSync(aside);
}

function isAlive(pid: number, owner: string): boolean {
  if (!Number.isInteger(pid) || pid <= 0) return false;
  try {
    process.kill(pid, 0);
  } catch (error) {
    return isCode(error, 'EPERM');
  }
  return identityOf(pid) === owner;
}

/** The process id, and where the system tells it the time of its start: ids are given out again. */
function identityOf(pid: number): string {
  const status = process.platform === 'linux' ? readIfThere(`/proc/${pid}/stat`) : null;
  // The name in parentheses may hold blanks; the start is the 20th field behind it.
  const started = status?.slice(status.lastIndexOf(')') + 2).split(' ')[19];
  return started === undefined ? String(pid) : `${pid} ${started}`;
}

function readIfThere(path: string): string | null {
  try {
    return readFileSync(path, 'utf8');
  } catch (error) {
    if (isCode(error, 'ENOENT') || isCode(error, 'ESRCH')) return null;
    throw error;
  }
}

function isCode(error: unknown, code: string): boolean {
  return error instanceof Error && 'code' in error && error.code === code;
}
