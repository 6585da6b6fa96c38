import type { Engine } from '../../../electron/engine/engine.ts';
import type { ListedObject } from '../../../electron/engine/s3/s3-client.ts';
import type { Collection } from '../../../shared/collection.ts';
import type { Connection } from '../../../shared/connection.ts';
import { hasEnded, type Job, type JobOutcome, type JobRequest } from '../../../shared/job.ts';
import { signal } from '../../integration/records/record-harness.ts';
import { startEngine } from '../../integration/support/start-engine.ts';
import { engineCasesOf, unknownTarget, type EngineWorld } from './engine-case.ts';
import { indexProcess } from './index-process.ts';
import { keysOf } from './observe-engine.ts';

const CONNECTION: Connection = {
  id: 'test',
  name: 'Test',
  kind: 'custom',
  endpoint: null,
  region: 'us-east-1',
  pathStyle: true,
  credentials: { source: 'sandbox' },
  environment: 'test',
  readOnly: false,
  maxWorkers: null,
};

interface RunningEngine {
  readonly engine: Engine;
  /** Waits for the end of a job. */
  readonly ended: (job: string) => Promise<Job>;
  readonly collection: Collection;
  /** Starts a job and waits for its end. */
  readonly run: (request: JobRequest) => Promise<Job>;
}

async function withEngine<T>(world: EngineWorld, work: (running: RunningEngine) => Promise<T>): Promise<T> {
  const collection = world.collection('plain', { prefix: 'records/' });
  const other = world.collection('plain', { id: 'other', prefix: 'other/' });
  const waiting = new Map<string, (job: Job) => void>();
  const ended = new Map<string, Job>();
  const engine = await startEngine(world.folder(), unknownTarget(world.server), {
    spawnIndexProcess: (await indexProcess()).spawn,
    findTarget: (id) => ({ collection: id === other.id ? other : collection, connection: CONNECTION }),
    onJobChanged: (job) => {
      // Nobody here goes on with one that pauses, for want of what a server lacks.
      if (!hasEnded(job.state) && job.state !== 'paused') return;
      ended.set(job.id, job);
      waiting.get(job.id)?.(job);
    },
  });
  const endOf = async (id: string): Promise<Job> =>
    ended.get(id) ?? (await new Promise((resolve) => waiting.set(id, resolve)));
  try {
    return await work({
      engine,
      collection,
      ended: endOf,
      run: async (request) => endOf((await engine.jobs.start(request)).id),
    });
  } finally {
    await engine.dispose();
  }
}

async function putMany({ client, Bucket }: EngineWorld, count: number): Promise<readonly ListedObject[]> {
  await Promise.all(
    Array.from({ length: count }, (_, n) =>
      client.putObject(Bucket, `records/${n}.json`, Buffer.from(`{"n":${n},"seen":false}`), { lane: 'bulk' }),
    ),
  );
  const objects: ListedObject[] = [];
  for await (const page of client.listAllObjects(Bucket, { prefix: 'records/' })) objects.push(...page.objects);
  return objects;
}

async function failedOf(engine: Engine, job: string): Promise<readonly string[]> {
  const failed: JobOutcome[] = [];
  for (let from: string | null = null; ;) {
    const { outcomes, next } = await engine.jobs.report(job, from, true);
    failed.push(...outcomes);
    if (next === null) break;
    from = next;
  }
  return failed.map(({ key, error }) => `${key} ${error?.code}`).toSorted();
}

const openOf =
  ({ engine, collection }: RunningEngine, freshness: 'complete' | 'forced') =>
  (query: object) =>
    engine.openQuery({ collection, connection: CONNECTION }, JSON.stringify(query), freshness, signal);

export const jobs = engineCasesOf('Engine: index and jobs', [
  {
    name: 'reads all records once, and later only those that changed',
    run: (world) =>
      withEngine(world, async (running) => {
        const { client, Bucket } = world;
        await putMany(world, 1_100);
        const cold = await openOf(running, 'complete')({});
        const warm = await openOf(running, 'complete')({ where: { field: 'n', operator: '<', value: 100 } });
        await client.putObject(Bucket, 'records/5.json', Buffer.from('{"n":5000}'), {});
        await client.putObject(Bucket, 'records/new.json', Buffer.from('{"n":-1}'), {});
        await client.deleteObject(Bucket, 'records/7.json', {});
        await client.putObject(Bucket, 'records/8.json', Buffer.from('{"n":8,"seen":false}'), {});
        const forced = await openOf(running, 'forced')({ where: { field: 'n', operator: '<', value: 100 } });
        const requests = ({ statistics }: typeof cold) => statistics.requests['GetObject'] ?? 0;
        return {
          totals: [cold.total, warm.total, forced.total, forced.records],
          reads: [requests(cold), requests(warm), requests(forced)],
          lists: [cold.statistics.requests['ListObjectsV2'] ?? 0, warm.statistics.requests['ListObjectsV2'] ?? 0].map(
            (count) => count > 0,
          ),
          complete: forced.complete,
        };
      }),
    expected: { totals: [1_100, 100, 99, 1_100], reads: [1_100, 0, 2], lists: [true, false], complete: true },
  },
  {
    name: 'sets a field in all records of an answer by a job, then deletes them by another',
    run: (world) =>
      withEngine(world, async (running) => {
        const { client, Bucket } = world;
        const { engine, run } = running;
        await putMany(world, 300);
        const open = openOf(running, 'complete');
        const { result } = await open({});
        await client.putObject(Bucket, 'records/3.json', Buffer.from('{"other":true}'), {});
        await client.deleteObject(Bucket, 'records/4.json', {});
        const edits = [{ part: 'fields', path: ['seen'], text: 'true' }] as const;
        const updated = await run({ kind: 'update', collection: 'c', records: { result }, edits });
        const { body } = await client.getObject(Bucket, 'records/42.json', {});
        const seen = await open({ where: { field: 'seen', operator: '=', value: true } });
        await client.putObject(Bucket, 'records/5.json', Buffer.from('{"other":true}'), {});
        const deleted = await run({ kind: 'delete', collection: 'c', records: { result: seen.result } });
        return {
          updated: [updated.state, updated.counts, await failedOf(engine, updated.id)],
          body: Buffer.from(body).toString(),
          seen: seen.total,
          deleted: [deleted.state, deleted.counts, await failedOf(engine, deleted.id)],
          left: await keysOf(client, Bucket),
        };
      }),
    expected: {
      updated: [
        'completed-with-errors',
        { total: 300, done: 298, unchanged: 0, failed: 2 },
        ['records/3.json record-changed', 'records/4.json record-not-found'],
      ],
      body: '{"n":42,"seen":true}',
      seen: 298,
      deleted: [
        'completed-with-errors',
        { total: 298, done: 297, unchanged: 0, failed: 1 },
        ['records/5.json record-changed'],
      ],
      left: ['records/3.json', 'records/5.json'],
    },
  },
  {
    name: 'tags, reclasses, copies and moves records with all that they say of themselves, and undoes each of it',
    run: (world) =>
      withEngine(world, async ({ engine, run, ended }) => {
        const { client, Bucket } = world;
        const headers = {
          contentType: 'application/json; charset=utf-8',
          cacheControl: 'max-age=60',
          userMetadata: [{ key: 'note', value: 'one' }],
          tags: [{ key: 'shape', value: 'round' }],
        };
        const put = (key: string) => client.putObject(Bucket, key, Buffer.from('{"n":1}'), { headers });
        const { etag } = await put('records/1.json');
        const records = { records: [{ key: 'records/1.json', etag }] };
        const look = async (key: string) => {
          const { head, body } = await client.getObject(Bucket, key, {});
          const { contentType, cacheControl, userMetadata, storageClass } = head;
          const tags = await client.getObjectTagging(Bucket, key, {});
          const same = contentType === headers.contentType && cacheControl === headers.cacheControl;
          return [same && userMetadata.length === 1, storageClass, tags, Buffer.from(body).toString()];
        };
        const undo = async (job: Job): Promise<Job['counts']> => {
          const { id } = await engine.jobs.undo(job.id);
          return (await ended(id)).counts;
        };
        const change = { add: [{ key: 'seen', value: 'yes' }], remove: ['shape'] };
        const tagged = await run({ kind: 'tag', collection: 'c', records, change });
        const withTags = await look('records/1.json');
        const untagged = await undo(tagged);
        const classed = await run({ kind: 'set-class', collection: 'c', records, storageClass: 'STANDARD_IA' });
        const inClass = await look('records/1.json');
        const unclassed = await undo(classed);
        const copied = await run({ kind: 'copy', collection: 'c', records, to: 'other', ifExists: 'fail' });
        const copy = await look('other/1.json');
        const again = await run({ kind: 'copy', collection: 'c', records, to: 'other', ifExists: 'fail' });
        const uncopied = await undo(copied);
        const moved = await run({ kind: 'move', collection: 'c', records, to: 'other', ifExists: 'fail' });
        const keys = await keysOf(client, Bucket);
        const unmoved = await undo(moved);
        return {
          tags: [tagged.counts.done, withTags, untagged.done],
          classes: [classed.counts.done, inClass, unclassed.done],
          copies: [copied.counts.done, copy, again.counts.failed, uncopied.done],
          moves: [moved.counts.done, keys, unmoved.done],
          left: [await keysOf(client, Bucket), await look('records/1.json')],
        };
      }),
    expected: {
      tags: [1, [true, 'STANDARD', [{ key: 'seen', value: 'yes' }], '{"n":1}'], 1],
      classes: [1, [true, 'STANDARD_IA', [{ key: 'shape', value: 'round' }], '{"n":1}'], 1],
      copies: [1, [true, 'STANDARD', [{ key: 'shape', value: 'round' }], '{"n":1}'], 1, 1],
      moves: [1, ['other/1.json'], 1],
      left: [['records/1.json'], [true, 'STANDARD', [{ key: 'shape', value: 'round' }], '{"n":1}']],
    },
  },
]);
