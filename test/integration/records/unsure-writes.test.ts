import { afterAll, afterEach, describe, expect, test } from 'vitest';
import { createRecordStore } from '../../../electron/engine/records/record-store.ts';
import type { S3Client } from '../../../electron/engine/s3/s3-client.ts';
import { WriteInDoubt } from '../../../electron/engine/s3/write-in-doubt.ts';
import { AppFailure } from '../../../shared/result.ts';
import { BUCKET, codeOf, collectionOf, editOf, signal, startRecordHarness } from './record-harness.ts';

const { sandbox, client, putBySdk, seenBySdk, stop } = await startRecordHarness();

afterAll(stop);
afterEach(() => sandbox.faults.set([]));

const unconditional: S3Client = {
  ...client,
  putObject: (bucket, key, body, options) =>
    options.ifMatch === undefined && options.ifNoneMatch === undefined
      ? client.putObject(bucket, key, body, options)
      : Promise.reject(new AppFailure('unsupported-by-server', 'No conditions here.')),
  deleteObject: (bucket, key, options) =>
    options.ifMatch === undefined
      ? client.deleteObject(bucket, key, options)
      : Promise.reject(new AppFailure('unsupported-by-server', 'No conditions here.')),
};

/** What the network and the server do to a write: whether it was done is what the client cannot see. */
const FATES = {
  'not done': { kind: 'reset', at: 'request-body' },
  'done, unheard': { kind: 'reset', at: 'before-answer' },
  'done, but 500': { kind: 'answer', status: 500, code: 'InternalError', done: true },
  'not done, and 500': { kind: 'answer', status: 500, code: 'InternalError' },
} as const;

type Fate = keyof typeof FATES;

/** Lets the first writes of an operation go so. */
function loseFirst(operation: 'PutObject' | 'DeleteObject', fates: readonly Fate[]): void {
  sandbox.faults.set(fates.map((fate, skip) => ({ operation, skip, times: 1, fault: FATES[fate] })));
}

describe('a write whose answer is lost', () => {
  const lost = new WriteInDoubt(new AppFailure('connection-lost', 'The connection broke.'));

  test.each<[readonly Fate[]]>([
    [['done, unheard']],
    [['not done']],
    [['done, but 500']],
    [['not done, and 500', 'done, unheard']],
    [['not done', 'not done']],
  ])('is done once, however it went: %j', async (fates) => {
    const store = createRecordStore(client, collectionOf('plain'));
    const id = `lost-${fates.join('-')}`;
    loseFirst('PutObject', fates);
    const { answer } = await store.create({ collection: 'c', id, record: '{"n": 1}' }, signal);
    loseFirst('PutObject', fates);
    const updated = await store.update(
      { collection: 'c', key: answer.key, etag: answer.etag, change: editOf('n', '2') },
      signal,
    );
    expect(sandbox.faults.hits).toEqual(fates.map(() => 1));
    expect(await seenBySdk(answer.key)).toMatchObject({ body: '{"n": 2}', contentType: 'application/json' });
    loseFirst('DeleteObject', fates);
    expect(await store.delete(answer.key, updated.answer.etag, signal)).toEqual({ notes: [] });
    expect(sandbox.faults.hits).toEqual(fates.map(() => 1));
    expect(await codeOf(store.read({ key: answer.key }, signal))).toBe('record-not-found');
  });

  test('stays in doubt where nobody can look either: it is not told as a failure of something else', async () => {
    const store = createRecordStore(client, collectionOf('plain'));
    const gone = { operation: 'HeadObject', fault: { kind: 'reset', at: 'request-head' } } as const;
    const doubtful = async (operation: string, write: () => Promise<unknown>): Promise<void> => {
      sandbox.faults.set([{ operation, times: 1, fault: FATES['done, unheard'] }, gone]);
      await expect(write()).rejects.toBeInstanceOf(WriteInDoubt);
      sandbox.faults.set([]);
    };
    const key = 'unseen.json';
    await doubtful('PutObject', () => store.create({ collection: 'c', id: 'unseen', record: '{}' }, signal));
    const { etag } = await client.headObject(BUCKET, key, {});
    await doubtful('DeleteObject', () => store.delete(key, etag, signal));
    const large = JSON.stringify('x'.repeat(5 * 1024 * 1024));
    await doubtful('CompleteMultipartUpload', () =>
      store.create({ collection: 'c', id: 'unseen', record: `{"large":${large}}` }, signal),
    );
    expect((await client.headObject(BUCKET, key, {})).size).toBeGreaterThan(5 * 1024 * 1024);
  });

  /** Loses the answer of the first write, which was not done, and lets somebody else in. */
  function losing(meanwhile: () => Promise<unknown>): S3Client {
    let first = true;
    const lose = async (): Promise<void> => {
      if (!first) return;
      first = false;
      await meanwhile();
      throw lost;
    };
    return {
      ...client,
      putObject: async (...call) => {
        await lose();
        return client.putObject(...call);
      },
      deleteObject: async (...call) => {
        await lose();
        await client.deleteObject(...call);
      },
    };
  }

  test('is a conflict where somebody else was there in the meantime', async () => {
    const key = 'lost-other.json';
    const other = (): Promise<unknown> => putBySdk(key, '{"n": "other"}');
    const creating = createRecordStore(losing(other), collectionOf('plain'));
    expect(await codeOf(creating.create({ collection: 'c', id: 'lost-other', record: '{"n": 1}' }, signal))).toBe(
      'record-exists',
    );
    const etag = await putBySdk(key, '{"n": 0}');
    const updating = createRecordStore(losing(other), collectionOf('plain'));
    expect(await codeOf(updating.update({ collection: 'c', key, etag, change: editOf('n', '1') }, signal))).toBe(
      'record-changed',
    );
    const again = await putBySdk(key, '{"n": 0}');
    const deleting = createRecordStore(losing(other), collectionOf('plain'));
    expect(await codeOf(deleting.delete(key, again, signal))).toBe('record-changed');
    expect((await seenBySdk(key)).body).toBe('{"n": "other"}');
  });

  test('and that three tries do not bring through is an error that can be tried again', async () => {
    const store = createRecordStore(client, collectionOf('plain'));
    loseFirst('PutObject', ['not done', 'not done', 'not done']);
    const failure: unknown = await store.create({ collection: 'c', id: 'never', record: '{}' }, signal).then(
      () => null,
      (reason: unknown) => reason,
    );
    expect(failure).toMatchObject({ error: { code: 'connection-lost', retryable: true } });
  });
});

test('tags are written and removed again where their answer is lost: done twice is done once', async () => {
  const key = 'tagged.json';
  await putBySdk(key, '{}');
  const lose = (operation: string): void =>
    sandbox.faults.set([
      { operation, times: 1, fault: FATES['done, unheard'] },
      { operation, skip: 1, times: 1, fault: FATES['done, but 500'] },
    ]);
  lose('PutObjectTagging');
  await client.putObjectTagging(BUCKET, key, [{ key: 'state', value: 'new' }], {});
  expect(sandbox.faults.hits).toEqual([1, 1]);
  expect(await seenBySdk(key)).toMatchObject({ tags: [{ Key: 'state', Value: 'new' }] });
  lose('DeleteObjectTagging');
  await client.deleteObjectTagging(BUCKET, key, {});
  expect(sandbox.faults.hits).toEqual([1, 1]);
  expect(await seenBySdk(key)).toMatchObject({ tags: [] });
});

describe('a server that cannot write conditionally', () => {
  test('is written to after a look, and the weaker guarantee is said', async () => {
    const store = createRecordStore(unconditional, collectionOf('plain'));
    const { answer } = await store.create({ collection: 'c', id: 'weak', record: '{"n": 1}' }, signal);
    const updated = await store.update(
      { collection: 'c', key: answer.key, etag: answer.etag, change: editOf('n', '2') },
      signal,
    );
    const deleted = await store.delete(answer.key, updated.answer.etag, signal);
    expect([answer.notes, updated.answer.notes, deleted.notes]).toEqual([
      [weaker('write')],
      [weaker('write')],
      [weaker('delete')],
    ]);
    await putBySdk('weak.json', '{"n": 3}');
    expect(await codeOf(store.create({ collection: 'c', id: 'weak', record: '{"n": 1}' }, signal))).toBe(
      'record-exists',
    );
  });
});

function weaker(verb: string): string {
  return `This server does not check conditions when it ${verb}s: the object was looked at right before, but a change by somebody else in the same moment is lost.`;
}
