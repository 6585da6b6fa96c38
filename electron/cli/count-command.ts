import { sayStatistics, sayUnreadable } from './answer-facts.ts';
import { addServerOptions } from './global-options.ts';
import { mergeQuery, readGivenQuery, type GivenQuery } from './query-text.ts';
import { allowed, countWithin, SPEND, type SpendOptions } from './open-query.ts';
import { orStopped, withCollection } from './session.ts';
import { UsageError } from './usage-error.ts';
import { describeVerb, QUERY_FILE, REFRESH, STATS, URL_ARGUMENT, WHERE, type AddVerb } from './verb.ts';

interface CountOptions extends GivenQuery, SpendOptions {
  /** False with `--no-index`. */
  readonly index: boolean;
  readonly refresh?: boolean;
  readonly stats?: boolean;
}

export const addCountCommand: AddVerb = (program, run) => {
  const command = program
    .command('count')
    .argument(...URL_ARGUMENT)
    .option(...QUERY_FILE)
    .option(...WHERE)
    .option('--no-index', 'count keys by listing them, without reading records')
    .option(...SPEND)
    .option(...REFRESH)
    .option(...STATS)
    .action((url: string, options: CountOptions, self) =>
      run(self, async (context) => {
        const { terminal } = context;
        if (!options.index && (options.query ?? options.where) !== undefined) {
          throw new UsageError(
            '--no-index counts keys, and keys cannot be asked. Leave out --query and --where, or --no-index.',
          );
        }
        // The count is that of all records found; the query file may be one that is also used to show the first ten.
        const all = { limit: null, offset: null };
        const query = mergeQuery(await readGivenQuery(terminal, options), all);
        return await withCollection(context, url, async (open) => {
          const { caller, collection, signal } = open;
          if (!options.index) {
            const start = performance.now();
            const spending = options.yes === true ? 'anything' : 'within-budget';
            const counting = caller.call('collections:count-keys', { collection, spending }, signal);
            const stopped = orStopped(counting, signal, 'Not all keys were counted.');
            const { count, statistics } = await allowed(stopped, () => Promise.resolve(null));
            await terminal.write(`${count}\n`);
            const milliseconds = performance.now() - start;
            if (options.stats === true) {
              await sayStatistics(terminal, open, { ...statistics, scanned: count, milliseconds });
            }
            return 0;
          }
          const freshness = options.refresh === true ? 'forced' : 'complete';
          const counted = await countWithin(open, { query, freshness }, options, 'What was read stays in the index.');
          await terminal.write(`${counted.total}\n`);
          if (options.stats === true) await sayStatistics(terminal, open, counted.statistics);
          const { unreadable, notes } = counted;
          if (unreadable !== null) return sayUnreadable(context, { unreadable, notes });
          context.messages.note(
            'The keys were counted; no record was read, so that it is not known whether all can be.',
          );
          return 0;
        });
      }),
    );
  addServerOptions(command);
  describeVerb(command, {
    summary: 'count the records that a query finds',
    details:
      'All records of a prefix that was never read are counted by its keys; else the index answers, brought up to date. Limit and offset of the query do not count.',
    examples: [
      'dipper count s3://samples/movies/ --connection Sandbox',
      'dipper count s3://samples/movies/ --connection Sandbox --no-index',
      `dipper count s3://samples/movies/ --connection Sandbox --where 'rating > 8 and not genre exists'`,
    ],
    json: 'the count, which is a number of JSON as it is',
  });
};
