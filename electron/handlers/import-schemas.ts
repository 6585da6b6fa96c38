import { isAbsolute } from 'node:path';
import { z } from 'zod';
import { IMPORT_FORMATS, IMPORT_TYPES, MOST_IMPORTED_FILES, ON_CONFLICT } from '../../shared/import.ts';
import { encryptionSchema, storageRulesSchema, tagSchema } from '../store/schemas.ts';
import { fileHandleSchema } from './file-handlers.ts';

/** Of one file. */
const MOST_FIELDS = 10_000;

const pathSchema = z.string().max(32_767).refine(isAbsolute, 'is no absolute path');
const characterSchema = z.string().length(1, 'is not one character');

export const importSourceSchema = z.union([
  z.strictObject({ path: pathSchema, more: z.array(pathSchema).max(MOST_IMPORTED_FILES).optional() }),
  z.strictObject({ handle: fileHandleSchema, more: z.array(fileHandleSchema).max(MOST_IMPORTED_FILES).optional() }),
  z.strictObject({ object: z.strictObject({ bucket: z.string().min(1).max(255), key: z.string().min(1) }) }),
]);

const csvSchema = z.strictObject({
  delimiter: characterSchema,
  quote: characterSchema,
  header: z.boolean(),
  quotedAreTexts: z.boolean(),
  formulaGuard: z.boolean(),
});

const readingSchema = z.strictObject({
  format: z.enum(IMPORT_FORMATS),
  compression: z.enum(['none', 'gzip', 'zstd']),
  encoding: z.string().min(1).max(64),
  csv: csvSchema,
});

export const givenReadingSchema = readingSchema.partial().extend({ csv: csvSchema.partial().optional() });

export const importSettingsSchema = z.strictObject({
  reading: readingSchema,
  fields: z
    .array(
      z.strictObject({
        source: z.string(),
        path: z.array(z.string()).min(1, 'is empty').max(100),
        type: z.enum(IMPORT_TYPES),
      }),
    )
    .max(MOST_FIELDS)
    .nullable(),
  idField: z.string().nullable(),
  metadataField: z.string().nullable(),
  key: z.string().min(1, 'is empty').max(1024),
  tags: z.array(z.string().min(1, 'is empty')).max(10, 'S3 allows 10 tags an object'),
  userMetadata: z.array(tagSchema).max(100),
  storageRules: storageRulesSchema.optional(),
  storageClass: z.string().min(1).max(64).nullable(),
  encryption: encryptionSchema.nullable(),
  onConflict: z.enum(ON_CONFLICT),
  stopAfter: z.number().int().min(1).nullable(),
});

export const importTaskSchema = z.strictObject({
  source: importSourceSchema,
  settings: importSettingsSchema,
  badRows: z.union([z.strictObject({ path: pathSchema }), z.literal('with-job')]).nullable(),
  undoable: z.boolean().optional(),
});
