import { z } from 'zod';
import { SIZE_BOUNDS } from '../../shared/class-offer.ts';
import { idSchema, storageClassSchema, storageRulesSchema } from '../store/schemas.ts';
import { handle } from './handler.ts';
import { keySchema } from './record-handlers.ts';
import { collectionTarget, type Services } from './services.ts';

const countSchema = z.number().int().min(0);

const sizesSchema = z
  .array(
    z.strictObject({
      storageClass: z.string().min(1).max(64),
      into: z.string().min(1).max(64).optional(),
      bound: countSchema.max(SIZE_BOUNDS.length),
      objects: countSchema,
      bytes: countSchema,
      byteDaysLeft: z.number().min(0).optional(),
    }),
  )
  .max(200);

export const rangesSchema = z.array(z.strictObject({ from: countSchema, to: countSchema })).max(10_000);

export const offeredRecordsSchema = z.discriminatedUnion('of', [
  z.strictObject({ of: z.literal('collection') }),
  z.strictObject({ of: z.literal('keys'), keys: z.array(keySchema).max(10_000) }),
  z.strictObject({
    of: z.literal('result'),
    result: z.string().min(1).max(200),
    ranges: rangesSchema.nullable(),
    rules: z.strictObject({ rules: storageRulesSchema, usual: storageClassSchema.optional() }).optional(),
  }),
  z.strictObject({
    of: z.literal('sizes'),
    sizes: sizesSchema,
    ruled: sizesSchema.optional(),
  }),
]);

export function storageHandlers(services: Services) {
  return {
    'storage:offers': handle(
      'storage:offers',
      z.strictObject({
        collection: idSchema,
        records: offeredRecordsSchema,
        use: z.enum(['move', 'create']),
        isNear: z.boolean(),
      }),
      ({ collection, ...question }, { signal }) =>
        services.engine.classOffers(collectionTarget(services, collection), question, signal),
    ),
  };
}
