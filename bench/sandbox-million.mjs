// The sandbox with a million objects: how long it takes to start, and to answer a page of 1,000 keys. See README.md.
import { createHash, randomBytes } from 'node:crypto';
import { fork } from 'node:child_process';
import { closeSync, existsSync, mkdtempSync, openSync, readdirSync, readSync, rmSync, statSync } from 'node:fs';
import { Agent, request } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { buildFromSource } from './support/build-from-source.mjs';
import { milliseconds, percentile } from './support/percentiles.mjs';

const STARTS = 5;
const PAGES = 1000;
const BODY_SIZE = 300;

const { values: options } = parseArgs({
  options: {
    objects: { type: 'string', default: '1000000' },
    versions: { type: 'boolean', default: false },
    directory: { type: 'string' },
  },
});
const objects = Number(options.objects);
const directory = options.directory ?? mkdtempSync(join(tmpdir(), 'dipper-bench-sandbox-'));
const scripts = await buildFromSource({
  'sandbox-process': 'electron/sandbox/main.ts',
  'disk-storage': 'electron/sandbox/storage/disk-storage.ts',
  'start-sandbox': 'electron/sandbox/sandbox-process.ts',
  signing: 'electron/engine/s3/signing.ts',
});
const { openDiskStorage } = await import(join(scripts, 'disk-storage.mjs'));
const { nodeSandboxProcess, startSandbox } = await import(join(scripts, 'start-sandbox.mjs'));
const { createSigner } = await import(join(scripts, 'signing.mjs'));

try {
  if (!existsSync(join(directory, 'index'))) await fill();
  console.log(`${objects} objects of ${BODY_SIZE} bytes${options.versions ? ', with versions' : ''}`);
  await measureStart();
  await measurePages();
} finally {
  rmSync(scripts, { recursive: true, force: true });
  if (options.directory === undefined) rmSync(directory, { recursive: true, force: true });
}

function keyOf(number) {
  return `records/${createHash('md5').update(String(number)).digest('hex')}.json`;
}

async function fill() {
  const began = performance.now();
  const storage = await openDiskStorage({ directory });
  await storage.createBucket('records');
  const bucket = storage.bucket('records');
  if (options.versions) await bucket.setVersioning('enabled');
  const bytes = randomBytes(BODY_SIZE);
  const etag = createHash('md5').update(bytes).digest('hex');
  const facts = {
    headers: { 'content-type': 'application/json' },
    metadata: {},
    tags: [],
    encryption: { algorithm: 'AES256', keyId: null, bucketKey: false },
    checksum: null,
  };
  const put = (number) =>
    bucket.put(
      { key: keyOf(number), size: BODY_SIZE, etag, storageClass: 'STANDARD', facts, body: { bytes } },
      () => undefined,
    );
  for (let number = 0; number < objects; number += 1) await put(number);
  if (options.versions) for (let number = 0; number < objects; number += 10) await put(number);
  await storage.close();
  console.log(`filled in ${milliseconds(performance.now() - began)}`);
}

function start() {
  return startSandbox({
    directory,
    sampleData: null,
    spawn: () => nodeSandboxProcess(join(scripts, 'sandbox-process.mjs')),
  });
}

/** Until it listens; beside it, reading all bytes of its files once, as a start without an index would have to. */
async function measureStart() {
  const starts = [];
  const scans = [];
  for (let round = 0; round < STARTS; round += 1) {
    const began = performance.now();
    const sandbox = await start();
    starts.push(performance.now() - began);
    await sandbox.stop();
    scans.push(scan());
  }
  const [ours, peer] = [percentile(starts, 0.5), percentile(scans, 0.5)];
  console.log(
    `start: median ${milliseconds(ours)}, longest ${milliseconds(Math.max(...starts))}; reading its files once ` +
      `${milliseconds(peer)}; ratio ${(ours / peer).toFixed(2)}`,
  );
}

function scan() {
  const began = performance.now();
  const chunk = Buffer.allocUnsafe(4 * 1024 * 1024);
  for (const folder of ['.', 'segments']) {
    for (const name of readdirSync(join(directory, folder))) {
      const path = join(directory, folder, name);
      if (!statSync(path).isFile()) continue;
      const descriptor = openSync(path, 'r');
      while (readSync(descriptor, chunk) > 0);
      closeSync(descriptor);
    }
  }
  return performance.now() - began;
}

/** Pages of 1,000 keys from random places; beside them, a document of that size from a server that does nothing else. */
async function measurePages() {
  const sandbox = await start();
  const { accessKeyId, secretAccessKey } = sandbox;
  const signer = createSigner({ accessKeyId, secretAccessKey, sessionToken: null }, sandbox.region);
  const { host } = new URL(sandbox.endpoint);
  const agent = new Agent({ keepAlive: true, maxSockets: 1 });
  const page = (after) => {
    const query = `list-type=2&start-after=${encodeURIComponent(after)}`;
    const signed = signer.sign({ method: 'GET', path: '/records', query, headers: { host }, body: null }, new Date());
    return get(agent, `${sandbox.endpoint}/records?${query}`, signed);
  };
  const document = (await page('records/8')).body;
  const keys = document.toString().split('<Contents>').length - 1;
  if (keys !== Math.min(1000, objects) && objects >= 10_000) throw new Error(`a page has ${keys} keys`);
  const bare = fork(join(import.meta.dirname, 'support/bare-server.mjs'), { serialization: 'advanced' });
  bare.send(document);
  const port = await new Promise((resolve) => bare.once('message', resolve));
  const times = [];
  const bareTimes = [];
  for (let round = 0; round < PAGES; round += 1) {
    times.push((await page(`records/${randomBytes(8).toString('hex')}`)).time);
    bareTimes.push((await get(agent, `http://127.0.0.1:${port}/`, {})).time);
  }
  for (const share of [0.5, 0.99]) {
    const [ours, peer] = [percentile(times, share), percentile(bareTimes, share)];
    console.log(
      `a page of ${keys} keys: p${share * 100} ${milliseconds(ours)}; the same bytes from a bare server ` +
        `${milliseconds(peer)}; ratio ${(ours / peer).toFixed(2)}`,
    );
  }
  bare.disconnect();
  agent.destroy();
  await sandbox.stop();
}

function get(agent, url, headers) {
  return new Promise((resolve, reject) => {
    const began = performance.now();
    const sent = request(url, { agent, headers }, (response) => {
      const chunks = [];
      response.on('data', (chunk) => chunks.push(chunk));
      response.on('end', () => {
        if (response.statusCode !== 200)
          reject(new Error(`${response.statusCode} ${Buffer.concat(chunks).toString()}`));
        else resolve({ time: performance.now() - began, body: Buffer.concat(chunks) });
      });
      response.on('error', reject);
    });
    sent.on('error', reject);
    sent.end();
  });
}
