import { cpSync, mkdtempSync, readdirSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { openDiskStorage } from '../../../electron/sandbox/storage/disk-storage.ts';
import { createMemoryStorage } from '../../../electron/sandbox/storage/memory-storage.ts';
import type { SandboxStorage } from '../../../electron/sandbox/storage/storage.ts';
import { fill, heldBy, RandomWrites } from './support/random-writes.ts';

/** Segments fill, snapshots are taken and room is given back all the time, while others write. */
const SEGMENT_SIZE = 32 * 1024;
/** `npm run test:long` asks for more. */
const SEEDS = process.env['DIPPER_TEST_LONG'] === '1' ? 100 : 12;

let directory: string;

beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), 'dipper-disk-versions-'));
});

afterEach(() => {
  rmSync(directory, { recursive: true, force: true });
  rmSync(`${directory}-crashed`, { recursive: true, force: true });
});

/** What another process would find if this one ended now. */
function crashed(): string {
  const copy = `${directory}-crashed`;
  rmSync(copy, { recursive: true, force: true });
  cpSync(directory, copy, { recursive: true, filter: (source) => basename(source) !== 'lock' });
  return copy;
}

function open(from: string): Promise<SandboxStorage> {
  return openDiskStorage({ directory: from, segmentSize: SEGMENT_SIZE, onNote: fail });
}

async function reopened(from: string): Promise<Record<string, unknown>> {
  const storage = await open(from);
  const held = await heldBy(storage);
  await storage.close();
  return held;
}

function fail(note: string): never {
  throw new Error(note);
}

function sizeOf(folder: string): number {
  const names = readdirSync(join(directory, folder));
  return names.reduce((sum, name) => sum + statSync(join(directory, folder, name)).size, 0);
}

it(
  'keeps versions, markers, uploads and tags over restarts, crashes and the loss of its index',
  { timeout: SEEDS * 3_000 },
  async () => {
    const memory = createMemoryStorage();
    let disk = await open(directory);
    for (let seed = 1; seed <= SEEDS; seed += 1) {
      const writes = new RandomWrites(seed, [memory, disk], 4 + (seed % 12) * 2);
      for (let round = 0; round < 150; round += 1) {
        await writes.write(1500);
        // Objects that stay keep some segments in good use: these are not emptied, with all that is dead in them.
        if (seed === 1 && round < 60) for (const storage of [memory, disk]) await fill(storage, `${seed}/${round}`);
      }
      const expected = await heldBy(memory);
      expect(await heldBy(disk)).toEqual(expected);
      const copy = crashed();
      expect(await reopened(copy)).toEqual(expected);
      rmSync(join(copy, 'index'), { force: true });
      expect(await reopened(copy)).toEqual(expected);
      if (seed % 4 !== 0) continue;
      await disk.close();
      disk = await open(directory);
    }
    await disk.close();
    // Nothing is left of what was overwritten, aborted and left out.
    const bodies = readdirSync(join(directory, 'bodies'), { recursive: true });
    await reopened(directory);
    expect(readdirSync(join(directory, 'bodies'), { recursive: true })).toEqual(bodies);
    // Half of it may be dead, no more: about as much was written for each seed.
    expect(sizeOf('segments')).toBeLessThan(1_500_000);
  },
);
