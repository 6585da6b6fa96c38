import { createRecordStore, type RecordStore } from '../../../electron/engine/records/record-store.ts';
import { codeOf, editOf, signal } from '../../integration/records/record-harness.ts';
import { engineCasesOf, type EngineWorld } from './engine-case.ts';
import { countsOf } from './observe-engine.ts';

const OTHER_ETAG = '"00000000000000000000000000000000"';

function storeOf({ client, collection }: EngineWorld): RecordStore {
  return createRecordStore(client, collection('plain'));
}

const record = { collection: 'c', id: 'a', record: '{"n": 1}' };

const set = (store: RecordStore, etag: string, text: string) =>
  store.update({ collection: 'c', key: 'a.json', etag, change: editOf('n', text) }, signal);

export const CAPABILITIES = 'finds out what the server can do, and leaves nothing of it';

export const conditions = engineCasesOf('Engine: conditions', [
  {
    name: CAPABILITIES,
    run: async ({ client, s3, Bucket }) => {
      const found = await client.capabilities(Bucket, 'records/a.json', {});
      const { Versions = [], DeleteMarkers = [] } = await s3.listObjectVersions({ Bucket });
      return { ...found, left: Versions.length + DeleteMarkers.length };
    },
    expected: {
      conditionalCreate: true,
      conditionalReplace: true,
      conditionalCopy: true,
      conditionalDelete: true,
      bulkDelete: true,
      conditionalBulkDelete: true,
      tags: true,
      checksums: true,
      versions: false,
      storageClasses: true,
      left: 0,
    },
  },
  {
    name: 'finds out that a bucket keeps versions, and leaves none of its own there',
    run: async ({ client, s3, Bucket }) => {
      await s3.putBucketVersioning({ Bucket, VersioningConfiguration: { Status: 'Enabled' } });
      const { versions } = await client.capabilities(Bucket, 'records/a.json', {});
      const { Versions = [], DeleteMarkers = [] } = await s3.listObjectVersions({ Bucket });
      return { versions, left: Versions.length + DeleteMarkers.length };
    },
    expected: { versions: true, left: 0 },
  },
  {
    name: 'creates a record once, and changes and deletes only what a person saw',
    run: async (world) => {
      const store = storeOf(world);
      const seen: unknown[] = [await codeOf(set(store, OTHER_ETAG, '0'))];
      const { answer } = await store.create(record, signal);
      seen.push(await codeOf(store.create({ ...record, record: '{"n": 5}' }, signal)));
      const changed = await set(store, answer.etag, '2');
      seen.push(await codeOf(set(store, answer.etag, '3')));
      seen.push(await codeOf(store.delete('a.json', answer.etag, signal)));
      seen.push((await store.read({ id: 'a' }, signal)).body);
      seen.push(await codeOf(store.delete('a.json', changed.answer.etag, signal)));
      seen.push(await codeOf(store.delete('a.json', changed.answer.etag, signal)));
      seen.push(await codeOf(store.read({ id: 'a' }, signal)));
      return seen;
    },
    expected: [
      'record-not-found',
      'record-exists',
      'record-changed',
      'record-changed',
      '{"n": 2}',
      'done',
      'record-not-found',
      'record-not-found',
    ],
  },
  {
    name: 'says nothing of a weaker guarantee where the server checks conditions',
    run: async (world) => {
      const store = storeOf(world);
      const { answer } = await store.create(record, signal);
      const changed = await set(store, answer.etag, '2');
      const { notes } = await store.delete('a.json', changed.answer.etag, signal);
      return { create: answer.notes, update: changed.answer.notes, delete: notes };
    },
    expected: { create: [], update: [], delete: [] },
  },
  {
    name: 'lets one of ten creates at the same time win, and one of ten changes',
    run: async (world) => {
      const store = storeOf(world);
      const ten = Array.from({ length: 10 }, (_, n) => String(n));
      const created = await Promise.all(
        ten.map((n) => codeOf(store.create({ ...record, record: `{"n": ${n}}` }, signal))),
      );
      const { facts } = await store.read({ id: 'a' }, signal);
      const changed = await Promise.all(ten.map((n) => codeOf(set(store, facts.etag, `1${n}`))));
      // Some losers of a race hear from RGW that the server failed, in one run of several.
      return [countsOf(created), changed.filter((code) => code === 'done').length];
    },
    expected: [{ done: 1, 'record-exists': 9 }, 1],
  },
  {
    name: 'replaces by a copy only what its caller saw, and copies only that',
    run: async ({ client, Bucket }) => {
      const source = { bucket: Bucket, key: 'source' };
      const { etag } = await client.putObject(Bucket, 'source', Buffer.from('new'), {});
      await client.putObject(Bucket, 'target', Buffer.from('old'), {});
      const copy = (from: object, to: object) =>
        codeOf(client.copyObject(Bucket, 'target', { ...source, ...from }, to));
      return [
        await copy({ ifMatch: OTHER_ETAG }, {}),
        await copy({}, { ifNoneMatch: '*' }),
        await copy({}, { ifMatch: OTHER_ETAG }),
        await copy({ key: 'none' }, {}),
        String((await client.getObject(Bucket, 'target', {})).body),
        await copy({ ifMatch: etag }, {}),
      ];
    },
    expected: ['record-changed', 'record-exists', 'record-changed', 'record-not-found', 'old', 'done'],
  },
]);
