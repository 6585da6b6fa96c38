import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import type { S3Target } from '../../../electron/engine/s3/s3-client.ts';
import { editOf, signal } from '../records/record-harness.ts';
import { answer, startOddServer } from '../s3/odd-server.ts';
import { SELF_SIGNED } from '../s3/self-signed.ts';
import { targetOf } from '../support/sandbox.ts';
import { startProxy } from '../support/proxy.ts';
import { all, engineOn, errorOf, startFaultWorld, type Engine, type FaultWorld } from './support/fault-world.ts';

const COUNT = 60;
const MINUTES = 60_000;

let world: FaultWorld;
const cleanUps: (() => Promise<void>)[] = [];
beforeAll(async () => {
  world = await startFaultWorld();
});
afterEach(async () => {
  world.sandbox.faults.set([]);
  for (const cleanUp of cleanUps.splice(0).toReversed()) await cleanUp();
});
afterAll(() => world.stop());

function engine(target: Partial<S3Target>, options: Parameters<typeof engineOn>[1] = {}): Engine {
  const made = engineOn({ ...targetOf(world.sandbox), ...target }, options);
  cleanUps.push(() => made.client.close());
  return made;
}

function records(place: string): readonly { id: string; record: string }[] {
  return Array.from({ length: COUNT }, (_, n) => ({ id: `${place}/${n}`, record: `{"n": ${n}}` }));
}

/** Each record was written so many times, whoever looks. */
async function expectWritten(place: string, times: number): Promise<void> {
  const history = Object.values(await world.history(`records/${place}/`));
  expect([history.length, history.filter(({ length }) => length !== times)]).toEqual([COUNT, []]);
}

describe('a clock', () => {
  test.each([-20, 20])('that is %i minutes off, and is set right in the middle, hinders no write', async (minutes) => {
    let off = minutes * MINUTES;
    const { batches, store } = engine({}, { now: () => new Date(Date.now() + off) });
    const place = `clock${minutes}`;
    const created = await all(batches.create(records(place), { signal }));
    expect(created.filter(({ outcome }) => outcome !== 'done')).toEqual([]);
    const found = await store.read({ key: `records/${place}/1.json` }, signal);
    off = 0;
    const changes = created.map(({ key, etagAfter }) => ({ key, etag: etagAfter ?? '', change: editOf('n', '-1') }));
    const updated = await all(batches.update(changes, { signal }));
    expect([found.body, updated.filter(({ outcome }) => outcome !== 'done')]).toEqual(['{"n": 1}', []]);
    await expectWritten(place, 2);
  });
});

// Ones that are fetched anew: test/integration/s3/expiring-credentials.test.ts.
describe('keys', () => {
  test('that expire and have no successor end the batch once, and what was done is told', async () => {
    world.sandbox.faults.set([{ skip: COUNT / 2, fault: { kind: 'answer', status: 400, code: 'ExpiredToken' } }]);
    const { batches } = engine({});
    const done: string[] = [];
    const run = async (): Promise<void> => {
      for await (const outcome of batches.create(records('ended'), { signal })) {
        if (outcome.outcome === 'done') done.push(outcome.key);
      }
    };
    const error = await errorOf(run());
    expect([error.code, error.message]).toEqual(['token-expired', expect.stringContaining('enter the new keys')]);
    world.sandbox.faults.set([]);
    // Those that were under way may have been done unheard.
    const there = await world.history('records/ended/');
    expect(Object.keys(there)).toEqual(expect.arrayContaining(done));
    expect(Object.values(there).filter(({ length }) => length !== 1)).toEqual([]);
  });
});

describe('a server that is not the one, or not there', () => {
  const OBJECT = answer('200 OK', { etag: '"1"' }, '{}');

  test.each([
    'by a certificate for another name',
    'by a certificate of nobody',
    'by its name',
    'by a proxy that is gone',
  ])('ends whatever is done at once, says so, and is sent nothing: %s', async (how) => {
    const secure = await startOddServer((_, socket) => socket.write(OBJECT), SELF_SIGNED);
    const proxy = await startProxy(Number(new URL(world.sandbox.endpoint).port));
    await proxy.stop();
    cleanUps.push(() => secure.stop());
    const network = { proxy: 'none', certificates: SELF_SIGNED.cert, unsignedBodies: false };
    const [target, code, words] = (
      {
        'by a certificate for another name': [
          { endpoint: secure.endpoint, network },
          'certificate-refused',
          'is for another host name',
        ],
        'by a certificate of nobody': [{ endpoint: secure.endpoint }, 'certificate-refused', 'is signed by itself'],
        'by its name': [{ endpoint: 'http://no-such-host.invalid' }, 'host-not-found', 'has no address'],
        'by a proxy that is gone': [
          { endpoint: 'http://storage.example', network: { ...network, certificates: null, proxy: proxy.address } },
          'proxy-unreachable',
          'nothing is listening there',
        ],
      } satisfies Record<string, readonly [Partial<S3Target>, string, string]>
    )[how] ?? [{}, '', ''];
    const { store, batches, client } = engine(target);
    const there = { key: 'records/a.json', etag: '"1"' };
    for (const work of [
      () => store.read(there, signal),
      () => store.create({ collection: 'c', id: 'a', record: '{}' }, signal),
      () => store.delete(there.key, there.etag, signal),
      () => all(batches.create(records('nowhere'), { signal })),
      () => all(batches.delete([there], { signal })),
      () => all(client.listAllObjectsAtOnce('records', {})),
    ]) {
      const error = await errorOf(work());
      expect([error.code, error.message]).toEqual([code, expect.stringContaining(words)]);
    }
    expect([secure.requests.length, await world.history('records/nowhere/')]).toEqual([0, {}]);
  });

  test('by a proxy that dies in the middle of a batch: what was done is told, the rest is left', async () => {
    const proxy = await startProxy(Number(new URL(world.sandbox.endpoint).port));
    const network = { proxy: proxy.address, certificates: null, unsignedBodies: false };
    // A server on this machine is reached without one.
    const { batches } = engine({ endpoint: 'http://storage.example', network });
    const done: string[] = [];
    const run = async (): Promise<void> => {
      for await (const outcome of batches.create(records('proxy'), { signal, tasks: 4 })) {
        if (outcome.outcome === 'done') done.push(outcome.key);
        if (done.length === COUNT / 2) await proxy.stop();
      }
    };
    const error = await errorOf(run());
    expect([error.code, error.message]).toEqual(['proxy-unreachable', expect.stringContaining(proxy.address)]);
    const there = Object.entries(await world.history('records/proxy/'));
    expect(there.filter(([, versions]) => versions.length !== 1)).toEqual([]);
    // One of those that were under way may have been done unheard.
    expect(there.map(([key]) => key)).toEqual(expect.arrayContaining(done));
    expect(there.length - done.length).toBeLessThanOrEqual(4);
  });
});
