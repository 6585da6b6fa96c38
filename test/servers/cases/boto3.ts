import { join } from 'node:path';
import { casesOf, type World } from '../case.ts';
import { runCommand } from '../commands.ts';
import { digest, md5, text } from '../observe.ts';

/** Runs one step of boto3_steps.py in the case's bucket; answers the JSON that it prints. */
async function step({ server, Bucket }: World, name: string): Promise<unknown> {
  const python = process.env['DIPPER_TEST_PYTHON'];
  if (python === undefined) throw new Error('DIPPER_TEST_PYTHON names no Python with boto3');
  const stdout = await runCommand(python, [join(import.meta.dirname, 'boto3_steps.py'), name, Bucket], {
    AWS_ENDPOINT_URL: server.endpoint,
    AWS_ACCESS_KEY_ID: server.accessKeyId,
    AWS_SECRET_ACCESS_KEY: server.secretAccessKey,
    AWS_DEFAULT_REGION: server.region,
    AWS_EC2_METADATA_DISABLED: 'true',
  });
  return JSON.parse(stdout);
}

/** Each is done with boto3's own signing, framing and transfer manager, and judged by what the AWS SDK then sees. */
export const boto3 = casesOf('boto3', [
  {
    name: 'writes, reads, lists, tags and deletes',
    source: 'API Reference: ListObjectsV2',
    needs: 'boto3',
    run: async (world) => {
      const told = await step(world, 'verbs');
      const { s3, Bucket } = world;
      const { Contents = [] } = await s3.listObjectsV2({ Bucket });
      const { Metadata, ContentType } = await s3.headObject({ Bucket, Key: 'é/a b+c' });
      return {
        told,
        keys: Contents.map(({ Key }) => Key),
        body: await text(s3.getObject({ Bucket, Key: 'é/a b+c' })),
        Metadata,
        ContentType,
        tags: (await s3.getObjectTagging({ Bucket, Key: 'é/a b+c' })).TagSet,
      };
    },
    expected: {
      told: {
        listed: ['copy', 'gone', 'many-0', 'many-1', 'é/a b+c'],
        read: 'Dipper',
        range: 'pp',
        exists: 'PreconditionFailed 412',
        missing: '404 404',
        deleted: ['many-0', 'many-1'],
        not_empty: 'BucketNotEmpty 409',
      },
      keys: ['copy', 'é/a b+c'],
      body: 'Dipper',
      Metadata: { note: 'x' },
      ContentType: 'application/json',
      tags: [{ Key: 'place', Value: 'a b' }],
    },
  },
  {
    name: 'uploads and downloads 12 MiB in parts',
    needs: 'boto3',
    run: async (world) => {
      const told = await step(world, 'transfer');
      const { s3, Bucket } = world;
      const { ContentLength, ETag = '' } = await s3.headObject({ Bucket, Key: 'large' });
      const body = await (await s3.getObject({ Bucket, Key: 'large' })).Body?.transformToByteArray();
      const { Uploads = [] } = await s3.listMultipartUploads({ Bucket });
      return { told, ContentLength, parts: ETag.replace(/^.*-|"/g, ''), md5: md5(body ?? ''), left: Uploads.length };
    },
    expected: {
      told: { same: true },
      ContentLength: 12 * 1024 * 1024,
      parts: '3',
      md5: md5(Buffer.alloc(12 * 1024 * 1024, '0123456789abcdef')),
      left: 0,
    },
  },
  {
    name: 'sends each checksum as a trailer and has it back',
    source: 'API Reference: PutObject',
    needs: 'boto3',
    run: async (world) => step(world, 'checksums'),
    expected: {
      CRC32: 'y/Q5Jg==',
      SHA1: digest('sha1', '123456789'),
      SHA256: digest('sha256', '123456789'),
      wrong: 'BadDigest 400',
    },
  },
  {
    name: 'signs addresses that read and write',
    source: 'Authenticating Requests: Using Query Parameters (AWS Signature Version 4)',
    needs: 'boto3',
    run: async (world) => {
      const told = await step(world, 'presigned');
      return [told, await text(world.s3.getObject({ Bucket: world.Bucket, Key: 'written' }))];
    },
    expected: [{ read: [200, 'Dipper'], written: 200, 'no time': 400 }, 'through an address'],
  },
  {
    name: 'goes through versions and delete markers',
    needs: 'boto3',
    run: async (world) => step(world, 'versions'),
    expected: { read: ['second', 'first'], gone: 'NoSuchKey 404', listed: [2, 1], back: 'second', left: 0 },
  },
]);
