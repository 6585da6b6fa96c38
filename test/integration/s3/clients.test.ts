import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import type { Socket } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { createClients, type Clients } from '../../../electron/engine/s3/clients.ts';
import { createUploadJournal, type UploadJournal } from '../../../electron/engine/s3/multipart/upload-journal.ts';
import { CONNECTION } from '../jobs/support/jobs-world.ts';
import { answer, startOddServer, type OddServer } from './odd-server.ts';

const BUCKETS = answer('200 OK', {}, '<ListAllMyBucketsResult><Buckets/></ListAllMyBucketsResult>');

let folder: string;
let server: OddServer;
let clients: Clients;
/** Of the requests, in their order; each is answered when the test says so. */
let sockets: Socket[];

function clientsWith(uploads: UploadJournal): Clients {
  const credentials = { accessKeyId: 'key', secretAccessKey: 'secret', sessionToken: null };
  const target = { endpoint: server.endpoint, region: 'us-east-1', pathStyle: true, credentials, name: 'Test' };
  return createClients(
    () => Promise.resolve({ ...target, maxWorkers: null }),
    uploads,
    () => ({}),
  );
}

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'dipper-clients-'));
  sockets = [];
  server = await startOddServer((_, socket) => void sockets.push(socket));
  clients = clientsWith(createUploadJournal(folder));
});

afterEach(async () => {
  await clients.close();
  await server.stop();
  await rm(folder, { recursive: true, force: true });
});

test('a server that was left is still heard, and its sockets close behind the last answer', async () => {
  const client = await clients.of(CONNECTION);
  const listing = client.listBuckets({});
  await server.received(1);
  clients.leave(CONNECTION.id);
  const [socket] = sockets;
  const left = performance.now();
  const closed = once(socket!, 'close');
  socket!.write(BUCKETS);
  expect(await listing).toEqual([]);
  await closed;
  // A socket that nobody has left stays for 3 seconds at least.
  expect(performance.now() - left).toBeLessThan(2_500);

  // Who goes on with it finds out for himself how the server is.
  const again = client.listBuckets({});
  await server.received(2);
  sockets[1]!.write(BUCKETS);
  expect(await again).toEqual([]);
  expect(await clients.of(CONNECTION)).not.toBe(client);
});

test('what is still under way on a server that was left is broken off where the connection is forgotten', async () => {
  const client = await clients.of(CONNECTION);
  const listing = client.listBuckets({}).catch((error: unknown) => error);
  await server.received(1);
  clients.leave(CONNECTION.id);
  await clients.forget(CONNECTION.id);
  expect(await listing).toMatchObject({ error: { code: 'aborted' } });
});

test('a fault in the sweep of old uploads is told when the clients are closed, and harms nobody before', async () => {
  const fault = new Error('a fault of the journal');
  const faulty = clientsWith({ ...createUploadJournal(folder), ofConnection: () => Promise.reject(fault) });
  const unhandled: unknown[] = [];
  const onUnhandled = (reason: unknown): void => void unhandled.push(reason);
  process.on('unhandledRejection', onUnhandled);
  try {
    const client = await faulty.of(CONNECTION);
    const listing = client.listBuckets({});
    await server.received(1);
    sockets[0]!.write(BUCKETS);
    expect(await listing).toEqual([]);
    faulty.leave(CONNECTION.id);
    await expect(faulty.close()).rejects.toBe(fault);
    expect(unhandled).toEqual([]);
  } finally {
    process.off('unhandledRejection', onUnhandled);
  }
});
