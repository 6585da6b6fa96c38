import { afterAll, beforeAll, expect, test } from 'vitest';
import { createS3Client } from '../../../electron/engine/s3/create-s3-client.ts';
import { copyInParts } from '../../../electron/engine/s3/multipart/copy-in-parts.ts';
import type { ObjectHeaders, S3Client } from '../../../electron/engine/s3/s3-client.ts';
import { startTestSandbox, targetOf, type TestSandbox } from '../support/sandbox.ts';

const BUCKET = 'records';
const MIB = 1024 * 1024;
const HEADERS: ObjectHeaders = {
  contentType: 'application/x-large',
  userMetadata: [{ key: 'note', value: 'one' }],
  storageClass: 'STANDARD_IA',
  tags: [{ key: 'a', value: 'b' }],
};

let sandbox: TestSandbox;
let client: S3Client;

beforeAll(async () => {
  sandbox = await startTestSandbox({ buckets: [BUCKET] });
  client = createS3Client(targetOf(sandbox));
});

afterAll(async () => {
  await client.close();
  await sandbox.stop();
});

async function uploadsLeft(): Promise<number> {
  let count = 0;
  for await (const page of client.listMultipartUploads(BUCKET, {})) count += page.length;
  return count;
}

test('an object is copied in parts by the server, onto itself too, with all that it is to say; what fails leaves no upload', async () => {
  const body = Buffer.alloc(12 * MIB, 'abcdefg');
  const { etag } = await client.putObject(BUCKET, 'a', body, {});
  const source = { bucket: BUCKET, key: 'a', ifMatch: etag, size: body.byteLength };
  const options = { headers: HEADERS, partBytes: 5 * MIB };
  const copied = await copyInParts(client, BUCKET, 'b', source, { ...options, ifNoneMatch: '*' });
  expect(copied.etag).toMatch(/-3"$/);
  const found = await client.getObject(BUCKET, 'b', {});
  expect(Buffer.compare(found.body, body)).toBe(0);
  const { tags: _, ...said } = HEADERS;
  expect(found.head).toMatchObject({ ...said, tagCount: 1, etag: copied.etag });

  await expect(copyInParts(client, BUCKET, 'b', source, { ...options, ifNoneMatch: '*' })).rejects.toMatchObject({
    error: { code: 'record-exists' },
  });
  const onItself = await copyInParts(client, BUCKET, 'a', source, { ...options, ifMatch: etag });
  expect((await client.headObject(BUCKET, 'a', {})).etag).toBe(onItself.etag);
  // Another one by now.
  await expect(copyInParts(client, BUCKET, 'c', source, options)).rejects.toMatchObject({
    error: { code: 'record-changed' },
  });
  expect(await uploadsLeft()).toBe(0);
});
