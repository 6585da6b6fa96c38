import { afterAll, afterEach, describe, expect, test } from 'vitest';
import { createRecordBatches } from '../../../electron/engine/records/create-record-batches.ts';
import { md5Of } from '../../../electron/engine/s3/etag.ts';
import type { BatchOutcome, BatchTarget, RecordBatches } from '../../../electron/engine/records/record-batches.ts';
import type { WriteIntent } from '../../../electron/engine/records/write-intent.ts';
import { ALL_CAPABILITIES } from '../../../electron/engine/s3/capabilities.ts';
import { createS3Client } from '../../../electron/engine/s3/create-s3-client.ts';
import { RequestMeter } from '../../../electron/engine/s3/request-meter.ts';
import type { S3Client } from '../../../electron/engine/s3/s3-client.ts';
import type { Collection } from '../../../shared/collection.ts';
import { targetOf } from '../support/sandbox.ts';
import { BUCKET, codeOf, collectionOf, editOf, NOW, signal, startRecordHarness } from './record-harness.ts';

const { sandbox, client, putBySdk, seenBySdk, stop } = await startRecordHarness();

afterAll(stop);
afterEach(() => sandbox.faults.set([]));

function batchesOf(collection: Collection, used: S3Client = client): RecordBatches {
  return createRecordBatches(used, collection, { now: () => NOW });
}

async function all<T>(outcomes: AsyncIterable<T>): Promise<readonly T[]> {
  const list = [];
  for await (const outcome of outcomes) list.push(outcome);
  return list;
}

/** `done`, `unchanged`, or the code of the failure, by position. */
function told(outcomes: readonly BatchOutcome[]): readonly string[] {
  return outcomes
    .toSorted((one, other) => one.index - other.index)
    .map(({ outcome, error }) => (error === null ? outcome : error.code));
}

function* numbered(count: number): Generator<{ id: string; record: string }> {
  for (let n = 0; n < count; n += 1) yield { id: `r${n}`, record: `{"n": ${n}}` };
}

/** An empty object, without HTTP: where the number counts. */
async function store(key: string): Promise<void> {
  const encryption = { algorithm: 'AES256', keyId: null, bucketKey: false };
  const facts = { headers: {}, metadata: {}, tags: [], encryption, checksum: null };
  const body = { bytes: Buffer.alloc(0) };
  const object = { key, size: 0, etag: md5Of(body.bytes), storageClass: 'STANDARD', facts, body };
  await sandbox.storage.bucket(BUCKET)?.put(object, () => undefined);
}

async function targetsOf(prefix: string): Promise<readonly BatchTarget[]> {
  const targets = [];
  for await (const { objects } of client.listAllObjects(BUCKET, { prefix, signal })) targets.push(...objects);
  return targets.map(({ key, etag }) => ({ key, etag }));
}

describe('a batch of creates', () => {
  test('writes what is new, and leaves what is there: one failure is not that of the others', async () => {
    const batches = batchesOf(collectionOf('dataknobs', { prefix: 'new/', tagMapping: true }));
    await putBySdk('new/there.json', '{"old": true}');
    const outcomes = await all(
      batches.create(
        [
          { id: 'a', record: '{"n": 1}' },
          { id: 'there', record: '{"n": 2}' },
          { id: null, record: '{"id": 12.50, "n": 3}' },
          { id: 'broken', record: '{"n": ' },
          { id: 'half\ud800', record: '{}' },
          { id: 'a', record: '{"n": 4}' },
        ],
        { signal, ordered: true },
      ),
    );
    expect(outcomes.map(({ index, key, error }) => [index, key, error?.code ?? 'done'])).toEqual([
      [0, 'new/a.json', 'done'],
      [1, 'new/there.json', 'record-exists'],
      // Numeric ids are texts, digit by digit.
      [2, 'new/12.50.json', 'done'],
      [3, '', 'invalid-record'],
      [4, '', 'invalid-key'],
      [5, 'new/a.json', 'record-exists'],
    ]);
    expect((await seenBySdk('new/there.json')).body).toBe('{"old": true}');
    expect(await seenBySdk('new/a.json')).toMatchObject({
      body: expect.stringContaining('"value": 1'),
      tags: [{ Key: 'id', Value: 'a' }, { Key: 'created_at' }, { Key: 'updated_at' }],
    });
    const [first] = outcomes;
    expect(first?.written?.facts.etag).toBe(first?.etagAfter);
  });

  test('of one id by many at once is won by exactly one', async () => {
    const batches = batchesOf(collectionOf('plain', { prefix: 'won/' }));
    const runs = Array.from({ length: 8 }, () => all(batches.create([{ id: 'one', record: '{}' }], { signal })));
    const outcomes = (await Promise.all(runs)).flat().map(({ outcome, error }) => error?.code ?? outcome);
    expect(outcomes.toSorted()).toEqual(['done', ...Array.from({ length: 7 }, () => 'record-exists')]);
  });

  test('of nothing is nothing', async () => {
    const batches = batchesOf(collectionOf('plain'));
    const meter = new RequestMeter();
    const options = { signal, meter };
    expect([
      ...(await all(batches.create([], options))),
      ...(await all(batches.read([], options))),
      ...(await all(batches.update([], options))),
      ...(await all(batches.upsert([], options))),
      ...(await all(batches.delete([], options))),
    ]).toEqual([]);
    expect(meter.total).toBe(0);
  });
});

describe('a batch of reads', () => {
  test('keeps the order, with what is missing in its place', async () => {
    const batches = batchesOf(collectionOf('plain', { prefix: 'read/' }));
    await all(batches.create(numbered(60), { signal }));
    const ids = Array.from({ length: 60 }, (_, n) => (n % 20 === 7 ? `none-${n}` : `r${n}`));
    const outcomes = await all(
      batches.read(
        ids.map((id) => ({ id })),
        { signal, ordered: true },
      ),
    );
    expect(
      outcomes.map(({ index, found, error }) => [index, found === null ? error.code : String(found.body)]),
    ).toEqual(ids.map((id, n) => [n, id.startsWith('none') ? 'record-not-found' : `{"n": ${n}}`]));
  });
});

describe('a batch of updates', () => {
  test('sets a field: what has the value already is left alone, what somebody else changed is a conflict', async () => {
    const prefix = 'set/';
    const batches = batchesOf(collectionOf('dataknobs', { prefix }));
    await all(batches.create(numbered(4), { signal }));
    const seen = await targetsOf(prefix);
    await putBySdk(`${prefix}r3.json`, '{"fields": {"n": {"name": "n", "value": 9}}}');
    const meter = new RequestMeter();
    const changes = [...seen, { key: `${prefix}none.json`, etag: '"0"' }].map(({ key, etag }) => ({
      key,
      etag: etag ?? '',
      change: editOf('n', '2'),
    }));
    const outcomes = await all(batches.update(changes, { signal, meter }));
    expect(told(outcomes)).toEqual(['done', 'done', 'unchanged', 'record-changed', 'record-not-found']);
    expect(meter.statistics().requests).toEqual({ GetObject: 5, GetObjectTagging: 2, PutObject: 2 });
    expect((await seenBySdk(`${prefix}r0.json`)).body).toContain('"value": 2');
    const done = outcomes.find(({ index }) => index === 0);
    expect([done?.etagBefore, done?.etagAfter]).toEqual([seen[0]?.etag, (await targetsOf(prefix))[0]?.etag]);
  });
});

describe('a batch of upserts', () => {
  test('inserts and replaces; of one id given twice the last one stays', async () => {
    const batches = batchesOf(collectionOf('plain', { prefix: 'up/' }));
    await putBySdk('up/old.json', '{"n": 0}');
    const records = [
      { id: 'old', record: '{"n": 1}' },
      { id: 'new', record: '{"n": 2}' },
      ...Array.from({ length: 20 }, (_, n) => ({ id: 'twice', record: `{"n": ${n}}` })),
    ];
    const outcomes = await all(batches.upsert(records, { signal }));
    expect(new Set(told(outcomes))).toEqual(new Set(['done']));
    const bodies = ['old', 'new', 'twice'].map(async (id) => (await seenBySdk(`up/${id}.json`)).body);
    expect(await Promise.all(bodies)).toEqual(['{"n": 1}', '{"n": 2}', '{"n": 19}']);
  });

  test('replaces also what somebody else writes between its look and its write', async () => {
    const key = 'up/raced.json';
    let raced = 0;
    const racing: S3Client = {
      ...client,
      putObject: async (...call) => {
        raced += 1;
        if (raced < 3) await putBySdk(key, `{"other": ${raced}}`);
        return client.putObject(...call);
      },
    };
    const batches = batchesOf(collectionOf('plain', { prefix: 'up/' }), racing);
    expect(told(await all(batches.upsert([{ id: 'raced', record: '{"ours": 1}' }], { signal })))).toEqual(['done']);
    expect((await seenBySdk(key)).body).toBe('{"ours": 1}');
  });
});

describe('a batch of deletes', () => {
  test('takes a request for a thousand, deletes what was seen and tells of the rest', async () => {
    const prefix = 'gone/';
    const batches = batchesOf(collectionOf('plain', { prefix }));
    for (const { id } of numbered(1_100)) await store(`${prefix}${id}.json`);
    const odd = `${prefix}odd\u0001key.json`;
    const targets: BatchTarget[] = [
      ...(await targetsOf(prefix)),
      { key: `${prefix}none.json`, etag: '"0"' },
      { key: odd, etag: await putBySdk(odd, '{}') },
    ];
    const changed = targets[500]?.key ?? '';
    const intents: WriteIntent[][] = [];
    const witness = {
      intend: async (announced: readonly WriteIntent[]) => {
        intents.push([...announced]);
      },
    };
    await putBySdk(changed, '{"by": "somebody else"}');
    const meter = new RequestMeter();
    const outcomes = await all(batches.delete(targets, { signal, meter, witness }));
    expect(meter.statistics().requests).toEqual({ DeleteObjects: 2, DeleteObject: 1 });
    expect(
      outcomes
        .filter(({ outcome }) => outcome !== 'done')
        .map(({ key, outcome, error }) => [key, error?.code ?? outcome]),
    ).toEqual([
      [changed, 'record-changed'],
      [`${prefix}none.json`, 'unchanged'],
    ]);
    expect((await targetsOf(prefix)).map(({ key }) => key)).toEqual([changed]);
    expect(outcomes.map(({ index }) => index).toSorted((a, b) => a - b)).toEqual(targets.map((_, index) => index));
    expect(intents.map((announced) => announced.length).toSorted((a, b) => a - b)).toEqual([1, 101, 1_000]);
  });

  test.each([
    ['that checks the condition of a single delete', true, { DeleteObject: 3 }],
    ['that checks none', false, { HeadObject: 3, DeleteObject: 1 }],
  ])('on a server %s spares what somebody else changed', async (_, conditionalDelete, requests) => {
    const prefix = `weak-${conditionalDelete}/`;
    const capabilities = { ...ALL_CAPABILITIES, conditionalBulkDelete: false, conditionalDelete };
    const weak = createS3Client({ ...targetOf(sandbox), capabilities });
    const batches = batchesOf(collectionOf('plain', { prefix }), weak);
    await all(batches.create(numbered(2), { signal }));
    const targets = [...(await targetsOf(prefix)), { key: `${prefix}none.json`, etag: '"0"' }];
    await putBySdk(`${prefix}r1.json`, '{}');
    const meter = new RequestMeter();
    const outcomes = await all(batches.delete(targets, { signal, meter }));
    await weak.close();
    expect(told(outcomes)).toEqual(['done', 'record-changed', 'unchanged']);
    expect(meter.statistics().requests).toEqual(requests);
    expect(outcomes.find(({ index }) => index === 0)?.notes).toEqual(
      conditionalDelete ? [] : [expect.stringContaining('does not check conditions when it deletes')],
    );
  });
});

describe('a batch whose answers are lost', () => {
  const LOST = { kind: 'reset', at: 'before-answer' } as const;
  const NOT_DONE = { kind: 'answer', status: 500, code: 'InternalError' } as const;

  test('is done once all the same', async () => {
    const prefix = 'lost/';
    const batches = batchesOf(collectionOf('plain', { prefix }));
    sandbox.faults.set([
      { operation: 'PutObject', rate: 0.2, fault: LOST },
      { operation: 'PutObject', rate: 0.2, fault: NOT_DONE },
    ]);
    // Nobody else writes here: a conflict would be one with a write of our own.
    const outcomes = await all(batches.create(numbered(40), { signal }));
    const failed = outcomes.filter(({ error }) => error !== null);
    expect(failed.filter(({ error }) => error?.retryable !== true)).toEqual([]);
    sandbox.faults.set([]);
    const again = Array.from(failed, ({ index }) => ({ id: `r${index}`, record: `{"n": ${index}}` }));
    expect(new Set(told(await all(batches.create(again, { signal }))))).toEqual(
      new Set(again.length > 0 ? ['done'] : []),
    );

    const targets = await targetsOf(prefix);
    expect(targets).toHaveLength(40);
    sandbox.faults.set([
      { operation: 'DeleteObjects', times: 1, fault: NOT_DONE },
      { operation: 'DeleteObjects', skip: 1, times: 1, fault: LOST },
    ]);
    const meter = new RequestMeter();
    expect(new Set(told(await all(batches.delete(targets, { signal, meter }))))).toEqual(new Set(['done']));
    expect(meter.statistics().requests).toEqual({ DeleteObjects: 2, HeadObject: 80 });
    expect(await targetsOf(prefix)).toEqual([]);
  });

  test('tells the failures of single objects in one answer apart, and tries again what may be tried again', async () => {
    const prefix = 'partly/';
    const batches = batchesOf(collectionOf('plain', { prefix }));
    await all(batches.create(numbered(4), { signal }));
    const failing = (key: string, code: string): string =>
      `<Error><Key>${prefix}${key}.json</Key><Code>${code}</Code><Message>…</Message></Error>`;
    sandbox.faults.set([
      {
        operation: 'DeleteObjects',
        times: 1,
        fault: {
          kind: 'answer',
          status: 200,
          body: `<DeleteResult>${failing('r0', 'AccessDenied')}${failing('r1', 'InternalError')}${failing('r2', 'SlowDown')}</DeleteResult>`,
        },
      },
    ]);
    const outcomes = await all(batches.delete(await targetsOf(prefix), { signal }));
    // The last one is not named in the answer, which is no proof that it is gone.
    expect(told(outcomes)).toEqual(['access-denied', 'done', 'done', 'done']);
    expect((await targetsOf(prefix)).map(({ key }) => key)).toEqual([`${prefix}r0.json`]);
  });
});

describe('a batch ends', () => {
  test('at once when it is stopped, and says so behind what was done by then', async () => {
    const stopper = new AbortController();
    const batches = batchesOf(collectionOf('plain', { prefix: 'stopped/' }));
    const outcomes: BatchOutcome[] = [];
    let asked = 0;
    function* endless(): Generator<{ id: null; record: string }> {
      for (;;) {
        asked += 1;
        yield { id: null, record: '{}' };
      }
    }
    const run = async (): Promise<void> => {
      for await (const outcome of batches.create(endless(), { signal: stopper.signal })) {
        outcomes.push(outcome);
        if (outcomes.length === 50) stopper.abort();
      }
    };
    expect(await codeOf(run())).toBe('aborted');
    expect(new Set(told(outcomes))).toEqual(new Set(['done']));
    expect(asked).toBeLessThan(outcomes.length + 1_100);
  });

  test('with what every record would meet', async () => {
    const collection = collectionOf('plain', { prefix: 'all/' });
    const target = targetOf(sandbox);
    const stranger = createS3Client({
      ...target,
      credentials: { accessKeyId: 'nobody', secretAccessKey: 'x', sessionToken: null },
    });
    const run = (used: S3Client, bucket: string): Promise<string> =>
      codeOf(all(batchesOf({ ...collection, bucket }, used).create(numbered(10), { signal })));
    expect(await run(stranger, BUCKET)).toBe('unknown-access-key');
    expect(await run(client, 'no-such-bucket')).toBe('no-such-bucket');
    await stranger.close();
    // Refused one by one, and none came through.
    sandbox.faults.set([{ operation: 'PutObject', fault: { kind: 'answer', status: 403, code: 'AccessDenied' } }]);
    const batches = batchesOf(collection);
    const few = await all(batches.create(numbered(10), { signal }));
    expect(new Set(told(few))).toEqual(new Set(['access-denied']));
    expect(await codeOf(all(batches.create(numbered(1_000), { signal })))).toBe('access-denied');
    expect(sandbox.faults.hits[0]).toBeLessThan(1_000);
  });
});
