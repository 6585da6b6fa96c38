// The event loop of the process that holds the engine, while it lists, syncs and writes. See README.md.
import { fork } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { parseArgs } from 'node:util';
import { startBenchServer } from './support/bench-server.mjs';
import { watchLoop } from './support/loop-delay.mjs';
import { openBenchApplication } from './support/open-application.mjs';
import { milliseconds } from './support/percentiles.mjs';
import { recordsOf } from './support/records.mjs';

const BATCH = 10_000;
const SIZE = 300;
/** What main is to stay below. */
const MOST = { p99: 8, longest: 50 };

const { values: options } = parseArgs({ options: { objects: { type: 'string', default: '1000000' } } });
const objects = Number(options.objects);
const server = await startBenchServer();
const idle = fork(join(import.meta.dirname, 'support/idle-process.mjs'));
const dipper = await openBenchApplication(server.endpoint);
const folder = mkdtempSync(join(tmpdir(), 'dipper-bench-loop-'));
let missed = 0;

try {
  await server.order('fill', { bucket: 'records', prefix: 'all/', count: objects, size: SIZE });
  await server.order('fill', { bucket: 'records', prefix: 'batch/', count: BATCH, size: SIZE });
  const all = await dipper.addCollection({ bucket: 'records', prefix: 'all/' });
  const batch = await dipper.addCollection({ bucket: 'records', prefix: 'batch/' });

  await measure('nothing, for 5 s', () => pause(5000));
  await measure(`count ${objects.toLocaleString('en')} keys`, async () => {
    const { count } = await dipper.call('collections:count-keys', { collection: all });
    expectSame(count, objects);
  });
  await measure(`sync ${BATCH.toLocaleString('en')} records`, () => sync(batch, 'complete', BATCH));
  await measure(`sync ${objects.toLocaleString('en')} records, the first time`, () => sync(all, 'complete', objects));
  await measure(`the same again, nothing changed`, () => sync(all, 'forced', objects));
  await measure(`set a field of ${BATCH.toLocaleString('en')} records`, () =>
    job(batch, { kind: 'update', edits: [{ part: 'fields', path: ['active'], text: 'null' }] }),
  );
  const rows = join(folder, 'rows.ndjson');
  writeFileSync(rows, Array.from(recordsOf(BATCH, SIZE), ({ body }) => `${body}\n`).join(''));
  const imported = await dipper.addCollection({ bucket: 'records', prefix: 'imported/' });
  await measure(`import ${BATCH.toLocaleString('en')} rows`, () => importRows(imported, rows));
  await measure(`delete ${BATCH.toLocaleString('en')} records`, () => job(batch, { kind: 'delete' }));
} finally {
  await dipper.close();
  await server.stop();
  idle.disconnect();
  rmSync(folder, { recursive: true, force: true });
}
if (missed > 0) process.exitCode = 1;

async function measure(name, work) {
  await lookAtIdle();
  const began = performance.now();
  const stop = watchLoop();
  await work();
  const ours = stop();
  const peer = await lookAtIdle();
  const judged = ours.own ?? ours;
  const met = judged.p99 < MOST.p99 && judged.longest < MOST.longest;
  if (!met) missed += 1;
  console.log(
    `${name} (${((performance.now() - began) / 1000).toFixed(1)} s): ${describe(ours)}; an idle process beside it ` +
      `${describe(peer)}: ${met ? 'met' : `missed (p99 < ${MOST.p99} ms, longest < ${MOST.longest} ms)`}`,
  );
}

async function lookAtIdle() {
  idle.send('look');
  const [figures] = await once(idle, 'message');
  return figures;
}

function describe({ median, p99, longest, own }) {
  const all = `p50 ${milliseconds(median)}, p99 ${milliseconds(p99)}, longest ${milliseconds(longest)}`;
  if (own === null) return all;
  return `${all} (without waiting for a core: p99 ${milliseconds(own.p99)}, longest ${milliseconds(own.longest)})`;
}

async function sync(collection, freshness, expected) {
  const { result, total } = await dipper.call('query:open', { collection, query: '{}', freshness });
  await dipper.call('query:close', { result });
  expectSame(total, expected);
}

async function importRows(collection, path) {
  const source = { path };
  const { settings } = await dipper.call('import:inspect', { collection, source, reading: {} });
  await toEnd(collection, { kind: 'import', collection, source, settings, badRows: null });
}

/** To the end of a job over all records of a collection. */
async function job(collection, request) {
  const { result } = await dipper.call('query:open', { collection, query: '{}', freshness: 'held' });
  await toEnd(collection, { ...request, collection, records: { result } });
  await dipper.call('query:close', { result });
}

async function toEnd(collection, request) {
  const end = dipper.until('job:changed', (one) => one.collection === collection && one.endedAt !== null);
  await dipper.call('jobs:start', { job: request });
  const ended = await end;
  expectSame(ended.state, 'completed');
  expectSame(ended.counts.done, BATCH);
}

function expectSame(actual, expected) {
  if (actual !== expected) throw new Error(`${actual} instead of ${expected}`);
}
