import { createReadStream } from 'node:fs';
import { createInterface } from 'node:readline';

/** The records of a run, `{ id, key, body }`, as the runner wrote them. */
export async function readRecords(file) {
  const records = [];
  for await (const line of createInterface({ input: createReadStream(file) })) records.push(JSON.parse(line));
  return records;
}

/** Runs the work and prints what it took, without the start of the process before it. */
export async function reportWork(work) {
  const cpuBefore = process.cpuUsage();
  const began = performance.now();
  const done = await work();
  const wall = performance.now() - began;
  const { user, system } = process.cpuUsage(cpuBefore);
  process.stdout.write(`${JSON.stringify({ ...done, wall, cpu: (user + system) / 1000 })}\n`);
}
