/** Dipper's engine, as the application uses it. Arguments: WORK PLACE. */
import { createHash } from 'node:crypto';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { collectionIn } from '../../support/connections.mjs';
import { readRecords, reportWork } from './report-work.mjs';

const [work, placeText] = process.argv.slice(2);
const place = JSON.parse(placeText);
const { createS3Client } = await load('create-s3-client');
const { createRecordBatches } = await load('create-record-batches');
const { ALL_CAPABILITIES } = await load('capabilities');
const { signal } = new AbortController();
const records = work === 'list' ? [] : await readRecords(place.recordsFile);

if (place.worksBefore) {
  const before = engineAt(place.otherEndpoint);
  await before.begin(work)();
  await before.close();
}
const { begin, close } = engineAt(place.endpoint);
await reportWork(begin(work), place.profileFolder);
await close();

function engineAt(endpoint) {
  const client = createS3Client({
    endpoint,
    region: 'us-east-1',
    pathStyle: true,
    name: 'bench',
    maxWorkers: place.maxWorkers,
    credentials: { accessKeyId: 'bench', secretAccessKey: 'bench', sessionToken: null },
    // What the application takes for granted of Amazon's servers and finds out once of any other.
    capabilities: ALL_CAPABILITIES,
  });
  const batches = createRecordBatches(client, collectionIn('bench', place));

  const works = {
    create: () => {
      const source = records.map(({ id, body }) => ({ id, record: body }));
      return () => countWritten(batches.create(source, { signal }));
    },
    read: () => {
      const source = records.map(({ key }) => ({ key: place.prefix + key }));
      return async () => {
        let bytes = 0;
        let count = 0;
        for await (const { found, error } of batches.read(source, { signal })) {
          if (error !== null) throw new Error(error.message);
          count += 1;
          bytes += found.body.length;
        }
        return { records: count, bytes };
      };
    },
    delete: () => {
      // As a person deletes them: those with the ETag that was seen.
      const source = records.map(({ key, body }) => ({
        key: place.prefix + key,
        etag: `"${createHash('md5').update(body).digest('hex')}"`,
      }));
      return () => countWritten(batches.delete(source, { signal }));
    },
    list: () => async () => {
      let count = 0;
      const { bucket, prefix } = place;
      for await (const page of client.listAllObjectsAtOnce(bucket, { prefix, signal, lane: 'bulk' })) {
        if (page.startsAgain) count = 0;
        count += page.objects.length;
      }
      return { records: count, bytes: 0 };
    },
  };

  return { begin: (name) => works[name](), close: () => client.close() };
}

async function countWritten(outcomes) {
  let count = 0;
  for await (const { outcome, key, error } of outcomes) {
    if (outcome !== 'done') throw new Error(`${key}: ${outcome}, ${error?.message}`);
    count += 1;
  }
  return { records: count, bytes: 0 };
}

function load(name) {
  return import(pathToFileURL(join(place.engine, `${name}.mjs`)).href);
}
