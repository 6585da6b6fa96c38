import { isAbsolute } from 'node:path';
import { z } from 'zod';
import { EXPORT_COMPRESSIONS, EXPORT_FORMATS, reasonAgainstForm } from '../../shared/export.ts';
import { sortSchema } from '../store/schemas.ts';
import { statementSchema } from './sql-handlers.ts';

/** Bytes of the smallest file that a split makes: a million files of a record each help nobody. */
const SMALLEST_PART = 64 * 1024;

export const exportFormSchema = z
  .strictObject({
    format: z.enum(EXPORT_FORMATS),
    compression: z.enum(EXPORT_COMPRESSIONS),
    withId: z.boolean(),
    withMetadata: z.boolean(),
    formulaGuard: z.boolean(),
    split: z
      .union([
        z.strictObject({ bytes: z.number().int().min(SMALLEST_PART) }),
        z.strictObject({ field: z.string().min(1, 'is empty').max(1_000) }),
      ])
      .nullable(),
  })
  .superRefine((form, context) => {
    const reason = reasonAgainstForm(form);
    if (reason !== null) context.addIssue({ code: 'custom', message: `cannot be: ${reason}` });
  });

/** JSON text; what is wrong in it is told with its place by who reads it. */
export const queryTextSchema = z.string().max(4 * 1024 * 1024);

export const exportedStatementSchema = z.strictObject({ statement: statementSchema, sort: sortSchema });

export const exportTaskSchema = z.strictObject({
  query: queryTextSchema,
  sql: exportedStatementSchema.optional(),
  form: exportFormSchema,
  target: z.strictObject({
    path: z.string().max(4_096).refine(isAbsolute, 'is no absolute path'),
    overwrite: z.boolean(),
  }),
});
