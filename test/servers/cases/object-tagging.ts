import type { Tag } from '@aws-sdk/client-s3';
import { casesOf, type World } from '../case.ts';
import { outcome, status } from '../observe.ts';

async function tagsOf({ s3, Bucket }: World): Promise<string[]> {
  const { TagSet = [] } = await s3.getObjectTagging({ Bucket, Key: 'a' });
  return TagSet.map(({ Key, Value }) => `${Key}=${Value}`).toSorted();
}

/** An object and a way to set its tags. */
async function tagged({ s3, Bucket }: World): Promise<(TagSet: Tag[]) => Promise<string>> {
  await s3.putObject({ Bucket, Key: 'a', Body: '' });
  return (TagSet) => outcome(s3.putObjectTagging({ Bucket, Key: 'a', Tagging: { TagSet } }));
}

const LIMITS = 'Categorizing your objects using tags (User Guide)';

const putObjectTagging = casesOf('PutObjectTagging', [
  {
    name: 'sets all tags at once and leaves the object as it was',
    run: async (world) => {
      const set = await tagged(world);
      const { s3, Bucket } = world;
      const facts = async (): Promise<string> => {
        const { ETag, LastModified } = await s3.headObject({ Bucket, Key: 'a' });
        return `${ETag} ${LastModified?.toISOString()}`;
      };
      const before = await facts();
      await set([
        { Key: 'a', Value: '1' },
        { Key: 'b', Value: '2' },
      ]);
      await set([{ Key: 'c', Value: '' }]);
      return [await tagsOf(world), (await facts()) === before];
    },
    expected: [['c='], true],
  },
  {
    name: 'takes ten tags and refuses eleven',
    source: LIMITS,
    run: async (world) => {
      const set = await tagged(world);
      const tags = Array.from({ length: 11 }, (_, at) => ({ Key: `k${at}`, Value: '' }));
      return [await set(tags.slice(1)), await set(tags)];
    },
    expected: ['done', 'BadRequest 400'],
  },
  {
    name: 'takes a key of 128 characters and a value of 256, and refuses longer ones',
    source: LIMITS,
    run: async (world) => {
      const set = await tagged(world);
      return [
        await set([{ Key: 'ü'.repeat(128), Value: 'ü'.repeat(256) }]),
        await set([{ Key: 'k'.repeat(129), Value: '' }]),
        await set([{ Key: 'k', Value: 'v'.repeat(257) }]),
        await set([{ Key: '', Value: 'v' }]),
      ];
    },
    expected: ['done', 'InvalidTag 400', 'InvalidTag 400', 'InvalidTag 400'],
  },
  {
    name: 'takes letters, digits, blanks and + - = . _ : / @ and refuses other marks',
    source: LIMITS,
    run: async (world) => {
      const set = await tagged(world);
      return [
        await set([{ Key: 'Größe 1+-=._:/@', Value: '大 2+-=._:/@' }]),
        await tagsOf(world),
        await set([{ Key: 'a"b', Value: '' }]),
        await set([{ Key: 'a', Value: '<b>' }]),
      ];
    },
    expected: ['done', ['Größe 1+-=._:/@=大 2+-=._:/@'], 'InvalidTag 400', 'InvalidTag 400'],
  },
  {
    name: 'refuses a key twice and the keys of AWS',
    source: LIMITS,
    run: async (world) => {
      const set = await tagged(world);
      return [
        await set([
          { Key: 'a', Value: '1' },
          { Key: 'a', Value: '2' },
        ]),
        await set([{ Key: 'aws:a', Value: '1' }]),
      ];
    },
    expected: ['InvalidTag 400', 'InvalidTag 400'],
  },
  {
    name: 'refuses an object that is not there',
    run: async ({ s3, Bucket }) =>
      outcome(s3.putObjectTagging({ Bucket, Key: 'none', Tagging: { TagSet: [{ Key: 'a', Value: 'b' }] } })),
    expected: 'NoSuchKey 404',
  },
]);

const getObjectTagging = casesOf('GetObjectTagging', [
  {
    name: 'answers no tags for an object without',
    run: async (world) => {
      await tagged(world);
      return tagsOf(world);
    },
    expected: [],
  },
  {
    name: 'refuses an object that is not there',
    run: async ({ s3, Bucket }) => outcome(s3.getObjectTagging({ Bucket, Key: 'none' })),
    expected: 'NoSuchKey 404',
  },
]);

const deleteObjectTagging = casesOf('DeleteObjectTagging', [
  {
    name: 'removes all tags, and is no error where there are none',
    run: async (world) => {
      const set = await tagged(world);
      await set([{ Key: 'a', Value: '1' }]);
      const { s3, Bucket } = world;
      const answers = [
        await status(s3.deleteObjectTagging({ Bucket, Key: 'a' })),
        await status(s3.deleteObjectTagging({ Bucket, Key: 'a' })),
      ];
      return [answers, await tagsOf(world)];
    },
    expected: [[204, 204], []],
  },
  {
    name: 'refuses an object that is not there',
    run: async ({ s3, Bucket }) => outcome(s3.deleteObjectTagging({ Bucket, Key: 'none' })),
    expected: 'NoSuchKey 404',
  },
]);

export const objectTagging = [...putObjectTagging, ...getObjectTagging, ...deleteObjectTagging];
