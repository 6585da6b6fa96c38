import { createRecordStore } from '../../../electron/engine/records/record-store.ts';
import type { Tag } from '../../../shared/record.ts';
import { editOf, NOW, signal } from '../../integration/records/record-harness.ts';
import { engineCasesOf } from './engine-case.ts';

const byKey = (tags: readonly Tag[]): readonly string[] => tags.map(({ key, value }) => `${key}=${value}`).toSorted();

export const tags = engineCasesOf('Engine: tags', [
  {
    name: 'mirrors a record in tags, and leaves those of others alone when it changes',
    run: async ({ client, Bucket, collection }) => {
      const dataknobs = collection('dataknobs', { prefix: 'records/', tagMapping: true });
      const store = createRecordStore(client, dataknobs, { now: () => NOW });
      const { answer } = await store.create({ collection: 'c', id: 'ü 1', record: '{"n": 1}' }, signal);
      const created = await client.getObjectTagging(Bucket, answer.key, {});
      const foreign = { key: 'team:owner', value: 'a+b = c@d/e_f-g.h' };
      await client.putObjectTagging(Bucket, answer.key, [...created, foreign], {});
      const later = createRecordStore(client, dataknobs, { now: () => new Date('2027-01-01T00:00:00Z') });
      const changed = await later.update({ collection: 'c', ...answer, change: editOf('n', '2') }, signal);
      const detail = await later.read({ id: 'ü 1' }, signal);
      return {
        created: byKey(created),
        changed: byKey(await client.getObjectTagging(Bucket, answer.key, {})),
        shown: byKey(detail.tags ?? []),
        notes: [...answer.notes, ...changed.answer.notes, ...detail.notes],
      };
    },
    expected: {
      created: ['created_at=2026-11-25T10:20:30.450000+00:00', 'id=ü 1', 'updated_at=2026-11-25T10:20:30.450000+00:00'],
      changed: [
        'created_at=2026-11-25T10:20:30.450000+00:00',
        'id=ü 1',
        'team:owner=a+b = c@d/e_f-g.h',
        'updated_at=2027-01-01T00:00:00+00:00',
      ],
      shown: [
        'created_at=2026-11-25T10:20:30.450000+00:00',
        'id=ü 1',
        'team:owner=a+b = c@d/e_f-g.h',
        'updated_at=2027-01-01T00:00:00+00:00',
      ],
      notes: [],
    },
  },
  {
    name: 'keeps the tags of a record of another program when a value of it changes',
    run: async ({ client, s3, Bucket, collection }) => {
      await s3.putObject({ Bucket, Key: 'a.json', Body: '{"n": 1}', Tagging: 'shape=round&empty=&two%20words=a%2Bb' });
      const store = createRecordStore(client, collection('plain'));
      const { facts } = await store.read({ id: 'a' }, signal);
      const other = createRecordStore(client, collection('plain'));
      await other.update({ collection: 'c', key: 'a.json', etag: facts.etag, change: editOf('n', '2') }, signal);
      const { TagSet = [] } = await s3.getObjectTagging({ Bucket, Key: 'a.json' });
      return TagSet.map(({ Key, Value }) => `${Key}=${Value}`).toSorted();
    },
    expected: ['empty=', 'shape=round', 'two words=a+b'],
  },
  {
    name: 'changes and removes tags without a new ETag',
    run: async ({ client, Bucket }) => {
      const { etag } = await client.putObject(Bucket, 'a', Buffer.from(''), {});
      await client.putObjectTagging(Bucket, 'a', [{ key: 'shape', value: 'round' }], {});
      const one = await client.headObject(Bucket, 'a', {});
      await client.deleteObjectTagging(Bucket, 'a', {});
      return {
        sameEtag: one.etag === etag,
        count: one.tagCount,
        left: await client.getObjectTagging(Bucket, 'a', {}),
      };
    },
    expected: { sameEtag: true, count: 1, left: [] },
  },
]);
