import { createRecordBatches } from '../../../electron/engine/records/create-record-batches.ts';
import { createRecordStore } from '../../../electron/engine/records/record-store.ts';
import { codeOf, editOf, signal } from '../../integration/records/record-harness.ts';
import { engineCasesOf, type EngineWorld } from './engine-case.ts';
import { keysOf, toldOf } from './observe-engine.ts';

const ODD_KEYS = {
  'a blank at both ends': ' lead and trail ',
  'two slashes': 'a//b',
  'a slash at its beginning': '/a',
  'a slash at its end': 'a/',
  'a folder above': '../a',
  'a folder above in the middle': 'a/../b',
  'a dot for a folder': './a/./b',
  'a plus': 'a+b',
  'a percent sign': '100%',
  'an escape': '%41%2F%20',
  'letters of many languages': 'ünï/日本/Ω',
  'a letter outside of the basic plane': 'a😀b',
  'a composed and a decomposed letter': 'é e\u0301',
  'marks of XML': `a&<b>"c"'d'&amp;]]>`,
  'marks of an address': 'a?b=c&d#e;f:@',
  'marks that RFC 3986 reserves': `a!b'(c)*d`,
  'marks that addresses may not hold': '\\^`{|}[]~',
  'a line break': 'a\nb\tc',
  'a carriage return': 'a\r\nb',
  'a control character': 'a\u0001b\u001f',
  'a deleted character': 'a\u007fb\u0085c',
  'a character that is none': 'a\uffffb',
  '1,024 bytes': 'k'.repeat(1_024),
  '1,024 bytes that are two a letter': 'ü'.repeat(512),
};

const tags = [{ key: 'shape', value: 'round' }];

/** Every verb that names a key in its own way: in the path, in a query, in a header, in XML sent and received. */
async function passThrough({ client, Bucket, collection }: EngineWorld, key: string): Promise<unknown> {
  const { etag } = await client.putObject(Bucket, key, Buffer.from('{"n": 1}'), {
    headers: { tags },
    ifNoneMatch: '*',
  });
  const { body } = await client.getObject(Bucket, key, { ifMatch: etag });
  const listed = await keysOf(client, Bucket);
  const below = await keysOf(client, Bucket, { prefix: key });
  const shape = await client.getObjectTagging(Bucket, key, {});
  const copied = await client.copyObject(Bucket, 'copy', { bucket: Bucket, key }, {});
  const batches = createRecordBatches(client, collection('plain'));
  const deleted = await toldOf(batches.delete([{ key, etag }], { signal }));
  return {
    body: Buffer.from(body).toString(),
    listed: listed.length === 1 && listed[0] === key ? 'as written' : listed,
    below: below.length === 1 && below[0] === key ? 'as written' : below,
    tags: shape,
    copied: copied.etag === etag,
    deleted,
    left: await keysOf(client, Bucket),
  };
}

export const oddKeys = engineCasesOf('Engine: odd keys', [
  ...Object.entries(ODD_KEYS).map(([what, key]) => ({
    name: `writes, reads, lists, copies and deletes an object whose key has ${what}`,
    run: (world: EngineWorld) => passThrough(world, key),
    expected: {
      body: '{"n": 1}',
      listed: 'as written',
      below: 'as written',
      tags,
      copied: true,
      deleted: ['done'],
      left: ['copy'],
    },
  })),
  {
    name: 'creates, reads, changes and deletes records under odd ids, below a prefix that is odd too',
    run: async ({ client, collection }) => {
      const store = createRecordStore(client, collection('plain', { prefix: 'a +%/ü/' }));
      const seen: unknown[] = [];
      for (const id of ['1 + 1', '100%', '../up', '/lead', 'ü/日本', 'a.json', '😀']) {
        const { answer } = await store.create({ collection: 'c', id, record: '{"n": 1}' }, signal);
        const updated = await store.update({ collection: 'c', ...answer, change: editOf('n', '2') }, signal);
        const { body } = await store.read({ id }, signal);
        seen.push([updated.answer.id, body, await codeOf(store.delete(answer.key, updated.answer.etag, signal))]);
      }
      return seen;
    },
    expected: ['1 + 1', '100%', '../up', '/lead', 'ü/日本', 'a.json', '😀'].map((id) => [id, '{"n": 2}', 'done']),
  },
  {
    name: 'tells of a key that is too long',
    run: async ({ client, Bucket }) => codeOf(client.putObject(Bucket, 'k'.repeat(1_025), Buffer.from(''), {})),
    expected: 'invalid-key',
  },
]);
