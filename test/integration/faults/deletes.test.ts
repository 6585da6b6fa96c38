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

const LOOKS = { operation: 'HeadObject', fault: { kind: 'delay', milliseconds: 0 } } as const;

test('a list of deletes whose keys are too many for the server is sent until it takes them, a few at a time', async () => {
  const list = await targets('busy', 8);
  const tooMany = (from: number, code: string): string =>
    list
      .slice(from)
      .map((target) => refuse(target, code))
      .join('');
  // Each answer says of one more that it is deleted; the server does not do that, so that only the last four are gone.
  const answers = [0, 0, 0, 0, 1, 2, 3, 4].map((done, at) => {
    const before = at === 0 ? 0 : Math.max(0, done - 1);
    const deleted = list.slice(before, done).map(({ key }) => `<Deleted><Key>${key}</Key></Deleted>`);
    const code = at % 2 === 0 ? 'SlowDown' : 'ServiceUnavailable';
    return `<DeleteResult>${deleted.join('')}${tooMany(done, code)}</DeleteResult>`;
  });
  world.sandbox.faults.set([
    ...answers.map((body, skip) => ({
      operation: 'DeleteObjects',
      skip,
      times: 1,
      fault: { kind: 'answer', status: 200, body } as const,
    })),
    LOOKS,
  ]);
  const outcomes = await all(world.batches.delete(list, { signal }));
  expect(outcomes.map(({ outcome }) => outcome)).toEqual(list.map(() => 'done'));
  // Nothing was done to those that were refused: nobody has to look.
  expect(world.sandbox.faults.hits).toEqual([...answers.map(() => 1), 0]);
  const history = await world.history('records/busy/');
  expect(list.slice(4).map(({ key }) => history[key]?.at(-1))).toEqual(['gone', 'gone', 'gone', 'gone']);
});

test('a list of deletes whose keys are all to come back in an hour ends the batch, as a single request does', async () => {
  const list = await targets('hour', 3);
  const body = `<DeleteResult>${list.map((target) => refuse(target, 'SlowDown')).join('')}</DeleteResult>`;
  const headers = { 'retry-after': '3600' };
  world.sandbox.faults.set([{ operation: 'DeleteObjects', fault: { kind: 'answer', status: 200, headers, body } }]);
  expect((await errorOf(all(world.batches.delete(list, { signal })))).code).toBe('throttled');
  expect(world.sandbox.faults.hits).toEqual([1]);
});

test('a delete that fails inside its list each time is in doubt, not failed; those beside it are done', async () => {
  const list = await targets('doubt', 3);
  const [unsure, ...others] = list;
  const body = (rest: readonly BatchTarget[]): string =>
    `<DeleteResult>${refuse(unsure, 'InternalError')}${rest.map(({ key }) => `<Deleted><Key>${key}</Key></Deleted>`).join('')}</DeleteResult>`;
  world.sandbox.faults.set([
    { operation: 'DeleteObjects', times: 1, fault: { kind: 'answer', status: 200, body: body(others) } },
    { operation: 'DeleteObjects', fault: { kind: 'answer', status: 200, body: body([]) } },
  ]);
  const outcomes = await all(world.batches.delete(list, { signal, ordered: true }));
  expect(outcomes.map(({ outcome }) => outcome)).toEqual(['in-doubt', 'done', 'done']);
  expect(outcomes[0]?.error).toMatchObject({ code: 'server-error', retryable: true });
  expect(world.sandbox.faults.hits).toEqual([1, 3]);
});

test('a server that answers every list of deletes with nothing, and does none, ends the batch', async () => {
  const list = await targets('never', 5);
  world.sandbox.faults.set([{ operation: 'DeleteObjects', fault: empty(false) }]);
  expect((await errorOf(all(world.batches.delete(list, { signal })))).code).toBe('not-s3');
  expect(world.sandbox.faults.hits).toEqual([3]);
  expect(Object.values(await world.history('records/never/')).map(({ length }) => length)).toEqual([1, 1, 1, 1, 1]);
});
