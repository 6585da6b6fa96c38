import { afterAll, describe, expect, test } from 'vitest';
import { createRecordStore } from '../../../electron/engine/records/record-store.ts';
import type { S3Client } from '../../../electron/engine/s3/s3-client.ts';
import { WriteInDoubt } from '../../../electron/engine/s3/write-in-doubt.ts';
import { AppFailure } from '../../../shared/result.ts';
import { codeOf, collectionOf, editOf, signal, startRecordHarness } from './record-harness.ts';

const { client, putBySdk, seenBySdk, stop } = await startRecordHarness();

afterAll(stop);

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

describe('a write whose answer is lost', () => {
  const lost = new WriteInDoubt(new AppFailure('connection-lost', 'The connection broke.'));

  /** Loses the answers of the first writes: `done` says whether the server did each of them. */
  function losing(done: readonly boolean[], meanwhile?: () => Promise<unknown>): S3Client {
    const outcomes = [...done];
    const lose = async (work: () => Promise<unknown>): Promise<boolean> => {
      const outcome = outcomes.shift();
      if (outcome === undefined) return false;
      if (outcome) await work();
      await meanwhile?.();
      return true;
    };
    return {
      ...client,
      putObject: async (...call) => {
        if (await lose(() => client.putObject(...call))) throw lost;
        return client.putObject(...call);
      },
      deleteObject: async (...call) => {
        if (await lose(() => client.deleteObject(...call))) throw lost;
        await client.deleteObject(...call);
      },
    };
  }

  test.each([[[true]], [[false]], [[false, true]], [[false, false]]])(
    'is done once, however it went: %j',
    async (done) => {
      const store = createRecordStore(losing(done), collectionOf('plain'));
      const id = `lost-${done.join('-')}`;
      const { answer } = await store.create({ collection: 'c', id, record: '{"n": 1}' }, signal);
      const updating = createRecordStore(losing(done), collectionOf('plain'));
      const updated = await updating.update(
        { collection: 'c', key: answer.key, etag: answer.etag, change: editOf('n', '2') },
        signal,
      );
      expect(await seenBySdk(answer.key)).toMatchObject({ body: '{"n": 2}', contentType: 'application/json' });
      const deleting = createRecordStore(losing(done), collectionOf('plain'));
      expect(await deleting.delete(answer.key, updated.answer.etag, signal)).toEqual({ notes: [] });
      expect(await codeOf(store.read({ key: answer.key }, signal))).toBe('record-not-found');
    },
  );

  test('is a conflict where somebody else was there in the meantime', async () => {
    const key = 'lost-other.json';
    const other = (): Promise<unknown> => putBySdk(key, '{"n": "other"}');
    const creating = createRecordStore(losing([false], other), collectionOf('plain'));
    expect(await codeOf(creating.create({ collection: 'c', id: 'lost-other', record: '{"n": 1}' }, signal))).toBe(
      'record-exists',
    );
    const etag = await putBySdk(key, '{"n": 0}');
    const updating = createRecordStore(losing([false], other), collectionOf('plain'));
    expect(await codeOf(updating.update({ collection: 'c', key, etag, change: editOf('n', '1') }, signal))).toBe(
      'record-changed',
    );
    const again = await putBySdk(key, '{"n": 0}');
    const deleting = createRecordStore(losing([false], other), collectionOf('plain'));
    expect(await codeOf(deleting.delete(key, again, signal))).toBe('record-changed');
    expect((await seenBySdk(key)).body).toBe('{"n": "other"}');
  });

  test('and that three tries do not bring through is an error that can be tried again', async () => {
    const store = createRecordStore(losing([false, false, false]), collectionOf('plain'));
    const failure: unknown = await store.create({ collection: 'c', id: 'never', record: '{}' }, signal).then(
      () => null,
      (reason: unknown) => reason,
    );
    expect(failure).toMatchObject({ error: { code: 'connection-lost', retryable: true } });
  });
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
  return `The server cannot ${verb} conditionally: the object was looked at right before, but a change in the same moment would be lost.`;
}
