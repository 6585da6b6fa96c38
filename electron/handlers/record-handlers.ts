import { z } from 'zod';
import { idSchema, recordChangeSchema, tagSchema } from '../store/schemas.ts';
import { handle } from './handler.ts';
import { collectionTarget, writableTarget, type Services } from './services.ts';

export const keySchema = z.string().min(1, 'is empty').max(4096);
export const etagSchema = z.string().min(1, 'is empty').max(1024);

export function recordHandlers(services: Services) {
  const { engine } = services;
  return {
    'record:read': handle(
      'record:read',
      z.strictObject({
        collection: idSchema,
        address: z.union([z.strictObject({ key: keySchema }), z.strictObject({ id: keySchema })]),
      }),
      ({ collection, address }, { signal }) =>
        engine.readRecord(collectionTarget(services, collection), address, signal),
    ),
    'record:create': handle(
      'record:create',
      z.strictObject({
        collection: idSchema,
        id: keySchema.nullable(),
        record: z.string(),
        tags: z.array(tagSchema).optional(),
        ifExists: z.enum(['fail', 'replace']).optional(),
        withoutTags: z.boolean().optional(),
      }),
      (record, { signal }) => engine.createRecord(writableTarget(services, record.collection), record, signal),
    ),
    'record:update': handle(
      'record:update',
      z.strictObject({
        collection: idSchema,
        key: keySchema,
        etag: etagSchema,
        change: recordChangeSchema,
        withoutTags: z.boolean().optional(),
      }),
      (update, { signal }) => engine.updateRecord(writableTarget(services, update.collection), update, signal),
    ),
    'record:delete': handle(
      'record:delete',
      z.strictObject({ collection: idSchema, key: keySchema, etag: etagSchema.nullable() }),
      ({ collection, key, etag }, { signal }) =>
        engine.deleteRecord(writableTarget(services, collection), key, etag, signal),
    ),
    'record:weaker-writes': handle(
      'record:weaker-writes',
      z.strictObject({ collection: idSchema, held: z.boolean().optional() }),
      ({ collection, held = false }, { signal }) =>
        engine.weakerWrites(writableTarget(services, collection), held, signal),
    ),
  };
}
