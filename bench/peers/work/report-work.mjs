import { createReadStream, mkdirSync, writeFileSync } from 'node:fs';
import { Session } from 'node:inspector/promises';
import { join } from 'node:path';
import { createInterface } from 'node:readline';

/** The records of a run, `{ id, key, body }`, as the runner wrote them. */
export async function readRecords(file) {
  const records = [];
  for await (const line of createInterface({ input: createReadStream(file) })) records.push(JSON.parse(line));
  return records;
}

/** Between two samples: with five times as many the work took twice as long. */
const SAMPLE_MICROSECONDS = 1_000;

/**
 * Runs the work and prints what it took, without the start of the process before it. With a folder its main thread is
 * profiled meanwhile, and the profile is left there.
 */
export async function reportWork(work, profileFolder) {
  const endProfile = profileFolder === undefined ? null : await beginProfile();
  const cpuBefore = process.cpuUsage();
  const began = performance.now();
  const done = await work();
  const wall = performance.now() - began;
  const { user, system } = process.cpuUsage(cpuBefore);
  await endProfile?.(profileFolder);
  process.stdout.write(`${JSON.stringify({ ...done, wall, cpu: (user + system) / 1000 })}\n`);
}

async function beginProfile() {
  const session = new Session();
  session.connect();
  await session.post('Profiler.enable');
  await session.post('Profiler.setSamplingInterval', { interval: SAMPLE_MICROSECONDS });
  await session.post('Profiler.start');
  return async (folder) => {
    const { profile } = await session.post('Profiler.stop');
    mkdirSync(folder, { recursive: true });
    writeFileSync(join(folder, `${process.pid}.json`), JSON.stringify(profile));
    session.disconnect();
  };
}
