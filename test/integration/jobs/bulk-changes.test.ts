import { readdir, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from 'vitest';
import { hasEnded, type Job } from '../../../shared/job.ts';
import type { ObjectHeaders } from '../../../electron/engine/s3/s3-client.ts';
import { buildIndexProcess, type TestSpawner } from '../index/support/index-process.ts';
import { BUCKET, COLLECTION, startJobsWorld, type JobsWorld } from './support/jobs-world.ts';

const collection = COLLECTION;
const SEEN = [{ part: 'fields', path: ['seen'], text: 'true' }] as const;

/** Everything that an object can say of itself. */
const HEADERS = {
  contentType: 'application/json; charset=utf-8',
  contentLanguage: 'de',
  contentDisposition: 'attachment; filename="a.json"',
  cacheControl: 'max-age=60',
  expires: 'Thu, 01 Jan 2032 00:00:00 GMT',
  userMetadata: [{ key: 'note', value: 'one; two' }],
  encryption: { algorithm: 'AES256' },
  tags: [
    { key: 'shape', value: 'round' },
    { key: 'size', value: 'L' },
  ],
} as const satisfies ObjectHeaders;

let spawner: TestSpawner;
let world: JobsWorld;

beforeAll(async () => {
  spawner = await buildIndexProcess();
});

afterAll(() => spawner.remove());

beforeEach(async () => {
  world = await startJobsWorld({ spawner });
});

afterEach(() => world.stop());

const ended = (job: Job): Promise<Job> => world.wait(job.id, ({ state }) => hasEnded(state));
const undone = async (job: Job): Promise<Job> => ended(await world.engine.jobs.undo(job.id));

async function putFull(key: string, n: number): Promise<{ key: string; etag: string }> {
  const body = Buffer.from(JSON.stringify({ n, seen: false }));
  const { etag } = await world.client.putObject(BUCKET, key, body, { headers: HEADERS });
  return { key, etag };
}

const putFew = (count: number): Promise<readonly { key: string; etag: string }[]> =>
  Promise.all(Array.from({ length: count }, (_, n) => putFull(`movies/${String(n)}.json`, n)));

/** All that S3 knows of an object but when and as which version it was written. */
async function whole(key: string): Promise<unknown> {
  const { head, body } = await world.client.getObject(BUCKET, key, {});
  const { lastModified: _time, versionId: _version, ...facts } = head;
  const tags = await world.client.getObjectTagging(BUCKET, key, {});
  return { ...facts, body: Buffer.from(body).toString(), tags: tags.toSorted((a, b) => (a.key < b.key ? -1 : 1)) };
}

async function allOf(records: readonly { key: string }[]): Promise<readonly unknown[]> {
  return Promise.all(records.map(({ key }) => whole(key)));
}

const VERSIONING = [
  { name: 'a bucket without versions', versioned: false },
  { name: 'a bucket with versions', versioned: true },
];

const CHANGES = [
  {
    name: 'tagged',
    request: (records: readonly { key: string; etag: string }[]) =>
      ({
        kind: 'tag',
        collection,
        records: { records },
        change: { add: [{ key: 'reviewed', value: 'yes' }], remove: ['size'] },
      }) as const,
    after: {
      tagCount: 2,
      tags: [
        { key: 'reviewed', value: 'yes' },
        { key: 'shape', value: 'round' },
      ],
    },
  },
  {
    name: 'put into another class',
    request: (records: readonly { key: string; etag: string }[]) =>
      ({ kind: 'set-class', collection, records: { records }, storageClass: 'STANDARD_IA' }) as const,
    after: { storageClass: 'STANDARD_IA' },
  },
  {
    name: 'changed',
    request: (records: readonly { key: string; etag: string }[]) =>
      ({ kind: 'update', collection, records: { records }, edits: SEEN }) as const,
    after: {},
  },
];

test.for(
  VERSIONING.flatMap((bucket) =>
    CHANGES.map((change) => ({ ...bucket, ...change, what: change.name, bucket: bucket.name })),
  ),
)(
  'records are $what and nothing else of them; that is undone but for what others changed since, and redone, in $bucket',
  async ({ versioned, request, after, what }) => {
    if (versioned) await world.sandbox.storage.bucket(BUCKET)?.setVersioning('enabled');
    const records = await putFew(5);
    const before = await allOf(records);
    const job = await ended(await world.start(request(records)));
    expect(job).toMatchObject({ state: 'completed', counts: { done: 5, unchanged: 0, failed: 0 } });
    const changed = await allOf(records);
    if (what === 'changed') {
      expect(changed).toMatchObject(
        before.map((_, n) => ({ body: JSON.stringify({ n, seen: true }), ...pickFacts(before[n]) })),
      );
    } else {
      expect(changed).toEqual(before.map((object) => Object.assign({}, object, after)));
    }

    const [others] = records;
    const theirs = await world.put(others?.key ?? '', { by: 'somebody else' });
    const back = await undone(job);
    expect(back).toMatchObject({
      kind: 'undo',
      undoes: job.id,
      counts: { total: 5, done: 4, unchanged: 0, failed: 1 },
    });
    expect(await world.report(back.id, true)).toMatchObject([{ key: others?.key, error: { code: 'record-changed' } }]);
    expect(await allOf(records.slice(1))).toEqual(before.slice(1));
    expect((await world.client.headObject(BUCKET, theirs.key, {})).etag).toBe(theirs.etag);

    expect(await undone(back)).toMatchObject({ state: 'completed', counts: { done: 4 } });
    expect(await allOf(records.slice(1))).toEqual(changed.slice(1));
    // Once more: all is as that job left it.
    expect(await undone(job)).toMatchObject({ counts: { done: 4, failed: 1 } });
    expect(await undone(job)).toMatchObject({ counts: { done: 0, unchanged: 4, failed: 1 } });
  },
);

function pickFacts(object: unknown): object {
  if (typeof object !== 'object' || object === null) return {};
  const facts: Record<string, unknown> = { ...object };
  for (const name of ['etag', 'body', 'size', 'lastModified']) delete facts[name];
  return facts;
}

test('archived records are restored, once; what can be read is left alone', async () => {
  const records = await putFew(3);
  for (const { key } of records.slice(0, 2)) {
    await world.client.putObject(BUCKET, key, Buffer.from('{}'), { headers: { storageClass: 'GLACIER' } });
  }
  const now = await Promise.all(
    records.map(async ({ key }) => ({ key, etag: (await world.client.headObject(BUCKET, key, {})).etag })),
  );
  const restore = { kind: 'restore', collection, records: { records: now }, days: 2, tier: 'Bulk' } as const;
  expect(await ended(await world.start(restore))).toMatchObject({
    state: 'completed',
    counts: { done: 2, unchanged: 1 },
  });
  // They are on their way now, or there already.
  const again = await ended(await world.start(restore));
  expect(again).toMatchObject({ state: 'completed', counts: { failed: 0 } });
  await expect(world.engine.jobs.undo(again.id)).rejects.toMatchObject({ error: { code: 'invalid-arguments' } });
});

test('what anybody deleted in a bucket with versions is brought back, but what was written since; that is undone', async () => {
  await world.sandbox.storage.bucket(BUCKET)?.setVersioning('enabled');
  const records = await putFew(4);
  const before = await allOf(records);
  for (const { key } of records) await world.client.deleteObject(BUCKET, key, {});
  await world.put('movies/3.json', { newer: true });
  const some = await ended(await world.start({ kind: 'undelete', collection, since: 0, names: ['0.json', '3.json'] }));
  expect(some).toMatchObject({ state: 'completed', counts: { total: 1, done: 1 } });
  const rest = await ended(await world.start({ kind: 'undelete', collection, since: 0 }));
  expect(rest).toMatchObject({ state: 'completed', counts: { total: 2, done: 2 } });
  expect(await allOf(records.slice(0, 3))).toEqual(before.slice(0, 3));
  expect(await undone(rest)).toMatchObject({ counts: { done: 2 } });
  const { objects } = await world.client.listObjectsV2(BUCKET, { prefix: 'movies/' });
  expect(objects.map(({ key }) => key)).toEqual(['movies/0.json', 'movies/3.json']);
  expect(await ended(await world.start({ kind: 'undelete', collection, since: Date.now() + 60_000 }))).toMatchObject({
    counts: { total: 0 },
  });
});

test('fields are renamed and converted, patches applied and content types said; a record that does not fit fails alone', async () => {
  const records = await putFew(3);
  await world.put('movies/2.json', { n: 'many', seen: false });
  const { etag } = await world.client.headObject(BUCKET, 'movies/2.json', {});
  const picked = [...records.slice(0, 2), { key: 'movies/2.json', etag }];
  const job = await ended(
    await world.start({
      kind: 'update',
      collection,
      records: { records: picked },
      edits: [
        { part: 'fields', path: ['n'], convert: 'number' },
        { part: 'fields', path: ['n'], rename: 'number' },
      ],
      patch: { operations: '[{"op":"add","path":"/tags","value":["a"]},{"op":"remove","path":"/seen"}]' },
      contentType: 'application/vnd.movie+json',
    }),
  );
  expect(job).toMatchObject({ state: 'completed-with-errors', counts: { done: 2, failed: 1 } });
  expect(await world.report(job.id, true)).toMatchObject([{ key: 'movies/2.json', error: { code: 'invalid-record' } }]);
  expect(await whole('movies/1.json')).toMatchObject({
    body: '{"number":1,"tags":["a"]}',
    contentType: 'application/vnd.movie+json',
    cacheControl: HEADERS.cacheControl,
    tagCount: 2,
  });
  const typed = await ended(
    await world.start({
      kind: 'update',
      collection,
      records: { records: [{ key: 'movies/2.json', etag }] },
      edits: [],
      contentType: 'text/json',
    }),
  );
  expect(typed).toMatchObject({ state: 'completed', counts: { done: 1 } });
  expect(await whole('movies/2.json')).toMatchObject({ etag, contentType: 'text/json' });
  expect(await undone(typed)).toMatchObject({ counts: { done: 1 } });
  expect(await whole('movies/2.json')).toMatchObject({ contentType: 'binary/octet-stream' });
  const bad = {
    kind: 'update',
    collection,
    records: { records: picked },
    edits: [],
    patch: { operations: '{}' },
  } as const;
  await expect(world.start(bad)).rejects.toMatchObject({ error: { code: 'invalid-arguments' } });
});

test('the first records of a job are shown as they will be, and nothing is written', async () => {
  const records = await putFew(25);
  const broken = await world.put('movies/broken.json', ['no record']);
  const before = await allOf(records);
  const { signal } = new AbortController();
  const picked = { records: [broken, ...records] };
  const edits = [{ part: 'fields', path: ['seen'], convert: 'string' }] as const;
  const changes = await world.engine.jobs.preview({ kind: 'update', collection, records: picked, edits }, signal);
  expect(changes).toHaveLength(20);
  expect(changes[0]).toMatchObject({ key: broken.key, after: null, problem: { code: 'record-unreadable' } });
  expect(changes[1]).toMatchObject({
    before: { body: '{"n":0,"seen":false}' },
    after: { body: '{"n":0,"seen":"false"}' },
    problem: null,
  });
  const one = { records: records.slice(0, 1) };
  const change = { add: [{ key: 'a', value: 'b' }], remove: ['size'] };
  expect(await world.engine.jobs.preview({ kind: 'tag', collection, records: one, change }, signal)).toMatchObject([
    { before: { tags: HEADERS.tags }, after: { tags: [HEADERS.tags[0], { key: 'a', value: 'b' }] } },
  ]);
  const gone = await world.engine.jobs.preview({ kind: 'delete', collection, records: one }, signal);
  expect(gone).toMatchObject([{ before: { body: '{"n":0,"seen":false}' }, after: null, problem: null }]);
  await world.put('movies/0.json', { newer: true });
  const storageClass = 'STANDARD_IA';
  expect(
    await world.engine.jobs.preview({ kind: 'set-class', collection, records: one, storageClass }, signal),
  ).toMatchObject([{ before: { body: '{"newer":true}' }, after: null, problem: { code: 'record-changed' } }]);
  expect(await allOf(records.slice(1))).toEqual(before.slice(1));
});

test('ended jobs go with their journals when they are too old or too large together, the oldest first', async () => {
  const records = await putFew(3);
  const change = (value: string) =>
    ({ kind: 'tag', collection, records: { records }, change: { add: [{ key: 'n', value }], remove: [] } }) as const;
  const jobs: Job[] = [];
  for (const n of ['1', '2', '3']) jobs.push(await ended(await world.start(change(n))));
  const kept = (): readonly string[] => world.engine.jobs.list().map(({ id }) => id);
  expect(kept()).toEqual(jobs.map(({ id }) => id).toReversed());
  const journal = await stat(join(world.folder, 'jobs', `${jobs[2]?.id ?? ''}.journal`));
  world.limits = { days: 30, bytes: journal.size * 1.5 };
  const fourth = await ended(await world.start(change('4')));
  expect(kept()).toEqual([fourth.id, jobs[2]?.id]);
  world.limits = { days: 0, bytes: Infinity };
  await world.restart();
  expect(kept()).toEqual([]);
  expect(await readdir(join(world.folder, 'jobs'))).toEqual([]);
  await expect(world.engine.jobs.undo(fourth.id)).rejects.toMatchObject({ error: { code: 'job-not-found' } });
});

test('a change that keeps nothing is not undone where the bucket keeps nothing either', async () => {
  const records = await putFew(2);
  const edits = [{ part: 'fields', path: ['n'], text: '7' }] as const;
  const job = await ended(
    await world.start({ kind: 'update', collection, records: { records }, edits, undoable: false }),
  );
  expect(job).toMatchObject({ counts: { done: 2 } });
  const back = await undone(job);
  expect(back).toMatchObject({ counts: { done: 0, failed: 2 } });
  expect(await world.report(back.id, true)).toMatchObject([
    { error: { code: 'record-not-found' } },
    { error: { code: 'record-not-found' } },
  ]);
});
