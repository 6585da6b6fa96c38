import type { JobRequest } from '../../shared/job.ts';
import type { OpenedQuery } from '../../shared/page.ts';
import { workText } from '../../shared/plan-text.ts';
import type { ExitCode } from './exit-code.ts';
import { runJob } from './follow-job.ts';
import { mergeQuery, readGivenQuery, type GivenQuery } from './query-text.ts';
import { openWithin } from './open-query.ts';
import { withCollection, type CommandContext, type OpenCollection } from './session.ts';
import { UsageError } from './usage-error.ts';

export interface ManyOptions extends GivenQuery {
  readonly yes?: boolean;
}

export const YES = ['--yes', 'do it; without it the records are only counted'] as const;

/** Runs a job on all records that a query finds, once it was said how many those are. */
export async function changeMany(
  context: CommandContext,
  url: string,
  verb: 'change' | 'delete',
  options: ManyOptions,
  request: (open: OpenCollection, opened: OpenedQuery) => Promise<JobRequest>,
): Promise<ExitCode> {
  const { terminal, options: global } = context;
  const given = await readGivenQuery(terminal, options);
  if (given === null) throw new UsageError('Which records? Give --where, or --query.');
  const query = mergeQuery(given, {});
  return await withCollection(context, url, async (open) => {
    // Records are found as they are now: a listing of a minute ago may lack some.
    const opened = await openWithin(open, { query, freshness: 'forced' }, options, 'Nothing was changed.');
    const { total } = opened;
    if (total === 0) {
      if (global.json !== true) await terminal.write('No record fits the query.\n');
      return 0;
    }
    const job = await request(open, opened);
    if (options.yes !== true) {
      const records = total === 1 ? '1 record' : `${total.toLocaleString('en-US')} records`;
      const { caller, collection, signal } = open;
      const plan = await caller.call('jobs:plan', { collection, kind: job.kind, records: total }, signal);
      const takes = plan === null ? '' : ` It takes ${workText(plan)}.`;
      throw new UsageError(`This would ${verb} ${records} below ${url}.${takes} Add --yes to do it.`);
    }
    // Who said --yes was told what it takes, or did not want to know.
    return await runJob(context, open, job, 'anything');
  });
}
