import { readdir, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { IndexSource } from '../../../electron/engine/index/collection-index.ts';
import type { GetOptions, UnorderedPage, S3Client } from '../../../electron/engine/s3/s3-client.ts';
import { AppFailure } from '../../../shared/result.ts';
import { BUCKET, type IndexWorld, startIndexWorld } from './support/index-world.ts';

let world: IndexWorld;
beforeAll(async () => {
  world = await startIndexWorld();
});
afterAll(() => world.stop());

/** Puts `count` records below a prefix of their own and answers the source that reads them. */
async function fill(collection: string, count: number, changes: Partial<IndexSource> = {}): Promise<IndexSource> {
  const keys = Array.from({ length: count }, (_, row) => `${collection}/${String(row).padStart(4, '0')}.json`);
  await Promise.all(keys.map((key, row) => world.put(key, JSON.stringify({ title: `Movie ${String(row)}`, row }))));
  return world.source(collection, changes);
}

async function signalled(signal: AbortSignal): Promise<void> {
  await new Promise<void>((resolve) => {
    if (signal.aborted) resolve();
    else signal.addEventListener('abort', () => resolve(), { once: true });
  });
}

/** The client with a gate before some of its GETs. */
function gated(
  client: S3Client,
  isGated: (key: string) => boolean,
): { client: S3Client; reached: Promise<void>; open: () => void } {
  const arrival = new AbortController();
  const opening = new AbortController();
  const opened = signalled(opening.signal);
  return {
    client: {
      ...client,
      getObject: async (bucket: string, key: string, options: GetOptions) => {
        if (!isGated(key)) return client.getObject(bucket, key, options);
        const found = await client.getObject(bucket, key, options);
        arrival.abort();
        await opened;
        return found;
      },
    },
    reached: signalled(arrival.signal),
    open: () => opening.abort(),
  };
}

async function titles(result: string, count = 10): Promise<readonly (string | undefined)[]> {
  const page = await world.indexes.page(result, 0, count);
  return page.keys.map((_, row) => page.columns[0]?.texts[row]);
}

test('the first query lists and reads everything, the next ones ask S3 nothing, a changed record costs one GET', async () => {
  const source = await fill('warm', 30);
  const cold = await world.open(source, {});
  const warm = await world.open(source, {});
  await world.put('warm/0003.json', '{"title":"Changed","row":3}');
  await world.put('warm/new.json', '{"title":"New","row":31}');
  await world.client.deleteObject(BUCKET, 'warm/0004.json', {});
  const stillWarm = await world.open(source, {});
  const forced = await world.open(source, {}, 'forced');
  expect({
    requests: [cold, warm, stillWarm, forced].map(({ statistics }) => statistics.requests),
    totals: [cold, warm, stillWarm, forced].map(({ total }) => total),
    titles: (await titles(forced.result, 5)).slice(2),
    complete: forced.complete,
    grew: forced.version > warm.version && warm.version === cold.version,
  }).toEqual({
    requests: [{ ListObjectsV2: 1, GetObject: 30 }, {}, {}, { ListObjectsV2: 1, GetObject: 2 }],
    totals: [30, 30, 30, 30],
    titles: ['Movie 2', 'Changed', 'Movie 5'],
    complete: true,
    grew: true,
  });
});

test('with no time to live each query lists, and reads nothing that it has', async () => {
  const source = await fill('no-ttl', 3, { cacheTtlSeconds: 0 });
  const requests: unknown[] = [];
  for (let query = 0; query < 3; query += 1) requests.push((await world.open(source, {})).statistics.requests);
  expect(requests).toEqual([{ ListObjectsV2: 1, GetObject: 3 }, { ListObjectsV2: 1 }, { ListObjectsV2: 1 }]);
});

test('a look at what the index holds sends no request, however old it is and before it was ever read', async () => {
  const source = await fill('held', 4, { cacheTtlSeconds: 0 });
  const before = await world.open(source, {}, 'held');
  await world.open(source, {});
  await world.put('held/new.json', '{"title":"New"}');
  const after = await world.open(source, {}, 'held');
  const again = await world.open(source, {});
  expect([before, after, again].map(({ total, complete, syncing }) => [total, complete, syncing])).toEqual([
    [0, false, false],
    [4, true, false],
    [5, true, false],
  ]);
  expect([before, after].map(({ statistics }) => statistics.requests)).toEqual([{}, {}]);
});

test('a record that another client wrote again with the same bytes is not read again, only its facts are', async () => {
  const source = await fill('facts', 3);
  const before = await world.open(source, {});
  await world.client.putObject(BUCKET, 'facts/0001.json', Buffer.from('{"title":"Movie 1","row":1}'), {
    headers: { storageClass: 'STANDARD_IA' },
  });
  const after = await world.open(source, {}, 'forced');
  const page = await world.indexes.page(after.result, 0, 10);
  expect([after.statistics.requests, page.storageClasses, after.version === before.version]).toEqual([
    { ListObjectsV2: 1 },
    ['STANDARD', 'STANDARD_IA', 'STANDARD'],
    true,
  ]);
});

test('a record has the time of its listing, which many servers tell more exactly than that of an answer', async () => {
  const exact: S3Client['listAllObjectsAtOnce'] = async function* list(bucket, options) {
    for await (const page of world.client.listAllObjectsAtOnce(bucket, options)) {
      const objects = page.objects.map((object) => ({ ...object, lastModified: object.lastModified + 7 }));
      yield { ...page, objects };
    }
  };
  const source = await fill('times', 3, { client: { ...world.client, listAllObjectsAtOnce: exact } });
  const { result } = await world.open(source, {});
  const { lastModified } = await world.indexes.page(result, 0, 10);
  expect(lastModified.map((time) => (time ?? 0) % 1000)).toEqual([7, 7, 7]);
});

test('several queries at once share one sync', async () => {
  const source = await fill('shared', 20);
  const opened = await Promise.all(Array.from({ length: 5 }, () => world.open(source, {})));
  expect(opened.map(({ total, statistics }) => [total, statistics.requests])).toEqual(
    Array.from({ length: 5 }, () => [20, { ListObjectsV2: 1, GetObject: 20 }]),
  );
});

test.each([600, 240])(
  'first rows of %i are there while the rest still loads, are counted, and the rest comes',
  async (all) => {
    const collection = `first-${String(all)}`;
    const source = await fill(collection, all);
    const gate = gated(world.client, (key) => key >= `${collection}/${String(all - 20).padStart(4, '0')}.json`);
    const first = await world.open({ ...source, client: gate.client }, {}, 'first-rows');
    const told = (): unknown => world.progress.findLast((report) => report.collection === collection)?.read;
    await expect.poll(told).toBe(all - 20);
    gate.open();
    const complete = await world.open(source, {});
    expect([
      first.total > 0 && first.total < all,
      first.complete,
      first.syncing,
      first.syncedAt,
      complete.total,
      complete.syncing,
      (await world.indexes.page(first.result, 0, 1_000)).keys.length === first.total,
    ]).toEqual([true, false, true, null, all, false, true]);
  },
);

test('an answer knows what the sync took that it is from, and no later one', async () => {
  const source = await fill('cost', 3);
  const first = await world.open(source, {});
  const again = await world.open(source, {});
  const gate = gated(world.client, (key) => key === 'cost/0001.json');
  await world.put('cost/0001.json', '{"title":"Changed","row":1}');
  const syncing = world.open({ ...source, client: gate.client }, {}, 'forced');
  await gate.reached;
  const meanwhile = await world.open(source, {}, 'held');
  gate.open();
  await syncing;
  const after = await world.open(source, {}, 'held');
  await world.restart();
  const restarted = await world.open(source, {}, 'held');
  expect([first, again, meanwhile, after, restarted].map(({ syncRequests }) => syncRequests)).toEqual([
    4,
    4,
    4,
    2,
    undefined,
  ]);
});

test('a record that was saved or deleted while a sync was reading is not undone by it', async () => {
  const source = await fill('race', 4);
  const gate = gated(world.client, (key) => key === 'race/0001.json' || key === 'race/0002.json');
  const syncing = world.open({ ...source, client: gate.client }, {});
  await gate.reached;
  const etag = await world.put('race/0001.json', '{"title":"Saved","row":1}');
  const { head, body } = await world.client.getObject(BUCKET, 'race/0001.json', {});
  await world.indexes.applyWrites(source, [{ facts: { ...head, etag, lastModified: null }, body }]);
  await world.client.deleteObject(BUCKET, 'race/0002.json', {});
  await world.indexes.applyDeletes(source, ['race/0002.json']);
  await world.put('race/0009.json', '{"title":"Created","row":9}');
  const created = await world.client.getObject(BUCKET, 'race/0009.json', {});
  await world.indexes.applyWrites(source, [{ facts: created.head, body: created.body }]);
  gate.open();
  const { result } = await syncing;
  expect(await titles(result)).toEqual(['Movie 0', 'Saved', 'Movie 3', 'Created']);
});

test('a saved record shows at once, without a request', async () => {
  const source = await fill('own', 3);
  await world.open(source, {});
  const body = Buffer.from('{"title":"Mine","row":1,"added":true}');
  await world.put('own/0001.json', body);
  const { head } = await world.client.getObject(BUCKET, 'own/0001.json', {});
  await world.indexes.applyWrites(source, [{ facts: head, body }]);
  await world.client.deleteObject(BUCKET, 'own/0002.json', {});
  await world.indexes.applyDeletes(source, ['own/0002.json']);
  const opened = await world.open(source, {});
  expect([await titles(opened.result), opened.columns.map(({ name }) => name), opened.statistics.requests]).toEqual([
    ['Movie 0', 'Mine'],
    ['title', 'row', 'added'],
    {},
  ]);
});

test('a saved record above the size cap is the row that a sync would make of it', async () => {
  const source = await fill('grown', 2, { indexSizeCap: 2_000 });
  await world.open(source, {});
  const body = Buffer.from(JSON.stringify({ title: 'x'.repeat(3_000) }));
  await world.put('grown/0001.json', body);
  const { head } = await world.client.getObject(BUCKET, 'grown/0001.json', {});
  await world.indexes.applyWrites(source, [{ facts: head, body }]);
  const saved = await world.open(source, {});
  const { problems } = await world.indexes.page(saved.result, 0, 10);
  const anew = world.source('grown', { collection: 'grown-anew', indexSizeCap: 2_000 });
  const synced = await world.open(anew, {});
  expect([saved.statistics.requests, saved.unreadable, problems]).toEqual([
    {},
    1,
    (await world.indexes.page(synced.result, 0, 10)).problems,
  ]);
});

test('objects that are no records are rows with their reason, and count as unreadable', async () => {
  await world.put('odd/a.json', '{"title":"fine"}');
  await world.put('odd/b.json', '{"title":');
  await world.put('odd/c.bin', Uint8Array.from([0, 255, 254, 1]));
  await world.put('odd/d.json', '[1,2]');
  await world.put('odd/e.json', '');
  await world.put('odd/f.json', JSON.stringify({ title: 'x'.repeat(3_000) }));
  const source = world.source('odd', { indexSizeCap: 2_000 });
  const opened = await world.open(source, {});
  const page = await world.indexes.page(opened.result, 0, 10);
  const raised = await world.open(world.source('odd'), {}, 'forced');
  expect({
    counts: [opened.records, opened.unreadable, opened.total],
    requests: [opened.statistics.requests, raised.statistics.requests],
    readable: page.problems.map((problem) => problem === null),
    tooLarge: page.problems[5],
    raised: [raised.records, raised.unreadable],
  }).toEqual({
    counts: [1, 5, 6],
    requests: [
      { ListObjectsV2: 1, GetObject: 5 },
      { ListObjectsV2: 1, GetObject: 1 },
    ],
    readable: [true, false, false, false, false, false],
    tooLarge: expect.stringMatching(/^The object has .+ are not read into the index\. Open it to read it\.$/),
    raised: [2, 4],
  });
});

test('an object that vanishes after it was listed is skipped, one that must not be read is a row with the reason', async () => {
  const source = await fill('lost', 4);
  const client: S3Client = {
    ...world.client,
    getObject: async (bucket, key, options) => {
      if (key.endsWith('0001.json')) throw new AppFailure('record-not-found', 'It is gone.');
      if (key.endsWith('0002.json')) throw new AppFailure('access-denied', 'The key may not read this object.');
      return world.client.getObject(bucket, key, options);
    },
  };
  const opened = await world.open({ ...source, client }, {});
  const page = await world.indexes.page(opened.result, 0, 10);
  const allowed = await world.open(source, {}, 'forced');
  expect([page.ids, page.problems, allowed.statistics.requests, allowed.records]).toEqual([
    ['0000', '0002', '0003'],
    [null, 'The key may not read this object.', null],
    { ListObjectsV2: 1, GetObject: 2 },
    4,
  ]);
});

test('a GET that fails otherwise fails the sync, and what was read before stays', async () => {
  const source = await fill('broken', 400);
  let reads = 0;
  const client: S3Client = {
    ...world.client,
    getObject: async (bucket, key, options) => {
      reads += 1;
      if (reads > 350)
        throw new AppFailure('connection-lost', 'The server closed the connection.', { retryable: true });
      return world.client.getObject(bucket, key, options);
    },
  };
  const failure = await world.open({ ...source, client }, {}).catch((error: unknown) => error);
  const end = world.progress.findLast(({ collection }) => collection === 'broken');
  const rest = await world.open(source, {});
  const gets = rest.statistics.requests['GetObject'] ?? 0;
  expect([
    failure instanceof AppFailure && failure.error.code,
    end?.state,
    end?.error?.code,
    rest.total,
    gets < 150,
  ]).toEqual(['connection-lost', 'failed', 'connection-lost', 400, true]);
});

test('a bucket that is not there is the failure of the query', async () => {
  const source = world.source('nowhere', { bucket: 'no-such-bucket-here' });
  await expect(world.open(source, {}, 'first-rows')).rejects.toMatchObject({ error: { code: 'no-such-bucket' } });
});

test('a sync that is stopped keeps what it has read and answers the waiting query with it', async () => {
  const source = await fill('stopped', 600);
  const gate = gated(world.client, (key) => key > 'stopped/0300.json');
  const opening = world.open({ ...source, client: gate.client }, {}, 'first-rows');
  await gate.reached;
  const stopping = world.indexes.stopSync('stopped');
  gate.open();
  await stopping;
  const opened = await opening;
  const end = world.progress.findLast(({ collection }) => collection === 'stopped');
  expect([end?.state, opened.complete, (await world.open(source, {})).total]).toEqual(['cancelled', false, 600]);
});

test('the next start finds the index as it was: no request within the TTL, the sidebar knows the count', async () => {
  const source = await fill('kept', 50);
  const before = await world.open(source, {});
  const fields = await world.indexes.fields(source);
  await world.restart();
  const started = world.spawner.started();
  const known = await world.indexes.known('kept');
  const knewWithoutProcess = world.spawner.started() === started;
  const after = await world.open(source, {});
  expect([
    known?.records,
    knewWithoutProcess,
    after.statistics.requests,
    after.total,
    after.syncedAt === before.syncedAt,
  ]).toEqual([50, true, {}, 50, true]);
  expect([after.columns, await world.indexes.fields(source)]).toEqual([before.columns, fields]);
});

test('folder and files are for this user alone', async () => {
  await world.open(await fill('private', 2), {});
  // The fields are written beside the answer.
  const names = (): Promise<string[]> => readdir(world.folder);
  await expect.poll(async () => (await names()).some((name) => name.endsWith('.new'))).toBe(false);
  const modes = await Promise.all(
    (await names()).map(async (name) => (await stat(join(world.folder, name))).mode & 0o077),
  );
  expect([(await stat(world.folder)).mode & 0o777, new Set(modes)]).toEqual([0o700, new Set([0])]);
});

test('an index that is kept in memory only leaves nothing in the folder', async () => {
  const before = await readdir(world.folder);
  const source = await fill('volatile', 20, { memoryOnly: true });
  const opened = await world.open(source, {});
  expect([opened.total, await world.indexes.known('volatile'), await readdir(world.folder)]).toEqual([
    20,
    { records: 20, syncedAt: opened.syncedAt },
    before,
  ]);
});

test('forgetting a collection deletes its files', async () => {
  const source = await fill('forgotten', 5);
  const opened = await world.open(source, {});
  await world.indexes.forget('forgotten');
  const left = (await readdir(world.folder)).filter((name) => name.includes('forgotten'));
  await expect(world.indexes.page(opened.result, 0, 1)).rejects.toMatchObject({ error: { code: 'result-closed' } });
  expect([left, await world.indexes.known('forgotten')]).toEqual([[], null]);
});

test('a query that waited while its collection was removed does not make the index again', async () => {
  const source = await fill('removed', 5);
  await world.open(source, {});
  world.removed.add('removed');
  const forgetting = world.indexes.forget('removed');
  const waiting = world.open(source, {}, 'forced');
  await expect(waiting).rejects.toMatchObject({ error: { code: 'aborted' } });
  await forgetting;
  expect((await readdir(world.folder)).filter((name) => name.includes('removed'))).toEqual([]);
});

test('a refresh that comes while the listing is on its way lists once more, because the answer may be older than it', async () => {
  const source = await fill('behind', 2);
  await world.open(source, {});
  const asked = new AbortController();
  const answering = new AbortController();
  const slow: S3Client = {
    ...world.client,
    async *listAllObjectsAtOnce(bucket, options) {
      const pages: UnorderedPage[] = [];
      for await (const page of world.client.listAllObjectsAtOnce(bucket, options)) pages.push(page);
      asked.abort();
      await signalled(answering.signal);
      yield* pages;
    },
  };
  const first = world.open({ ...source, client: slow }, {}, 'forced');
  await signalled(asked.signal);
  await world.put('behind/0002.json', '{"title":"Later","row":2}');
  const second = world.open(source, {}, 'forced');
  // A trip to the index process and back: the refresh has been taken up by then.
  await world.indexes.fields(source);
  answering.abort();
  expect([(await first).total, (await second).total]).toEqual([2, 3]);
});

test('a query after a write that ended unclear, or met something newer, lists although the TTL is not over', async () => {
  const source = await fill('doubt', 2);
  await world.open(source, {});
  await world.put('doubt/0002.json', '{"title":"Unsure","row":2}');
  const before = await world.open(source, {});
  world.indexes.distrust('doubt');
  const after = await world.open(source, {});
  const again = await world.open(source, {});
  expect([before, after, again].map(({ total, statistics }) => [total, statistics.requests])).toEqual([
    [2, {}],
    [3, { ListObjectsV2: 1, GetObject: 1 }],
    [3, {}],
  ]);
});

test('a collection that is removed while it is asked for again leaves no file', async () => {
  const source = await fill('leaving', 5);
  const gate = gated(world.client, () => true);
  const gatedSource = { ...source, client: gate.client };
  const running = world.open(gatedSource, {}, 'complete').catch((error: unknown) => error);
  await gate.reached;
  const following = world.open(gatedSource, {}, 'forced').catch((error: unknown) => error);
  const forgetting = world.indexes.forget('leaving');
  gate.open();
  await forgetting;
  const answers = await Promise.all([running, following]);
  expect([
    answers.map((answer) => (answer instanceof AppFailure ? answer.error.code : answer)),
    (await readdir(world.folder)).filter((name) => name.includes('leaving')),
  ]).toEqual([['aborted', 'aborted'], []]);
});
