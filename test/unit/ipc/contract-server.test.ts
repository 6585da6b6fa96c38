import { once } from 'node:events';
import { afterEach, expect, test } from 'vitest';
import type { EventMessage } from '../../../shared/bridge.ts';
import { AppFailure } from '../../../shared/result.ts';
import { createCaller } from '../../../electron/ipc/caller.ts';
import { emptyAnswer, startTestServer, testCollection, testConnection, type TestServer } from './test-server.ts';

let running: TestServer | undefined;

afterEach(async () => {
  await running?.end();
  running = undefined;
});

async function start(...given: Parameters<typeof startTestServer>): Promise<TestServer> {
  running = await startTestServer(...given);
  await running.store.connections.put(testConnection);
  await running.store.collections.put(testCollection);
  return running;
}

const opened = emptyAnswer('r1');

test('arguments that do not fit are refused by the name of what is wrong', async () => {
  const { server, mistakes } = await start({});
  const session = server.connect(() => undefined);
  const ask = async (channel: string, args: unknown): Promise<unknown> => {
    const result = await session.call('1', channel, args);
    return result.ok ? result.value : [result.error.code, result.error.message, result.error.detail?.path];
  };
  expect([
    await ask('query:page', { result: 'r', from: -1, count: 10 }),
    await ask('query:page', { result: 'r', from: 0, count: 10, extra: 1 }),
    await ask('settings:write', { settings: { theme: 'pink' } }),
    await ask('connections:save', { connection: { ...testConnection, endpoint: 'http://127.0.0.1/path' } }),
    await ask('record:read', 'movies'),
    await ask('toString', {}),
    await ask('record:read', { collection: 'gone', address: { key: 'a' } }),
  ]).toEqual([
    ['invalid-arguments', 'query:page was asked with arguments that do not fit: from is below 0.', 'from'],
    [
      'invalid-arguments',
      'query:page was asked with arguments that do not fit: the value has members that are not known: extra.',
      undefined,
    ],
    [
      'invalid-arguments',
      'settings:write was asked with arguments that do not fit: settings.theme is none of system, light, dark.',
      'settings.theme',
    ],
    [
      'invalid-arguments',
      'connections:save was asked with arguments that do not fit: connection.endpoint is not a URL such as https://s3.example.com or http://127.0.0.1:9000.',
      'connection.endpoint',
    ],
    [
      'invalid-arguments',
      'record:read was asked with arguments that do not fit: the value is not of the type object.',
      undefined,
    ],
    ['invalid-arguments', 'There is no call named toString.', undefined],
    ['collection-not-found', 'This collection is not there any more. Open another one.', undefined],
  ]);
  expect(mistakes).toEqual([]);
});

test('a failure of the engine crosses as it is, a mistake of ours as internal without its stack', async () => {
  const { server, mistakes } = await start({
    readPage: () =>
      Promise.reject(new AppFailure('result-closed', 'Run the query again.', { detail: { bucket: 'b' } })),
    readRows: () => Promise.reject(new TypeError('secret at /home/ada/x.ts')),
  });
  const session = server.connect(() => undefined);
  const range = { result: 'r', from: 0, count: 1 };
  expect(await session.call('1', 'query:page', range)).toEqual({
    ok: false,
    error: { code: 'result-closed', message: 'Run the query again.', retryable: false, detail: { bucket: 'b' } },
  });
  const internal = await session.call('2', 'query:rows', range);
  expect(internal).toMatchObject({ ok: false, error: { code: 'internal', retryable: false } });
  expect(JSON.stringify(internal)).not.toContain('secret');
  expect(mistakes).toEqual(['query:rows']);
});

test('a call is cancelled by its id, and a caller that goes away takes its calls and results with it', async () => {
  const closed: string[] = [];
  const signals: AbortSignal[] = [];
  const { server } = await start({
    openQuery: async (_target, query, _freshness, signal) => {
      if (query === 'now') return opened;
      signals.push(signal);
      await once(signal, 'abort');
      if (query === 'late') return { ...opened, result: 'late' };
      throw signal.reason;
    },
    closeQuery: (result) => {
      closed.push(result);
      return Promise.resolve();
    },
  });
  const session = server.connect(() => undefined);
  const open = (callId: string, query: string): Promise<unknown> =>
    session.call(callId, 'query:open', { collection: 'movies', query, freshness: 'complete' });

  const cancelled = open('a', 'wait');
  const twice = await open('a', 'wait');
  session.cancel('a');
  session.cancel('unknown');
  expect(await cancelled).toMatchObject({ ok: false, error: { code: 'aborted' } });
  expect(twice).toMatchObject({ ok: false, error: { code: 'invalid-arguments' } });

  expect(await open('b', 'now')).toMatchObject({ ok: true });
  const waiting = [open('c', 'wait'), open('d', 'late')];
  session.close();
  expect(signals.every((signal) => signal.aborted)).toBe(true);
  await Promise.all(waiting);
  await server.close();
  expect(closed).toEqual(['r1', 'late']);
  expect(await open('e', 'now')).toMatchObject({ ok: false, error: { code: 'aborted' } });
});

test('events reach every caller that is still there, also past one that throws', async () => {
  const { server, events, mistakes } = await start({});
  const heard: [string, EventMessage][] = [];
  server.connect(() => {
    throw new Error('mistake of a page');
  });
  const leaving = server.connect((event) => heard.push(['leaving', event]));
  const caller = createCaller(server, (event) => heard.push(['staying', event]));
  leaving.close();
  await caller.call('settings:write', { settings: { theme: 'dark' } });
  events.emit({ name: 'collection:changed', payload: { collection: 'movies', version: 2 } });
  expect(heard.map(([who, { name }]) => `${who} ${name}`)).toEqual([
    'staying settings:changed',
    'staying collection:changed',
  ]);
  expect(mistakes).toEqual(['event settings:changed', 'event collection:changed']);
});

test('nothing is written through a read-only connection', async () => {
  const { server, store } = await start({});
  await store.connections.put({ ...testConnection, readOnly: true });
  const caller = createCaller(server);
  const codes: unknown[] = [];
  for (const write of [
    () => caller.call('record:create', { collection: 'movies', id: null, record: '{}' }),
    () => caller.call('record:update', { collection: 'movies', key: 'k', etag: 'e', change: { body: '{}' } }),
    () => caller.call('record:delete', { collection: 'movies', key: 'k', etag: 'e' }),
  ]) {
    await write().catch((error: unknown) => codes.push(error instanceof AppFailure ? error.error.code : error));
  }
  expect(codes).toEqual(['read-only', 'read-only', 'read-only']);
});

test('missing credentials name the connection and where they were looked for', async () => {
  const { server, targets, store } = await start({}, { AWS_EC2_METADATA_DISABLED: 'true' });
  const caller = createCaller(server);
  const fromEnvironment = { ...testConnection, id: 'env', credentials: { source: 'environment' } } as const;
  const { credentials } = await targets.resolve(fromEnvironment);
  const fetched = 'fetch' in credentials ? credentials.fetch() : Promise.resolve(credentials);
  await expect(fetched).rejects.toThrow(/MinIO takes its keys from AWS_ACCESS_KEY_ID/);
  await expect(targets.resolve(testConnection)).rejects.toThrow(/MinIO is not known here: only the desktop app/);

  const secret = { secretAccessKey: 'word', sessionToken: null };
  await caller.call('connections:save', { connection: testConnection, secret });
  await caller.call('connections:save', { connection: { ...testConnection, name: 'Renamed' } });
  expect((await targets.resolve(testConnection)).credentials).toEqual({ accessKeyId: 'AKIDEXAMPLE', ...secret });
  expect(JSON.stringify(await caller.call('connections:list', {}))).not.toContain('word');
  await caller.call('connections:remove', { connection: 'minio' });
  await expect(targets.resolve(testConnection)).rejects.toMatchObject({ error: { code: 'credentials-missing' } });
  expect(store.collections.entries).toEqual([]);
});

test('a URL opens the same collection each time, detects its codec once, and prefers the sidebar’s own', async () => {
  const asked: string[] = [];
  const { server, targets, store } = await start({
    detectCodec: (connection, bucket, prefix) => {
      asked.push(`${connection.name} ${bucket}/${prefix}`);
      return Promise.resolve({ codec: 'dataknobs', reason: '3 of 3 objects are dataknobs records.', looked: 3 });
    },
  });
  const caller = createCaller(server);
  const target = {
    endpoint: 'http://127.0.0.1:4566',
    region: 'us-east-1',
    pathStyle: true,
    accessKeyId: 'test',
    secret: { secretAccessKey: 'one', sessionToken: null },
  };
  const url = { bucket: 'b', prefix: 'p', codec: null, target };
  const first = await caller.call('collections:open-url', url);
  const second = await caller.call('collections:open-url', url);
  const explicit = await caller.call('collections:open-url', { ...url, prefix: 'p/', codec: 'dataknobs' });
  expect(first.notes).toEqual([
    'The prefix is read as p/ (a final / was added).',
    '3 of 3 objects are dataknobs records.',
  ]);
  expect([second.collection, explicit.collection]).toEqual([first.collection, first.collection]);
  expect(asked).toEqual(['http://127.0.0.1:4566 b/p/']);
  expect(explicit.notes).toEqual([]);

  const kept = store.urlCollections.find(first.collection);
  const connection = store.urlCollections.connection(kept?.connectionId ?? '');
  if (!connection) throw new Error('the connection of a URL is kept');
  expect((await targets.resolve(connection)).credentials).toMatchObject({ secretAccessKey: 'one' });
  expect(await caller.call('collections:list', {})).toHaveLength(1);
  expect(
    await caller.call('collections:open-url', {
      bucket: 'films',
      prefix: 'movies/',
      codec: null,
      target: { connection: 'minio' },
    }),
  ).toEqual({ collection: 'movies', codec: 'plain', isAssumed: false, notes: [] });
});
