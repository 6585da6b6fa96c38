/**
 * What is measured. `records` for fast peers, `slowRecords` for slow ones (compared by the record); `conditions` of the
 * server (server/main.mjs); `startsWith`: what the bucket holds before; `peers`: who does it, if not all; `rounds`: at most;
 * `isLong`: not with --quick.
 */
export const RECORD_BYTES = 300;

const LATENCIES = [0, 30];

export const LEGS = [
  ...LATENCIES.map((latency) => many('create', latency)),
  ...LATENCIES.map((latency) => many('read', latency)),
  ...LATENCIES.map((latency) => many('delete', latency)),
  ...LATENCIES.map((latency) => tenfold('create', latency)),
  ...LATENCIES.map((latency) => tenfold('read', latency)),
  {
    name: 'list',
    work: 'list',
    title: 'list 100,000 keys, 75 ms a page',
    records: 100_000,
    slowRecords: 10_000,
    conditions: { listLatency: 75 },
    startsWith: 'records',
  },
  {
    name: 'throttled',
    work: 'create',
    title: 'create 20,000 at a server that takes 2,000 a second and answers 503 beyond',
    records: 20_000,
    conditions: { rate: 2_000 },
    startsWith: 'nothing',
    /** Peers give up, each after its own number of tries: there is no work to compare. */
    peers: ['dipper'],
  },
];

function many(work, latency) {
  return {
    name: `${work}-${latency}ms`,
    work,
    title: `${work} 10,000 × 300 B, ${latency} ms of latency`,
    records: 10_000,
    slowRecords: 1_000,
    conditions: { latency },
    startsWith: work === 'create' ? 'nothing' : 'records',
  };
}

/** In the first 10,000 a process that was just started compiles what it runs; these say what a record costs from then on. */
function tenfold(work, latency) {
  return {
    ...many(work, latency),
    name: `${work}-100k-${latency}ms`,
    title: `${work} 100,000 × 300 B, ${latency} ms of latency`,
    records: 100_000,
    peers: ['dipper', 'dipper-256', 'node-sockets', 's5cmd'],
    rounds: 2,
    isLong: true,
  };
}
