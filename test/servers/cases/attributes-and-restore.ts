import type { ObjectAttributes, StorageClass } from '@aws-sdk/client-s3';
import { casesOf, type World } from '../case.ts';
import { digest, md5, outcome, status } from '../observe.ts';

const ALL: ObjectAttributes[] = ['ETag', 'Checksum', 'ObjectParts', 'StorageClass', 'ObjectSize'];
const SMALLEST_PART = 5 * 1024 * 1024;

const attributes = casesOf('GetObjectAttributes', [
  {
    name: 'answers the attributes that are asked for',
    run: async ({ s3, Bucket }) => {
      const ChecksumSHA256 = digest('sha256', 'Dipper');
      await s3.putObject({ Bucket, Key: 'a', Body: 'Dipper', ChecksumSHA256, StorageClass: 'STANDARD_IA' });
      const all = await s3.getObjectAttributes({ Bucket, Key: 'a', ObjectAttributes: ALL });
      const {
        $metadata,
        ETag = null,
        ...one
      } = await s3.getObjectAttributes({
        Bucket,
        Key: 'a',
        ObjectAttributes: ['ObjectSize'],
      });
      return {
        status: $metadata.httpStatusCode,
        all: [all.ETag, all.Checksum, all.StorageClass, all.ObjectSize, all.ObjectParts ?? null],
        one: [one.ObjectSize, ETag, one.StorageClass ?? null],
        modified: one.LastModified instanceof Date,
      };
    },
    expected: {
      status: 200,
      all: [
        // Without the quotes that it has everywhere else.
        md5('Dipper'),
        { ChecksumSHA256: digest('sha256', 'Dipper'), ChecksumType: 'FULL_OBJECT' },
        'STANDARD_IA',
        6,
        null,
      ],
      one: [6, null, null],
      modified: true,
    },
  },
  {
    name: 'counts the parts of an object that was uploaded in parts, and lists those with checksums',
    run: async ({ s3, Bucket }) => {
      const Key = 'a';
      const { UploadId } = await s3.createMultipartUpload({ Bucket, Key, ChecksumAlgorithm: 'CRC32' });
      const Parts = [];
      for (const [at, Body] of [Buffer.alloc(SMALLEST_PART), 'end'].entries()) {
        const PartNumber = at + 1;
        const sent = { Bucket, Key, UploadId, PartNumber, Body, ChecksumAlgorithm: 'CRC32' } as const;
        const { ETag, ChecksumCRC32 } = await s3.uploadPart(sent);
        Parts.push({ PartNumber, ETag, ChecksumCRC32 });
      }
      await s3.completeMultipartUpload({ Bucket, Key, UploadId, MultipartUpload: { Parts } });
      const { ObjectParts } = await s3.getObjectAttributes({ Bucket, Key, ObjectAttributes: ['ObjectParts'] });
      return {
        count: ObjectParts?.TotalPartsCount,
        parts: ObjectParts?.Parts?.map(({ PartNumber, Size }) => `${PartNumber}: ${Size}`),
      };
    },
    expected: { count: 2, parts: [`1: ${SMALLEST_PART}`, '2: 3'] },
  },
  {
    name: 'refuses a key that is not there',
    run: async ({ s3, Bucket }) => outcome(s3.getObjectAttributes({ Bucket, Key: 'none', ObjectAttributes: ['ETag'] })),
    expected: 'NoSuchKey 404',
  },
]);

async function archived({ s3, Bucket }: World, StorageClass: StorageClass): Promise<void> {
  await s3.putObject({ Bucket, Key: 'cold', Body: 'Dipper', StorageClass });
}

const restore = [
  ...casesOf('GetObject', [
    {
      name: 'refuses an archived object that was not restored, which HeadObject and listings still show',
      source: 'Working with archived objects (User Guide)',
      run: async (world) => {
        const { s3, Bucket } = world;
        const found: unknown[] = [];
        for (const storageClass of ['GLACIER', 'DEEP_ARCHIVE', 'GLACIER_IR'] as const) {
          await archived(world, storageClass);
          const { StorageClass } = await s3.headObject({ Bucket, Key: 'cold' });
          const [listed] = (await s3.listObjectsV2({ Bucket })).Contents ?? [];
          found.push([StorageClass, listed?.StorageClass, await outcome(s3.getObject({ Bucket, Key: 'cold' }))]);
        }
        return found;
      },
      expected: [
        ['GLACIER', 'GLACIER', 'InvalidObjectState 403'],
        ['DEEP_ARCHIVE', 'DEEP_ARCHIVE', 'InvalidObjectState 403'],
        ['GLACIER_IR', 'GLACIER_IR', 'done'],
      ],
    },
  ]),
  ...casesOf('CopyObject', [
    {
      name: 'refuses an archived source that was not restored',
      source: 'Working with archived objects (User Guide)',
      run: async (world) => {
        await archived(world, 'GLACIER');
        const { s3, Bucket } = world;
        return outcome(s3.copyObject({ Bucket, Key: 'warm', CopySource: `${Bucket}/cold` }));
      },
      expected: 'InvalidObjectState 403',
    },
  ]),
  ...casesOf('RestoreObject', [
    {
      name: 'begins to restore an archived object, and says so in HeadObject',
      run: async (world) => {
        await archived(world, 'GLACIER');
        const { s3, Bucket } = world;
        const answer = await status(s3.restoreObject({ Bucket, Key: 'cold', RestoreRequest: { Days: 1 } }));
        const { Restore = '' } = await s3.headObject({ Bucket, Key: 'cold' });
        return [answer, /^ongoing-request="(true"|false", expiry-date=")/.test(Restore)];
      },
      expected: [202, true],
    },
    {
      name: 'refuses a second restore while one is under way',
      run: async (world) => {
        await archived(world, 'DEEP_ARCHIVE');
        const { s3, Bucket } = world;
        const restoring = (): Promise<string> =>
          outcome(s3.restoreObject({ Bucket, Key: 'cold', RestoreRequest: { Days: 1 } }));
        return [await restoring(), await restoring()];
      },
      expected: ['done', 'RestoreAlreadyInProgress 409'],
    },
    {
      name: 'refuses an object that is not archived, and one that is not there',
      run: async ({ s3, Bucket }) => {
        await s3.putObject({ Bucket, Key: 'warm', Body: '' });
        const restoring = (Key: string): Promise<string> =>
          outcome(s3.restoreObject({ Bucket, Key, RestoreRequest: { Days: 1 } }));
        return [await restoring('warm'), await restoring('none')];
      },
      expected: ['InvalidObjectState 403', 'NoSuchKey 404'],
    },
    {
      name: 'refuses an expedited restore from DEEP_ARCHIVE',
      run: async (world) => {
        await archived(world, 'DEEP_ARCHIVE');
        const { s3, Bucket } = world;
        const expedited = { Days: 1, GlacierJobParameters: { Tier: 'Expedited' } } as const;
        return outcome(s3.restoreObject({ Bucket, Key: 'cold', RestoreRequest: expedited }));
      },
      expected: 'InvalidArgument 400',
      source: 'Understanding archive retrieval options (User Guide)',
    },
  ]),
];

export const attributesAndRestore = [...attributes, ...restore];
