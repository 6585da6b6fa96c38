/** Dipper's engine, as the application uses it. Arguments: WORK PLACE. */
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { readRecords, reportWork } from './report-work.mjs';

const [work, placeText] = process.argv.slice(2);
const place = JSON.parse(placeText);
const { createS3Client } = await load('create-s3-client');
const client = createS3Client({
  endpoint: place.endpoint,
  region: 'us-east-1',
  pathStyle: true,
  name: 'bench',
  maxWorkers: null,
  credentials: { accessKeyId: 'bench', secretAccessKey: 'bench', sessionToken: null },
});
const records = work === 'list' ? [] : await readRecords(place.recordsFile);
const signal = new AbortController().signal;
const { bucket, prefix } = place;

const works = {
  create: () =>
    each(async ({ key, body }) => {
      await client.putObject(bucket, prefix + key, Buffer.from(body), {
        lane: 'bulk',
        signal,
        ifNoneMatch: '*',
        headers: { contentType: 'application/json' },
      });
      return body.length;
    }),
  read: () =>
    each(async ({ key }) => (await client.getObject(bucket, prefix + key, { lane: 'bulk', signal })).body.length),
  delete: () => each(async ({ key }) => (await client.deleteObject(bucket, prefix + key, { lane: 'bulk', signal }), 0)),
  list: async () => {
    let count = 0;
    for await (const page of client.listAllObjects(bucket, { prefix, signal, lane: 'bulk' }))
      count += page.objects.length;
    return { records: count, bytes: 0 };
  },
};

await reportWork(works[work]);
await client.close();

async function each(run) {
  let next = 0;
  let bytes = 0;
  const worker = async () => {
    while (next < records.length) {
      const moved = await run(records[next++]);
      bytes += moved;
    }
  };
  await Promise.all(Array.from({ length: 512 }, worker));
  return { records: records.length, bytes };
}

function load(name) {
  return import(pathToFileURL(join(place.engine, `${name}.mjs`)).href);
}
