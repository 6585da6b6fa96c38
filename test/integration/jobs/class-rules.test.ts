import { afterEach, beforeEach, expect, test } from 'vitest';
import { hasEnded, type Job, type JobRequest, type RequestOf } from '../../../shared/job.ts';
import { plannedTask, recordsOfRequest } from '../../../shared/planned-job.ts';
import { targetOf } from '../support/sandbox.ts';
import { BUCKET, COLLECTION, collectionOf, CONNECTION, startJobsWorld, type JobsWorld } from './support/jobs-world.ts';

const AMAZON = { ...CONNECTION, id: 'amazon', kind: 'aws' } as const;
const LARGE = 200_000;

let world: JobsWorld;
/** When `old.json` was written, as a query asks for it. */
let oldest: string;

beforeEach(async () => {
  world = await startJobsWorld();
  world.others.set('amazon', { connection: AMAZON, target: targetOf(world.sandbox) });
  world.collections.set(COLLECTION, collectionOf({ connectionId: 'amazon' }));
  await world.put('movies/old.json', { state: 'open' });
  const timeOf = async (key: string) => (await world.client.headObject(BUCKET, key, {})).lastModified ?? 0;
  const then = await timeOf('movies/old.json');
  oldest = new Date(then).toISOString();
  for (let now = then; now <= then; now = await timeOf('movies/open.json')) {
    await world.put('movies/open.json', { state: 'open' });
  }
  await world.put('movies/closed.json', { state: 'closed' });
  await world.put('movies/large.json', { state: 'closed', text: 'x'.repeat(LARGE) });
  await world.client.putObject(BUCKET, 'movies/no-record.json', Buffer.alloc(LARGE, 'x'), {});
  await world.client.putObject(BUCKET, 'movies/there.json', Buffer.from('{"state":"closed"}'), {
    headers: { storageClass: 'GLACIER_IR' },
  });
});

afterEach(() => world.stop());

const live = (): AbortSignal => new AbortController().signal;
const target = () => ({ collection: world.collections.get(COLLECTION) ?? collectionOf(), connection: AMAZON });

async function open(): Promise<string> {
  return (await world.engine.openQuery(target(), '{}', 'forced', live())).result;
}

/** The first is of size, for what is no record too; the second of a field; the third of age. */
const rules = () => [
  { where: `@size > ${LARGE / 2}`, storageClass: 'STANDARD_IA' },
  { where: 'state = "closed"', storageClass: 'GLACIER_IR' },
  { where: `@last_modified <= "${oldest}"`, storageClass: 'ONEZONE_IA' },
];

async function asked(change: Partial<RequestOf<'set-class'>> = {}): Promise<RequestOf<'set-class'>> {
  const records = { result: await open() };
  return { kind: 'set-class', collection: COLLECTION, records, storageRules: rules(), ...change };
}

function ended({ id }: Job): Promise<Job> {
  return world.wait(id, ({ state }) => hasEnded(state));
}

async function classes(): Promise<Readonly<Record<string, string>>> {
  const { objects } = await world.client.listObjectsV2(BUCKET, { prefix: 'movies/' });
  return Object.fromEntries(objects.map(({ key, storageClass }) => [key.slice('movies/'.length, -5), storageClass]));
}

const BY_RULES = {
  large: 'STANDARD_IA',
  'no-record': 'STANDARD_IA',
  closed: 'GLACIER_IR',
  there: 'GLACIER_IR',
  old: 'ONEZONE_IA',
};

test('each record goes into the class of the first rule that is true of it, by size, field and age; that is undone', async () => {
  const before = await classes();
  const request = await asked();
  const job = await ended(await world.start(request));
  expect(job).toMatchObject({ state: 'completed', counts: { total: 6, done: 4, unchanged: 2 } });
  expect(await classes()).toEqual({ ...BY_RULES, open: 'STANDARD' });
  expect((await world.report(job.id)).find(({ key }) => key === 'movies/old.json')).toMatchObject({
    action: 'class changed',
    into: 'ONEZONE_IA',
  });
  expect(await ended(await world.engine.jobs.undo(job.id))).toMatchObject({ state: 'completed', counts: { done: 4 } });
  expect(await classes()).toEqual(before);
});

test('a plan says how many go where and what that takes, and the offers what it comes to', async () => {
  const request = await asked({ storageClass: 'STANDARD' });
  const plan = await world.engine.planJob(plannedTask(request, 6, recordsOfRequest(request)), live());
  expect(plan?.into).toEqual([
    { storageClass: 'GLACIER_IR', records: 2, there: 1 },
    { storageClass: 'ONEZONE_IA', records: 1, there: 0 },
    { storageClass: 'STANDARD', records: 1, there: 1 },
    { storageClass: 'STANDARD_IA', records: 2, there: 0 },
  ]);
  const [, copies] = plan?.requests ?? [];
  expect(copies).toMatchObject({ operation: 'CopyObject', count: 4 });
  expect(copies?.dollars).toBeCloseTo((2 * 0.01 + 0.02 + 0.01) / 1000, 9);
  expect(plan?.fees ?? []).toEqual([]);

  const result = await open();
  const records = { of: 'result', result, ranges: null, rules: { rules: rules() } } as const;
  const { byRules } = await world.engine.classOffers(target(), { records, use: 'move', isNear: false }, live());
  expect(byRules?.classes.map(({ storageClass, objects }) => [storageClass, objects]).toSorted()).toEqual([
    ['GLACIER_IR', 2],
    ['ONEZONE_IA', 1],
    ['STANDARD', 1],
    ['STANDARD_IA', 2],
  ]);
  expect(byRules?.once).toBeCloseTo((2 * 0.01 + 0.02 + 0.01) / 1000, 9);
});

test('other rules that are asked of the same answer meanwhile change nothing', async () => {
  const request = await asked();
  const others = await asked({
    records: request.records,
    storageRules: [{ where: '@size > 0', storageClass: 'GLACIER' }],
  });
  const plans = [request, others, request, others].map((each) =>
    world.engine.planJob(plannedTask(each, 6, recordsOfRequest(each)), live()),
  );
  const found = (await Promise.all(plans)).map((plan) => plan?.into?.map(({ storageClass }) => storageClass));
  const byRules = ['GLACIER_IR', 'ONEZONE_IA', 'STANDARD', 'STANDARD_IA'];
  expect(found).toEqual([byRules, ['GLACIER'], byRules, ['GLACIER']]);
});

test('rows that are picked are asked by themselves, and a preview shows each in its class', async () => {
  const records = {
    result: await open(),
    ranges: [
      { from: 0, to: 1 },
      { from: 3, to: 5 },
    ],
  };
  const request = await asked({ records });
  const previewed = await world.engine.jobs.preview(request, live());
  expect(previewed.map(({ key, after }) => [key.slice(7, -5), after?.storageClass])).toEqual([
    ['closed', 'GLACIER_IR'],
    ['old', 'ONEZONE_IA'],
    ['open', 'STANDARD'],
  ]);
  const task = plannedTask(request, 3, recordsOfRequest(request));
  expect((await world.engine.planJob(task, live()))?.into?.map(({ records: count }) => count)).toEqual([1, 1, 1]);
  expect(await ended(await world.start(request))).toMatchObject({ counts: { total: 3, done: 2, unchanged: 1 } });
});

test('what fails goes into the same class when it is tried again', async () => {
  world.sandbox.faults.set([{ operation: 'CopyObject', fault: { kind: 'answer', status: 403, code: 'AccessDenied' } }]);
  const job = await ended(await world.start(await asked()));
  expect(job.counts).toMatchObject({ failed: 4 });
  world.sandbox.faults.set([]);
  expect((await ended(await world.engine.jobs.retry(job.id))).counts).toMatchObject({ done: 4 });
  expect(await classes()).toMatchObject(BY_RULES);
});

test.each<[string, Partial<RequestOf<'set-class'>>]>([
  ['neither a class nor a rule', { storageRules: [] }],
  ['records that no answer names', { records: { records: [{ key: 'movies/old.json', etag: '"a"' }] } }],
  ['tags, which the index may not know', { storageRules: [{ where: '@tag.state = "x"', storageClass: 'GLACIER' }] }],
])('%s are no rules of a change of class', async (_, change) => {
  const request: JobRequest = await asked(change);
  await expect(world.start(request).then(ended)).rejects.toMatchObject({ error: { code: 'invalid-arguments' } });
});
