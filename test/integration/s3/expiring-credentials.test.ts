import { createServer, type IncomingMessage, type RequestListener, type ServerResponse } from 'node:http';
import { buffer } from 'node:stream/consumers';
import { afterEach, expect, test } from 'vitest';
import { createS3Client } from '../../../electron/engine/s3/create-s3-client.ts';
import { createAwsCredentials } from '../../../electron/engine/credentials/aws-credentials.ts';
import { readNetworkSettings } from '../../../electron/engine/s3/network-settings.ts';
import { createTargets } from '../../../electron/services/targets.ts';
import { createMemorySecretStore } from '../../../electron/store/secrets.ts';
import type { Connection } from '../../../shared/connection.ts';
import { listen } from '../support/listen.ts';

const cleanUps: (() => Promise<void>)[] = [];
afterEach(async () => {
  for (const cleanUp of cleanUps.splice(0).toReversed()) await cleanUp();
});

async function serve(listener: RequestListener): Promise<string> {
  const server = createServer(listener);
  const { port, close } = await listen(server);
  cleanUps.push(close);
  return `http://127.0.0.1:${port}`;
}

/** A server that takes one token for `lifetime` requests and then says, without a warning, that it has expired. */
async function serveTokens(lifetime: number) {
  const objects = new Map<string, Buffer>();
  let token = 1;
  let taken = 0;
  const counts = { refused: 0, fetched: 0 };
  const answer = async (request: IncomingMessage, response: ServerResponse): Promise<void> => {
    const body = await buffer(request);
    const { method, url = '', headers } = request;
    if (headers['x-amz-security-token'] !== `token/${token}`) {
      counts.refused += 1;
      response.writeHead(400, { 'content-type': 'application/xml' });
      response.end('<Error><Code>ExpiredToken</Code></Error>');
      return;
    }
    taken += 1;
    if (taken % lifetime === 0) token += 1;
    if (method === 'PUT') objects.set(url, body);
    response.writeHead(200, { etag: '"1"' }).end(method === 'PUT' ? '' : objects.get(url));
  };
  const endpoint = await serve((request, response) => void answer(request, response));
  const keys = await serve((request, response) => {
    if (request.headers.authorization !== 'of the container') {
      response.writeHead(401).end();
      return;
    }
    counts.fetched += 1;
    const Expiration = new Date(Date.now() + 3_600_000).toISOString();
    response.end(
      JSON.stringify({ AccessKeyId: 'role', SecretAccessKey: 'secret', Token: `token/${token}`, Expiration }),
    );
  });
  return { endpoint, keys, counts };
}

function connectionTo(endpoint: string): Connection {
  return {
    id: 'role',
    name: 'Role',
    kind: 'custom',
    endpoint,
    region: 'us-east-1',
    pathStyle: true,
    credentials: { source: 'environment' },
    environment: 'test',
    readOnly: false,
    maxWorkers: null,
  };
}

function resolve(connection: Connection, environment: Readonly<Record<string, string>>) {
  const secrets = createMemorySecretStore();
  return createTargets({
    secrets,
    environment,
    aws: createAwsCredentials(environment, readNetworkSettings({})),
    isCommand: false,
    sandbox: () => Promise.reject(new Error('none')),
  }).resolve(connection);
}

test('a thousand requests go through while their tokens expire again and again', async () => {
  const { endpoint, keys, counts } = await serveTokens(300);
  const target = await resolve(connectionTo(endpoint), {
    AWS_CONTAINER_CREDENTIALS_FULL_URI: `${keys}/role`,
    AWS_CONTAINER_AUTHORIZATION_TOKEN: 'of the container',
  });
  const client = createS3Client(target);
  cleanUps.push(() => client.close());
  const wrong: number[] = [];
  const worker = async (first: number): Promise<void> => {
    for (let index = first; index < 500; index += 32) {
      await client.putObject('records', `${index}.json`, Buffer.from(`${index}`), {});
      const { body } = await client.getObject('records', `${index}.json`, {});
      if (Buffer.from(body).toString() !== `${index}`) wrong.push(index);
    }
  };
  await Promise.all(Array.from({ length: 32 }, (_, first) => worker(first)));
  expect(wrong).toEqual([]);
  // The first, and one for each of the three that expired: never one for each request that was refused.
  expect(counts.fetched).toBe(4);
  expect(counts.refused).toBeGreaterThan(0);
});

test('a HEAD, whose refusal does not say why, goes through as well', async () => {
  const { endpoint, keys, counts } = await serveTokens(2);
  const target = await resolve(connectionTo(endpoint), {
    AWS_CONTAINER_CREDENTIALS_FULL_URI: `${keys}/role`,
    AWS_CONTAINER_AUTHORIZATION_TOKEN: 'of the container',
  });
  const client = createS3Client(target);
  cleanUps.push(() => client.close());
  for (const key of ['a.json', 'b.json']) await client.putObject('records', key, Buffer.from('{}'), {});
  await expect(client.headObject('records', 'a.json', {})).resolves.toMatchObject({ etag: '"1"' });
  expect(counts.fetched).toBe(2);
});

test('a connection whose container gives no keys says where it looked', async () => {
  const { endpoint, keys } = await serveTokens(1);
  const target = await resolve(connectionTo(endpoint), { AWS_CONTAINER_CREDENTIALS_FULL_URI: `${keys}/role` });
  const client = createS3Client(target);
  cleanUps.push(() => client.close());
  await expect(client.listBuckets({})).rejects.toMatchObject({
    error: {
      code: 'credentials-missing',
      message:
        'The connection Role takes its keys from where AWS_CONTAINER_CREDENTIALS_FULL_URI points, which gives none: Server responded with status: 401. Try again, or set AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY and start Dipper again.',
    },
  });
});
