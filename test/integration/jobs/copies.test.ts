import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from 'vitest';
import { createS3Client } from '../../../electron/engine/s3/create-s3-client.ts';
import type { ObjectHeaders, S3Client } from '../../../electron/engine/s3/s3-client.ts';
import { hasEnded, type IfCopyExists, type Job, type JobRequest } from '../../../shared/job.ts';
import { noteOf } from '../../../shared/job-report-text.ts';
import { buildIndexProcess, type TestSpawner } from '../index/support/index-process.ts';
import { startTestSandbox, targetOf, type TestSandbox } from '../support/sandbox.ts';
import { BUCKET, COLLECTION, collectionOf, CONNECTION, startJobsWorld, type JobsWorld } from './support/jobs-world.ts';

const HEADERS = {
  contentType: 'application/json; charset=utf-8',
  cacheControl: 'max-age=60',
  userMetadata: [{ key: 'note', value: 'one' }],
  tags: [{ key: 'shape', value: 'round' }],
  storageClass: 'STANDARD_IA',
} as const satisfies ObjectHeaders;

let spawner: TestSpawner;
let world: JobsWorld;
let second: TestSandbox;
let far: S3Client;

beforeAll(async () => {
  spawner = await buildIndexProcess();
  second = await startTestSandbox({ buckets: [BUCKET] });
  far = createS3Client(targetOf(second));
});

afterAll(async () => {
  await far.close();
  await second.stop();
  await spawner.remove();
});

beforeEach(async () => {
  world = await startJobsWorld({ spawner });
  world.others.set('far', {
    connection: { ...CONNECTION, id: 'far', endpoint: second.endpoint },
    target: targetOf(second),
  });
  world.collections.set('near', collectionOf({ id: 'near', name: 'Archive', prefix: 'archive/' }));
  world.collections.set('far', collectionOf({ id: 'far', name: 'Far', connectionId: 'far', prefix: 'far/' }));
});

afterEach(() => world.stop());

const ended = (job: Job): Promise<Job> => world.wait(job.id, ({ state }) => hasEnded(state));
const undone = async (job: Job): Promise<Job> => ended(await world.engine.jobs.undo(job.id));

async function keysOf(client: S3Client, prefix: string): Promise<readonly string[]> {
  return (await client.listObjectsV2(BUCKET, { prefix })).objects.map(({ key }) => key.slice(prefix.length));
}

/** All that S3 knows of an object but its name and when it was written. */
async function whole(client: S3Client, key: string): Promise<unknown> {
  const { head, body } = await client.getObject(BUCKET, key, {});
  const { lastModified: _time, versionId: _version, key: _key, ...facts } = head;
  return { ...facts, body: Buffer.from(body).toString(), tags: await client.getObjectTagging(BUCKET, key, {}) };
}

async function putFew(): Promise<readonly { key: string; etag: string }[]> {
  return Promise.all(
    [0, 1, 2, 3].map(async (n) => {
      const key = `movies/${String(n)}.json`;
      const { etag } = await world.client.putObject(BUCKET, key, Buffer.from(`{"n":${String(n)}}`), {
        headers: HEADERS,
      });
      return { key, etag };
    }),
  );
}

const PLACES = [
  { where: 'another prefix', to: 'near', prefix: 'archive/', client: () => world.client },
  { where: 'another server', to: 'far', prefix: 'far/', client: () => far },
];

test.for(PLACES)(
  'records are copied to $where as they are; undone, they are gone there again, but what changed',
  async ({ to, prefix, client }) => {
    const records = await putFew();
    const before = await Promise.all(records.map(({ key }) => whole(world.client, key)));
    const there = client();
    const copy = (ifExists: 'fail' | 'skip' | 'overwrite'): JobRequest => ({
      kind: 'copy',
      collection: COLLECTION,
      records: { records },
      to,
      ifExists,
    });
    await there.putObject(BUCKET, `${prefix}1.json`, Buffer.from('{"theirs":true}'), {});

    const job = await ended(await world.start(copy('fail')));
    expect(job).toMatchObject({ to: { collection: to }, counts: { total: 4, done: 3, failed: 1 } });
    expect(await world.report(job.id, true)).toMatchObject([
      { key: 'movies/1.json', error: { code: 'record-exists' } },
    ]);
    expect(await whole(there, `${prefix}0.json`)).toEqual(before[0]);
    expect(await keysOf(world.client, 'movies/')).toHaveLength(4);

    const [first] = await world.report(job.id);
    expect(first).toMatchObject({ key: 'movies/0.json', action: 'created', etagBefore: null });

    const { etag: theirs } = await there.headObject(BUCKET, `${prefix}1.json`, {});
    const over = await ended(await world.start(copy('overwrite')));
    expect(over).toMatchObject({ counts: { done: 1, unchanged: 3 } });
    const written = (await world.report(over.id)).filter(({ outcome }) => outcome === 'done');
    expect(written).toMatchObject([{ action: 'overwritten', etagBefore: theirs, etagAfter: records[1]?.etag }]);
    expect(await whole(there, `${prefix}1.json`)).toEqual(before[1]);
    expect(await ended(await world.start(copy('skip')))).toMatchObject({ counts: { done: 0, unchanged: 4 } });

    expect(await undone(over)).toMatchObject({ collection: to, counts: { done: 1 } });
    expect(await whole(there, `${prefix}1.json`)).toMatchObject({ body: '{"theirs":true}' });
    await there.putObject(BUCKET, `${prefix}2.json`, Buffer.from('{"theirs":true}'), {});
    const back = await undone(job);
    expect(back).toMatchObject({ counts: { total: 3, done: 2, failed: 1 } });
    expect(await keysOf(there, prefix)).toEqual(['1.json', '2.json']);
    expect(await undone(back)).toMatchObject({ counts: { done: 2 } });
    expect(await whole(there, `${prefix}0.json`)).toEqual(before[0]);
    for (const key of await keysOf(there, prefix)) await there.deleteObject(BUCKET, prefix + key, {});
  },
);

test.for(PLACES)(
  'records are moved to $where, and back by an undo; one that changed meanwhile stays where it is',
  async ({ to, prefix, client }) => {
    const records = await putFew();
    const before = await Promise.all(records.map(({ key }) => whole(world.client, key)));
    const there = client();
    await world.put('movies/3.json', { newer: true });
    const job = await ended(
      await world.start({ kind: 'move', collection: COLLECTION, records: { records }, to, ifExists: 'fail' }),
    );
    expect(job).toMatchObject({ counts: { total: 4, done: 3, failed: 1 } });
    expect(await world.report(job.id, true)).toMatchObject([
      { key: 'movies/3.json', error: { code: 'record-changed' } },
    ]);
    expect([await keysOf(world.client, 'movies/'), await keysOf(there, prefix)]).toEqual([
      ['3.json'],
      ['0.json', '1.json', '2.json'],
    ]);
    expect(await whole(there, `${prefix}2.json`)).toEqual(before[2]);

    const back = await undone(job);
    expect(back).toMatchObject({ kind: 'undo', counts: { total: 3, done: 3 } });
    expect([await keysOf(world.client, 'movies/'), await keysOf(there, prefix)]).toEqual([
      ['0.json', '1.json', '2.json', '3.json'],
      [],
    ]);
    expect(await whole(world.client, 'movies/2.json')).toEqual(before[2]);

    await there.putObject(BUCKET, `${prefix}1.json`, Buffer.from('{"theirs":true}'), {});
    await world.put('movies/0.json', { newer: true });
    const forth = await undone(back);
    expect(forth).toMatchObject({ undoes: back.id, counts: { total: 3, done: 1, failed: 2 } });
    expect((await world.report(forth.id, true)).map(({ key, error }) => [key, error?.code])).toEqual(
      expect.arrayContaining([
        ['movies/0.json', 'record-changed'],
        ['movies/1.json', 'record-exists'],
      ]),
    );
    expect([await keysOf(world.client, 'movies/'), await keysOf(there, prefix)]).toEqual([
      ['0.json', '1.json', '3.json'],
      ['1.json', '2.json'],
    ]);
    expect(await whole(there, `${prefix}2.json`)).toEqual(before[2]);
    expect(await undone(forth)).toMatchObject({ counts: { total: 1, done: 1 } });
    expect(await whole(world.client, 'movies/2.json')).toEqual(before[2]);
    for (const key of await keysOf(there, prefix)) await there.deleteObject(BUCKET, prefix + key, {});
  },
);

/** Another connection to the sandbox of the world, with keys of somebody else. */
function addNeighbour(): void {
  const connection = {
    ...CONNECTION,
    id: 'neighbour',
    kind: 'minio',
    credentials: { source: 'keys', accessKeyId: 'somebody-else' },
  } as const;
  world.others.set('neighbour', { connection, target: targetOf(world.sandbox) });
  world.collections.set(COLLECTION, collectionOf({ connectionId: 'own' }));
  world.others.set('own', { connection: { ...CONNECTION, id: 'own', kind: 'minio' }, target: targetOf(world.sandbox) });
  world.collections.set('other', collectionOf({ id: 'other', connectionId: 'neighbour', prefix: 'other/' }));
}

test('records go from one connection to another of the same server without coming here', async () => {
  addNeighbour();
  const records = await putFew();
  const before = await Promise.all(records.map(({ key }) => whole(world.client, key)));
  const unread = { kind: 'answer', status: 403, code: 'AccessDenied' } as const;
  world.sandbox.faults.set([{ operation: 'GetObject', fault: unread }]);
  const task = { collection: COLLECTION, records: { records }, to: 'other', ifExists: 'fail' } as const;
  const job = await ended(await world.start({ kind: 'move', ...task }));
  expect(job).toMatchObject({ state: 'completed', counts: { done: 4 } });
  expect((await world.report(job.id)).some(({ throughHere }) => throughHere)).toBe(false);
  // What an undo takes away it reads before, to bring it back itself.
  world.sandbox.faults.set([]);
  expect(await undone(job)).toMatchObject({ state: 'completed', counts: { done: 4 } });
  expect(await Promise.all(records.map(({ key }) => whole(world.client, key)))).toEqual(before);
});

test('where the keys of the destination may not read the source, records come through here, and the report says so', async () => {
  addNeighbour();
  const records = await putFew();
  const before = await Promise.all(records.map(({ key }) => whole(world.client, key)));
  await world.put('other/3.json', { theirs: true });
  const denied = { kind: 'answer', status: 403, code: 'AccessDenied' } as const;
  world.sandbox.faults.set([{ operation: 'CopyObject', fault: denied }]);
  const task = { collection: COLLECTION, records: { records }, to: 'other', ifExists: 'fail' } as const;
  const job = await ended(await world.start({ kind: 'copy', ...task }));
  expect(job).toMatchObject({ state: 'completed-with-errors', counts: { done: 3, failed: 1 } });
  expect(await world.report(job.id, true)).toMatchObject([{ key: 'movies/3.json', error: { code: 'record-exists' } }]);
  const copied = (await world.report(job.id)).slice(0, 3);
  expect(copied.map((outcome) => [outcome.throughHere, noteOf(outcome)])).toEqual(
    copied.map(() => [true, expect.stringContaining('its bytes went through this computer')]),
  );
  expect(await Promise.all([0, 1, 2].map((n) => whole(world.client, `other/${String(n)}.json`)))).toEqual(
    before.slice(0, 3),
  );
  expect(await undone(job)).toMatchObject({ counts: { done: 3 } });
  expect(await keysOf(world.client, 'other/')).toEqual(['3.json']);
});

/** Key below the prefix, and what becomes of the record: of the two that are there already. */
function rows(one: string, two: string): readonly (readonly string[])[] {
  return [
    ['0.json', 'new'],
    ['1.json', one],
    ['2.json', two],
    ['3.json', 'new'],
  ];
}

test.for(PLACES)(
  'a preview of copies to $where says what is there already, and becomes of it',
  async ({ to, prefix, client }) => {
    const records = await putFew();
    await client().putObject(BUCKET, `${prefix}1.json`, Buffer.from('{"n":1}'), {});
    await client().putObject(BUCKET, `${prefix}2.json`, Buffer.from('{"mine":true}'), {});
    const signal = new AbortController().signal;
    const fates = async (ifExists: IfCopyExists) => {
      const task = { kind: 'copy', collection: COLLECTION, records: { records }, to, ifExists } as const;
      const previewed = await world.engine.jobs.preview(task, signal);
      return previewed.map(({ to: key, there, problem }) => [
        key?.slice(prefix.length),
        there ?? problem?.code ?? 'new',
      ]);
    };
    expect(await fates('fail')).toEqual(rows('record-exists', 'record-exists'));
    expect(await fates('skip')).toEqual(rows('stays', 'stays'));
    expect(await fates('overwrite')).toEqual(rows('stays', 'replaced'));
    for (const key of [1, 2].map((n) => `${prefix}${String(n)}.json`)) await client().deleteObject(BUCKET, key, {});
  },
);

test('an object of many parts goes to another server through this process, and onto the same place nothing goes', async () => {
  const body = Buffer.alloc(17 * 1024 * 1024, 'abcdefg');
  const { etag } = await world.client.putObject(BUCKET, 'movies/large.json', body, { headers: HEADERS });
  const records = [{ key: 'movies/large.json', etag }];
  const job = await ended(
    await world.start({ kind: 'copy', collection: COLLECTION, records: { records }, to: 'far', ifExists: 'fail' }),
  );
  expect(job).toMatchObject({ state: 'completed', counts: { done: 1 } });
  const found = await far.getObject(BUCKET, 'far/large.json', {});
  expect(Buffer.compare(found.body, body)).toBe(0);
  expect(found.head).toMatchObject({ contentType: HEADERS.contentType, storageClass: 'STANDARD_IA', tagCount: 1 });

  await far.deleteObject(BUCKET, 'far/large.json', {});

  world.collections.set('same', collectionOf({ id: 'same' }));
  const same = await world.start({
    kind: 'copy',
    collection: COLLECTION,
    records: { records },
    to: 'same',
    ifExists: 'overwrite',
  });
  expect(await world.wait(same.id, ({ state }) => state === 'paused')).toMatchObject({
    error: { code: 'invalid-arguments' },
  });
});

test.for([{ versioned: false }, { versioned: true }])(
  'what was deleted comes back, with all that it was (versions: $versioned)',
  async ({ versioned }) => {
    if (versioned) await world.sandbox.storage.bucket(BUCKET)?.setVersioning('enabled');
    const records = await putFew();
    const before = await Promise.all(records.map(({ key }) => whole(world.client, key)));
    const job = await ended(
      await world.start({ kind: 'delete', collection: COLLECTION, records: { records }, undoable: true }),
    );
    expect(job).toMatchObject({ state: 'completed', counts: { done: 4 } });
    expect(await keysOf(world.client, 'movies/')).toEqual([]);
    await world.put('movies/1.json', { theirs: true });
    const back = await undone(job);
    expect(back).toMatchObject({ counts: { done: 3, failed: 1 } });
    expect(await Promise.all([0, 2, 3].map((n) => whole(world.client, `movies/${String(n)}.json`)))).toEqual([
      before[0],
      before[2],
      before[3],
    ]);
    expect(await undone(back)).toMatchObject({ counts: { done: 3 } });
    expect(await keysOf(world.client, 'movies/')).toEqual(['1.json']);
  },
);

test.for(PLACES)(
  'a collection is promoted to $where, and after three changes exactly these three; what others wrote since is seen',
  async ({ to, prefix, client }) => {
    const there = client();
    for (const sandbox of [world.sandbox, second]) await sandbox.storage.bucket(BUCKET)?.setVersioning('enabled');
    const versions = async (): Promise<number> => {
      let count = 0;
      for await (const page of there.listObjectVersions(BUCKET, { prefix })) count += page.length;
      return count;
    };
    const compare = (first?: number) =>
      world.engine.compare(
        { collection: world.collections.get(COLLECTION) ?? collectionOf(), connection: CONNECTION },
        {
          collection: world.collections.get(to) ?? collectionOf(),
          connection: world.others.get(to)?.connection ?? CONNECTION,
        },
        new AbortController().signal,
        first,
      );
    const begun = await versions();
    await putFew();
    await world.client.putObject(BUCKET, 'movies/odd.bin', Buffer.from([0xff, 0xfe, 0x00]), {});
    const promotion = { kind: 'promote', collection: COLLECTION, to, states: ['new', 'changed'] } as const;
    const first = await ended(await world.start(promotion));
    expect(first).toMatchObject({ state: 'completed', counts: { total: 5, done: 5 } });
    expect((await versions()) - begun).toBe(5);

    // The same values in other bytes are the same.
    await world.client.putObject(BUCKET, 'movies/0.json', Buffer.from('{ "n": 0.0 }'), {});
    await world.put('movies/1.json', { n: 1, more: true });
    await world.put('movies/new.json', { n: 'new' });
    await world.client.putObject(BUCKET, 'movies/odd.bin', Buffer.from([0xff, 0xfe, 0x01]), {});
    await there.putObject(BUCKET, `${prefix}theirs.json`, Buffer.from('{}'), {});
    expect(await compare()).toMatchObject({
      counts: { new: 1, changed: 2, same: 3, 'only-there': 1 },
      differing: [
        { name: '1.json', state: 'changed' },
        { name: 'new.json', state: 'new', etagThere: null },
        { name: 'odd.bin', state: 'changed' },
        { name: 'theirs.json', state: 'only-there', etag: null },
      ],
      // A page of each listing, and both bodies of three that have other ETags.
      sent: {
        requests: [
          { operation: 'ListObjectsV2', count: 2, exact: true, dollars: null },
          { operation: 'GetObject', count: 6, exact: true, dollars: null },
        ],
      },
    });
    expect(await compare(3)).toMatchObject({ counts: { new: 0, changed: 1, same: 2, 'only-there': 0 }, more: true });
    expect(await compare(7)).toMatchObject({ counts: { same: 3 }, more: false });
    const before = await versions();
    const again = await ended(await world.start(promotion));
    expect(again).toMatchObject({ state: 'completed', counts: { total: 3, done: 3 } });
    expect((await versions()) - before).toBe(3);
    expect(await compare()).toMatchObject({ counts: { new: 0, changed: 0, same: 6, 'only-there': 1 } });
    expect(await ended(await world.start(promotion))).toMatchObject({
      state: 'completed',
      counts: { total: 0, done: 0 },
    });

    expect(await undone(again)).toMatchObject({ collection: to, counts: { total: 3, done: 3 } });
    expect(await compare()).toMatchObject({ counts: { new: 1, changed: 2, same: 3, 'only-there': 1 } });
    const some = await ended(await world.start({ ...promotion, states: ['changed'], names: ['1.json', 'new.json'] }));
    expect(some).toMatchObject({ counts: { total: 1, done: 1 } });
    for (const key of await keysOf(there, prefix)) await there.deleteObject(BUCKET, prefix + key, {});
    await second.storage.bucket(BUCKET)?.setVersioning('suspended');
  },
);
