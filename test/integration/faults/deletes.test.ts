import { afterAll, afterEach, beforeAll, expect, test } from 'vitest';
import type { BatchTarget } from '../../../electron/engine/records/record-batches.ts';
import type { Fault } from '../../../electron/sandbox/faults/fault-rules.ts';
import { signal } from '../records/record-harness.ts';
import { all, errorOf, startFaultWorld, type FaultWorld } from './support/fault-world.ts';

let world: FaultWorld;
beforeAll(async () => {
  world = await startFaultWorld();
});
afterEach(() => world.sandbox.faults.set([]));
afterAll(() => world.stop());

async function targets(place: string, count: number): Promise<readonly BatchTarget[]> {
  const records = Array.from({ length: count }, (_, n) => ({ id: `${place}/${n}`, record: `{"n": ${n}}` }));
  const created = await all(world.batches.create(records, { signal, ordered: true }));
  return created.map(({ key, etagAfter }) => ({ key, etag: etagAfter }));
}

const empty = (done: boolean): Fault => ({ kind: 'answer', status: 200, body: '', done });

test.each<[string, Fault]>([
  ['answered with nothing, and done', empty(true)],
  ['answered with nothing, and not done', empty(false)],
  ['answered by half a document', { kind: 'answer', status: 200, body: '<DeleteResult><Deleted><Key>', done: true }],
  ['answered with a document that names none', { kind: 'answer', status: 200, body: '<DeleteResult/>', done: true }],
])('a list of deletes that is %s deletes each record once', async (what, fault) => {
  const list = await targets(what, 20);
  world.sandbox.faults.set([{ operation: 'DeleteObjects', times: 1, fault }]);
  const deleted = await all(world.batches.delete(list, { signal }));
  expect([world.sandbox.faults.hits, deleted.filter(({ outcome }) => outcome !== 'done')]).toEqual([[1], []]);
  world.sandbox.faults.set([]);
  const wrong = Object.entries(await world.history(`records/${what}/`)).filter(
    ([, versions]) => versions.length !== 2 || versions[1] !== 'gone',
  );
  expect(wrong).toEqual([]);
});

function refuse(target: BatchTarget | undefined, code: string): string {
  return `<Error><Key>${target?.key ?? ''}</Key><Code>${code}</Code><Message>No.</Message></Error>`;
}

test('a list of deletes that fails for some keys fails for those alone, each by its own reason', async () => {
  const list = await targets('some', 10);
  const [denied, busy, changed] = list;
  const done = list.slice(3).map(({ key }) => `<Deleted><Key>${key}</Key></Deleted>`);
  const body = `<DeleteResult>${done.join('')}${refuse(denied, 'AccessDenied')}${refuse(busy, 'SlowDown')}${refuse(changed, 'PreconditionFailed')}</DeleteResult>`;
  // The server does not do what it says of seven; of the others, who may be tried again is.
  world.sandbox.faults.set([{ operation: 'DeleteObjects', times: 1, fault: { kind: 'answer', status: 200, body } }]);
  const outcomes = await all(world.batches.delete(list, { signal, ordered: true }));
  expect(outcomes.map(({ key, outcome, error }) => [key, error?.code ?? outcome])).toEqual(
    list.map((target) => [
      target.key,
      target === denied ? 'access-denied' : target === changed ? 'record-changed' : 'done',
    ]),
  );
  expect(outcomes[0]?.error?.message).toContain(denied?.key);
  const history = await world.history('records/some/');
  expect(history[busy?.key ?? '']).toEqual([busy?.etag, 'gone']);
  expect([history[denied?.key ?? ''], history[changed?.key ?? '']]).toEqual([[denied?.etag], [changed?.etag]]);
});

test('a server that answers every list of deletes with nothing, and does none, ends the batch', async () => {
  const list = await targets('never', 5);
  world.sandbox.faults.set([{ operation: 'DeleteObjects', fault: empty(false) }]);
  expect((await errorOf(all(world.batches.delete(list, { signal })))).code).toBe('not-s3');
  expect(world.sandbox.faults.hits).toEqual([3]);
  expect(Object.values(await world.history('records/never/')).map(({ length }) => length)).toEqual([1, 1, 1, 1, 1]);
});
