import { once } from 'node:events';
import { createServer, type IncomingHttpHeaders } from 'node:http';
import { afterAll, afterEach, beforeEach, expect, test } from 'vitest';
import { createAwsCredentials } from '../../../electron/engine/credentials/aws-credentials.ts';
import { createS3Client } from '../../../electron/engine/s3/create-s3-client.ts';
import { readNetworkSettings } from '../../../electron/engine/s3/network-settings.ts';
import { ANONYMOUS, type S3Client, type S3Target } from '../../../electron/engine/s3/s3-client.ts';
import { createTargets } from '../../../electron/services/targets.ts';
import { createMemorySecretStore } from '../../../electron/store/secrets.ts';
import type { Connection } from '../../../shared/connection.ts';

const asked: { readonly url: string; readonly headers: IncomingHttpHeaders }[] = [];
/** A bucket that anybody may read. */
const server = createServer(({ url = '', headers }, response) => {
  asked.push({ url, headers });
  response.end('<ListBucketResult><IsTruncated>false</IsTruncated></ListBucketResult>');
});
server.listen(0, '127.0.0.1');
await once(server, 'listening');
const address = server.address();
const endpoint = `http://127.0.0.1:${address === null || typeof address === 'string' ? 0 : address.port}`;

const clients: S3Client[] = [];
beforeEach(() => void asked.splice(0));
afterEach(async () => {
  for (const client of clients.splice(0)) await client.close();
});
afterAll(async () => {
  server.close();
  await once(server, 'close');
});

const connection: Connection = {
  id: 'open-data',
  name: 'Open data',
  kind: 'custom',
  endpoint,
  region: 'us-east-1',
  pathStyle: true,
  credentials: { source: 'anonymous' },
  environment: 'test',
  readOnly: true,
  maxWorkers: null,
};

async function targetOf(changes: Partial<Connection>): Promise<S3Target> {
  const targets = createTargets({
    secrets: createMemorySecretStore(),
    environment: {},
    isCommand: false,
    sandbox: () => Promise.reject(new Error('no sandbox')),
    aws: createAwsCredentials({}, readNetworkSettings({})),
  });
  return await targets.resolveDraft({ ...connection, ...changes }, { secretAccessKey: 'secret', sessionToken: null });
}

function connect(target: S3Target): S3Client {
  const client = createS3Client(target);
  clients.push(client);
  return client;
}

test('requests of an anonymous connection carry no signature', async () => {
  const target = await targetOf({});
  expect(target.credentials).toBe(ANONYMOUS);
  await connect(target).listObjectsV2('records', { prefix: 'a/' });
  expect(asked.map(({ url, headers }) => [url.split('?')[0], headers.authorization, headers['x-amz-date']])).toEqual([
    ['/records', undefined, undefined],
  ]);
});

test('who pays for the requests says so in each, and signs it', async () => {
  const target = await targetOf({ credentials: { source: 'keys', accessKeyId: 'key' }, requesterPays: true });
  await connect(target).listObjectsV2('records', {});
  expect(asked[0]?.headers['x-amz-request-payer']).toBe('requester');
  expect(asked[0]?.headers.authorization).toContain('x-amz-request-payer');
});
