import { afterAll, afterEach, beforeAll, expect, test } from 'vitest';
import { md5Of } from '../../../electron/engine/s3/etag.ts';
import type { BatchOutcome } from '../../../electron/engine/records/record-batches.ts';
import type { Fault, FaultRule } from '../../../electron/sandbox/faults/fault-rules.ts';
import { editOf, signal } from '../records/record-harness.ts';
import { all, startFaultWorld, type FaultWorld } from './support/fault-world.ts';

const COUNT = process.env['DIPPER_TEST_LONG'] === '1' ? 2_000 : 40;
/** Some requests of all, by chance. */
const some = (fault: Fault): FaultRule => ({ rate: 0.15, fault });
const first = (fault: Fault): FaultRule => ({ times: COUNT / 2, fault });

let world: FaultWorld;
beforeAll(async () => {
  world = await startFaultWorld();
});
afterEach(() => world.sandbox.faults.set([]));
afterAll(() => world.stop());

function etagOf(n: number, seen: boolean): string {
  return `"${md5Of(Buffer.from(bodyOf(n, seen)))}"`;
}

function bodyOf(n: number, seen: boolean): string {
  return `{"n": ${n}, "seen": ${seen}}`;
}

/** What failed may be tried again, and is few: three tries of a record can all be hit. */
function checkFailures(outcomes: readonly BatchOutcome[]): ReadonlySet<number> {
  expect(outcomes.map(({ index }) => index).toSorted((a, b) => a - b)).toEqual(outcomes.map((_, at) => at));
  const failures = outcomes.filter(({ error }) => error !== null);
  expect(failures.filter(({ error }) => error?.retryable !== true)).toEqual([]);
  expect(failures.length).toBeLessThan(outcomes.length / 5);
  return new Set(failures.map(({ index }) => index));
}

const FATES: readonly [string, FaultRule][] = [
  ['are refused as too many', first({ kind: 'answer', status: 503, code: 'SlowDown' })],
  ['are refused with 429 and not a word', first({ kind: 'answer', status: 429 })],
  ['meet a gateway without a server', first({ kind: 'answer', status: 503, body: '<html>No upstream</html>' })],
  ['are broken before they are read', some({ kind: 'reset', at: 'request-head' })],
  ['are broken in the middle of their body', some({ kind: 'reset', at: 'request-body' })],
  ['are done and not answered', some({ kind: 'reset', at: 'before-answer' })],
  ['are done and answered by half', some({ kind: 'reset', at: 'answer-body' })],
  ['find their connection closed behind the answer before', some({ kind: 'reset', at: 'after-answer' })],
  ['fail with 500', some({ kind: 'answer', status: 500, code: 'InternalError' })],
  ['are done and answered with 500', some({ kind: 'answer', status: 500, code: 'InternalError', done: true })],
  ['are done behind a gateway that gives up', some({ kind: 'answer', status: 504, body: '<html>', done: true })],
  ['arrive damaged', some({ kind: 'answer', status: 400, code: 'BadDigest' })],
  ['arrive too slowly', some({ kind: 'answer', status: 400, code: 'RequestTimeout' })],
];

test.each(FATES)('records are written once each where some requests %s', async (what, rule) => {
  const place = what.replaceAll(' ', '-');
  world.sandbox.faults.set([rule], 7);
  const ids = Array.from({ length: COUNT }, (_, n) => ({ n, id: `${place}/${String(n).padStart(4, '0')}` }));

  const created = await all(
    world.batches.create(
      ids.map(({ n, id }) => ({ id, record: bodyOf(n, false) })),
      { signal },
    ),
  );
  const notCreated = checkFailures(created);
  const there = ids.filter(({ n }) => !notCreated.has(n));
  const updated = await all(
    world.batches.update(
      there.map(({ n, id }) => ({
        key: `records/${id}.json`,
        etag: etagOf(n, false),
        change: editOf('seen', 'true'),
      })),
      { signal },
    ),
  );
  const notUpdated = checkFailures(updated);
  const changed = there.filter((_, at) => !notUpdated.has(at));
  const toDelete = changed.slice(0, changed.length / 2);
  const deleted = await all(
    world.batches.delete(
      toDelete.map(({ n, id }) => ({ key: `records/${id}.json`, etag: etagOf(n, true) })),
      { signal },
    ),
  );
  checkFailures(deleted);
  const gone = new Set(
    deleted.filter(({ outcome }) => outcome === 'done').map(({ index }) => toDelete[index]?.n ?? -1),
  );
  expect(world.sandbox.faults.hits[0]).toBeGreaterThan(0);

  world.sandbox.faults.set([]);
  const history = await world.history(`records/${place}/`);
  const wrong = changed.filter(({ n, id }) => {
    const expected = [etagOf(n, false), etagOf(n, true), ...(gone.has(n) ? ['gone'] : [])];
    const found = history[`records/${id}.json`] ?? [];
    return found.join() !== expected.join();
  });
  expect(wrong.map(({ id }) => [id, history[`records/${id}.json`]])).toEqual([]);
  // What failed was done once at most.
  for (const { n, id } of ids.filter((one) => !changed.includes(one))) {
    expect([[], [etagOf(n, false)], [etagOf(n, false), etagOf(n, true)]]).toContainEqual(
      history[`records/${id}.json`] ?? [],
    );
  }
});

test('a batch that a server allows fewer requests a second than it has records is slower, and whole', async () => {
  world.sandbox.faults.set([{ allowedPerSecond: 60, fault: { kind: 'answer', status: 503, code: 'SlowDown' } }]);
  const records = Array.from({ length: 100 }, (_, n) => ({ id: `limited/${n}`, record: '{}' }));
  const created = await all(world.batches.create(records, { signal }));
  expect(created.filter(({ outcome }) => outcome !== 'done')).toEqual([]);
  expect(world.sandbox.faults.hits[0]).toBeGreaterThan(0);
  world.sandbox.faults.set([]);
  const written = Object.values(await world.history('records/limited/'));
  expect([written.length, written.filter(({ length }) => length !== 1)]).toEqual([records.length, []]);
});
