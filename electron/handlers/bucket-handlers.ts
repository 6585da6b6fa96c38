import { z } from 'zod';
import { idSchema } from '../store/schemas.ts';
import { handle } from './handler.ts';
import { connectionOf, writableConnection, type Services } from './services.ts';

/** S3 itself judges names; the bounds only keep nonsense out. */
export const bucketSchema = z.string().min(1, 'is empty').max(255);
export const anyPrefixSchema = z.string().max(1024);

const PLACE = { connection: idSchema, bucket: bucketSchema, prefix: anyPrefixSchema };

export function bucketHandlers(services: Services) {
  const { engine } = services;
  return {
    'buckets:list': handle('buckets:list', z.strictObject({ connection: idSchema }), ({ connection }, { signal }) =>
      engine.listBuckets(connectionOf(services, connection), signal),
    ),
    'buckets:create': handle(
      'buckets:create',
      z.strictObject({ connection: idSchema, bucket: bucketSchema }),
      async ({ connection, bucket }, { signal }) => {
        await engine.createBucket(writableConnection(services, connection), bucket, signal);
        return null;
      },
    ),
    'buckets:prefixes': handle(
      'buckets:prefixes',
      z.strictObject({ ...PLACE, from: z.string().nullable() }),
      ({ connection, bucket, prefix, from }, { signal }) =>
        engine.listPrefixes(connectionOf(services, connection), bucket, prefix, from, signal),
    ),
    'buckets:count': handle('buckets:count', z.strictObject(PLACE), ({ connection, bucket, prefix }, { signal }) =>
      engine.countObjects(connectionOf(services, connection), bucket, prefix, signal),
    ),
  };
}
