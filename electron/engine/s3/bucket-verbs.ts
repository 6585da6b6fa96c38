import type { Execute } from './execute.ts';
import { explainedHead } from './explained-head.ts';
import type { S3Client, S3Target } from './s3-client.ts';
import { eachElement, elementText, findElement, namespacePrefix } from './xml.ts';

/** AWS answers up to 10,000 buckets at once. */
const MAXIMUM_BUCKETS_BYTES = 16 * 1024 * 1024;

export function createBucketVerbs(
  execute: Execute,
  target: S3Target,
  listObjectsV2: S3Client['listObjectsV2'],
): Pick<S3Client, 'listBuckets' | 'headBucket' | 'createBucket'> {
  return {
    async listBuckets(call) {
      const answer = await execute(
        { name: 'ListBuckets', method: 'GET', bucket: null, key: null, maximumBytes: MAXIMUM_BUCKETS_BYTES },
        call,
      );
      const xml = answer.body.toString('utf8');
      const p = namespacePrefix(xml);
      const root = findElement(xml, `${p}ListAllMyBucketsResult`, 0, xml.length);
      if (root === null) throw answer.notS3();
      return Array.from(
        eachElement(xml.slice(root.start, root.end), `${p}Bucket`),
        (bucket) => elementText(bucket, `${p}Name`) ?? '',
      );
    },

    async headBucket(bucket, call) {
      await explainedHead(
        () => execute({ name: 'HeadBucket', method: 'HEAD', bucket, key: null }, call),
        () => listObjectsV2(bucket, { ...call, maxKeys: 1 }),
      );
    },

    async createBucket(bucket, call) {
      // us-east-1 is the one region that may not be named.
      const body = Buffer.from(
        `<CreateBucketConfiguration xmlns="http://s3.amazonaws.com/doc/2006-03-01/"><LocationConstraint>${target.region}</LocationConstraint></CreateBucketConfiguration>`,
      );
      await execute(
        {
          name: 'CreateBucket',
          method: 'PUT',
          bucket,
          key: null,
          ...(target.region === 'us-east-1' ? {} : { body }),
        },
        call,
      );
    },
  };
}
