import type { ListObjectsCommandInput, ListObjectsV2CommandInput, S3 } from '@aws-sdk/client-s3';
import { casesOf, type World } from '../case.ts';
import { outcome } from '../observe.ts';

async function fill({ s3, Bucket }: World, keys: readonly string[]): Promise<void> {
  await Promise.all(keys.map((Key) => s3.putObject({ Bucket, Key, Body: Key })));
}

interface Listed {
  readonly keys: (string | undefined)[];
  readonly prefixes: (string | undefined)[];
}

/** Follows a listing to its end; what is not sorted stays so. */
async function listAll(s3: S3, input: ListObjectsV2CommandInput): Promise<Listed & { readonly pages: number }> {
  const found: Listed = { keys: [], prefixes: [] };
  let ContinuationToken: string | undefined;
  let pages = 0;
  do {
    const page = await s3.listObjectsV2({ ...input, ContinuationToken });
    found.keys.push(...(page.Contents ?? []).map(({ Key }) => Key));
    found.prefixes.push(...(page.CommonPrefixes ?? []).map(({ Prefix }) => Prefix));
    ContinuationToken = page.IsTruncated === true ? page.NextContinuationToken : undefined;
    pages += 1;
  } while (ContinuationToken !== undefined && pages < 100);
  return { ...found, pages };
}

const TREE = ['a/1', 'a/2', 'a//3', 'a/b/c', 'a/b/d', 'b', 'c/x'];
/** Sorted as UTF-8 sorts, which is not how UTF-16 does. */
const UTF8_ORDER = ['Z', 'a', 'a b', 'z', 'é', 'ﬀ', '\u{1f600}'];

const version2 = casesOf('ListObjectsV2', [
  {
    name: 'answers the facts of each object',
    run: async (world) => {
      await fill(world, ['a']);
      const {
        Contents = [],
        Name,
        KeyCount,
        MaxKeys,
        IsTruncated,
        Prefix,
      } = await world.s3.listObjectsV2({
        Bucket: world.Bucket,
      });
      const objects = Contents.map(({ Key, ETag, Size, StorageClass, LastModified }) => ({
        Key,
        ETag,
        Size,
        StorageClass,
        modified: LastModified instanceof Date,
      }));
      return { name: Name === world.Bucket, KeyCount, MaxKeys, IsTruncated, Prefix, objects };
    },
    expected: {
      name: true,
      KeyCount: 1,
      MaxKeys: 1000,
      IsTruncated: false,
      Prefix: '',
      objects: [
        { Key: 'a', ETag: '"0cc175b9c0f1b6a831c399e269772661"', Size: 1, StorageClass: 'STANDARD', modified: true },
      ],
    },
  },
  {
    name: 'sorts by the bytes of UTF-8',
    run: async (world) => {
      await fill(world, UTF8_ORDER.toReversed());
      return (await listAll(world.s3, { Bucket: world.Bucket })).keys;
    },
    expected: UTF8_ORDER,
  },
  {
    name: 'goes on where a page ended, behind keys of any alphabet',
    run: async (world) => {
      await fill(world, UTF8_ORDER);
      return listAll(world.s3, { Bucket: world.Bucket, MaxKeys: 2 });
    },
    expected: { keys: UTF8_ORDER, prefixes: [], pages: 4 },
  },
  {
    name: 'is not truncated where the last page is full',
    run: async (world) => {
      await fill(world, ['a', 'b']);
      const { IsTruncated, NextContinuationToken = null } = await world.s3.listObjectsV2({
        Bucket: world.Bucket,
        MaxKeys: 2,
      });
      return { IsTruncated, NextContinuationToken };
    },
    expected: { IsTruncated: false, NextContinuationToken: null },
  },
  {
    name: 'groups keys by a delimiter',
    run: async (world) => {
      await fill(world, TREE);
      const { s3, Bucket } = world;
      return [
        await listAll(s3, { Bucket, Delimiter: '/' }),
        await listAll(s3, { Bucket, Delimiter: '/', Prefix: 'a/' }),
        await listAll(s3, { Bucket, Delimiter: '/b', Prefix: 'a' }),
      ];
    },
    expected: [
      { keys: ['b'], prefixes: ['a/', 'c/'], pages: 1 },
      { keys: ['a/1', 'a/2'], prefixes: ['a//', 'a/b/'], pages: 1 },
      { keys: ['a//3', 'a/1', 'a/2'], prefixes: ['a/b'], pages: 1 },
    ],
  },
  {
    name: 'counts a group as one and names it once over pages',
    run: async (world) => {
      await fill(world, TREE);
      return listAll(world.s3, { Bucket: world.Bucket, Delimiter: '/', Prefix: 'a/', MaxKeys: 1 });
    },
    expected: { keys: ['a/1', 'a/2'], prefixes: ['a//', 'a/b/'], pages: 4 },
  },
  {
    name: 'begins behind start-after, which need not be a key',
    run: async (world) => {
      await fill(world, TREE);
      const { s3, Bucket } = world;
      return [
        (await listAll(s3, { Bucket, StartAfter: 'a/2' })).keys,
        (await listAll(s3, { Bucket, StartAfter: 'a/b/c0' })).keys,
        (await listAll(s3, { Bucket, StartAfter: 'z' })).keys,
      ];
    },
    expected: [['a/b/c', 'a/b/d', 'b', 'c/x'], ['a/b/d', 'b', 'c/x'], []],
  },
  {
    name: 'follows start-after over pages and answers it again',
    run: async (world) => {
      await fill(world, TREE);
      const { s3, Bucket } = world;
      const first = await s3.listObjectsV2({ Bucket, StartAfter: 'a/1', MaxKeys: 1 });
      return [first.StartAfter, (await listAll(s3, { Bucket, StartAfter: 'a/1', MaxKeys: 2 })).keys];
    },
    expected: ['a/1', ['a/2', 'a/b/c', 'a/b/d', 'b', 'c/x']],
  },
  {
    name: 'with max-keys 0 answers nothing and is not truncated',
    run: async (world) => {
      await fill(world, ['a']);
      const {
        KeyCount,
        MaxKeys,
        IsTruncated,
        Contents = [],
      } = await world.s3.listObjectsV2({
        Bucket: world.Bucket,
        MaxKeys: 0,
      });
      return { KeyCount, MaxKeys, IsTruncated, objects: Contents.length };
    },
    expected: { KeyCount: 0, MaxKeys: 0, IsTruncated: false, objects: 0 },
  },
  {
    name: 'answers 1,000 keys at most',
    run: async ({ s3, Bucket }) => (await s3.listObjectsV2({ Bucket, MaxKeys: 5_000 })).MaxKeys,
    expected: 1_000,
  },
  {
    name: 'refuses a negative max-keys and a token that it never gave',
    run: async ({ s3, Bucket }) => [
      await outcome(s3.listObjectsV2({ Bucket, MaxKeys: -1 })),
      await outcome(s3.listObjectsV2({ Bucket, ContinuationToken: 'made-up' })),
    ],
    expected: ['InvalidArgument 400', 'InvalidArgument 400'],
  },
  {
    name: 'encodes names where it is asked to',
    run: async (world) => {
      const { s3, Bucket } = world;
      await fill(world, ['a b/c+d', 'é%/x']);
      const page = await s3.listObjectsV2({ Bucket, EncodingType: 'url', Delimiter: '+', Prefix: 'a ' });
      const all = await s3.listObjectsV2({ Bucket, EncodingType: 'url' });
      return {
        type: page.EncodingType,
        prefix: page.Prefix,
        delimiter: page.Delimiter,
        prefixes: page.CommonPrefixes?.map(({ Prefix }) => Prefix),
        keys: all.Contents?.map(({ Key }) => Key),
      };
    },
    expected: {
      type: 'url',
      prefix: 'a+',
      delimiter: '%2B',
      prefixes: ['a+b/c%2B'],
      keys: ['a+b/c%2Bd', '%C3%A9%25/x'],
    },
  },
  {
    name: 'names the owner where it is asked to',
    run: async (world) => {
      await fill(world, ['a']);
      const { s3, Bucket } = world;
      const [plain] = (await s3.listObjectsV2({ Bucket })).Contents ?? [];
      const [owned] = (await s3.listObjectsV2({ Bucket, FetchOwner: true })).Contents ?? [];
      return [plain?.Owner ?? null, (owned?.Owner?.ID ?? '') !== ''];
    },
    expected: [null, true],
  },
  {
    name: 'refuses a bucket that is not there',
    run: async ({ s3, Bucket }) => outcome(s3.listObjectsV2({ Bucket: `${Bucket}-none` })),
    expected: 'NoSuchBucket 404',
  },
]);

async function listOld(s3: S3, input: ListObjectsCommandInput): Promise<Listed & { readonly next: string | null }> {
  const { Contents = [], CommonPrefixes = [], NextMarker = null } = await s3.listObjects(input);
  return {
    keys: Contents.map(({ Key }) => Key),
    prefixes: CommonPrefixes.map(({ Prefix }) => Prefix),
    next: NextMarker,
  };
}

const version1 = casesOf('ListObjects', [
  {
    name: 'goes on behind a marker, and gives the next one only with a delimiter',
    run: async (world) => {
      await fill(world, TREE);
      const { s3, Bucket } = world;
      return [
        await listOld(s3, { Bucket, MaxKeys: 2 }),
        await listOld(s3, { Bucket, Marker: 'a/1', MaxKeys: 2 }),
        await listOld(s3, { Bucket, Delimiter: '/', MaxKeys: 1 }),
        await listOld(s3, { Bucket, Delimiter: '/', MaxKeys: 2, Marker: 'a/' }),
      ];
    },
    expected: [
      { keys: ['a//3', 'a/1'], prefixes: [], next: null },
      { keys: ['a/2', 'a/b/c'], prefixes: [], next: null },
      { keys: [], prefixes: ['a/'], next: 'a/' },
      { keys: ['b'], prefixes: ['c/'], next: null },
    ],
  },
  {
    name: 'names the owner and the marker, and encodes names where it is asked to',
    run: async (world) => {
      await fill(world, ['a b', 'é']);
      const { s3, Bucket } = world;
      const page = await s3.listObjects({ Bucket, Marker: 'a', EncodingType: 'url' });
      return {
        marker: page.Marker,
        truncated: page.IsTruncated,
        keys: page.Contents?.map(({ Key }) => Key),
        owners: page.Contents?.every(({ Owner }) => (Owner?.ID ?? '') !== ''),
      };
    },
    expected: { marker: 'a', truncated: false, keys: ['a+b', '%C3%A9'], owners: true },
  },
]);

export const listObjects = [...version2, ...version1];
