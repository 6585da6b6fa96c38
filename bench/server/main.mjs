/**
 * The server that `npm run bench` measures against: objects in memory, in a process of its own, which the runner orders
 * about by messages, `{ id, order, ... }`, and each is answered by `{ id, value }`.
 */
import { createServer } from 'node:net';
import { recordsOf } from '../support/records.mjs';
import { serveConnection } from './http-connection.mjs';
import { createRateLimit } from './rate-limit.mjs';
import { newObject, refuse, Store } from './s3-operations.mjs';

const HEADERS = 'x-amz-request-id: 0000000000000000\r\n';

const store = new Store();
let conditions = { latency: 0, listLatency: 0, rate: null };
let mayPass = () => true;
let counts;
startCounting();

const server = createServer((socket) => {
  countOpenTime(socket, counts);
  serveConnection(socket, answerRequest);
});

function countOpenTime(socket, { opened }) {
  const time = { from: performance.now(), to: Infinity };
  opened.push(time);
  socket.once('close', () => {
    time.to = performance.now();
  });
}

function answerRequest(request, answer) {
  const operation = store.operationOf(request);
  counts.requests[operation] = (counts.requests[operation] ?? 0) + 1;
  counts.bytesIn += request.body?.length ?? 0;
  const arrived = performance.now();
  const reply = (status, headers, body) => {
    if (status < 300) counts.done[operation] = (counts.done[operation] ?? 0) + 1;
    if (body !== null && request.method !== 'HEAD') counts.bytesOut += body.length;
    counts.last = performance.now();
    counts.held += counts.last - arrived;
    answer(status, HEADERS + headers, body);
  };
  counts.first ??= performance.now();
  const run = () => store.run(operation, request, reply);
  if (!mayPass()) {
    counts.refused += 1;
    refuse(reply, 503, 'SlowDown');
    return;
  }
  const wait =
    operation === 'ListObjectsV2' ? Math.max(conditions.listLatency, conditions.latency) : conditions.latency;
  if (wait === 0) run();
  else setTimeout(run, wait);
}

function startCounting() {
  counts = {
    requests: {},
    done: {},
    refused: 0,
    bytesIn: 0,
    bytesOut: 0,
    first: null,
    last: null,
    held: 0,
    opened: [],
  };
  counts.cpu = process.cpuUsage();
}

const orders = {
  /** Milliseconds before each answer, and before each page of a listing; requests a second, or null. */
  conditions: (given) => {
    conditions = { latency: 0, listLatency: 0, rate: null, ...given };
    mayPass = conditions.rate === null ? () => true : createRateLimit(conditions.rate);
  },
  fill: ({ bucket: name, prefix, count, size }) => {
    const bucket = store.bucket(name);
    for (const { key, body } of recordsOf(count, size)) {
      bucket.put(prefix + key, newObject(Buffer.from(body), ['Content-Type: application/json']));
    }
  },
  clear: () => store.clear(),
  startCounting,
  /**
   * Since `startCounting`, times in milliseconds: `span` from the first request's arrival to the last answer, `openTime` how
   * long connections were open until then, `held` how long requests were with the server, both summed.
   */
  counted: () => {
    const { user, system } = process.cpuUsage(counts.cpu);
    const total = Object.values(counts.requests).reduce((sum, count) => sum + count, 0);
    const { first, last, cpu: _, opened, ...rest } = counts;
    const openTime = opened.reduce((sum, { from, to }) => sum + Math.max(0, Math.min(to, last) - from), 0);
    return {
      ...rest,
      total,
      connections: opened.length,
      openTime,
      span: first === null || last === null ? 0 : last - first,
      cpu: (user + system) / 1000,
    };
  },
  summary: ({ bucket }) => store.bucket(bucket).summary(),
};

process.on('message', ({ id, order, ...given }) => {
  process.send({ id, value: orders[order](given) ?? null });
});
process.on('disconnect', () => process.exit(0));
server.listen(0, '127.0.0.1', 4096, () => process.send({ port: server.address().port }));
