import { join } from 'node:path';
import { z } from 'zod';
import { namesIn } from './data-folder.ts';
import { RESTORE_TIERS } from '../../shared/job.ts';
import { describeIssue } from './describe-issue.ts';
import { regionSchema } from './schemas.ts';
import { readIfThere } from './stored-file.ts';

const dollarsSchema = z.number().min(0);
const bytesSchema = z.number().int().min(0);
const restorePriceSchema = z.strictObject({ requests: dollarsSchema, retrieval: dollarsSchema });

const priceFileSchema = z.strictObject({
  region: regionSchema,
  date: z.iso.date(),
  sources: z.array(z.string()),
  classes: z
    .record(
      z.string(),
      z.strictObject({
        storage: dollarsSchema,
        writes: dollarsSchema,
        reads: dollarsSchema,
        transitions: dollarsSchema.nullable(),
        retrieval: dollarsSchema,
        leastDays: z.number().int().min(0).nullable(),
        leastBytes: bytesSchema,
        added: z.strictObject({ own: bytesSchema, standard: bytesSchema }).nullable(),
        restores: z.partialRecord(z.enum(RESTORE_TIERS), restorePriceSchema).optional(),
      }),
    )
    .refine((classes) => 'STANDARD' in classes, 'does not name STANDARD'),
});

/** Prices of a region, as a person put them into the data folder. */
export type PriceFile = Readonly<z.infer<typeof priceFileSchema>>;

/** The files of the folder `prices`, one a region. One that cannot be read says so in `problems` and counts for nothing. */
export async function readPriceFiles(root: string, problems: string[]): Promise<readonly PriceFile[]> {
  const files: PriceFile[] = [];
  const names = (await namesIn(join(root, 'prices'))).filter((name) => name.endsWith('.json'));
  for (const name of names.toSorted()) {
    const text = await readIfThere(join(root, 'prices', name));
    const parsed = priceFileSchema.safeParse(text === null ? null : jsonOf(text));
    if (parsed.success) {
      files.push(parsed.data);
      continue;
    }
    const { path, reason } = describeIssue(parsed.error);
    problems.push(
      `prices/${name} was not read: ${path === '' ? 'its content' : path} ${reason}. Its region is priced as us-east-1.`,
    );
  }
  return files;
}

/** Null for what is no JSON: then the schema says that it is no object. */
function jsonOf(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch (error) {
    if (error instanceof SyntaxError) return null;
    throw error;
  }
}
