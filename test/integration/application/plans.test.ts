import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { attachToDataFolder, scriptsIn, type Attachment } from '../../../electron/application.ts';
import { createCaller, type Caller } from '../../../electron/ipc/caller.ts';
import { US_EAST_1 } from '../../../electron/engine/cost/prices/us-east-1.ts';
import { COLLECTION_DEFAULTS } from '../../../shared/collection.ts';
import type { OfferedRecords } from '../../../shared/class-offer.ts';
import type { Connection } from '../../../shared/connection.ts';
import type { JobRequest } from '../../../shared/job.ts';
import { requestsText } from '../../../shared/plan-text.ts';
import type { Budget } from '../../../shared/plan.ts';
import { AppFailure } from '../../../shared/result.ts';
import { buildIndexProcess, type TestSpawner } from '../index/support/index-process.ts';
import { connectionTo, startTestSandbox, type TestSandbox } from '../support/sandbox.ts';

let spawner: TestSpawner;
let sandbox: TestSandbox;
let folder: string;
let attachment: Attachment;
let caller: Caller;

const RECORDS = 30;

beforeAll(async () => {
  spawner = await buildIndexProcess();
  sandbox = await startTestSandbox({ buckets: ['records'] });
  folder = join(await mkdtemp(join(tmpdir(), 'dipper-plans-')), 'data');
  await open();
  await save(null);
  await caller.call('collections:save', {
    collection: {
      ...COLLECTION_DEFAULTS,
      id: 'notes',
      connectionId: 'archive',
      name: 'Notes',
      bucket: 'records',
      prefix: 'notes/',
      codec: 'plain',
    },
  });
  for (let n = 0; n < RECORDS; n += 1) {
    const tags = n < 3 ? [{ key: 'state', value: 'new' }] : [];
    await caller.call('record:create', { collection: 'notes', id: String(n), record: JSON.stringify({ n }), tags });
  }
}, 60_000);

afterAll(async () => {
  await attachment.close();
  await sandbox.stop();
  await rm(join(folder, '..'), { recursive: true, force: true });
  await spawner.remove();
});

async function open(): Promise<void> {
  attachment = await attachToDataFolder({
    dataFolder: folder,
    shell: 'desktop',
    version: '1.2.3',
    scripts: scriptsIn('dist/node'),
    spawnIndexProcess: spawner.spawn,
  });
  caller = createCaller(attachment.door);
}

async function save(budget: Budget | null, change: Partial<Connection> = {}): Promise<void> {
  await caller.call('connections:save', {
    connection: connectionTo(sandbox, {
      id: 'archive',
      name: 'Archive',
      ...(budget === null ? {} : { budget }),
      ...change,
    }),
    secret: { secretAccessKey: sandbox.secretAccessKey, sessionToken: null },
  });
}

/** S3 requests that left while `work` was done, as the request log has them. */
async function sentDuring(work: () => Promise<unknown>): Promise<readonly string[]> {
  await caller.call('requests:clear', {});
  await work();
  const { entries } = await caller.call('requests:list', {});
  return entries.map(({ operation }) => operation);
}

async function codeOf(work: Promise<unknown>): Promise<string> {
  try {
    await work;
    return 'done';
  } catch (error) {
    if (error instanceof AppFailure) return error.error.code;
    throw error;
  }
}

const ask = (query: object) => ({ collection: 'notes', query: JSON.stringify(query), freshness: 'complete' }) as const;
const NEW = { where: { tag: 'state', operator: '=', value: 'new' } };

test('a plan sends nothing, what is beyond a budget sends nothing, and what is allowed is measured for the next start', async () => {
  expect(await sentDuring(() => caller.call('query:plan', ask({})))).toEqual([]);
  await save({ requests: 0, dollars: null });
  expect(
    await sentDuring(async () => expect(await codeOf(caller.call('query:open', ask({})))).toBe('ask-first')),
  ).toEqual([]);
  expect(
    await sentDuring(async () =>
      expect(await codeOf(caller.call('collections:count-keys', { collection: 'notes' }))).toBe('ask-first'),
    ),
  ).toEqual([]);
  const inSql = (statement: string) =>
    codeOf(caller.call('sql:open', { collection: 'notes', statement, freshness: 'complete' }));
  expect(await sentDuring(async () => expect(await inSql('SELECT count(*) FROM records')).toBe('ask-first'))).toEqual(
    [],
  );
  expect(await sentDuring(async () => expect(await inSql('DROP TABLE records')).toBe('invalid-query'))).toEqual([]);
  const opened = await caller.call('query:open', { ...ask({}), spending: 'anything' });
  expect([opened.total, opened.statistics.requests]).toEqual([RECORDS, { ListObjectsV2: 1, GetObject: RECORDS }]);
  await save(null);

  await caller.call('query:open', { ...ask({}), freshness: 'forced' });
  await attachment.close();
  const { content }: { content: Record<string, unknown> } = JSON.parse(
    await readFile(join(folder, 'rates.json'), 'utf8'),
  );
  expect(content['archive']).toEqual({ list: expect.any(Number), read: expect.any(Number), tags: null });
  await open();
  await save(null);
  const plan = await caller.call('query:plan', { ...ask({}), freshness: 'forced' });
  expect(plan.seconds).toBeGreaterThan(0);
});

test('a job is held to the budget by what its records take, before anything of it is sent', async () => {
  const { result } = await caller.call('query:open', { ...ask({}), freshness: 'held' });
  const edits = [{ part: 'fields', path: ['seen'], text: 'true' }] as const;
  const update: JobRequest = { kind: 'update', collection: 'notes', records: { result }, edits };
  const jobs: readonly JobRequest[] = [
    update,
    { kind: 'delete', collection: 'notes', records: { result } },
    { kind: 'sync', collection: 'notes', rebuild: true },
  ];
  const plans = await Promise.all(
    jobs.map(({ kind }) => caller.call('jobs:plan', { collection: 'notes', kind, records: RECORDS })),
  );
  expect(plans.map((plan) => plan?.requests.map(requestsText))).toEqual([
    ['30 GET', '30 PUT'],
    ['at least 1 DeleteObjects'],
    ['1 LIST', '30 GET'],
  ]);
  await save({ requests: 0, dollars: null });
  const start = (job: JobRequest) => codeOf(caller.call('jobs:start', { job }));
  expect(
    await sentDuring(async () => {
      expect(await Promise.all(jobs.map(start))).toEqual(['ask-first', 'ask-first', 'ask-first']);
    }),
  ).toEqual([]);
  const { id } = await caller.call('jobs:start', { job: update, spending: 'anything' });
  const state = async () => (await caller.call('jobs:list', {}))[0]?.state;
  await expect.poll(state, { timeout: 20_000 }).toBe('completed');

  const undo = await caller.call('jobs:plan', { job: id, as: 'undo' });
  expect(undo?.requests.map(requestsText)).toEqual(['at least 30 HeadObject', 'at least 30 GET', 'at least 30 PUT']);
  expect(
    await sentDuring(async () => expect(await codeOf(caller.call('jobs:undo', { job: id }))).toBe('ask-first')),
  ).toEqual([]);
  await caller.call('jobs:undo', { job: id, spending: 'anything' });
  await expect.poll(state, { timeout: 20_000 }).toBe('completed');
  await save({ requests: 60, dollars: null });
  const { result: now } = await caller.call('query:open', { ...ask({}), freshness: 'held' });
  const again = [{ part: 'fields', path: ['again'], text: 'true' }] as const;
  expect(await start({ ...update, records: { result: now }, edits: again })).toBe('done');
  await expect.poll(state, { timeout: 20_000 }).toBe('completed');
  await save(null);
});

test('a promotion is held to the budget by what differs: beyond it there is no job of it', async () => {
  await caller.call('collections:save', {
    collection: {
      ...COLLECTION_DEFAULTS,
      id: 'copies',
      connectionId: 'archive',
      name: 'Copies',
      bucket: 'records',
      prefix: 'copies/',
      codec: 'plain',
    },
  });
  await save({ requests: 40, dollars: null });
  const promote = { kind: 'promote', collection: 'notes', to: 'copies', states: ['new', 'changed'] } as const;
  const jobs = async () => (await caller.call('jobs:list', {})).length;
  const before = await jobs();
  expect(await codeOf(caller.call('jobs:start', { job: promote }))).toBe('ask-first');
  expect(await jobs()).toBe(before);
  const some = { ...promote, names: ['1.json', '2.json'] };
  expect(await codeOf(caller.call('jobs:start', { job: some }))).toBe('done');
  const ended = async () => (await caller.call('jobs:list', {}))[0];
  await expect.poll(async () => (await ended())?.state, { timeout: 20_000 }).toBe('completed');
  expect((await ended())?.counts).toMatchObject({ total: 2, done: 2 });
  await save(null);
});

test('tags that we write ourselves are known at once', async () => {
  expect((await caller.call('query:open', ask(NEW))).total).toBe(3);
  const { facts } = await caller.call('record:read', { collection: 'notes', address: { id: '0' } });
  await caller.call('record:update', {
    collection: 'notes',
    key: facts.key,
    etag: facts.etag,
    change: { edits: [], tags: [{ key: 'state', value: 'old' }] },
  });
  await caller.call('record:create', {
    collection: 'notes',
    id: 'x',
    record: '{}',
    tags: [{ key: 'state', value: 'new' }],
  });
  const edited = await caller.call('record:read', { collection: 'notes', address: { id: '1' } });
  await caller.call('record:update', {
    collection: 'notes',
    key: edited.facts.key,
    etag: edited.facts.etag,
    change: { edits: [{ part: 'fields', path: ['n'], text: '100' }] },
  });
  const after = await caller.call('query:open', ask(NEW));
  const { ids } = await caller.call('query:page', { result: after.result, from: 0, count: 10 });
  expect([ids, after.statistics.requests]).toEqual([['1', '2', 'x'], {}]);
});

test('prices are of the region of the connection where the data folder has them', async () => {
  await attachment.close();
  await mkdir(join(folder, 'prices'), { recursive: true });
  await writeFile(
    join(folder, 'prices', 'eu-central-1.json'),
    JSON.stringify({ ...US_EAST_1, region: 'eu-central-1' }),
  );
  await writeFile(join(folder, 'prices', 'mars-1.json'), '{"region": "mars-1"}');
  await open();
  const { notes } = await caller.call('application:state', {});
  expect(notes).toEqual([expect.stringContaining('prices/mars-1.json was not read: date is not of the type string')]);
  const priced = async (region: string) => {
    await save(null, { region });
    return (await caller.call('query:plan', ask({}))).prices;
  };
  expect([await priced('eu-central-1'), await priced('eu-west-3')]).toEqual([
    { region: 'eu-central-1', date: '2026-11-22', isOfRegion: true },
    { region: 'us-east-1', date: '2026-11-22', isOfRegion: false },
  ]);
});

test('what the storage classes would cost is told by the real sizes: of the collection, of rows of an answer, of sizes that are given', async () => {
  const { total } = await caller.call('query:open', ask({}));
  const offers = (records: OfferedRecords) =>
    caller.call('storage:offers', { collection: 'notes', records, use: 'move', isNear: false });
  expect(
    await sentDuring(async () => {
      const all = await offers({ of: 'collection' });
      expect(all).toMatchObject({ objects: total, isBilled: false, unsupported: null });
      expect(all.sizes).toEqual([{ storageClass: 'STANDARD', bound: 0, objects: total, bytes: all.bytes }]);
      const colder = all.offers.find(({ storageClass }) => storageClass === 'STANDARD_IA');
      expect(colder?.monthly).toBeCloseTo((total * 128 * 1024 * 0.0125) / 2 ** 30, 12);
      expect(colder?.verdict).toMatch(
        /^Costs [\d,]+ times more: records are \d+ B, and each is billed as 128\.0 KB\.$/,
      );
    }),
  ).toEqual([]);
  const { result } = await caller.call('query:open', { ...ask({}), freshness: 'held' });
  const ranges = [
    { from: 0, to: 2 },
    { from: 5, to: 8 },
  ];
  expect(await offers({ of: 'result', result, ranges })).toMatchObject({ objects: 5 });
  expect(await offers({ of: 'result', result, ranges: null })).toMatchObject({ objects: total });
  expect(await offers({ of: 'keys', keys: ['notes/0.json', 'notes/none.json'] })).toMatchObject({ objects: 1 });
  const sizes = [{ storageClass: 'GLACIER', bound: 5, objects: 2, bytes: 2 ** 30 }];
  expect((await offers({ of: 'sizes', sizes })).now).toBeCloseTo(0.0036, 4);
});

test('a MinIO is offered no storage class that it does not have', async () => {
  await save(null, { kind: 'minio' });
  const sizes = [{ storageClass: 'STANDARD', bound: 5, objects: 2, bytes: 2 ** 30 }];
  const question = { collection: 'notes', records: { of: 'sizes', sizes }, use: 'move', isNear: false } as const;
  const { offers, unsupported } = await caller.call('storage:offers', question);
  expect(offers.map(({ storageClass }) => storageClass)).toEqual(['STANDARD']);
  expect(unsupported).toContain('keeps every object in the same class');
});
