import { ListObjectVersionsCommand } from '@aws-sdk/client-s3';
import type { ObjectHead } from '../../../electron/engine/s3/s3-client.ts';
import { codeOf } from '../../integration/records/record-harness.ts';
import { engineCasesOf } from './engine-case.ts';

const OTHER_ETAG = '"00000000000000000000000000000000"';

const HEADERS = {
  contentType: 'application/json; charset=utf-8',
  contentEncoding: 'gzip',
  contentLanguage: 'de',
  contentDisposition: 'attachment; filename="a b.json"',
  cacheControl: 'max-age=60',
  expires: 'Thu, 01 Jan 2032 00:00:00 GMT',
  userMetadata: [
    { key: 'note', value: 'one; two, "three"' },
    { key: 'odd-name', value: 'x' },
  ],
};
const TAGS = [
  { key: 'shape', value: 'round + 1=2' },
  { key: 'größe', value: 'ü/日本' },
];

/** What does not differ from run to run. */
function facts(head: ObjectHead): unknown {
  const { lastModified: _time, etag: _etag, versionId: _version, encryption: _encryption, ...others } = head;
  return { ...others, userMetadata: head.userMetadata.toSorted((one, other) => (one.key < other.key ? -1 : 1)) };
}

const KEPT = { ...HEADERS, key: 'a', size: 10, storageClass: 'STANDARD', websiteRedirect: null, tagCount: 2 };

export const objects = engineCasesOf('Engine: objects', [
  {
    name: 'writes an object with all that it says of itself, and reads that by GET and HEAD',
    run: async ({ client, Bucket }) => {
      const { etag } = await client.putObject(Bucket, 'a', Buffer.from('0123456789'), {
        headers: { ...HEADERS, tags: TAGS },
      });
      const { head, body } = await client.getObject(Bucket, 'a', {});
      return {
        body: Buffer.from(body).toString(),
        get: facts(head),
        head: facts(await client.headObject(Bucket, 'a', { ifMatch: etag })),
        sameEtag: head.etag === etag,
        dated: head.lastModified !== null,
      };
    },
    expected: { body: '0123456789', get: KEPT, head: KEPT, sameEtag: true, dated: true },
  },
  {
    name: 'keeps user metadata beyond ASCII',
    run: async ({ client, Bucket }) => {
      const userMetadata = [{ key: 'note', value: 'naïve 日本' }];
      await client.putObject(Bucket, 'a', Buffer.from(''), { headers: { userMetadata } });
      return (await client.headObject(Bucket, 'a', {})).userMetadata;
    },
    expected: [{ key: 'note', value: 'naïve 日本' }],
    source: 'Working with object metadata (User Guide)',
  },
  {
    name: 'writes into another storage class',
    run: async ({ client, Bucket }) => {
      await client.putObject(Bucket, 'a', Buffer.from(''), { headers: { storageClass: 'STANDARD_IA' } });
      return (await client.headObject(Bucket, 'a', {})).storageClass;
    },
    expected: 'STANDARD_IA',
  },
  {
    name: 'writes with an encryption by the server’s own key',
    run: async ({ client, Bucket }) => {
      const headers = { encryption: { algorithm: 'AES256' } as const };
      const told = await codeOf(client.putObject(Bucket, 'a', Buffer.from(''), { headers }));
      return told === 'done' ? (await client.headObject(Bucket, 'a', {})).encryption : told;
    },
    expected: { algorithm: 'AES256' },
  },
  {
    name: 'reads a part, nothing where nothing has changed, and no more than its caller allows',
    run: async ({ client, Bucket }) => {
      const { etag } = await client.putObject(Bucket, 'a', Buffer.from('0123456789'), {});
      const part = await client.getObject(Bucket, 'a', { range: 'bytes=2-4', ifMatch: etag });
      const changed = await client.getObjectIfChanged(Bucket, 'a', OTHER_ETAG, {});
      return {
        part: [Buffer.from(part.body).toString(), part.head.size],
        same: await client.getObjectIfChanged(Bucket, 'a', etag, {}),
        changed: changed === null ? null : Buffer.from(changed.body).toString(),
        tooLarge: await codeOf(client.getObject(Bucket, 'a', { maximumBytes: 9 })),
        stale: await codeOf(client.getObject(Bucket, 'a', { ifMatch: OTHER_ETAG })),
        staleHead: await codeOf(client.headObject(Bucket, 'a', { ifMatch: OTHER_ETAG })),
      };
    },
    expected: {
      part: ['234', 10],
      same: null,
      changed: '0123456789',
      tooLarge: 'record-too-large',
      stale: 'record-changed',
      staleHead: 'record-changed',
    },
  },
  {
    // But by HEAD, whose answer has no document that would tell them apart.
    name: 'tells a missing object from a missing bucket, whatever it is asked to do',
    run: async ({ client, Bucket }) => {
      const of = async (bucket: string) => ({
        get: await codeOf(client.getObject(bucket, 'none', {})),
        readTags: await codeOf(client.getObjectTagging(bucket, 'none', {})),
        writeTags: await codeOf(client.putObjectTagging(bucket, 'none', TAGS, {})),
        replace: await codeOf(client.putObject(bucket, 'none', Buffer.from(''), { ifMatch: OTHER_ETAG })),
        list: await codeOf(client.listObjectsV2(bucket, {})),
        deleteMany: await codeOf(client.deleteObjects(bucket, [{ key: 'none' }], {})),
        delete: await codeOf(client.deleteObject(bucket, 'none', {})),
      });
      return { object: await of(Bucket), bucket: await of(`${Bucket}-none`) };
    },
    expected: {
      object: {
        get: 'record-not-found',
        readTags: 'record-not-found',
        writeTags: 'record-not-found',
        replace: 'record-not-found',
        list: 'done',
        deleteMany: 'done',
        delete: 'done',
      },
      bucket: {
        get: 'no-such-bucket',
        readTags: 'no-such-bucket',
        writeTags: 'no-such-bucket',
        replace: 'no-such-bucket',
        list: 'no-such-bucket',
        deleteMany: 'no-such-bucket',
        delete: 'no-such-bucket',
      },
    },
  },
  {
    name: 'tells an unknown key from a wrong secret',
    run: async ({ server, connect, Bucket }) => {
      const told = (changes: { readonly accessKeyId?: string; readonly secretAccessKey?: string }) => {
        const { accessKeyId, secretAccessKey } = { ...server, ...changes };
        const client = connect({ credentials: { accessKeyId, secretAccessKey, sessionToken: null } });
        return codeOf(client.listObjectsV2(Bucket, {}));
      };
      return [await told({ accessKeyId: 'nobody' }), await told({ secretAccessKey: 'wrong' })];
    },
    expected: ['unknown-access-key', 'signature-mismatch'],
  },
  {
    name: 'copies an object with all that it says of itself, or with something else in its place',
    run: async ({ client, Bucket }) => {
      const source = { bucket: Bucket, key: 'a' };
      const written = await client.putObject(Bucket, 'a', Buffer.from('0123456789'), {
        headers: { ...HEADERS, tags: TAGS },
      });
      const same = await client.copyObject(Bucket, 'b', { ...source, ifMatch: written.etag }, {});
      await client.copyObject(Bucket, 'c', source, { headers: { contentType: 'text/plain' }, tags: TAGS.slice(0, 1) });
      const other = await client.headObject(Bucket, 'c', {});
      return {
        same: facts(await client.headObject(Bucket, 'b', {})),
        sameEtag: same.etag === written.etag,
        other: [other.contentType, other.cacheControl, other.userMetadata, other.tagCount],
        tags: await client.getObjectTagging(Bucket, 'c', {}),
      };
    },
    expected: {
      same: { ...KEPT, key: 'b' },
      sameEtag: true,
      other: ['text/plain', null, [], 1],
      tags: TAGS.slice(0, 1),
    },
  },
  {
    name: 'writes with a checksum that stays with the object',
    run: async ({ client, s3, Bucket }) => {
      for (const checksum of ['CRC32', 'SHA256'] as const) {
        await client.putObject(Bucket, checksum, Buffer.from('123456789'), { checksum });
      }
      const headOf = (Key: string) => s3.headObject({ Bucket, Key, ChecksumMode: 'ENABLED' });
      return [(await headOf('CRC32')).ChecksumCRC32, (await headOf('SHA256')).ChecksumSHA256];
    },
    expected: ['y/Q5Jg==', 'FeKw08M4keuw8e9gnsQZQgwg4yDOlMZfvIwzEkSOsiU='],
  },
  {
    name: 'reads and deletes one version of many, and lists them by Amazon’s own client over its sockets',
    run: async ({ client, s3, Bucket }) => {
      await s3.putBucketVersioning({ Bucket, VersioningConfiguration: { Status: 'Enabled' } });
      const first = await client.putObject(Bucket, 'a', Buffer.from('one'), {});
      const second = await client.putObject(Bucket, 'a', Buffer.from('two'), { ifMatch: first.etag });
      const versionId = first.versionId ?? '';
      const { body, head } = await client.getObject(Bucket, 'a', { versionId });
      const [marked] = await client.deleteObjects(Bucket, [{ key: 'a' }], {});
      const hidden = await codeOf(client.headObject(Bucket, 'a', {}));
      await client.deleteObject(Bucket, 'a', { versionId: marked?.versionId ?? '' });
      const shown = await client.headObject(Bucket, 'a', {});
      await client.deleteObject(Bucket, 'a', { versionId });
      const sdk = await client.sdkClient({});
      const { Versions = [] } = await sdk.send(new ListObjectVersionsCommand({ Bucket }));
      return {
        read: [Buffer.from(body).toString(), head.versionId === versionId],
        marker: marked?.deleteMarker,
        hidden,
        shown: shown.versionId === second.versionId,
        left: Versions.map(({ Key, VersionId }) => [Key, VersionId === second.versionId]),
      };
    },
    expected: {
      read: ['one', true],
      marker: true,
      hidden: 'record-not-found',
      shown: true,
      left: [['a', true]],
    },
  },
  {
    name: 'makes a bucket, finds it and sees it in the list',
    run: async ({ client, furtherBucket }) => {
      const name = furtherBucket();
      const before = await codeOf(client.headBucket(name, {}));
      await client.createBucket(name, {});
      const listed = (await client.listBuckets({})).includes(name);
      return [before, await codeOf(client.headBucket(name, {})), listed];
    },
    expected: ['no-such-bucket', 'done', true],
  },
]);
