import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { buildFromSource } from '../support/build-from-source.mjs';

const BATCH = 4_000;
const COLLECTION = 'people';

/** Batches that a sync has on their way at once. */
const UNDER_WAY = 2;

/** The real index process, filled with records as a sync fills it. Answers how long that took, and what asks it. */
export async function indexRecords(records, eachLine) {
  const scripts = await buildFromSource({
    channel: 'electron/engine/index/index-channel.ts',
    spawn: 'electron/engine/index/node-index-process.ts',
    batch: 'electron/engine/index/object-batch.ts',
    'index-process': 'electron/engine/index/process/main.ts',
  });
  const load = (name) => import(join(scripts, `${name}.mjs`));
  const { createIndexChannel } = await load('channel');
  const { startNodeIndexProcess } = await load('spawn');
  const { packObjects } = await load('batch');
  const channel = createIndexChannel(() => startNodeIndexProcess(join(scripts, 'index-process.mjs')));
  const folder = mkdtempSync(join(tmpdir(), 'dipper-bench-index-'));
  await channel.call('open', {
    collection: COLLECTION,
    file: join(folder, 'people.duckdb'),
    bucket: 'records',
    prefix: 'people/',
    codec: 'plain',
  });
  let seconds = 0;
  await channel.call('beginSync', { collection: COLLECTION, sizeCap: 4 * 1024 * 1024, retryProblems: false });
  const underWay = [];
  for (let from = 0; from < records.count; from += BATCH) {
    const objects = Array.from({ length: Math.min(BATCH, records.count - from) }, (_, place) => {
      const text = records.bodyOf(from + place);
      eachLine(records.keyOf(from + place), text);
      return objectOf(records.keyOf(from + place), text);
    });
    const batch = packObjects(objects);
    const { keys, etags, sizes, lastModified, storageClasses } = batch;
    const listing = { keys, etags, sizes, lastModified, storageClasses };
    const began = performance.now();
    await channel.call('compareListing', { collection: COLLECTION, listing, mayRepeat: false });
    underWay.push(channel.call('appendObjects', { collection: COLLECTION, objects: batch }));
    if (underWay.length >= UNDER_WAY) await underWay.shift();
    seconds += (performance.now() - began) / 1000;
  }
  const began = performance.now();
  await Promise.all(underWay);
  await channel.call('endSync', { collection: COLLECTION, listedAt: Date.now(), below: null });
  seconds += (performance.now() - began) / 1000;
  return {
    seconds,
    open: (query) => channel.call('query', { collection: COLLECTION, query: JSON.stringify(query) }),
    count: async (query) =>
      (await channel.call('count', { collection: COLLECTION, query: JSON.stringify(query) })).total,
    page: (result, from, count) => channel.call('page', { result, from, count }),
    profile: (result, fields) => channel.call('profile', { result, fields }),
    call: (method, args) => channel.call(method, { collection: COLLECTION, ...args }),
    closeResult: (result) => channel.call('closeResult', { result }),
    close: async () => {
      await channel.stop();
      rmSync(folder, { recursive: true, force: true });
      rmSync(scripts, { recursive: true, force: true });
    },
  };
}

function objectOf(key, text) {
  const body = Buffer.from(text);
  const facts = {
    key,
    etag: `"${key}"`,
    size: body.length,
    lastModified: 0,
    storageClass: 'STANDARD',
    contentEncoding: null,
  };
  return { facts, body, problem: null };
}
