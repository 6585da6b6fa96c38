import type { Execute, Operation } from './execute.ts';
import type { S3Client } from './s3-client.ts';
import { readTagging, writeTagging } from './tagging.ts';

const TAGGING = { query: [['tagging', '']] } as const satisfies Pick<Operation, 'query'>;

export function createTaggingVerbs(
  execute: Execute,
): Pick<S3Client, 'getObjectTagging' | 'putObjectTagging' | 'deleteObjectTagging'> {
  return {
    async getObjectTagging(bucket, key, call) {
      const answer = await execute({ name: 'GetObjectTagging', method: 'GET', bucket, key, ...TAGGING }, call);
      const tags = readTagging(answer.body.toString('utf8'));
      if (tags === null) throw answer.notS3();
      return tags;
    },

    async putObjectTagging(bucket, key, tags, call) {
      await execute(
        {
          name: 'PutObjectTagging',
          method: 'PUT',
          bucket,
          key,
          ...TAGGING,
          headers: { 'content-type': 'application/xml' },
          body: Buffer.from(writeTagging(tags), 'utf8'),
          repeatable: true,
        },
        call,
      );
    },

    async deleteObjectTagging(bucket, key, call) {
      await execute({ name: 'DeleteObjectTagging', method: 'DELETE', bucket, key, ...TAGGING, repeatable: true }, call);
    },
  };
}
