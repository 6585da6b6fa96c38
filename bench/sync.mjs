// A collection of 100,000 records: what its index takes, and what a sync after a few changes asks. See README.md.
import { setTimeout as pause } from 'node:timers/promises';
import { parseArgs } from 'node:util';
import { startBenchServer } from './support/bench-server.mjs';
import { openBenchApplication } from './support/open-application.mjs';
import { indexProcess, memoryOf } from './support/process-figures.mjs';

const SIZE = 300;
const MOST_MEMORY = 450;

const { values: options } = parseArgs({ options: { records: { type: 'string', default: '100000' } } });
const records = Number(options.records);
const changed = Math.ceil(records / 1000);
const place = { bucket: 'records', prefix: 'people/' };
const server = await startBenchServer();
const dipper = await openBenchApplication(server.endpoint);
let missed = 0;

try {
  await server.order('fill', { ...place, count: records, size: SIZE });
  const collection = await dipper.addCollection(place);
  const first = await sync(collection, 'complete');
  judge(`the first sync, ${describe(first)}`, first.requests.GetObject === records, `${records} GETs`);
  // DuckDB gives back what it let go of a moment later.
  await pause(5_000);
  const [main, index] = [memoryOf(process.pid), memoryOf(indexProcess())];
  judge(
    `memory five seconds later: main ${main.toFixed(0)} MB and index ${index.toFixed(0)} MB PSS`,
    main + index <= MOST_MEMORY,
    `≤ ${MOST_MEMORY} MB`,
  );
  // The same keys with other bodies.
  await server.order('fill', { ...place, count: changed, size: SIZE + 1 });
  const second = await sync(collection, 'forced');
  const { GetObject: read = 0, ...others } = second.requests;
  const isListing = Object.keys(others).every((operation) => operation === 'ListObjectsV2');
  judge(
    `a sync after ${changed} changes, ${describe(second)}`,
    read === changed && isListing,
    `LIST and exactly ${changed} GETs`,
  );
} finally {
  await dipper.close();
  await server.stop();
}
if (missed > 0) process.exitCode = 1;

async function sync(collection, freshness) {
  await server.order('startCounting');
  const began = performance.now();
  const { result, total } = await dipper.call('query:open', { collection, query: '{}', freshness });
  const seconds = (performance.now() - began) / 1000;
  await dipper.call('query:close', { result });
  if (total !== records) throw new Error(`${total} records instead of ${records}`);
  return { seconds, ...(await server.order('counted')) };
}

function describe({ seconds, requests }) {
  const counts = Object.entries(requests).map(([operation, count]) => `${count.toLocaleString('en')} ${operation}`);
  return `${seconds.toFixed(1)} s: ${counts.join(', ')}`;
}

function judge(what, met, goal) {
  if (!met) missed += 1;
  console.log(`${what}: ${met ? 'met' : `missed (${goal})`}`);
}
