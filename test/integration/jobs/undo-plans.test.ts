import { afterAll, beforeAll, expect, test } from 'vitest';
import { hasEnded, type JobRequest } from '../../../shared/job.ts';
import type { JobPlan } from '../../../shared/plan.ts';
import { targetOf } from '../support/sandbox.ts';
import { BUCKET, COLLECTION, collectionOf, CONNECTION, startJobsWorld, type JobsWorld } from './support/jobs-world.ts';

const RECORDS = 4;
/** A megabyte each. */
const BYTES = 1024 * 1024;
const AMAZON = { ...CONNECTION, id: 'amazon', kind: 'aws' } as const;
const GIGABYTE = 2 ** 30;

let world: JobsWorld;

beforeAll(async () => {
  world = await startJobsWorld();
  world.others.set('amazon', { connection: AMAZON, target: targetOf(world.sandbox) });
  world.collections.set(COLLECTION, collectionOf({ connectionId: 'amazon' }));
  world.collections.set('other', collectionOf({ id: 'other', prefix: 'other/', connectionId: 'amazon' }));
});

afterAll(() => world.stop());

/** Records of a class, one after the other megabyte of spaces around the same JSON. */
async function put(prefix: string, storageClass: string, count = RECORDS) {
  const body = Buffer.from(`{"seen":false}${' '.repeat(BYTES - 14)}`);
  return Promise.all(
    Array.from({ length: count }, async (_, n) => {
      const key = `${prefix}${n}.json`;
      const { etag } = await world.client.putObject(BUCKET, key, body, { headers: { storageClass } });
      return { key, etag };
    }),
  );
}

async function undoPlanOf(request: JobRequest): Promise<JobPlan | null> {
  const { signal } = new AbortController();
  const { id } = await world.start(request);
  const { state } = await world.wait(id, (job) => hasEnded(job.state));
  expect(state).toBe('completed');
  return world.engine.planJob({ job: id, as: 'undo' }, signal);
}

const dollarsOf = (plan: JobPlan | null) =>
  Object.fromEntries(plan?.requests.map(({ operation, count, dollars }) => [operation, [count, dollars]]) ?? []);

const near = (dollars: number): unknown => expect.closeTo(dollars, 9);

test('the undo of a change is priced by the class of each record, with what leaves that early', async () => {
  const records = await put('movies/', 'STANDARD_IA');
  const edits = [{ part: 'fields', path: ['seen'], text: 'true' }] as const;
  const plan = await undoPlanOf({ kind: 'update', collection: COLLECTION, records: { records }, edits });
  expect(dollarsOf(plan)).toEqual({
    HeadObject: [RECORDS, near((RECORDS * 0.001) / 1000)],
    GetObject: [RECORDS, near((RECORDS * 0.001) / 1000 + (RECORDS * BYTES * 0.01) / GIGABYTE)],
    PutObject: [RECORDS, near((RECORDS * 0.01) / 1000)],
  });
  expect(plan?.fees).toEqual([{ of: 'early-end', dollars: expect.closeTo((RECORDS * BYTES * 0.0125) / GIGABYTE, 5) }]);
});

test('the undo of a change of class is priced by the class that it goes back into, and by leaving the other one', async () => {
  const records = await put('movies/', 'STANDARD');
  const plan = await undoPlanOf({
    kind: 'set-class',
    collection: COLLECTION,
    records: { records },
    storageClass: 'GLACIER_IR',
  });
  expect(dollarsOf(plan)).toEqual({
    HeadObject: [RECORDS, near((RECORDS * 0.01) / 1000)],
    CopyObject: [RECORDS, near((RECORDS * 0.005) / 1000 + (RECORDS * BYTES * 0.03) / GIGABYTE)],
  });
  expect(plan?.fees).toEqual([
    { of: 'early-end', dollars: expect.closeTo((RECORDS * BYTES * 0.004 * 3) / GIGABYTE, 5) },
  ]);
});

test('the undo of a copy writes back what was replaced, and deletes the others', async () => {
  const records = await put('movies/', 'STANDARD');
  await put('other/', 'GLACIER_IR', 1);
  await world.put('other/0.json', { other: true });
  const plan = await undoPlanOf({
    kind: 'copy',
    collection: COLLECTION,
    records: { records },
    to: 'other',
    ifExists: 'overwrite',
  });
  expect(dollarsOf(plan)).toMatchObject({ PutObject: [1, near(0.005 / 1000)], DeleteObject: [RECORDS - 1, 0] });
});

test('a promotion is priced by the classes of what it copies', async () => {
  const { signal } = new AbortController();
  const here = { collection: world.collections.get(COLLECTION) ?? collectionOf(), connection: AMAZON };
  world.collections.set('empty', collectionOf({ id: 'empty', prefix: 'empty/', connectionId: 'amazon' }));
  await put('movies/', 'STANDARD_IA');
  const there = { collection: world.collections.get('empty') ?? collectionOf(), connection: AMAZON };
  const { promoted, counts } = await world.engine.compare(here, there, signal);
  const plan = await world.engine.planJob(
    {
      collection: COLLECTION,
      kind: 'promote',
      records: counts.new,
      to: 'empty',
      of: { of: 'sizes', sizes: promoted.new.sizes },
      replaces: promoted.changed.replaced,
    },
    signal,
  );
  expect(dollarsOf(plan)['CopyObject']).toEqual([
    RECORDS,
    near((RECORDS * 0.01) / 1000 + (RECORDS * BYTES * 0.01) / GIGABYTE),
  ]);
});
