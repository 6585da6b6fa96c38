import { z } from 'zod';
import { editSchema, idSchema } from '../store/schemas.ts';
import { exportTaskSchema } from './export-schemas.ts';
import { importTaskSchema } from './import-schemas.ts';
import { etagSchema, keySchema } from './record-handlers.ts';

/** What is picked by hand; whole answers are named by their result. */
const MOST_RECORDS = 10_000;

const recordsSchema = z.union([
  z.strictObject({
    records: z
      .array(z.strictObject({ key: keySchema, etag: etagSchema }))
      .min(1, 'is empty')
      .max(MOST_RECORDS),
  }),
  z.strictObject({ result: z.string().min(1).max(200) }),
]);

/** A kind that is missing here, or is another than `JobTasks` says, does not compile in `jobs:start`. */
export const jobRequestSchema = z.discriminatedUnion('kind', [
  z.strictObject({ kind: z.literal('sync'), collection: idSchema, rebuild: z.boolean() }),
  z.strictObject({ kind: z.literal('delete'), collection: idSchema, records: recordsSchema }),
  z.strictObject({
    kind: z.literal('update'),
    collection: idSchema,
    records: recordsSchema,
    edits: z.array(editSchema).min(1, 'is empty').max(1_000),
  }),
  z.strictObject({ kind: z.literal('export'), collection: idSchema, ...exportTaskSchema.shape }),
  z.strictObject({ kind: z.literal('import'), collection: idSchema, ...importTaskSchema.shape }),
]);
