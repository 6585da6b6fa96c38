import { casesOf, type Case } from '../case.ts';
import { outcome, status } from '../observe.ts';

const createBucket = casesOf('CreateBucket', [
  {
    name: 'makes an empty bucket that is listed',
    run: async ({ s3, furtherBucket }) => {
      const Bucket = furtherBucket();
      const made = await s3.createBucket({ Bucket });
      const { Buckets = [] } = await s3.listBuckets({});
      const { KeyCount } = await s3.listObjectsV2({ Bucket });
      return {
        location: made.Location === `/${Bucket}`,
        listed: Buckets.filter(({ Name }) => Name === Bucket).map(({ CreationDate }) => CreationDate instanceof Date),
        objects: KeyCount,
      };
    },
    expected: { location: true, listed: [true], objects: 0 },
  },
  {
    name: 'is no error in us-east-1 where one has the bucket already, and leaves its objects alone',
    run: async ({ s3, Bucket }) => {
      await s3.putObject({ Bucket, Key: 'a', Body: 'a' });
      const again = await outcome(s3.createBucket({ Bucket }));
      return [again, (await s3.listObjectsV2({ Bucket })).KeyCount];
    },
    expected: ['done', 1],
  },
  ...['ab', 'Capital', 'under_score', 'two..dots', '192.168.5.4', '-dash', 'xn--name', 'a'.repeat(64)].map(
    (Bucket) => ({
      name: `refuses the name ${Bucket.length > 60 ? 'of 64 letters' : Bucket}`,
      source: 'General purpose bucket naming rules (User Guide)',
      run: async ({ s3 }: Parameters<Case['run']>[0]): Promise<unknown> => {
        const answer = await outcome(s3.createBucket({ Bucket }));
        if (answer === 'done') await s3.deleteBucket({ Bucket });
        return answer;
      },
      expected: 'InvalidBucketName 400',
    }),
  ),
  {
    name: 'refuses a location that is not that of its endpoint',
    run: async ({ s3, furtherBucket }) =>
      outcome(
        s3.createBucket({
          Bucket: furtherBucket(),
          CreateBucketConfiguration: { LocationConstraint: 'eu-west-1' },
        }),
      ),
    expected: 'IllegalLocationConstraintException 400',
    source: 'Error Responses: IllegalLocationConstraintException',
  },
]);

const headBucket = casesOf('HeadBucket', [
  {
    name: 'names the region of a bucket',
    run: async ({ s3, Bucket }) => (await s3.headBucket({ Bucket })).BucketRegion,
    expected: 'us-east-1',
  },
  {
    name: 'answers 404 for a bucket that is not there',
    run: async ({ s3, Bucket }) => status(s3.headBucket({ Bucket: `${Bucket}-none` })),
    expected: 404,
  },
]);

const getBucketLocation = casesOf('GetBucketLocation', [
  {
    name: 'leaves the constraint of us-east-1 empty',
    run: async ({ s3, Bucket }) => (await s3.getBucketLocation({ Bucket })).LocationConstraint ?? 'none',
    expected: 'none',
  },
  {
    name: 'refuses a bucket that is not there',
    run: async ({ s3, Bucket }) => outcome(s3.getBucketLocation({ Bucket: `${Bucket}-none` })),
    expected: 'NoSuchBucket 404',
  },
]);

const deleteBucket = casesOf('DeleteBucket', [
  {
    name: 'removes an empty bucket',
    run: async ({ s3, furtherBucket }) => {
      const Bucket = furtherBucket();
      await s3.createBucket({ Bucket });
      return [await status(s3.deleteBucket({ Bucket })), await status(s3.headBucket({ Bucket }))];
    },
    expected: [204, 404],
  },
  {
    name: 'refuses a bucket with an object in it',
    run: async ({ s3, Bucket }) => {
      await s3.putObject({ Bucket, Key: 'a', Body: '' });
      return outcome(s3.deleteBucket({ Bucket }));
    },
    expected: 'BucketNotEmpty 409',
  },
  {
    name: 'refuses a bucket that holds nothing but a delete marker',
    run: async ({ s3, Bucket }) => {
      await s3.putBucketVersioning({ Bucket, VersioningConfiguration: { Status: 'Enabled' } });
      await s3.deleteObject({ Bucket, Key: 'a' });
      return outcome(s3.deleteBucket({ Bucket }));
    },
    expected: 'BucketNotEmpty 409',
  },
  {
    name: 'refuses a bucket that is not there',
    run: async ({ s3, Bucket }) => outcome(s3.deleteBucket({ Bucket: `${Bucket}-none` })),
    expected: 'NoSuchBucket 404',
  },
]);

const listBuckets = casesOf('ListBuckets', [
  {
    name: 'lists buckets by name, by prefix and by pages',
    run: async ({ s3, Bucket, furtherBucket }) => {
      for (let count = 0; count < 3; count += 1) await s3.createBucket({ Bucket: furtherBucket() });
      const pages: (string | undefined)[][] = [];
      let ContinuationToken: string | undefined;
      do {
        const page = await s3.listBuckets({ Prefix: Bucket, MaxBuckets: 3, ContinuationToken });
        pages.push((page.Buckets ?? []).map(({ Name }) => Name?.replace(Bucket, 'BUCKET')));
        ContinuationToken = page.ContinuationToken;
      } while (ContinuationToken !== undefined);
      return pages;
    },
    expected: [['BUCKET', 'BUCKET-1', 'BUCKET-2'], ['BUCKET-3']],
  },
]);

export const buckets = [...createBucket, ...headBucket, ...getBucketLocation, ...deleteBucket, ...listBuckets];
