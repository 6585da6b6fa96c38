import { sayStatistics, sayUnreadable } from './answer-facts.ts';
import { mergeQuery, readQueryFile } from './query-text.ts';
import { withCollection } from './session.ts';
import { UsageError } from './usage-error.ts';
import { URL_ARGUMENT, type AddVerb } from './verb.ts';

interface CountOptions {
  readonly query?: string;
  /** False with `--no-index`. */
  readonly index: boolean;
  readonly refresh?: boolean;
  readonly stats?: boolean;
}

export const addCountCommand: AddVerb = (program, run) => {
  program
    .command('count')
    .description('count the records that a query finds')
    .argument(...URL_ARGUMENT)
    .option('--query <file>', 'a query as JSON; - is standard input')
    .option('--no-index', 'count keys by listing them, without reading records')
    .option('--refresh', 'list the bucket even if that was done just now')
    .option('--stats', 'requests, bytes and time as a line of JSON on standard error')
    .action((url: string, options: CountOptions, command) =>
      run(command, async (context) => {
        const { terminal } = context;
        if (!options.index && options.query !== undefined) {
          throw new UsageError('--no-index counts keys, and keys cannot be asked. Leave out --query or --no-index.');
        }
        // The count is that of all records found; the query file may be one that is also used to show the first ten.
        const all = { limit: null, offset: null };
        const query = mergeQuery(await readQueryFile(terminal, options.query), all);
        return await withCollection(context, url, async ({ caller, collection, signal }) => {
          if (!options.index) {
            const start = performance.now();
            const { count, statistics } = await caller.call('collections:count-keys', { collection }, signal);
            await terminal.write(`${count}\n`);
            const milliseconds = performance.now() - start;
            if (options.stats === true) sayStatistics(terminal, { ...statistics, scanned: count, milliseconds });
            return 0;
          }
          const freshness = options.refresh === true ? 'forced' : 'complete';
          const opened = await caller.call('query:open', { collection, query, freshness }, signal);
          await terminal.write(`${opened.total}\n`);
          if (options.stats === true) sayStatistics(terminal, opened.statistics);
          return sayUnreadable(terminal, opened);
        });
      }),
    );
};
