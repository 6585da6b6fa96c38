import { z } from 'zod';
import { RESTORE_TIERS } from '../../shared/job.ts';
import { CONVERSIONS } from '../../shared/record.ts';
import { exportTaskSchema } from './export-schemas.ts';
import { importTaskSchema } from './import-schemas.ts';
import { editSchema, idSchema, storageClassSchema, storageRulesSchema, tagSchema } from '../store/schemas.ts';
import { etagSchema, keySchema } from './record-handlers.ts';
import { offeredRecordsSchema, rangesSchema } from './storage-handlers.ts';

/** What is picked by hand; whole answers are named by their result. */
const MOST_RECORDS = 10_000;

const recordsSchema = z.union([
  z.strictObject({
    records: z
      .array(z.strictObject({ key: keySchema, etag: etagSchema }))
      .min(1, 'is empty')
      .max(MOST_RECORDS),
  }),
  z.strictObject({ result: z.string().min(1).max(200), ranges: rangesSchema.optional() }),
]);

const placeShape = { part: editSchema.shape.part, path: editSchema.shape.path };

const bulkEditSchema = z.union([
  editSchema,
  z.strictObject({ ...placeShape, rename: z.string().min(1, 'is empty').max(4_096) }),
  z.strictObject({ ...placeShape, convert: z.enum(CONVERSIONS) }),
]);

const patchSchema = z.string().max(1_048_576, 'is longer than 1 MB');

const daysSchema = z.number().int().min(1).max(36_500);

const copyShape = {
  collection: idSchema,
  records: recordsSchema,
  to: idSchema,
  ifExists: z.enum(['fail', 'skip', 'overwrite']),
  storageClass: storageClassSchema.optional(),
  undoable: z.boolean().optional(),
};

const jobKindSchema = z.enum([
  'sync',
  'delete',
  'update',
  'export',
  'import',
  'tag',
  'set-class',
  'copy',
  'move',
  'promote',
  'restore',
  'undelete',
  'undo',
]);

export const plannedJobSchema = z.union([
  z.strictObject({ job: idSchema, as: z.enum(['undo', 'retry']) }),
  z.strictObject({
    collection: idSchema,
    kind: jobKindSchema,
    records: z.number().int().min(0),
    of: offeredRecordsSchema.optional(),
    to: idSchema.optional(),
    storageClass: storageClassSchema.optional(),
    storageRules: storageRulesSchema.optional(),
    days: daysSchema.optional(),
    tier: z.enum(RESTORE_TIERS).optional(),
    replaces: z.union([z.literal(true), z.number().int().min(0)]).optional(),
    undoable: z.boolean().optional(),
  }),
]);

/** A kind that is missing here, or is another than `JobTasks` says, does not compile in `jobs:start`. */
export const jobRequestSchema = z.discriminatedUnion('kind', [
  z.strictObject({ kind: z.literal('sync'), collection: idSchema, rebuild: z.boolean() }),
  z.strictObject({
    kind: z.literal('delete'),
    collection: idSchema,
    records: recordsSchema,
    undoable: z.boolean().optional(),
  }),
  z.strictObject({
    kind: z.literal('update'),
    collection: idSchema,
    records: recordsSchema,
    edits: z.array(bulkEditSchema).max(1_000),
    patch: z.union([z.strictObject({ merge: patchSchema }), z.strictObject({ operations: patchSchema })]).optional(),
    contentType: z.string().min(1, 'is empty').max(256).optional(),
    undoable: z.boolean().optional(),
  }),
  z.strictObject({ kind: z.literal('export'), collection: idSchema, ...exportTaskSchema.shape }),
  z.strictObject({ kind: z.literal('import'), collection: idSchema, ...importTaskSchema.shape }),
  z.strictObject({
    kind: z.literal('tag'),
    collection: idSchema,
    records: recordsSchema,
    change: z.union([
      z.strictObject({ add: z.array(tagSchema).max(50), remove: z.array(z.string()).max(50) }),
      z.strictObject({ replace: z.array(tagSchema).max(50) }),
    ]),
  }),
  z.strictObject({
    kind: z.literal('set-class'),
    collection: idSchema,
    records: recordsSchema,
    storageClass: storageClassSchema.optional(),
    storageRules: storageRulesSchema.optional(),
  }),
  z.strictObject({ kind: z.literal('copy'), ...copyShape }),
  z.strictObject({ kind: z.literal('move'), ...copyShape }),
  z.strictObject({
    kind: z.literal('restore'),
    collection: idSchema,
    records: recordsSchema,
    days: daysSchema,
    tier: z.enum(RESTORE_TIERS),
  }),
  z.strictObject({
    kind: z.literal('undelete'),
    collection: idSchema,
    since: z.number().min(0),
    names: z.array(z.string().max(4_096)).max(MOST_RECORDS).optional(),
  }),
  z.strictObject({
    kind: z.literal('promote'),
    collection: idSchema,
    to: idSchema,
    states: z
      .array(z.enum(['new', 'changed']))
      .min(1, 'is empty')
      .max(2),
    names: z.array(z.string().max(4_096)).max(MOST_RECORDS).optional(),
    undoable: z.boolean().optional(),
  }),
]);
