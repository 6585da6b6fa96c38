import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { DeleteObjectsCommand, S3Client as AmazonClient } from '@aws-sdk/client-s3';
import { expect, test } from 'vitest';
import { createS3Client } from '../../../electron/engine/s3/create-s3-client.ts';

interface BenchServer {
  readonly endpoint: string;
  order(name: 'counted'): Promise<{
    readonly total: number;
    readonly refused: number;
    readonly bytesIn: number;
    readonly held: number;
    readonly openTime: number;
  }>;
  order(name: 'summary', given: { readonly bucket: string }): Promise<{ readonly objects: number; bytes: number }>;
  order(name: 'fill' | 'conditions' | 'startCounting', given?: Readonly<Record<string, unknown>>): Promise<null>;
  stop(): Promise<void>;
}

async function startServer(): Promise<BenchServer> {
  // Measurements are plain JavaScript without types.
  const url = pathToFileURL(join(import.meta.dirname, '../../../bench/support/bench-server.mjs')).href;
  const script: { readonly startBenchServer: () => Promise<BenchServer> } = await import(url);
  return script.startBenchServer();
}

test('the server of the measurements keeps, lists, deletes and counts as S3 does', async () => {
  const server = await startServer();
  const credentials = { accessKeyId: 'bench', secretAccessKey: 'bench' };
  const client = createS3Client({
    endpoint: server.endpoint,
    region: 'us-east-1',
    pathStyle: true,
    name: 'bench',
    maxWorkers: null,
    credentials: { ...credentials, sessionToken: null },
  });
  const amazon = new AmazonClient({
    endpoint: server.endpoint,
    region: 'us-east-1',
    forcePathStyle: true,
    credentials,
  });
  try {
    await server.order('fill', { bucket: 'records', prefix: 'all/', count: 2_500, size: 300 });
    await server.order('startCounting');

    const listed: string[] = [];
    for await (const page of client.listAllObjects('records', { prefix: 'all/' })) {
      listed.push(...page.objects.map(({ key }) => key));
    }
    expect(listed).toHaveLength(2_500);
    expect(new Set(listed).size).toBe(2_500);
    const sorted = listed.toSorted();
    const behind = await client.listObjectsV2('records', { startAfter: sorted[1_199] ?? '', maxKeys: 3 });
    expect(behind.objects.map(({ key }) => key)).toEqual(sorted.slice(1_200, 1_203));

    const body = Buffer.from('{"name":"grün"}');
    const put = await client.putObject('records', 'one more/grün+1.json', body, {
      ifNoneMatch: '*',
      headers: { contentType: 'application/json', userMetadata: [{ key: 'from', value: 'test' }] },
    });
    await expect(client.putObject('records', 'one more/grün+1.json', body, { ifNoneMatch: '*' })).rejects.toMatchObject(
      {
        error: { code: 'record-exists' },
      },
    );
    const found = await client.getObject('records', 'one more/grün+1.json', { ifMatch: put.etag });
    expect(Buffer.from(found.body)).toEqual(body);
    expect(found.head.userMetadata).toEqual([{ key: 'from', value: 'test' }]);
    const folders = await client.listObjectsV2('records', { delimiter: '/' });
    expect(folders.commonPrefixes).toEqual(['all/', 'one more/']);
    const { bytesIn, held, openTime } = await server.order('counted');
    expect(bytesIn).toBe(2 * body.length);
    // A connection has one request at a time.
    expect(held).toBeGreaterThan(0);
    expect(held).toBeLessThan(openTime);

    const deleted = await amazon.send(
      new DeleteObjectsCommand({
        Bucket: 'records',
        Delete: { Objects: sorted.slice(0, 1_000).map((Key) => ({ Key })) },
      }),
    );
    expect(deleted.Deleted).toHaveLength(1_000);
    const left = { objects: 1_501, bytes: 1_500 * 300 + body.length };
    expect(await server.order('summary', { bucket: 'records' })).toMatchObject(left);

    await server.order('conditions', { rate: 10 });
    await server.order('startCounting');
    await Promise.all(
      Array.from({ length: 5 }, () => client.headObject('records', sorted[1_000] ?? '', { lane: 'bulk' })),
    );
    expect((await server.order('counted')).refused).toBeGreaterThan(0);
  } finally {
    await client.close();
    amazon.destroy();
    await server.stop();
  }
});
