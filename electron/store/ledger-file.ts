import { join } from 'node:path';
import { z } from 'zod';
import type { LedgerDay } from '../../shared/ledger.ts';
import { describeIssue } from './describe-issue.ts';
import { openStoredFile, type ReadContent } from './stored-file.ts';
import { createWrittenSoon } from './written-soon.ts';

/** What our requests came to on earlier days. A crash loses the last seconds of the count. */
export interface LedgerFile {
  /** As they were when the file was opened. */
  readonly days: readonly LedgerDay[];
  /** Written soon, from what `days` answers then. Answers what kept the write before this one from being done, or null. */
  changed(days: () => readonly LedgerDay[]): Error | null;
  flush(): Promise<void>;
}

const MILLISECONDS_BETWEEN_WRITES = 5_000;

const countSchema = z.number().min(0);
const daysSchema = z.array(
  z.strictObject({
    day: z.iso.date(),
    connection: z.string(),
    connectionName: z.string(),
    requests: z.record(z.string(), countSchema),
    bytesUp: countSchema,
    bytesDown: countSchema,
    cost: countSchema.nullable(),
  }),
);

export async function openLedgerFile(root: string, problems: string[]): Promise<LedgerFile> {
  const file = await openStoredFile<readonly LedgerDay[]>(join(root, 'ledger.json'), readDays, [], problems);
  let current = (): readonly LedgerDay[] => file.value;
  const soon = createWrittenSoon(() => file.update(() => current()), MILLISECONDS_BETWEEN_WRITES);
  return {
    days: file.value,
    changed: (days) => {
      current = days;
      return soon.changed();
    },
    flush: soon.flush,
  };
}

function readDays(content: unknown): ReadContent<readonly LedgerDay[]> {
  const parsed = daysSchema.safeParse(content);
  if (parsed.success) return { value: parsed.data, lost: null };
  const { path, reason } = describeIssue(parsed.error);
  return { value: [], lost: `${path === '' ? 'its content' : path} ${reason}` };
}
