import { afterAll, describe, expect, test } from 'vitest';
import { gunzipSync, gzipSync } from 'node:zlib';
import { HeadObjectCommand, PutObjectCommand } from '@aws-sdk/client-s3';
import { detectCodec } from '../../../electron/engine/records/detect-codec.ts';
import { createRecordStore } from '../../../electron/engine/records/record-store.ts';
import type { S3Client } from '../../../electron/engine/s3/s3-client.ts';
import { AppFailure } from '../../../shared/result.ts';
import { codeOf, collectionOf, editOf, BUCKET, failureCode, signal, startRecordHarness } from './record-harness.ts';

const { client, putBySdk, sdk, seenBySdk, storeOf, stop } = await startRecordHarness();

afterAll(stop);

const RICH = {
  ContentType: 'application/json; charset=utf-8',
  ContentLanguage: 'de',
  ContentDisposition: 'inline; filename="a.json"',
  CacheControl: 'max-age=60',
  Expires: new Date('2030-01-02T03:04:05Z'),
  WebsiteRedirectLocation: '/elsewhere',
  Metadata: { owner: 'zoë', 'odd-name': 'a b' },
  StorageClass: 'STANDARD_IA',
  ServerSideEncryption: 'aws:kms',
  SSEKMSKeyId: 'arn:aws:kms:us-east-1:123456789012:key/k',
  Tagging: 'reviewed=yes&team=a%2Bb%20c',
} as const;

describe('an update', () => {
  test.each<[codec: 'plain' | 'dataknobs', body: string, changed: string]>([
    [
      'plain',
      '{"title":"Aliens" ,\n "rating": 8.0,"big":9007199254740993}\n',
      '{"title":"Aliens" ,\n "rating": 8.4,"big":9007199254740993}\n',
    ],
    [
      'dataknobs',
      '{"fields": {"rating": {"name": "rating", "value": 8.0, "type": "float", "metadata": {}}}, "id": "x", "metadata": {"id": "x", "created_at": "2026-01-01T00:00:00+00:00", "updated_at": "2026-01-01T00:00:00+00:00"}}',
      '{"fields": {"rating": {"name": "rating", "value": 8.4, "type": "float", "metadata": {}}}, "id": "x", "metadata": {"id": "x", "created_at": "2026-01-01T00:00:00+00:00", "updated_at": "2026-11-25T10:20:30.450000+00:00"}}',
    ],
  ])('of a %s record changes the value and keeps all that the object has', async (codec, body, changed) => {
    const key = `${codec}/rich.json`;
    await sdk.send(new PutObjectCommand({ Bucket: BUCKET, Key: key, Body: body, ...RICH }));
    const before = await seenBySdk(key);
    const store = storeOf(collectionOf(codec, { prefix: `${codec}/` }));
    const detail = await store.read({ id: 'rich' }, signal);
    const { answer, written } = await store.update(
      {
        collection: 'c',
        key,
        etag: detail.facts.etag,
        change: { edits: [{ part: 'fields', path: ['rating'], text: '8.4' }] },
      },
      signal,
    );
    expect(await seenBySdk(key)).toEqual({ ...before, body: changed });
    // An answer says when it was sent; that is the object's time to a second or two.
    const { lastModified } = (await store.read({ key }, signal)).facts;
    expect(Math.abs((written.facts.lastModified ?? 0) - (lastModified ?? 0))).toBeLessThanOrEqual(2_000);
    expect(before).toMatchObject({
      tags: [
        { Key: 'reviewed', Value: 'yes' },
        { Key: 'team', Value: 'a+b c' },
      ],
      contentType: RICH.ContentType,
      contentLanguage: 'de',
      contentDisposition: RICH.ContentDisposition,
      cacheControl: 'max-age=60',
      expires: 'Wed, 02 Jan 2030 03:04:05 GMT',
      redirect: '/elsewhere',
      storageClass: 'STANDARD_IA',
      encryption: 'aws:kms',
      key: RICH.SSEKMSKeyId,
    });
    expect(before['metadata']).toMatchObject({ 'odd-name': 'a b' });
    const again = await store.read({ key }, signal);
    expect(answer).toEqual({ id: 'rich', key, etag: again.facts.etag, notes: [] });
    expect({ ...written.facts, lastModified: again.facts.lastModified }).toEqual(again.facts);
    expect(Buffer.from(written.body).toString()).toBe(changed);
  });

  test('of a record that somebody else changed meanwhile is a conflict, and nothing is sent', async () => {
    const key = 'conflict.json';
    const etag = await putBySdk(key, '{"n": 1}');
    await putBySdk(key, '{"n": 2}');
    const calls: string[] = [];
    const store = createRecordStore(recording(calls), collectionOf('plain'));
    const update = {
      collection: 'c',
      key,
      etag,
      change: { edits: [{ part: 'fields', path: ['n'], text: '3' }] },
    } as const;
    expect(await codeOf(store.update(update, signal))).toBe('record-changed');
    expect(await codeOf(store.update({ ...update, change: { edits: [], tags: [] } }, signal))).toBe('record-changed');
    expect(calls).toEqual(['getObject', 'getObject']);
    expect((await seenBySdk(key)).body).toBe('{"n": 2}');
  });

  test('loses against a writer between its GET and its PUT', async () => {
    const key = 'race.json';
    const etag = await putBySdk(key, '{"n": 1}');
    const racing: S3Client = {
      ...client,
      putObject: async (...call) => {
        await putBySdk(key, '{"n": 2}');
        return client.putObject(...call);
      },
    };
    const store = createRecordStore(racing, collectionOf('plain'));
    expect(await codeOf(store.update({ collection: 'c', key, etag, change: editOf('n', '3') }, signal))).toBe(
      'record-changed',
    );
    expect((await seenBySdk(key)).body).toBe('{"n": 2}');
  });

  test('leaves a gzip body gzip, with its header', async () => {
    const key = 'packed.json';
    const body = gzipSync('{"n": 1, "m": 2}');
    await sdk.send(new PutObjectCommand({ Bucket: BUCKET, Key: key, Body: body, ContentEncoding: 'gzip' }));
    const store = storeOf(collectionOf('plain'));
    const { body: text, facts } = await store.read({ key }, signal);
    expect(text).toBe('{"n": 1, "m": 2}');
    const { written } = await store.update(
      { collection: 'c', key, etag: facts.etag, change: editOf('n', '3') },
      signal,
    );
    expect(gunzipSync(written.body).toString()).toBe('{"n": 3, "m": 2}');
    expect(written.facts.contentEncoding).toBe('gzip');
    expect((await store.read({ key }, signal)).body).toBe('{"n": 3, "m": 2}');
  });

  test('leaves a body as it is whose header says gzip and is wrong, and says of half a gzip what it is', async () => {
    const store = storeOf(collectionOf('plain'));
    const put = (key: string, body: Uint8Array): Promise<unknown> =>
      sdk.send(new PutObjectCommand({ Bucket: BUCKET, Key: key, Body: body, ContentEncoding: 'gzip' }));
    await put('not-packed.json', Buffer.from('{"n": 1, "m": 2}'));
    const { body, facts } = await store.read({ key: 'not-packed.json' }, signal);
    expect(body).toBe('{"n": 1, "m": 2}');
    const update = { collection: 'c', change: editOf('n', '3') };
    await store.update({ ...update, key: 'not-packed.json', etag: facts.etag }, signal);
    const seen = await sdk.send(new HeadObjectCommand({ Bucket: BUCKET, Key: 'not-packed.json' }));
    expect([(await client.getObject(BUCKET, 'not-packed.json', {})).body.toString(), seen.ContentEncoding]).toEqual([
      '{"n": 3, "m": 2}',
      'gzip',
    ]);

    const half = gzipSync('{"n": 1, "m": 2}').subarray(0, 20);
    await put('half.json', half);
    const broken = await store.read({ key: 'half.json' }, signal);
    expect(broken).toMatchObject({
      body: null,
      problem: { message: 'The body cannot be uncompressed: it is no complete gzip stream.' },
    });
    expect(await codeOf(store.update({ ...update, key: 'half.json', etag: broken.facts.etag }, signal))).toBe(
      'record-unreadable',
    );
    expect(Buffer.from((await client.getObject(BUCKET, 'half.json', {})).body)).toEqual(half);
  });

  test('of the tags alone leaves body and ETag; the mending of a broken body takes it whole', async () => {
    const key = 'broken.json';
    const etag = await putBySdk(key, '{"n": 1,}');
    const store = storeOf(collectionOf('plain'));
    const broken = await store.read({ key }, signal);
    expect(broken).toMatchObject({
      fields: [],
      body: '{"n": 1,}',
      problem: { message: 'The body is no JSON: There is a comma too many before }', line: 1, column: 8 },
    });
    expect(await codeOf(store.update({ collection: 'c', key, etag, change: editOf('n', '2') }, signal))).toBe(
      'record-unreadable',
    );
    const tags = [{ key: 'state', value: 'broken' }];
    const tagged = await store.update({ collection: 'c', key, etag, change: { edits: [], tags } }, signal);
    expect(tagged.answer).toMatchObject({ etag, notes: [] });
    let seen = etag;
    const save = async (body: string): Promise<readonly string[]> => {
      const { answer } = await store.update({ collection: 'c', key, etag: seen, change: { body } }, signal);
      seen = answer.etag;
      return answer.notes;
    };
    // As broken as before, on the way; JSON that is no record; and at last a record.
    expect(await save('{"n": 1 "m": 2,}')).toEqual([
      expect.stringMatching(/^The object was saved, and is still no record\. .* Line 1, column 9\.$/),
    ]);
    expect(await save('[1]')).toEqual([expect.stringContaining('The body is a list')]);
    expect(await codeOf(save('[1,'))).toBe('invalid-record');
    expect(await save('{"n": 1}')).toEqual([]);
    expect(await store.read({ key }, signal)).toMatchObject({ body: '{"n": 1}', tags, problem: null });
    expect(await codeOf(save('[1]'))).toBe('invalid-record');
  });

  test('is stopped where the tags may not be read, and goes on without them when told so', async () => {
    const key = 'denied.json';
    await sdk.send(new PutObjectCommand({ Bucket: BUCKET, Key: key, Body: '{"n": 1}', Tagging: 'a=1&b=2' }));
    const denying: S3Client = {
      ...client,
      getObjectTagging: () => Promise.reject(new AppFailure('tagging-denied', 'The tags may not be read.')),
    };
    const store = createRecordStore(denying, collectionOf('plain'));
    const detail = await store.read({ key }, signal);
    expect(detail).toMatchObject({ tags: null, tagsProblem: 'The tags may not be read.' });
    const update = { collection: 'c', key, etag: detail.facts.etag, change: editOf('n', '2') };
    expect(await codeOf(store.update(update, signal))).toBe('tagging-denied');
    expect((await store.update({ ...update, withoutTags: true }, signal)).answer.notes).toEqual([
      'The 2 tags of the object could not be kept: it was saved without tags.',
    ]);
  });

  test('is stopped too where S3 hides from the access key how many tags there are', async () => {
    const key = 'hidden.json';
    await sdk.send(new PutObjectCommand({ Bucket: BUCKET, Key: key, Body: '{"n": 1}', Tagging: 'a=1' }));
    const hiding: S3Client = {
      ...uncounted(),
      getObjectTagging: () => Promise.reject(new AppFailure('tagging-denied', 'The tags may not be read.')),
    };
    const store = createRecordStore(hiding, collectionOf('plain'));
    const { facts } = await store.read({ key }, signal);
    const update = { collection: 'c', key, etag: facts.etag, change: editOf('n', '2') };
    expect(await codeOf(store.update(update, signal))).toBe('tagging-denied');
    expect((await seenBySdk(key)).tags).toEqual([{ Key: 'a', Value: '1' }]);
    expect((await store.update({ ...update, withoutTags: true }, signal)).answer.notes).toEqual([
      'The object was saved without tags; any that it had are gone.',
    ]);
  });

  test('keeps the tags that a server does not count', async () => {
    const store = createRecordStore(uncounted(), collectionOf('plain'));
    for (const key of ['uncounted-1.json', 'uncounted-2.json']) {
      await sdk.send(new PutObjectCommand({ Bucket: BUCKET, Key: key, Body: '{"n": 1}', Tagging: 'a=1' }));
      const { facts } = await store.read({ key }, signal);
      await store.update({ collection: 'c', key, etag: facts.etag, change: editOf('n', '2') }, signal);
      expect(await seenBySdk(key)).toMatchObject({ body: '{"n": 2}', tags: [{ Key: 'a', Value: '1' }] });
    }
  });

  test('asks for tags once: not again when the record was opened, and not of a server that has none', async () => {
    const key = 'untagged.json';
    const etag = await putBySdk(key, '{"n": 1}');
    const calls: string[] = [];
    const store = createRecordStore(recording(calls), collectionOf('plain'));
    await store.read({ key }, signal);
    const { answer } = await store.update({ collection: 'c', key, etag, change: editOf('n', '2') }, signal);
    expect(calls).toEqual(['getObject', 'getObjectTagging', 'getObject', 'capabilities', 'putObject']);

    const tagless = createRecordStore(
      {
        ...client,
        getObjectTagging: () => Promise.reject(new AppFailure('unsupported-by-server', 'There are no tags here.')),
      },
      collectionOf('plain'),
    );
    await tagless.update({ collection: 'c', key, etag: answer.etag, change: editOf('n', '3') }, signal);
    expect((await seenBySdk(key)).body).toBe('{"n": 3}');
  });
});

describe('a new record', () => {
  test('is not written over another one, whoever comes first', async () => {
    const store = storeOf(collectionOf('dataknobs', { prefix: 'new/' }));
    const outcomes = await Promise.allSettled(
      Array.from({ length: 8 }, (_, index) =>
        store.create({ collection: 'c', id: 'one', record: `{"n": ${index}}` }, signal),
      ),
    );
    const won = outcomes.flatMap((outcome) => (outcome.status === 'fulfilled' ? [outcome.value] : []));
    expect(won).toHaveLength(1);
    expect(outcomes.flatMap((outcome) => (outcome.status === 'rejected' ? [failureCode(outcome.reason)] : []))).toEqual(
      Array.from({ length: 7 }, () => 'record-exists'),
    );
    const seen = await seenBySdk('new/one.json');
    expect(seen.body).toBe(Buffer.from(won[0]?.written.body ?? []).toString());
    expect(seen).toMatchObject({ contentType: 'application/json', tags: [] });
  });

  test('in the place of an old one keeps its created_at, tags and headers', async () => {
    const key = 'replace/x.json';
    const old =
      '{"fields": {}, "id": "x", "metadata": {"id": "x", "created_at": "2020-01-01T00:00:00+00:00", "updated_at": "2020-01-01T00:00:00+00:00"}}';
    const store = storeOf(collectionOf('dataknobs', { prefix: 'replace/' }));
    const record = { collection: 'c', id: 'x', record: '{"n": 1}', ifExists: 'replace' } as const;
    const created = await store.create(record, signal);
    expect(created.answer).toMatchObject({ id: 'x', key, notes: [] });
    await sdk.send(new PutObjectCommand({ Bucket: BUCKET, Key: key, Body: old, ...RICH }));
    const before = await seenBySdk(key);
    await store.create(record, signal);
    expect(await seenBySdk(key)).toEqual({
      ...before,
      body: '{"fields": {"n": {"name": "n", "value": 1, "type": "integer", "metadata": {}}}, "id": "x", "metadata": {"id": "x", "created_at": "2020-01-01T00:00:00+00:00", "updated_at": "2026-11-25T10:20:30.450000+00:00"}}',
    });
  });

  test('gets the class, encryption and mirrored tags of its collection; an update rewrites those tags alone', async () => {
    const store = storeOf(
      collectionOf('dataknobs', {
        prefix: 'mapped/',
        tagMapping: true,
        defaultStorageClass: 'STANDARD_IA',
        encryption: { algorithm: 'AES256' },
      }),
    );
    const { answer } = await store.create(
      { collection: 'c', id: 'm', record: '{"n": 1}', tags: [{ key: 'team', value: 'red' }] },
      signal,
    );
    const mirrored = [
      { Key: 'team', Value: 'red' },
      { Key: 'id', Value: 'm' },
      { Key: 'created_at', Value: '2026-11-25T10:20:30.450000+00:00' },
      { Key: 'updated_at', Value: '2026-11-25T10:20:30.450000+00:00' },
    ];
    expect(await seenBySdk(answer.key)).toMatchObject({
      storageClass: 'STANDARD_IA',
      encryption: 'AES256',
      tags: mirrored,
    });
    await store.update(
      {
        collection: 'c',
        key: answer.key,
        etag: answer.etag,
        change: { edits: [{ part: 'metadata', path: ['source'], text: '"web"' }] },
      },
      signal,
    );
    expect((await seenBySdk(answer.key))['tags']).toEqual([...mirrored, { Key: 'source', Value: 'web' }]);
  });

  test.each([
    [{ algorithm: 'aws:kms', keyId: 'alias/records', bucketKey: true }, ['aws:kms', 'alias/records', true]],
    [{ algorithm: 'aws:kms:dsse', keyId: null }, ['aws:kms:dsse', expect.stringContaining('arn:aws:kms:'), undefined]],
    [null, ['AES256', undefined, undefined]],
  ] as const)(
    'with the encryption %j of its collection is seen so by HeadObject, and stays so',
    async (encryption, seen) => {
      const store = storeOf(
        collectionOf('plain', {
          prefix: 'sealed/',
          defaultStorageClass: 'GLACIER_IR',
          keyTemplate: 'in/{id}.rec',
          encryption,
        }),
      );
      const id = encryption?.algorithm ?? 'none';
      const { answer } = await store.create({ collection: 'c', id, record: '{"n": 1}' }, signal);
      const head = async () => {
        const found = await sdk.send(new HeadObjectCommand({ Bucket: BUCKET, Key: `sealed/in/${id}.rec` }));
        return [found.StorageClass, found.ServerSideEncryption, found.SSEKMSKeyId, found.BucketKeyEnabled];
      };
      expect(await head()).toEqual(['GLACIER_IR', ...seen]);
      await store.update({ collection: 'c', key: answer.key, etag: answer.etag, change: editOf('n', '2') }, signal);
      expect(await head()).toEqual(['GLACIER_IR', ...seen]);
    },
  );

  test('in a class that the server does not have is refused, and says where to choose another', async () => {
    const store = storeOf(collectionOf('plain', { prefix: 'sealed/', defaultStorageClass: 'FROZEN' }));
    const refused = store.create({ collection: 'c', id: 'frozen', record: '{}' }, signal);
    await expect(refused).rejects.toMatchObject({
      error: {
        code: 'invalid-arguments',
        message: expect.stringMatching(
          /does not take .*frozen.json.* in the storage class that was asked for\. Choose another one in the settings of the collection/,
        ),
      },
    });
  });

  test('is found by its id, and by a whole key as id', async () => {
    const store = storeOf(collectionOf('plain', { prefix: 'ids/' }));
    await putBySdk('ids/a', '{"which": "bare"}');
    await putBySdk('ids/a.json', '{"which": "json"}');
    await putBySdk('ids/b/c', '{"which": "deep"}');
    const keys = [];
    for (const id of ['a', 'a.json', 'b/c']) keys.push((await store.read({ id }, signal)).facts.key);
    expect(keys).toEqual(['ids/a.json', 'ids/a.json', 'ids/b/c']);
    expect(await codeOf(store.read({ id: 'none' }, signal))).toBe('record-not-found');
    expect(await codeOf(store.read({ key: 'ids/none' }, signal))).toBe('record-not-found');
  });

  test('that names another id in its body says so', async () => {
    const store = storeOf(collectionOf('dataknobs', { prefix: 'names/' }));
    await putBySdk('names/key.json', '{"fields": {}, "id": "other", "metadata": {"id": "third"}}');
    expect((await store.read({ id: 'key' }, signal)).notes).toEqual([
      'The body names the id "other"; the key says "key", and the key counts.',
      'The body names the id "third"; the key says "key", and the key counts.',
    ]);
  });
});

describe('an archived record', () => {
  test('cannot be read and says so, but can be replaced', async () => {
    const key = 'cold/a.json';
    await sdk.send(new PutObjectCommand({ Bucket: BUCKET, Key: key, Body: '{"n": 1}', StorageClass: 'GLACIER' }));
    const store = storeOf(collectionOf('plain', { prefix: 'cold/' }));
    expect(await codeOf(store.read({ id: 'a' }, signal))).toBe('record-archived');
    const { written } = await store.create(
      { collection: 'c', id: 'a', record: '{"n": 2}', ifExists: 'replace' },
      signal,
    );
    expect(written.facts).toMatchObject({ key, storageClass: 'GLACIER', size: 8 });
  });
});

describe('a delete', () => {
  test('takes away what the person saw and nothing else', async () => {
    const key = 'delete.json';
    const store = storeOf(collectionOf('plain'));
    const old = await putBySdk(key, '{"n": 1}');
    const etag = await putBySdk(key, '{"n": 2}');
    expect(await codeOf(store.delete(key, old, signal))).toBe('record-changed');
    expect((await seenBySdk(key)).body).toBe('{"n": 2}');
    expect(await store.delete(key, etag, signal)).toEqual({ notes: [] });
    expect(await codeOf(store.delete(key, etag, signal))).toBe('record-not-found');
    await putBySdk(key, '{"n": 3}');
    expect(await store.delete(key, null, signal)).toEqual({ notes: [] });
    expect(await codeOf(store.read({ key }, signal))).toBe('record-not-found');
  });
});

describe('the codec of a prefix', () => {
  test('is found in its first objects, and the reason is said', async () => {
    await putBySdk('codec/a/1.json', '{"fields": {"n": {"value": 1}}, "metadata": {}}');
    await putBySdk('codec/a/2.json', '{"data": {"n": 1}, "metadata": {}}');
    await putBySdk('codec/a/3.json', '{"n": 1}');
    await putBySdk('codec/a/4.json', 'no JSON');
    await putBySdk('codec/a/readme.txt', 'text');
    await putBySdk('codec/b/1.json', '{"fields": ["name"]}');
    expect([await detect('codec/a/'), await detect('codec/b/'), await detect('codec/c/')]).toEqual([
      { codec: 'dataknobs', reason: "2 of the first 3 JSON objects are in dataknobs' wire format.", looked: 3 },
      { codec: 'plain', reason: 'The one JSON object looked at is plain JSON.', looked: 1 },
      { codec: 'plain', reason: 'There are no objects to look at yet, so new records are plain JSON.', looked: 0 },
    ]);
  });
});

/** The real client, and the names of the calls that it got. */
/** The count of tags as a server leaves it out. */
function uncounted(): S3Client {
  return {
    ...client,
    getObject: async (...call) => {
      const { head, body } = await client.getObject(...call);
      return { head: { ...head, tagCount: 0 }, body };
    },
  };
}

function recording(calls: string[]): S3Client {
  return new Proxy(client, {
    get: (target, name: keyof S3Client) => {
      calls.push(name);
      return target[name];
    },
  });
}

function detect(prefix: string): ReturnType<typeof detectCodec> {
  return detectCodec(client, BUCKET, prefix, signal);
}
