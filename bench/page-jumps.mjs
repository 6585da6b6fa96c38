// The page in a real browser, or in Electron: jumps through a large grid while its prefix is listed again and a batch runs. See README.md.
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { parseArgs } from 'node:util';
import { build } from '../scripts/build.mjs';
import { startBenchServer } from './support/bench-server.mjs';
import { collectionIn, connectionTo, SECRET } from './support/connections.mjs';
import { openInBrowser, openInElectron } from './support/open-page.mjs';
import { callAsPage } from './support/page-call.mjs';
import { jumpAround } from './support/page-probe.mjs';
import { milliseconds, percentile } from './support/percentiles.mjs';
import { stolenTime } from './support/stolen-time.mjs';

const BATCH = 10_000;
const SIZE = 300;
/** Of a row until it is filled, and of a task of the page's main thread. */
const MOST = { filled: 100, task: 50 };

/** Milliseconds before the first jump: the places of the other rows are made meanwhile. */
const LOOK_AT_FIRST_ROWS = 500;

const { values: options } = parseArgs({
  options: {
    objects: { type: 'string', default: '1000000' },
    jumps: { type: 'string', default: '1000' },
    electron: { type: 'string' },
  },
});
const objects = Number(options.objects);
const jumps = Number(options.jumps);
await build();

const dataFolder = mkdtempSync(join(tmpdir(), 'dipper-bench-data-'));
const server = await startBenchServer();
const dipper =
  options.electron === undefined ? await openInBrowser(dataFolder) : await openInElectron(options.electron, dataFolder);
try {
  const { page } = dipper;
  await server.order('fill', { bucket: 'records', prefix: 'all/', count: objects, size: SIZE });
  await server.order('fill', { bucket: 'records', prefix: 'batch/', count: BATCH, size: SIZE });
  const connection = connectionTo(server.endpoint);
  await callAsPage(page, 'connections:save', { connection, secret: SECRET });
  const [all, batch] = ['all/', 'batch/'].map((prefix) => collectionIn(connection.id, { bucket: 'records', prefix }));
  for (const collection of [all, batch]) await callAsPage(page, 'collections:save', { collection });
  for (const collection of [batch, all]) {
    const began = performance.now();
    const query = { collection: collection.id, query: '{}', freshness: 'complete' };
    const { result, total } = await callAsPage(page, 'query:open', query);
    await callAsPage(page, 'query:close', { result });
    console.log(
      `${collection.name}: ${total.toLocaleString('en')} records synced in ${milliseconds(performance.now() - began)}`,
    );
  }
  await page.getByRole('treeitem', { name: new RegExp(`^${all.name}`) }).click();
  await page.getByRole('grid').locator('[data-row="0"]:not([aria-busy="true"])').waitFor();
  // As somebody would who has seen the first rows.
  await pause(LOOK_AT_FIRST_ROWS);

  await jump(page, 'alone', 1);
  const load = startLoad(page, all, batch);
  const figures = await jump(page, 'while the prefix is listed and a batch runs', 2);
  const { listings, changed } = await load.stop();
  console.log(
    `meanwhile ${listings} listings of ${objects.toLocaleString('en')} keys and ${changed} changes of records`,
  );
  const met = Math.max(...figures.times) <= MOST.filled && figures.tasks.every((task) => task <= MOST.task);
  console.log(met ? 'met' : `missed: filled within ${MOST.filled} ms, no task above ${MOST.task} ms`);
  if (!met) process.exitCode = 1;
} finally {
  await dipper.close();
  await server.stop();
  rmSync(dataFolder, { recursive: true, force: true });
}

async function jump(page, name, seed) {
  const stolenBefore = stolenTime();
  const began = performance.now();
  const figures = await page.evaluate(jumpAround, { jumps, seed, limit: 10_000 });
  const stolen = stolenBefore === null ? null : (stolenTime() - stolenBefore) / (performance.now() - began);
  report(name, { ...figures, stolen });
  return figures;
}

/** `stolen`: cores that the host of a virtual machine gave to others meanwhile; null where nobody knows. */
function report(name, { times, tasks, frames, shifts, late, stolen }) {
  console.log(
    `${jumps} jumps ${name}: filled after ${spread(times)}${late > 0 ? ` (${late} never)` : ''}; above ${MOST.filled} ms: ` +
      `${times.filter((time) => time > MOST.filled).length}; tasks above ${MOST.task} ms: ${tasks.length}` +
      `${tasks.length === 0 ? '' : `, longest ${milliseconds(Math.max(...tasks))}`}; frames ${spread(frames)}; ` +
      `layout shift ${shifts.toFixed(4)}${stolen === null ? '' : `; taken by the host: ${stolen.toFixed(3)} cores`}`,
  );
}

/** Lists the large prefix again and changes all records of the small one, over and over. */
function startLoad(page, all, batch) {
  const load = { stopped: false, listings: 0, changed: 0, job: null };
  const listing = async () => {
    while (!load.stopped) {
      const query = { collection: all.id, query: '{}', freshness: 'forced' };
      const { result } = await callAsPage(page, 'query:open', query);
      await callAsPage(page, 'query:close', { result });
      load.listings += 1;
    }
  };
  const changing = async () => {
    for (let number = 1; !load.stopped; number += 1) {
      const query = { collection: batch.id, query: '{}', freshness: 'held' };
      const { result } = await callAsPage(page, 'query:open', query);
      const edits = [{ part: 'fields', path: ['number'], text: String(number) }];
      const work = { kind: 'update', collection: batch.id, records: { result }, edits };
      load.job = (await callAsPage(page, 'jobs:start', { job: work })).id;
      const job = await endOf(page, load.job);
      load.job = null;
      await callAsPage(page, 'query:close', { result });
      load.changed += job.counts.done;
      if (job.state === 'failed') throw new Error(`The batch failed: ${job.error?.message}`);
    }
  };
  const done = Promise.all([listing(), changing()]);
  // Looked at when the load is stopped; until then a failure is no unhandled one.
  done.catch(() => undefined);
  return {
    stop: async () => {
      load.stopped = true;
      if (load.job !== null) await callAsPage(page, 'jobs:cancel', { job: load.job });
      await done;
      return load;
    },
  };
}

async function endOf(page, id) {
  for (;;) {
    const job = (await callAsPage(page, 'jobs:list', {})).find((one) => one.id === id);
    if (job === undefined) throw new Error('The job is gone.');
    if (job.endedAt !== null) return job;
    await pause(200);
  }
}

function spread(values) {
  const [median, most] = [percentile(values, 0.5), percentile(values, 0.99)];
  return `p50 ${milliseconds(median)}, p99 ${milliseconds(most)}, longest ${milliseconds(Math.max(...values))}`;
}
