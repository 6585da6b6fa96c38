import { createRecordBatches } from '../../../electron/engine/records/create-record-batches.ts';
import type { BatchChange, ReadOutcome, RecordBatches } from '../../../electron/engine/records/record-batches.ts';
import type { ListedObject, S3Client } from '../../../electron/engine/s3/s3-client.ts';
import { editOf, signal } from '../../integration/records/record-harness.ts';
import { engineCasesOf } from './engine-case.ts';
import { countsOf, keysOf, toldOf } from './observe-engine.ts';

/** More than one request can delete, and more than are under way at once. */
const COUNT = 1_200;

function* numbered(from: number, to: number, text = 1): Generator<{ id: string; record: string }> {
  for (let n = from; n < to; n += 1) yield { id: `r${n}`, record: `{"n": ${n}, "text": ${text}}` };
}

/** What somebody else writes meanwhile. */
async function disturb(client: S3Client, bucket: string, ids: readonly string[]): Promise<void> {
  await Promise.all(ids.map((id) => client.putObject(bucket, `${id}.json`, Buffer.from('{"other": true}'), {})));
}

async function listedOf(client: S3Client, bucket: string): Promise<readonly ListedObject[]> {
  const objects: ListedObject[] = [];
  for await (const page of client.listAllObjects(bucket, {})) objects.push(...page.objects);
  return objects;
}

async function readAll(batches: RecordBatches, ids: readonly string[]): Promise<readonly string[]> {
  const outcomes: ReadOutcome[] = [];
  const addresses = ids.map((id) => ({ id }));
  for await (const outcome of batches.read(addresses, { signal, ordered: true })) outcomes.push(outcome);
  return outcomes.map(({ found, error }) => (found === null ? error.code : Buffer.from(found.body).toString()));
}

export const batches = engineCasesOf('Engine: batches', [
  {
    name: 'creates, reads, changes, replaces and deletes 1,200 records, and tells of each that somebody else had a hand in',
    run: async ({ client, Bucket, collection }) => {
      const many = createRecordBatches(client, collection('plain'));
      await disturb(client, Bucket, ['r0', 'r700']);
      const created = await toldOf(many.create([...numbered(0, COUNT), { id: 'broken', record: '{' }], { signal }));

      const ids = Array.from({ length: COUNT }, (_, n) => (n % 400 === 1 ? `none${n}` : `r${n}`));
      const read = await readAll(many, ids);

      const seen = await listedOf(client, Bucket);
      await disturb(client, Bucket, ['r5', 'r6', 'r7']);
      await client.deleteObject(Bucket, 'r8.json', {});
      const changes = seen.map(({ key, etag }): BatchChange => ({ key, etag, change: editOf('text', '2') }));
      const updated = await toldOf(many.update(changes, { signal }));
      const again = await listedOf(client, Bucket);
      const unchanged = await toldOf(
        many.update(
          again.slice(0, 50).map(({ key, etag }) => ({ key, etag, change: editOf('text', '2') })),
          { signal },
        ),
      );

      const upserted = await toldOf(
        many.upsert([...numbered(COUNT - 100, COUNT + 100, 3), ...numbered(0, 1, 4)], { signal }),
      );
      const replaced = await readAll(many, ['r0', `r${COUNT - 1}`, `r${COUNT}`, 'r9']);

      const left = await listedOf(client, Bucket);
      await disturb(client, Bucket, ['r20', 'r21']);
      const deleted = await toldOf(many.delete(left, { signal }));
      return {
        created: countsOf(created),
        read: [read[0], read[1], read[2], countsOf(read.map((body) => (body.startsWith('{') ? 'found' : body)))],
        updated: countsOf(updated),
        unchanged: countsOf(unchanged),
        upserted: countsOf(upserted),
        replaced,
        deleted: countsOf(deleted),
        left: await keysOf(client, Bucket),
      };
    },
    expected: {
      created: { done: COUNT - 2, 'record-exists': 2, 'invalid-record': 1 },
      read: ['{"other": true}', 'record-not-found', '{"n": 2, "text": 1}', { found: COUNT - 3, 'record-not-found': 3 }],
      updated: { done: COUNT - 4, 'record-changed': 3, 'record-not-found': 1 },
      unchanged: { unchanged: 50 },
      upserted: { done: 201 },
      replaced: [
        '{"n": 0, "text": 4}',
        `{"n": ${COUNT - 1}, "text": 3}`,
        `{"n": ${COUNT}, "text": 3}`,
        '{"n": 9, "text": 2}',
      ],
      deleted: { done: COUNT + 100 - 1 - 2, 'record-changed': 2 },
      left: ['r20.json', 'r21.json'],
    },
  },
  {
    name: 'stops at once where the bucket is gone, and says so',
    run: async ({ connect, Bucket, collection }) => {
      const many = createRecordBatches(connect(), collection('plain', { bucket: `${Bucket}-none` }));
      return toldOf(many.create(numbered(0, 500), { signal })).catch((failure: unknown) => Object(failure).error?.code);
    },
    expected: 'no-such-bucket',
  },
]);
