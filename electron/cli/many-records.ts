import type { JobRecords, JobRequest } from '../../shared/job.ts';
import { classesText, workText } from '../../shared/plan-text.ts';
import { plannedTask, recordsOfRequest } from '../../shared/planned-job.ts';
import type { RecordDetail } from '../../shared/record.ts';
import type { ExitCode } from './exit-code.ts';
import { runJob } from './follow-job.ts';
import { keptText } from './kept-for-undo.ts';
import { mergeQuery, readGivenQuery, type GivenQuery } from './query-text.ts';
import { openWithin } from './open-query.ts';
import { givenId, orStopped, withCollection, type CommandContext, type OpenCollection } from './session.ts';
import { UsageError } from './usage-error.ts';
import { gather, QUERY_FILE, WHERE } from './verb.ts';
import type { Command } from 'commander';

export interface ManyOptions extends GivenQuery {
  readonly key: readonly string[];
  readonly yes?: boolean;
}

export const YES = ['--yes', 'do it; without it the records are only counted'] as const;

/** The options that say which records are meant. */
export function addRecordOptions(command: Command): Command {
  return command
    .option(...QUERY_FILE)
    .option(...WHERE)
    .option('--key <id>', 'the record of this id, or key below the prefix; can be given again', gather, [])
    .option(...YES);
}

/** What is to be changed. */
export interface ChosenRecords {
  readonly records: JobRecords;
  readonly total: number;
  /** One of them, as far as its fields and its form tell of the others. */
  readonly example: () => Promise<Pick<RecordDetail, 'form' | 'fields'>>;
}

export interface ManyWork {
  /** What is done to the records, in a sentence: `change`, `copy`. */
  readonly verb: string;
  /** Without a query or keys all records are meant; otherwise that is wrong usage. */
  readonly allByDefault?: boolean;
  readonly request: (open: OpenCollection, chosen: ChosenRecords) => Promise<JobRequest>;
}

/** Runs a job on all records that a query finds, or on those of some keys, once it was said how many those are. */
export async function changeMany(
  context: CommandContext,
  url: string,
  options: ManyOptions,
  work: ManyWork,
): Promise<ExitCode> {
  const { terminal, options: global } = context;
  const given = await readGivenQuery(terminal, options);
  if (given !== null && options.key.length > 0) throw new UsageError('--key excludes --query and --where.');
  if (given === null && options.key.length === 0 && work.allByDefault !== true) {
    throw new UsageError('Which records? Give --where, --query or --key.');
  }
  return await withCollection(context, url, async (open) => {
    const chosen =
      options.key.length > 0 ? await chooseKeys(open, options.key) : await chooseByQuery(open, given, options, work);
    const { total } = chosen;
    if (total === 0) {
      if (global.json !== true) await terminal.write('No record fits the query.\n');
      return 0;
    }
    const job = await work.request(open, chosen);
    if (options.yes !== true) {
      const records = total === 1 ? '1 record' : `${total.toLocaleString('en-US')} records`;
      const { caller, signal } = open;
      const plan = await caller.call('jobs:plan', plannedTask(job, total, recordsOfRequest(job)), signal);
      const classes = plan?.into === undefined ? '' : ` They would be ${classesText(plan.into)}.`;
      const takes = plan === null ? '' : ` It takes ${workText(plan)}.${keptText(plan)}`;
      throw new UsageError(`This would ${work.verb} ${records} below ${url}.${classes}${takes} Add --yes to do it.`);
    }
    // Who said --yes was told what it takes, or did not want to know.
    return await runJob(context, open, job, 'anything');
  });
}

async function chooseByQuery(
  open: OpenCollection,
  given: string | null,
  options: ManyOptions,
  { verb }: ManyWork,
): Promise<ChosenRecords> {
  const { caller, collection, signal } = open;
  const query = mergeQuery(given, {});
  const done = verb === 'copy' ? 'copied' : 'changed';
  // Records are found as they are now: a listing of a minute ago may lack some.
  const opened = await openWithin(open, { query, freshness: 'forced' }, options, `Nothing was ${done}.`);
  const { result, total } = opened;
  return {
    records: { result },
    total,
    example: async () => {
      const summaries = await caller.call('collections:fields', { collection }, signal);
      const [form = 'plain'] = (await caller.call('query:page', { result, from: 0, count: 1 }, signal)).forms;
      return { form, fields: summaries.map(({ path: [name = ''] }) => ({ name, text: '' })) };
    },
  };
}

async function chooseKeys(
  { caller, collection, signal }: OpenCollection,
  ids: readonly string[],
): Promise<ChosenRecords> {
  const records: { key: string; etag: string }[] = [];
  let example: RecordDetail | null = null;
  for (const id of ids) {
    const reading = caller.call('record:read', { collection, address: { id: givenId(id) } }, signal);
    const record = await orStopped(reading, signal, 'Nothing was changed.');
    records.push({ key: record.facts.key, etag: record.facts.etag });
    example ??= record;
  }
  const found = example ?? { form: 'plain', fields: [] };
  return { records: { records }, total: records.length, example: () => Promise.resolve(found) };
}
