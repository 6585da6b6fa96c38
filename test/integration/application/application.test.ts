import { once } from 'node:events';
import { createServer } from 'node:http';
import { mkdir, mkdtemp, readdir, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, relative } from 'node:path';
import { afterAll, afterEach, beforeAll, beforeEach, expect, test, vi } from 'vitest';
import { attachToDataFolder, scriptsIn, type Attachment } from '../../../electron/application.ts';
import { createCaller, type Caller } from '../../../electron/ipc/caller.ts';
import type { SandboxProcess } from '../../../electron/sandbox/sandbox-process.ts';
import { createMemoryStorage } from '../../../electron/sandbox/storage/memory-storage.ts';
import type { SandboxStorage } from '../../../electron/sandbox/storage/storage.ts';
import type { EventMessage } from '../../../shared/bridge.ts';
import type { Connection } from '../../../shared/connection.ts';
import { firstFailure } from '../../../shared/connection-check.ts';
import type { CallerCredentials } from '../../../shared/contract.ts';
import type { OpenedQuery } from '../../../shared/page.ts';
import { AppFailure } from '../../../shared/result.ts';
import { buildIndexProcess, type TestSpawner } from '../index/support/index-process.ts';
import { connectionTo, startTestSandbox, type TestSandbox } from '../support/sandbox.ts';

let spawner: TestSpawner;
let folder: string;
let sandbox: TestSandbox | null;
let lose: (reason: string) => void;
let storage: SandboxStorage;
let attachments: Attachment[];

beforeAll(async () => {
  spawner = await buildIndexProcess();
});

afterAll(async () => {
  await spawner.remove();
});

beforeEach(async () => {
  folder = join(await mkdtemp(join(tmpdir(), 'dipper-application-')), 'data');
  storage = { ...createMemoryStorage(), close: () => Promise.resolve() };
  await storage.createBucket('samples');
  sandbox = null;
  attachments = [];
});

afterEach(async () => {
  for (const attachment of attachments.toReversed()) await attachment.close();
  await sandbox?.stop();
  await rm(join(folder, '..'), { recursive: true, force: true });
});

/** The sandbox in this process, on another port at each start; its records stay. */
function spawnSandboxProcess(): SandboxProcess {
  let tell: ((message: unknown) => void) | undefined;
  const exitListeners: ((reason: string) => void)[] = [];
  lose = (reason) => {
    for (const listener of exitListeners) listener(reason);
  };
  const start = async (): Promise<void> => {
    sandbox = await startTestSandbox({ storage });
    const { endpoint, region, accessKeyId, secretAccessKey } = sandbox;
    tell?.({ type: 'ready', sandbox: { endpoint, region, accessKeyId, secretAccessKey } });
  };
  return {
    pid: null,
    send: (message) => {
      if (JSON.stringify(message) === '{"type":"stop"}') lose('exit code 0');
      else void start();
    },
    onMessage: (listener) => {
      tell = listener;
    },
    onExit: (listener) => exitListeners.push(listener),
  };
}

async function attach(): Promise<Attachment> {
  const attachment = await attachToDataFolder({
    dataFolder: folder,
    shell: 'desktop',
    version: '1.2.3',
    scripts: scriptsIn('dist/node'),
    spawnIndexProcess: spawner.spawn,
    spawnSandboxProcess,
    reportMistake: (place, error) => {
      throw new Error(`no mistake is expected in ${place}`, { cause: error });
    },
  });
  attachments.push(attachment);
  return attachment;
}

async function movie(caller: Caller, id: string, record: object): Promise<void> {
  await caller.call('record:create', { collection: 'sample-movies', id, record: JSON.stringify(record) });
}

function open(caller: Caller, query: object): Promise<OpenedQuery> {
  return caller.call('query:open', { collection: 'sample-movies', query: JSON.stringify(query), freshness: 'forced' });
}

function codeOf(error: unknown): unknown {
  return error instanceof AppFailure ? error.error.code : error;
}

test('a first start shows the samples; a record is found, opened, changed and found again', async () => {
  const events: EventMessage[] = [];
  const caller = createCaller((await attach()).door, (event) => events.push(event));
  expect(await caller.call('connections:list', {})).toMatchObject([
    { id: 'sandbox', credentials: { source: 'sandbox' } },
  ]);
  expect((await caller.call('collections:list', {})).map(({ id }) => id)).toContain('sample-movies');
  expect(sandbox).toBeNull();

  await movie(caller, 'heat', { title: 'Heat', rating: 8.2 });
  await movie(caller, 'clue', { title: 'Clue', rating: 7.3 });
  const opened = await open(caller, { where: { field: 'rating', operator: '>', value: 8 } });
  expect(opened.total).toBe(1);
  const page = await caller.call('query:page', { result: opened.result, from: 0, count: 10 });
  expect(page.ids).toEqual(['heat']);

  const key = page.keys[0] ?? '';
  const detail = await caller.call('record:read', { collection: 'sample-movies', address: { key } });
  const written = await caller.call('record:update', {
    collection: 'sample-movies',
    key,
    etag: detail.facts.etag,
    change: { edits: [{ part: 'fields', path: ['rating'], text: '7.9' }] },
  });
  const again = await caller.call('record:read', { collection: 'sample-movies', address: { id: 'heat' } });
  expect([again.body, again.facts.etag]).toEqual([detail.body?.replace('8.2', '7.9'), written.etag]);
  expect((await open(caller, { where: { field: 'rating', operator: '>', value: 8 } })).total).toBe(0);
  const stale = caller.call('record:delete', { collection: 'sample-movies', key, etag: detail.facts.etag });
  expect(codeOf(await stale.catch((error: unknown) => error))).toBe('record-changed');

  const names = new Set(events.map((event) => event.name));
  expect([...names].toSorted()).toEqual(['collection:changed', 'requests:changed', 'servers:changed', 'sync:progress']);
  const [listing] = (await caller.call('collections:list', {})).filter(({ id }) => id === 'sample-movies');
  expect(listing?.records).toBe(2);

  const deleted = await caller.call('requests:list', { filter: { text: 'deleteobject heat' } });
  expect(deleted.entries).toMatchObject([{ operation: 'DeleteObject', key, status: 412, collection: 'sample-movies' }]);
  const all = await caller.call('requests:list', {});
  const synced = all.entries.filter(({ lane, operation }) => lane === 'bulk' && operation === 'ListObjectsV2');
  expect(new Set(synced.map(({ collection }) => collection))).toEqual(new Set(['sample-movies']));
  await caller.call('requests:clear', {});
  expect(await caller.call('requests:list', {})).toEqual({
    entries: [],
    first: all.last + 1,
    last: all.last,
    next: all.last,
  });
});

test('what was indexed is known after a restart, and removing the collection removes its index', async () => {
  const first = await attach();
  const before = createCaller(first.door);
  await movie(before, 'heat', { title: 'Heat' });
  await open(before, {});
  const spent = await before.call('ledger:read', {});
  await first.close();
  attachments = [];
  await sandbox?.stop();

  const caller = createCaller((await attach()).door);
  const listed = await caller.call('collections:list', {});
  expect(listed.find(({ id }) => id === 'sample-movies')?.records).toBe(1);
  const within = await caller.call('query:open', { collection: 'sample-movies', query: '{}', freshness: 'complete' });
  expect([within.total, within.statistics.requests]).toEqual([1, {}]);
  // The sandbox is not Amazon's: its requests are counted and cost nothing.
  expect(spent.days).toMatchObject([{ connection: 'sandbox', cost: null, requests: { PutObject: 1, GetObject: 1 } }]);
  expect((await caller.call('ledger:read', {})).days).toEqual(spent.days);

  await caller.call('collections:remove', { collection: 'sample-movies' });
  const left = await readdir(join(folder, 'indexes'), { recursive: true });
  expect(left.filter((name) => name.includes('sample-movies'))).toEqual([]);
  const gone = caller.call('query:open', { collection: 'sample-movies', query: '{}', freshness: 'complete' });
  expect(codeOf(await gone.catch((error: unknown) => error))).toBe('collection-not-found');
});

test('how servers stand is asked for: one with its time, one that is away, and the Sandbox, which is stopped and started', async () => {
  const events: EventMessage[] = [];
  const caller = createCaller((await attach()).door, (event) => events.push(event));
  const state = (connection: string) => caller.call('connections:state', { connection });
  expect(await state('sandbox')).toEqual({ state: 'idle' });
  expect(sandbox).toBeNull();
  await movie(caller, 'heat', { title: 'Heat' });
  expect(await state('sandbox')).toMatchObject({ state: 'up', version: null });

  const other = await startTestSandbox({ buckets: [] });
  const connection = connectionTo(other, { id: 'other', name: 'other' });
  const secret = { secretAccessKey: other.secretAccessKey, sessionToken: null };
  await caller.call('connections:save', { connection, secret });
  expect(await state('other')).toMatchObject({ state: 'up' });
  await caller.call('buckets:create', { connection: 'other', bucket: 'made-here' });
  await caller.call('buckets:create', { connection: 'other', bucket: 'made-here' });
  expect(await caller.call('buckets:list', { connection: 'other' })).toEqual(['made-here']);
  await caller.call('connections:save', { connection: { ...connection, readOnly: true } });
  const refused = caller.call('buckets:create', { connection: 'other', bucket: 'not-made' });
  expect(codeOf(await refused.catch((error: unknown) => error))).toBe('read-only');
  await other.stop();
  expect(await state('other')).toMatchObject({ state: 'down', error: { code: 'connection-refused' } });

  await caller.call('servers:stop-sandbox', {});
  await sandbox?.stop();
  expect(await state('sandbox')).toEqual({ state: 'stopped' });
  const unread = open(caller, {});
  expect(codeOf(await unread.catch((error: unknown) => error))).toBe('sandbox-unavailable');
  await caller.call('servers:start-sandbox', {});
  expect((await open(caller, {})).total).toBe(1);
  expect(events.filter(({ name }) => name === 'servers:changed').length).toBeGreaterThanOrEqual(3);
});

test('a server of this machine that no connection leads to is found, whichever name of the machine a connection has', async () => {
  const server = createServer((_, response) => response.writeHead(200, { server: 'MinIO' }).end());
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('no port');
  vi.stubEnv('MINIO_ADDRESS', `127.0.0.1:${address.port}`);
  vi.stubEnv('GATEWAY_LISTEN', `127.0.0.1:${address.port}`);
  try {
    const caller = createCaller((await attach()).door);
    const endpoint = `http://127.0.0.1:${address.port}`;
    expect(await caller.call('servers:find', {})).toEqual([{ kind: 'minio', endpoint, version: null }]);
    const connection = connectionTo(
      { endpoint: `http://localhost:${address.port}`, region: 'us-east-1', accessKeyId: 'key' },
      { id: 'minio', name: 'minio' },
    );
    await caller.call('connections:save', { connection });
    expect(await caller.call('servers:find', {})).toEqual([]);
  } finally {
    vi.unstubAllEnvs();
    server.close();
    server.closeAllConnections();
  }
});

/** Files that hold a text, by their names in the data folder. */
async function filesWith(text: string): Promise<readonly string[]> {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true });
  const found: string[] = [];
  for (const entry of entries.filter((other) => other.isFile())) {
    const path = join(entry.parentPath, entry.name);
    if ((await readFile(path)).includes(text)) found.push(relative(folder, path));
  }
  return found;
}

/** Everything that a person leaves behind in a collection: index, draft, view, queries and an open tab, each with a word in it. */
async function leaveTraces(caller: Caller, word: string): Promise<void> {
  await movie(caller, 'heat', { title: word });
  const opened = await open(caller, {});
  const page = await caller.call('query:page', { result: opened.result, from: 0, count: 1 });
  const change = { edits: [{ part: 'fields' as const, path: ['title'], text: JSON.stringify(`${word}, edited`) }] };
  const place = { collection: 'sample-movies', key: page.keys[0] ?? '' };
  await caller.call('drafts:save', { draft: { ...place, etag: page.etags[0] ?? '', change, savedAt: 1 } });
  const columns = { order: [`field:${word}`], hidden: [], widths: {} };
  await caller.call('views:save', { collection: 'sample-movies', view: { columns } });
  const query = { where: `title = ${JSON.stringify(word)}`, sort: [] };
  await caller.call('saved-queries:save', {
    collection: 'sample-movies',
    query: { id: 'saved', name: 'One', ...query },
  });
  await caller.call('saved-queries:add-run', { collection: 'sample-movies', run: { ...query, ranAt: 1, found: 1 } });
  const tab = { id: 'tab', collection: 'sample-movies', state: JSON.stringify({ query: word }) };
  await caller.call('workspace:save', {
    window: 'window',
    workspace: { tabs: [tab], activeTab: 'tab', panels: null },
  });
}

test('a forgotten collection leaves nothing of its records on this machine, and is there to be opened again', async () => {
  const first = await attach();
  let caller = createCaller(first.door);
  await leaveTraces(caller, 'Shibboleth');
  await first.close();
  expect((await filesWith('Shibboleth')).map((path) => path.split(/[\\/]/)[0])).toEqual(
    expect.arrayContaining(['drafts', 'indexes', 'saved-queries.json', 'views.json', 'workspaces.json']),
  );

  caller = createCaller((await attach()).door);
  const traces = await caller.call('collections:traces', { collection: 'sample-movies' });
  expect([traces.indexBytes > 10_000, traces.drafts, traces.savedQueries]).toEqual([true, 1, 1]);
  await caller.call('collections:forget', { collection: 'sample-movies' });
  expect(await filesWith('Shibboleth')).toEqual([]);
  expect(await caller.call('collections:traces', { collection: 'sample-movies' })).toEqual({
    indexBytes: 0,
    bodyBytes: 0,
    drafts: 0,
    jobs: 0,
    savedQueries: 0,
  });
  const listed = (await caller.call('collections:list', {})).find(({ id }) => id === 'sample-movies');
  expect(listed).toMatchObject({ name: 'movies', records: null });
  expect((await open(caller, {})).total).toBe(1);
});

test('a draft that turns out to be broken is said as soon as it is found', async () => {
  const events: EventMessage[] = [];
  const caller = createCaller((await attach()).door, (event) => events.push(event));
  const drafts = join(folder, 'drafts', 'sample-movies');
  await mkdir(drafts);
  await writeFile(join(drafts, 'one.json'), '{ "format": 1, "cont');
  expect(await caller.call('drafts:list', { collection: 'sample-movies' })).toEqual([]);
  expect(events).toContainEqual({ name: 'application:changed', payload: {} });
  const { notes } = await caller.call('application:state', {});
  expect(notes).toEqual([expect.stringContaining('one.json could not be read whole')]);
});

test('a collection that is kept in memory from now on leaves the disk, and its draft stays', async () => {
  const attachment = await attach();
  const caller = createCaller(attachment.door);
  await leaveTraces(caller, 'Shibboleth');
  const listed = (await caller.call('collections:list', {})).find(({ id }) => id === 'sample-movies');
  if (listed === undefined) throw new Error('the sample is there');
  const { records: _records, syncedAt: _syncedAt, ...collection } = listed;
  await caller.call('collections:save', { collection: { ...collection, memoryOnly: true } });
  expect((await open(caller, {})).total).toBe(1);
  expect(await filesWith('Shibboleth')).toEqual([]);
  expect(await caller.call('drafts:list', { collection: 'sample-movies' })).toHaveLength(1);
  expect((await caller.call('workspace:read', { window: 'window' }))?.tabs[0]?.state).toContain('Shibboleth');
  await attachment.close();
  expect(await filesWith('Shibboleth')).toEqual([]);
});

test('what commands were given as a URL is forgotten without asking a server; the sidebar keeps its own', async () => {
  const caller = createCaller((await attach()).door);
  await movie(caller, 'heat', { title: 'Shibboleth' });
  const url = { bucket: 'samples', prefix: 'movies/', codec: 'dataknobs', target: { connection: 'sandbox' } } as const;
  const { collection } = await caller.call('collections:open-url', url);
  await caller.call('query:open', { collection, query: '{}', freshness: 'complete' });
  await sandbox?.stop();
  expect(await caller.call('collections:forget-url', { bucket: 'samples', prefix: 'movies' })).toEqual({
    indexes: 1,
    bytes: expect.any(Number),
    kept: ['movies'],
  });
  expect((await readdir(join(folder, 'indexes'))).filter((name) => name.includes('url-'))).toEqual([]);
  expect(await filesWith('url-')).toEqual([]);
});

test('after a session every folder of the data folder is closed to others, and every file in it', async () => {
  const attachment = await attach();
  await leaveTraces(createCaller(attachment.door), 'Shibboleth');
  await attachment.close();
  const entries = await readdir(folder, { recursive: true, withFileTypes: true });
  const paths = [folder, ...entries.map((entry) => join(entry.parentPath, entry.name))];
  const tooWide = await Promise.all(
    paths.map(async (path) => {
      const found = await stat(path);
      const mode = found.mode & 0o777;
      return mode === (found.isDirectory() ? 0o700 : 0o600) ? [] : [`${relative(folder, path)} ${mode.toString(8)}`];
    }),
  );
  expect(tooWide.flat()).toEqual([]);
});

test('a second start works through the first, and sees its changes', async () => {
  const owner = await attach();
  const guest = await attach();
  expect([owner.owner, guest.owner?.shell]).toEqual([null, 'desktop']);
  const heard: EventMessage['name'][] = [];
  const mine = createCaller(owner.door, (event) => heard.push(event.name));
  const theirs = createCaller(guest.door);
  await movie(theirs, 'heat', { title: 'Heat' });
  expect((await open(mine, {})).total).toBe(1);
  await theirs.call('settings:write', { settings: { theme: 'light' } });
  expect(heard).toContain('settings:changed');
});

test('a cap of the indexes that is lowered takes away at once what is not open', async () => {
  const first = await attach();
  expect((await open(createCaller(first.door), {})).total).toBe(0);
  await first.close();
  const heard: EventMessage['name'][] = [];
  const caller = createCaller((await attach()).door, (event) => heard.push(event.name));
  expect(await caller.call('settings:indexes', {})).toEqual({ count: 1, bytes: expect.any(Number) });
  await caller.call('settings:write', { settings: { mostIndexBytes: 0 } });
  expect([await caller.call('settings:indexes', {}), heard]).toEqual([
    { count: 0, bytes: 0 },
    ['settings:changed', 'collections:changed'],
  ]);
});

test('a sandbox that ended by itself comes back at another port', async () => {
  const caller = createCaller((await attach()).door);
  await movie(caller, 'heat', { title: 'Heat' });
  const before = sandbox?.endpoint;
  await sandbox?.stop();
  lose('SIGKILL');
  expect((await open(caller, {})).total).toBe(1);
  expect(sandbox?.endpoint).not.toBe(before);
});

test('a connection that cannot work says why before it is saved', async () => {
  const caller = createCaller((await attach()).door);
  await caller.call('connections:test', { connection: 'sandbox' });
  const endpoint = sandbox?.endpoint ?? '';
  const draft: Connection = {
    id: 'mine',
    name: 'Mine',
    kind: 'custom',
    endpoint,
    region: 'us-east-1',
    pathStyle: true,
    credentials: { source: 'keys', accessKeyId: 'test-access-key' },
    environment: 'test',
    readOnly: false,
    maxWorkers: null,
  };
  const right = { secretAccessKey: 'test/secret+access/key', sessionToken: null };
  const wrong = { secretAccessKey: 'guess', sessionToken: null };
  const attempt = async (changes: Partial<Connection>, secret = right): Promise<unknown> =>
    caller
      .call('connections:test', { draft: { ...draft, ...changes }, secret })
      .then((tested) => firstFailure(tested)?.error?.code ?? tested.buckets, codeOf);
  expect([
    await attempt({}),
    await attempt({}, wrong),
    await attempt({ credentials: { source: 'keys', accessKeyId: 'nobody' } }),
    await attempt({ endpoint: 'http://127.0.0.1:1' }),
    await attempt({ region: 'eu-west-1' }),
  ]).toEqual([1, 'signature-mismatch', 'unknown-access-key', 'connection-refused', 'wrong-region']);
});

test('a connection with keys from the environment is read with those of whoever asks, and stays read-only', async () => {
  const caller = createCaller((await attach()).door);
  await caller.call('connections:test', { connection: 'sandbox' });
  const connection: Connection = {
    id: 'shared',
    name: 'Shared',
    kind: 'custom',
    endpoint: sandbox?.endpoint ?? '',
    region: 'us-east-1',
    pathStyle: true,
    credentials: { source: 'environment' },
    environment: 'production',
    readOnly: true,
    maxWorkers: null,
  };
  await caller.call('connections:save', { connection });
  await movie(caller, 'heat', { title: 'Heat' });
  const count = async (credentials?: CallerCredentials): Promise<unknown> => {
    const target = { connection: 'shared', ...(credentials ? { credentials } : {}) };
    const url = { bucket: 'samples', prefix: 'movies/', codec: 'plain', target } as const;
    try {
      const { collection } = await caller.call('collections:open-url', url);
      const { total } = await caller.call('query:open', { collection, query: '{}', freshness: 'forced' });
      const write = caller.call('record:create', { collection, id: 'new', record: '{}' });
      return [total, codeOf(await write.catch((error: unknown) => error))];
    } catch (error) {
      return codeOf(error);
    }
  };
  const right = { secretAccessKey: 'test/secret+access/key', sessionToken: null };
  expect([
    await count(),
    await count({ accessKeyId: 'test-access-key', secret: right }),
    await count({ accessKeyId: 'test-access-key', secret: { ...right, secretAccessKey: 'guess' } }),
    await count({ accessKeyId: 'nobody', secret: right }),
  ]).toEqual(['credentials-missing', [1, 'read-only'], 'signature-mismatch', 'unknown-access-key']);
});
