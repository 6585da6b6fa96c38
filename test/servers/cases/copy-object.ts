import type { CopyObjectCommandInput } from '@aws-sdk/client-s3';
import { casesOf, type World } from '../case.ts';
import { digest, md5, outcome, text } from '../observe.ts';

const DAY_MILLISECONDS = 86_400_000;
const yesterday = new Date(Date.now() - DAY_MILLISECONDS);
const tomorrow = new Date(Date.now() + DAY_MILLISECONDS);
const FAILED = 'PreconditionFailed 412';
const OTHER_ETAG = '"00000000000000000000000000000000"';

/** An object with something of everything; answers its ETag. */
async function source({ s3, Bucket }: World, Key = 'from'): Promise<string | undefined> {
  const { ETag } = await s3.putObject({
    Bucket,
    Key,
    Body: 'Dipper',
    ContentType: 'text/plain',
    CacheControl: 'no-cache',
    Metadata: { a: 'b' },
    Tagging: 'color=blue',
    StorageClass: 'STANDARD_IA',
  });
  return ETag;
}

async function facts({ s3, Bucket }: World, Key = 'to'): Promise<unknown> {
  const {
    ContentType,
    CacheControl = null,
    Metadata,
    StorageClass = 'STANDARD',
  } = await s3.headObject({ Bucket, Key });
  const { TagSet = [] } = await s3.getObjectTagging({ Bucket, Key });
  const tags = TagSet.map((tag) => `${tag.Key}=${tag.Value}`);
  return { ContentType, CacheControl, Metadata, StorageClass, tags, body: await text(s3.getObject({ Bucket, Key })) };
}

function copy({ s3, Bucket }: World, more: Partial<CopyObjectCommandInput> = {}): Promise<string> {
  return outcome(s3.copyObject({ Bucket, Key: 'to', CopySource: `${Bucket}/from`, ...more }));
}

export const copyObject = casesOf('CopyObject', [
  {
    name: 'keeps headers, metadata and tags, but not the storage class',
    run: async (world) => {
      await source(world);
      const { s3, Bucket } = world;
      const { CopyObjectResult } = await s3.copyObject({ Bucket, Key: 'to', CopySource: `${Bucket}/from` });
      const { ETag, LastModified } = CopyObjectResult ?? {};
      return { ETag, modified: LastModified instanceof Date, ...Object(await facts(world)) };
    },
    expected: {
      ETag: `"${md5('Dipper')}"`,
      modified: true,
      ContentType: 'text/plain',
      CacheControl: 'no-cache',
      Metadata: { a: 'b' },
      StorageClass: 'STANDARD',
      tags: ['color=blue'],
      body: 'Dipper',
    },
  },
  {
    name: 'with REPLACE takes headers and metadata of the request alone',
    run: async (world) => {
      await source(world);
      await copy(world, { MetadataDirective: 'REPLACE', ContentType: 'application/json', Metadata: { c: 'd' } });
      return facts(world);
    },
    expected: {
      ContentType: 'application/json',
      CacheControl: null,
      Metadata: { c: 'd' },
      StorageClass: 'STANDARD',
      tags: ['color=blue'],
      body: 'Dipper',
    },
  },
  {
    name: 'without REPLACE leaves metadata of the request out',
    run: async (world) => {
      await source(world);
      const { s3, Bucket } = world;
      await copy(world, { ContentType: 'application/json', Metadata: { c: 'd' } });
      const { ContentType, Metadata } = await s3.headObject({ Bucket, Key: 'to' });
      return { ContentType, Metadata };
    },
    expected: { ContentType: 'text/plain', Metadata: { a: 'b' } },
  },
  {
    name: 'with a tagging directive REPLACE takes the tags of the request',
    run: async (world) => {
      await source(world);
      await copy(world, { TaggingDirective: 'REPLACE', Tagging: 'shape=round&size=' });
      const { TagSet = [] } = await world.s3.getObjectTagging({ Bucket: world.Bucket, Key: 'to' });
      return TagSet.map(({ Key, Value }) => `${Key}=${Value}`).toSorted();
    },
    expected: ['shape=round', 'size='],
  },
  {
    name: 'refuses a directive that does not exist',
    run: async (world) => {
      await source(world);
      const { altering, Bucket } = world;
      const s3 = altering({ 'x-amz-metadata-directive': 'MERGE' }, 'signed');
      return outcome(s3.copyObject({ Bucket, Key: 'to', CopySource: `${Bucket}/from` }));
    },
    expected: 'InvalidArgument 400',
  },
  {
    name: 'refuses to copy an object onto itself unchanged',
    run: async (world) => {
      await source(world);
      return copy(world, { Key: 'from' });
    },
    expected: 'InvalidRequest 400',
  },
  {
    name: 'changes metadata or class of an object by a copy onto itself',
    run: async (world) => {
      await source(world);
      const answers = [
        await copy(world, { Key: 'from', MetadataDirective: 'REPLACE', Metadata: { c: 'd' } }),
        await copy(world, { Key: 'from', StorageClass: 'STANDARD' }),
      ];
      return [answers, await facts(world, 'from')];
    },
    expected: [
      ['done', 'done'],
      {
        ContentType: 'binary/octet-stream',
        CacheControl: null,
        Metadata: { c: 'd' },
        StorageClass: 'STANDARD',
        tags: ['color=blue'],
        body: 'Dipper',
      },
    ],
  },
  ...(
    [
      ['x-amz-copy-source-if-match that fits', (CopySourceIfMatch) => ({ CopySourceIfMatch }), 'done'],
      ['x-amz-copy-source-if-match of another', () => ({ CopySourceIfMatch: OTHER_ETAG }), FAILED],
      ['x-amz-copy-source-if-none-match that fits', (CopySourceIfNoneMatch) => ({ CopySourceIfNoneMatch }), FAILED],
      ['x-amz-copy-source-if-none-match of another', () => ({ CopySourceIfNoneMatch: OTHER_ETAG }), 'done'],
      ['x-amz-copy-source-if-modified-since before', () => ({ CopySourceIfModifiedSince: yesterday }), 'done'],
      ['x-amz-copy-source-if-unmodified-since before', () => ({ CopySourceIfUnmodifiedSince: yesterday }), FAILED],
      ['x-amz-copy-source-if-unmodified-since after', () => ({ CopySourceIfUnmodifiedSince: tomorrow }), 'done'],
      [
        'x-amz-copy-source-if-match that fits and time that does not',
        (CopySourceIfMatch) => ({ CopySourceIfMatch, CopySourceIfUnmodifiedSince: yesterday }),
        'done',
      ],
    ] satisfies readonly (readonly [
      string,
      (etag: string | undefined) => Partial<CopyObjectCommandInput>,
      typeof FAILED | 'done',
    ])[]
  ).map(([what, conditions, expected]) => ({
    name: `under ${what}`,
    run: async (world: World) => copy(world, conditions(await source(world))),
    expected,
  })),
  {
    name: 'with If-None-Match never replaces what is there',
    source: 'How to prevent object overwrites with conditional writes (User Guide)',
    run: async (world) => {
      await source(world);
      return [await copy(world, { IfNoneMatch: '*' }), await copy(world, { IfNoneMatch: '*' })];
    },
    expected: ['done', 'PreconditionFailed 412'],
  },
  {
    name: 'with If-Match replaces only what its caller saw',
    source: 'How to prevent object overwrites with conditional writes (User Guide)',
    run: async (world) => {
      const etag = await source(world);
      await world.s3.putObject({ Bucket: world.Bucket, Key: 'to', Body: 'other' });
      return [await copy(world, { IfMatch: etag }), await copy(world, { IfMatch: `"${md5('other')}"` })];
    },
    expected: ['PreconditionFailed 412', 'done'],
  },
  {
    name: 'refuses a source that is not there, its key or its bucket',
    run: async (world) => [
      await copy(world),
      await copy(world, { CopySource: `${world.Bucket}-none/from` }),
      await copy(world, { CopySource: 'nothing' }),
    ],
    expected: ['NoSuchKey 404', 'NoSuchBucket 404', 'InvalidArgument 400'],
  },
  {
    name: 'reads the source’s name as an encoded one',
    run: async (world) => {
      const { s3, Bucket } = world;
      const keys = ['a b', 'a+b', '100%', 'é/ü', 'a?b'];
      for (const Key of keys) {
        await s3.putObject({ Bucket, Key, Body: Key });
        await s3.copyObject({ Bucket, Key: `copy of ${Key}`, CopySource: `/${Bucket}/${encodeURIComponent(Key)}` });
      }
      return Promise.all(keys.map((Key) => text(s3.getObject({ Bucket, Key: `copy of ${Key}` }))));
    },
    expected: ['a b', 'a+b', '100%', 'é/ü', 'a?b'],
  },
  {
    name: 'reads + in the source’s name as a blank',
    run: async ({ s3, Bucket }) => {
      await s3.putObject({ Bucket, Key: 'a b', Body: 'Dipper' });
      return outcome(s3.copyObject({ Bucket, Key: 'c', CopySource: `${Bucket}/a+b` }));
    },
    expected: 'done',
  },
  {
    name: 'copies into another bucket',
    run: async (world) => {
      await source(world);
      const { s3, furtherBucket, Bucket } = world;
      const other = furtherBucket();
      await s3.createBucket({ Bucket: other });
      await s3.copyObject({ Bucket: other, Key: 'to', CopySource: `${Bucket}/from` });
      return text(s3.getObject({ Bucket: other, Key: 'to' }));
    },
    expected: 'Dipper',
  },
  {
    name: 'reckons the checksum that is asked for',
    source: 'Checking object integrity in Amazon S3 (User Guide)',
    run: async (world) => {
      await source(world);
      const { s3, Bucket } = world;
      await copy(world, { ChecksumAlgorithm: 'SHA256' });
      return (await s3.headObject({ Bucket, Key: 'to', ChecksumMode: 'ENABLED' })).ChecksumSHA256 ?? null;
    },
    expected: digest('sha256', 'Dipper'),
  },
]);
