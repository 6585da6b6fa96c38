import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import {
  hasEnded,
  type IfCopyExists,
  type Job,
  type JobRecords,
  type JobRequest,
  type RequestOf,
} from '../../../shared/job.ts';
import { KEPT_UNASKED } from '../../../shared/plan.ts';
import { plannedTask, recordsOfRequest } from '../../../shared/planned-job.ts';
import { AppFailure } from '../../../shared/result.ts';
import { BUCKET, COLLECTION, collectionOf, CONNECTION, startJobsWorld, type JobsWorld } from './support/jobs-world.ts';
import { NEW_IMPORT, NO_CSV } from './support/new-import.ts';

/** Together they are more than is kept unasked, each is less than a record may be. */
const LARGE = 5;
const LARGE_BYTES = 60 * 1024 * 1024;
const KEPT = LARGE * LARGE_BYTES;

let world: JobsWorld;

const NAMES = Array.from({ length: LARGE }, (_, n) => `${n}.json`);
const live = (): AbortSignal => new AbortController().signal;

beforeAll(async () => {
  expect(KEPT).toBeGreaterThan(KEPT_UNASKED);
  world = await startJobsWorld();
  world.collections.set('large', collectionOf({ id: 'large', name: 'Large', prefix: 'large/' }));
  await world.client.putObject(BUCKET, 'large', Buffer.alloc(LARGE_BYTES, ' '), {});
});

/** Small records in `movies`, large objects of the same names in `large`, whose index knows them. */
beforeEach(async () => {
  for (const { id } of world.engine.jobs.list()) await world.engine.jobs.remove(id);
  for (const name of NAMES) {
    await world.client.copyObject(BUCKET, `large/${name}`, { bucket: BUCKET, key: 'large' }, {});
    await world.put(`movies/${name}`, { name });
  }
  await world.put('movies/new.json', {});
  await world.client.deleteObject(BUCKET, 'large/new.json', {});
  await open('large');
});

afterAll(async () => {
  await world.stop();
});

async function open(id: string): Promise<string> {
  const target = { collection: world.collections.get(id) ?? collectionOf(), connection: CONNECTION };
  const { result } = await world.engine.openQuery(target, '{}', 'forced', live(), { spending: 'anything' });
  return result;
}

/** What a plan says that is kept, and why the job was not started; null where it was, and has ended. */
async function asked(request: JobRequest): Promise<readonly [kept: number | null, code: string | null]> {
  const records = request.kind === 'import' ? NAMES.length : 0;
  const plan = await world.engine.planJob(plannedTask(request, records, recordsOfRequest(request)), live());
  return [plan?.kept ?? null, await refusal(request)];
}

async function refusal(request: JobRequest): Promise<string | null> {
  try {
    await ended(await world.engine.startJob(request, 'within-budget', live()));
    return null;
  } catch (error) {
    if (!(error instanceof AppFailure)) throw error;
    expect(error.error.detail).toEqual({ kept: KEPT });
    return error.error.code;
  }
}

function ended({ id }: Job): Promise<Job> {
  return world.wait(id, ({ state }) => hasEnded(state));
}

async function chosen(prefix: string, names: readonly string[]): Promise<JobRecords> {
  const heads = names.map((name) => world.client.headObject(BUCKET, prefix + name, {}));
  return { records: (await Promise.all(heads)).map(({ key, etag }) => ({ key, etag })) };
}

const sizesThere = (): Promise<readonly number[]> =>
  Promise.all(NAMES.map(async (name) => (await world.client.headObject(BUCKET, `large/${name}`, {})).size));

async function importOf(names: readonly string[], onConflict: 'skip' | 'overwrite'): Promise<RequestOf<'import'>> {
  const path = join(world.folder, `${names.length}.ndjson`);
  await writeFile(path, names.map((name) => `{"id":"${name.replace('.json', '')}","n":1}\n`).join(''));
  const reading = { format: 'ndjson', compression: 'none', encoding: 'utf-8', csv: NO_CSV } as const;
  const settings = { ...NEW_IMPORT, reading, onConflict };
  return { kind: 'import', collection: 'large', source: { path }, settings, badRows: null };
}

function copyOf<K extends 'copy' | 'move'>(kind: K, records: JobRecords, ifExists: IfCopyExists = 'overwrite') {
  return { kind, collection: COLLECTION, records, to: 'large', ifExists } as const;
}

test('a change is asked about by the size of its records', async () => {
  const records = { result: await open('large') };
  const change: JobRequest = { kind: 'update', collection: 'large', records, edits: [] };
  expect(await asked(change)).toEqual([KEPT, 'ask-first']);
  const task = plannedTask({ ...change, undoable: false }, LARGE, recordsOfRequest(change));
  expect(await world.engine.planJob(task, live())).toMatchObject({ kept: null });
});

test.each(['copy', 'move'] as const)(
  'a %s is asked about by what it writes over, whoever names its records',
  async (kind) => {
    const picked = await chosen('movies/', NAMES);
    expect(await asked(copyOf(kind, picked))).toEqual([KEPT, 'ask-first']);
    const found = { result: await open(COLLECTION) };
    expect(await asked(copyOf(kind, found))).toEqual([KEPT, 'ask-first']);
    expect(await sizesThere()).toEqual(NAMES.map(() => LARGE_BYTES));

    expect(await asked(copyOf(kind, await chosen('movies/', ['new.json'])))).toEqual([0, null]);
    expect(await asked(copyOf(kind, picked, 'skip'))).toEqual([null, null]);
    expect(await asked({ ...copyOf(kind, await chosen('movies/', NAMES)), undoable: false })).toEqual([null, null]);
    expect(Math.max(...(await sizesThere()))).toBeLessThan(100);
  },
);

test('where the place was never listed, as much is taken to be there as is written', async () => {
  world.collections.set('elsewhere', collectionOf({ id: 'elsewhere', prefix: 'elsewhere/' }));
  const records = { result: await open('large') };
  const copy: JobRequest = { kind: 'copy', collection: 'large', records, to: 'elsewhere', ifExists: 'overwrite' };
  expect(await asked(copy)).toEqual([KEPT, 'ask-first']);
});

test('an import is asked about by as many objects of the place as it has rows', async () => {
  expect(await asked(await importOf(NAMES, 'overwrite'))).toEqual([KEPT, 'ask-first']);
  expect(await asked(await importOf(NAMES, 'skip'))).toEqual([null, null]);
  const others = NAMES.map((name) => `other-${name}`);
  expect(await refusal(await importOf(others.slice(0, 2), 'overwrite'))).toBeNull();
  expect(await refusal({ ...(await importOf(others, 'overwrite')), undoable: false })).toBeNull();
});

test('a promotion is asked about by what the comparison finds to be written over', async () => {
  const promote: JobRequest = { kind: 'promote', collection: COLLECTION, to: 'large', states: ['new', 'changed'] };
  expect(await refusal(promote)).toBe('ask-first');
  expect(world.engine.jobs.list()).toEqual([]);
  expect(await refusal({ ...promote, undoable: false })).toBeNull();
  expect(Math.max(...(await sizesThere()))).toBeLessThan(100);
});

test('an undo is asked about by what it replaces in its turn, and one without an undo of its own keeps nothing', async () => {
  const big: JobRequest = { ...copyOf('copy', await chosen('large/', NAMES)), collection: 'large', to: COLLECTION };
  const copied = await ended(await world.engine.startJob({ ...big, undoable: true }, 'within-budget', live()));
  expect(copied.counts.done).toBe(LARGE);
  expect(await world.engine.planJob({ job: copied.id, as: 'undo' }, live())).toMatchObject({ kept: KEPT });
  const undo = (undoable?: boolean) =>
    world.engine.undoJob(
      copied.id,
      { spending: 'within-budget', ...(undoable === undefined ? {} : { undoable }) },
      live(),
    );
  await expect(undo()).rejects.toMatchObject({ error: { code: 'ask-first', detail: { kept: KEPT } } });
  const undone = await ended(await undo(false));
  expect(undone).toMatchObject({ state: 'completed', counts: { done: LARGE } });
  expect((await world.client.headObject(BUCKET, 'movies/0.json', {})).size).toBeLessThan(100);
  const redone = await ended(await world.engine.jobs.undo(undone.id));
  expect(redone).toMatchObject({ state: 'completed-with-errors', counts: { failed: LARGE } });
});
