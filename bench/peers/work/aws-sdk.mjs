/** The AWS SDK for JavaScript as people use it: promises by the 64, and a socket for each. Arguments: WORK PLACE. */
import { Agent } from 'node:http';
import {
  DeleteObjectsCommand,
  GetObjectCommand,
  paginateListObjectsV2,
  PutObjectCommand,
  S3Client,
} from '@aws-sdk/client-s3';
import { readRecords, reportWork } from './report-work.mjs';

const AT_ONCE = 64;

const [work, placeText] = process.argv.slice(2);
const place = JSON.parse(placeText);
const client = new S3Client({
  forcePathStyle: true,
  requestHandler: { httpAgent: new Agent({ keepAlive: true, maxSockets: AT_ONCE }) },
});
const records = work === 'list' ? [] : await readRecords(place.recordsFile);
const Bucket = place.bucket;

const works = {
  create: () =>
    eachAtOnce(records, async ({ key, body }) => {
      const Key = place.prefix + key;
      await client.send(new PutObjectCommand({ Bucket, Key, Body: body, ContentType: 'application/json' }));
      return body.length;
    }),
  read: () =>
    eachAtOnce(records, async ({ key }) => {
      const { Body } = await client.send(new GetObjectCommand({ Bucket, Key: place.prefix + key }));
      return (await Body.transformToByteArray()).length;
    }),
  delete: async () => {
    for (let from = 0; from < records.length; from += 1000) {
      const Objects = records.slice(from, from + 1000).map(({ key }) => ({ Key: place.prefix + key }));
      await client.send(new DeleteObjectsCommand({ Bucket, Delete: { Objects, Quiet: true } }));
    }
    return { records: records.length, bytes: 0 };
  },
  list: async () => {
    let count = 0;
    for await (const page of paginateListObjectsV2({ client }, { Bucket, Prefix: place.prefix })) {
      count += page.Contents?.length ?? 0;
    }
    return { records: count, bytes: 0 };
  },
};

await reportWork(works[work]);
client.destroy();

async function eachAtOnce(items, run) {
  let next = 0;
  let bytes = 0;
  const worker = async () => {
    while (next < items.length) {
      const moved = await run(items[next++]);
      bytes += moved;
    }
  };
  await Promise.all(Array.from({ length: AT_ONCE }, worker));
  return { records: items.length, bytes };
}
