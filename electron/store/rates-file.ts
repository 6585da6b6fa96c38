import { join } from 'node:path';
import { z } from 'zod';
import { describeIssue } from './describe-issue.ts';
import { openStoredFile, type ReadContent, type StoredFile } from './stored-file.ts';

const rateSchema = z.number().positive().nullable();
const ratesSchema = z.record(z.string(), z.strictObject({ list: rateSchema, read: rateSchema, tags: rateSchema }));

/** Requests a second of the last syncs, by connection. */
export type RatesByConnection = Readonly<z.infer<typeof ratesSchema>>;

export async function openRatesFile(root: string, problems: string[]): Promise<StoredFile<RatesByConnection>> {
  return openStoredFile<RatesByConnection>(join(root, 'rates.json'), readRates, {}, problems);
}

function readRates(content: unknown): ReadContent<RatesByConnection> {
  const parsed = ratesSchema.safeParse(content);
  if (parsed.success) return { value: parsed.data, lost: null };
  const { path, reason } = describeIssue(parsed.error);
  return { value: {}, lost: `${path === '' ? 'its content' : path} ${reason}` };
}
