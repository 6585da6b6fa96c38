import type { DeleteObjectsCommandOutput, ObjectIdentifier, S3 } from '@aws-sdk/client-s3';
import { casesOf } from '../case.ts';
import { outcome, status } from '../observe.ts';

async function keysOf(s3: S3, Bucket: string): Promise<(string | undefined)[]> {
  return ((await s3.listObjectsV2({ Bucket })).Contents ?? []).map(({ Key }) => Key);
}

const deleteObject = casesOf('DeleteObject', [
  {
    name: 'removes an object, and one that is not there too',
    run: async ({ s3, Bucket }) => {
      await s3.putObject({ Bucket, Key: 'a', Body: '' });
      const first = await status(s3.deleteObject({ Bucket, Key: 'a' }));
      return [first, await status(s3.deleteObject({ Bucket, Key: 'a' })), await keysOf(s3, Bucket)];
    },
    expected: [204, 204, []],
  },
  {
    name: 'with If-Match removes only what its caller saw',
    source: 'How to perform conditional deletes (User Guide)',
    run: async ({ s3, Bucket }) => {
      const old = await s3.putObject({ Bucket, Key: 'a', Body: 'old' });
      const now = await s3.putObject({ Bucket, Key: 'a', Body: 'new' });
      const remove = (IfMatch: string | undefined): Promise<string> =>
        outcome(s3.deleteObject({ Bucket, Key: 'a', IfMatch }));
      return [await remove(old.ETag), await remove(now.ETag), await keysOf(s3, Bucket)];
    },
    expected: ['PreconditionFailed 412', 'done', []],
  },
  {
    name: 'with If-Match: * removes what is there',
    source: 'How to perform conditional deletes (User Guide)',
    run: async ({ s3, Bucket }) => {
      await s3.putObject({ Bucket, Key: 'a', Body: '' });
      return [await outcome(s3.deleteObject({ Bucket, Key: 'a', IfMatch: '*' })), await keysOf(s3, Bucket)];
    },
    expected: ['done', []],
  },
  {
    name: 'refuses a bucket that is not there',
    run: async ({ s3, Bucket }) => outcome(s3.deleteObject({ Bucket: `${Bucket}-none`, Key: 'a' })),
    expected: 'NoSuchBucket 404',
  },
]);

function told({ Deleted = [], Errors = [] }: DeleteObjectsCommandOutput): unknown {
  return {
    deleted: Deleted.map(({ Key = '' }) => Key).toSorted(),
    errors: Errors.map(({ Key, Code }) => `${Key} ${Code}`).toSorted(),
  };
}

const deleteObjects = casesOf('DeleteObjects', [
  {
    name: 'removes many at once, and says so of those that are not there too',
    run: async ({ s3, Bucket }) => {
      for (const Key of ['a', 'b', 'c']) await s3.putObject({ Bucket, Key, Body: '' });
      const Objects = ['a', 'b', 'none'].map((Key) => ({ Key }));
      return [told(await s3.deleteObjects({ Bucket, Delete: { Objects } })), await keysOf(s3, Bucket)];
    },
    expected: [{ deleted: ['a', 'b', 'none'], errors: [] }, ['c']],
  },
  {
    name: 'says nothing of what it removed where it is asked to be quiet',
    run: async ({ s3, Bucket }) => {
      await s3.putObject({ Bucket, Key: 'a', Body: '' });
      const answer = await s3.deleteObjects({ Bucket, Delete: { Quiet: true, Objects: [{ Key: 'a' }] } });
      return [told(answer), await keysOf(s3, Bucket)];
    },
    expected: [{ deleted: [], errors: [] }, []],
  },
  {
    name: 'with ETags removes those that fit and tells of the others',
    source: 'How to perform conditional deletes (User Guide)',
    run: async ({ s3, Bucket }) => {
      const old = await s3.putObject({ Bucket, Key: 'changed', Body: 'old' });
      await s3.putObject({ Bucket, Key: 'changed', Body: 'new' });
      const same = await s3.putObject({ Bucket, Key: 'same', Body: '' });
      const Objects = [
        { Key: 'changed', ETag: old.ETag },
        { Key: 'same', ETag: same.ETag },
      ];
      return [told(await s3.deleteObjects({ Bucket, Delete: { Objects } })), await keysOf(s3, Bucket)];
    },
    expected: [{ deleted: ['same'], errors: ['changed PreconditionFailed'] }, ['changed']],
  },
  {
    name: 'still tells of errors where it is asked to be quiet',
    run: async ({ s3, Bucket }) => {
      await s3.putObject({ Bucket, Key: 'a', Body: '' });
      const Objects = [{ Key: 'a', ETag: '"00000000000000000000000000000000"' }];
      return told(await s3.deleteObjects({ Bucket, Delete: { Quiet: true, Objects } }));
    },
    expected: { deleted: [], errors: ['a PreconditionFailed'] },
  },
  {
    name: 'removes odd keys by their names',
    run: async ({ s3, Bucket }) => {
      const keys = ['a b', 'a//b', '<a & "b">', '%41', '😀', 'a+b', "it's", ' lead', '&amp;'];
      for (const Key of keys) await s3.putObject({ Bucket, Key, Body: '' });
      const answer = await s3.deleteObjects({ Bucket, Delete: { Objects: keys.map((Key) => ({ Key })) } });
      return [answer.Deleted?.map(({ Key }) => Key ?? '').toSorted(), await keysOf(s3, Bucket)];
    },
    expected: [['a b', 'a//b', '<a & "b">', '%41', '😀', 'a+b', "it's", ' lead', '&amp;'].toSorted(), []],
  },
  {
    name: 'takes 1,000 keys and refuses 1,001',
    run: async ({ s3, Bucket }) => {
      const objects: ObjectIdentifier[] = Array.from({ length: 1_001 }, (_, at) => ({ Key: `key-${at}` }));
      const answer = await s3.deleteObjects({ Bucket, Delete: { Objects: objects.slice(1) } });
      return [answer.Deleted?.length, await outcome(s3.deleteObjects({ Bucket, Delete: { Objects: objects } }))];
    },
    expected: [1_000, 'MalformedXML 400'],
  },
  {
    name: 'refuses a list without keys',
    run: async ({ s3, Bucket }) => outcome(s3.deleteObjects({ Bucket, Delete: { Objects: [] } })),
    expected: 'MalformedXML 400',
  },
  {
    name: 'refuses a list without a digest, and one that is not the digest’s',
    run: async ({ altering, Bucket }) => {
      const none = { 'content-md5': '', 'x-amz-checksum-crc32': '', 'x-amz-sdk-checksum-algorithm': '' };
      const remove = (s3: S3): Promise<string> =>
        outcome(s3.deleteObjects({ Bucket, Delete: { Objects: [{ Key: 'a' }] } }));
      return [
        await remove(altering(none, 'signed')),
        await remove(altering({ ...none, 'content-md5': 'AAAAAAAAAAAAAAAAAAAAAA==' }, 'signed')),
      ];
    },
    expected: ['InvalidRequest 400', 'BadDigest 400'],
  },
  {
    name: 'refuses a bucket that is not there',
    run: async ({ s3, Bucket }) =>
      outcome(s3.deleteObjects({ Bucket: `${Bucket}-none`, Delete: { Objects: [{ Key: 'a' }] } })),
    expected: 'NoSuchBucket 404',
  },
]);

export const deletes = [...deleteObject, ...deleteObjects];
