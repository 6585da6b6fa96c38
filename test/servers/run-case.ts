import type { S3 } from '@aws-sdk/client-s3';
import { randomBytes } from 'node:crypto';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { changeHeaders } from '../integration/sandbox/support/change-headers.ts';
import { connectTo, type Case, type ServerUnderTest, type World } from './case.ts';
import { describeError, outcome } from './observe.ts';

/** Runs a case in a new bucket; answers what it saw as plain JSON, and a failure that it did not expect as `{ threw }`. */
export async function runCase(one: Case, server: ServerUnderTest): Promise<unknown> {
  const Bucket = `dipper-${randomBytes(6).toString('hex')}`;
  try {
    const { world, cleanUp } = await prepare(server, Bucket);
    try {
      return plainJson(await one.run(world));
    } finally {
      await cleanUp();
    }
  } catch (error) {
    return {
      threw: describeError(error)
        .replaceAll(Bucket, 'BUCKET')
        .replaceAll(server.endpoint, 'ENDPOINT')
        .replace(/, request id:.*/, ''),
    };
  }
}

export function plainJson(value: unknown): unknown {
  return value === undefined ? null : JSON.parse(JSON.stringify(value));
}

async function prepare(
  server: ServerUnderTest,
  Bucket: string,
): Promise<{ readonly world: World; readonly cleanUp: () => Promise<void> }> {
  const clients: S3[] = [];
  const connect: World['connect'] = (options) => {
    const client = connectTo(server, options);
    clients.push(client);
    return client;
  };
  const s3 = connect();
  const buckets = [Bucket];
  const folders: string[] = [];
  await s3.createBucket({ Bucket });
  const world: World = {
    server,
    Bucket,
    s3,
    connect,
    altering: (changes, when) => changeHeaders(connect(), changes, when),
    furtherBucket: () => {
      const name = `${Bucket}-${buckets.length}`;
      buckets.push(name);
      return name;
    },
    folder: () => {
      const folder = mkdtempSync(join(tmpdir(), 'dipper-conformance-'));
      folders.push(folder);
      return folder;
    },
  };
  const cleanUp = async (): Promise<void> => {
    for (const folder of folders) rmSync(folder, { recursive: true, force: true });
    // The sandbox is in memory and ends with the tests.
    for (const client of clients) client.destroy();
    if (server.name === 'sandbox') return;
    // A new client: a server that answered against the rules of HTTP leaves a connection that is of no use.
    const cleaner = connectTo(server);
    for (const name of buckets) await removeBucket(cleaner, name);
    cleaner.destroy();
  };
  return { world, cleanUp };
}

/** Removes a bucket with every version and upload in it; one that is not there is fine. */
async function removeBucket(s3: S3, Bucket: string): Promise<void> {
  if ((await outcome(s3.headBucket({ Bucket }))) !== 'done') return;
  const { Uploads = [] } = await s3.listMultipartUploads({ Bucket });
  for (const { Key, UploadId } of Uploads) await s3.abortMultipartUpload({ Bucket, Key, UploadId });
  for (;;) {
    // Encoded, as not every server escapes in XML what XML cannot hold.
    const {
      Versions = [],
      DeleteMarkers = [],
      IsTruncated,
      EncodingType,
    } = await s3.listObjectVersions({ Bucket, EncodingType: 'url' });
    for (const { Key = '', VersionId } of [...Versions, ...DeleteMarkers]) {
      // Versity does not encode, and does not say that it did.
      const key = EncodingType === 'url' ? decodeURIComponent(Key.replaceAll('+', '%20')) : Key;
      await s3.deleteObject({ Bucket, Key: key, VersionId });
    }
    if (IsTruncated !== true) break;
  }
  await s3.deleteBucket({ Bucket });
}
