import { execFile } from 'node:child_process';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';

const run = promisify(execFile);

/** A file system of its own, which can be full or read-only, whoever the test runs as. */
export interface TestDisk {
  readonly path: string;
  remount(mode: 'ro' | 'rw'): Promise<void>;
  /** Leaves no byte free. */
  fill(): Promise<void>;
  remove(): Promise<void>;
}

/** Linux, and the right to mount: in CI that is root. */
export async function mountDisk(megabytes: number): Promise<TestDisk> {
  const path = await mkdtemp(join(tmpdir(), 'dipper-disk-'));
  await run('mount', ['-t', 'tmpfs', '-o', `size=${megabytes}m`, 'dipper-test', path]);
  return {
    path,
    remount: async (mode) => {
      await run('mount', ['-o', `remount,${mode}`, path]);
    },
    fill: async () => {
      try {
        await writeFile(join(path, 'filler'), Buffer.alloc(megabytes * 1024 * 1024));
      } catch (error) {
        if (!(error instanceof Error && 'code' in error && error.code === 'ENOSPC')) throw error;
      }
    },
    remove: async () => {
      // What has just ended may still be letting go of its files.
      await run('umount', ['--lazy', path]);
      await rm(path, { recursive: true });
    },
  };
}

/** Why this machine can mount nothing, or null. */
export async function mountObstacle(): Promise<string | null> {
  if (process.platform !== 'linux') return 'only Linux mounts a disk of memory';
  try {
    await (await mountDisk(1)).remove();
    return null;
  } catch {
    return 'this user may not mount';
  }
}
