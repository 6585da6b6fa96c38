/**
 * A process of its own that runs one job, or goes on with one that it finds, until that is done or until it kills itself at one of its points: after every
 * write to a journal, as every request leaves, and as every answer arrives. It listens to the system's calls and to the
 * HTTP client from outside, so that the engine has no door for it.
 *
 *     node killed-engine.js '{ … KilledRun … }'      prints how many points it passed
 */
import { subscribe } from 'node:diagnostics_channel';
import { open } from 'node:fs/promises';
import { argv, pid, stdout } from 'node:process';
import { startNodeIndexProcess } from '../../../../electron/engine/index/node-index-process.ts';
import type { S3Target } from '../../../../electron/engine/s3/s3-client.ts';
import type { Collection } from '../../../../shared/collection.ts';
import type { Connection } from '../../../../shared/connection.ts';
import { hasEnded, type JobRequest } from '../../../../shared/job.ts';
import { startEngine } from '../../support/start-engine.ts';

export interface KilledRun {
  readonly target: S3Target;
  readonly collection: Collection;
  readonly connection: Connection;
  readonly folder: string;
  readonly indexProcess: string;
  /** Where a copy goes. */
  readonly other: Collection;
  /** Null goes on with what is in the folder; `undo` names a job that is there. */
  readonly request: JobRequest | { readonly undo: string } | null;
  /** From 1; null for none. */
  readonly killAt: number | null;
}

// oxlint-disable-next-line typescript/no-unsafe-type-assertion -- the test writes it
const run = JSON.parse(argv[2] ?? '') as KilledRun;
let points = 0;

function point(): void {
  points += 1;
  if (points === run.killAt) process.kill(pid, 'SIGKILL');
}

async function watchJournals(): Promise<void> {
  const handle = await open(import.meta.filename, 'r');
  // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- all handles share it
  const prototype = Object.getPrototypeOf(handle) as { writev: (...args: unknown[]) => Promise<unknown> };
  await handle.close();
  const { writev } = prototype;
  prototype.writev = async function watched(this: unknown, ...args: unknown[]) {
    const written = await writev.apply(this, args);
    point();
    return written;
  };
}

await watchJournals();
for (const channel of ['dipper:request:sent', 'dipper:request:answered']) subscribe(channel, point);

let tellEnd = (): void => undefined;
const ended = new Promise<void>((resolve) => {
  tellEnd = resolve;
});
const engine = await startEngine(run.folder, run.target, {
  spawnIndexProcess: () => startNodeIndexProcess(run.indexProcess),
  findTarget: (id) => ({ collection: id === run.other.id ? run.other : run.collection, connection: run.connection }),
  onJobChanged: ({ state }) => {
    if (hasEnded(state)) tellEnd();
  },
});
if (run.request !== null && 'undo' in run.request) await engine.jobs.undo(run.request.undo);
else if (run.request !== null) await engine.jobs.start(run.request);
else if (engine.jobs.list().every(({ state }) => hasEnded(state))) tellEnd();
await ended;
stdout.write(String(points));
await engine.dispose();
