import { sayStatistics, sayUnreadable } from './answer-facts.ts';
import { FORMATS, writeAnswer, type Format } from './write-answer.ts';
import { addServerOptions } from './global-options.ts';
import {
  mergeQuery,
  parseCount,
  parseSelect,
  parseSort,
  readGivenQuery,
  type GivenQuery,
  type QueryOverrides,
} from './query-text.ts';
import { openWithin, showPlan, SPEND, type SpendOptions } from './open-query.ts';
import { orStopped, withCollection } from './session.ts';
import { choiceOption, describeVerb, QUERY_FILE, REFRESH, STATS, URL_ARGUMENT, WHERE, type AddVerb } from './verb.ts';

interface QueryOptions extends GivenQuery, SpendOptions {
  readonly sort?: string;
  readonly limit?: string;
  readonly offset?: string;
  readonly select?: string;
  readonly format?: Format;
  /** False with `--no-formula-guard`. */
  readonly formulaGuard: boolean;
  readonly refresh?: boolean;
  readonly stats?: boolean;
  readonly plan?: boolean;
}

export const addQueryCommand: AddVerb = (program, run) => {
  const command = program
    .command('query')
    .argument(...URL_ARGUMENT)
    .option(...QUERY_FILE)
    .option(...WHERE)
    .option('--sort <fields>', 'such as rating,-title')
    .option('--limit <count>', 'at most so many records')
    .option('--offset <count>', 'leave out so many first')
    .option('--select <fields>', 'only these fields, in this order')
    .addOption(choiceOption('--format <format>', 'table, or json with --json', FORMATS))
    .option('--no-formula-guard', 'with --format csv: texts that a spreadsheet takes for formulas as they are')
    .option('--plan', 'say what it would send and cost, and send nothing')
    .option(...SPEND)
    .option(...REFRESH)
    .option(...STATS)
    .action((url: string, options: QueryOptions, self) =>
      run(self, async (context) => {
        const { terminal } = context;
        const query = mergeQuery(await readGivenQuery(terminal, options), overridesOf(options));
        const format = options.format ?? (context.options.json === true ? 'json' : 'table');
        return await withCollection(context, url, async (open) => {
          const { signal } = open;
          const freshness = options.refresh === true ? 'forced' : 'complete';
          if (options.plan === true) return await showPlan(context, open, { query, freshness });
          const opened = await openWithin(open, { query, freshness }, options, 'What was read stays in the index.');
          const shown = writeAnswer(terminal, open, opened, { format, query, formulaGuard: options.formulaGuard });
          await orStopped(shown, signal, 'Not all records were shown.');
          if (options.stats === true) await sayStatistics(terminal, open, opened.statistics);
          return sayUnreadable(context, opened);
        });
      }),
    );
  addServerOptions(command);
  describeVerb(command, {
    summary: 'show the records that a query finds',
    details:
      'The first query of a prefix reads its records into the index of this machine; later ones read what changed. Options stand over the members of a query file.',
    examples: [
      'dipper query s3://samples/movies/ --connection Sandbox \\\n  --sort -rating,title --limit 5 --select title,rating',
      `dipper query s3://samples/movies/ --connection Sandbox \\\n  --where 'rating > 8 and (genre in ("Drama", "Comedy") or title like "%war%")'`,
      `echo '{"where": {"field": "rating", "operator": ">", "value": 8}}' |\n  dipper query s3://samples/movies/ --connection Sandbox --query - --json`,
      'dipper query s3://samples/movies/ --connection Sandbox --format csv > movies.csv',
      `dipper query s3://samples/movies/ --connection Sandbox --where '@tag.reviewed = "yes"' --plan`,
    ],
    json: '[{"id", "key", "fields", "metadata"}]; {"id", "key", "error"} for an object that is no record; with --plan the plan',
  });
};

function overridesOf(options: QueryOptions): QueryOverrides {
  return {
    ...(options.sort === undefined ? {} : { sort: parseSort(options.sort) }),
    ...(options.limit === undefined ? {} : { limit: parseCount(options.limit, '--limit') }),
    ...(options.offset === undefined ? {} : { offset: parseCount(options.offset, '--offset') }),
    ...(options.select === undefined ? {} : { select: parseSelect(options.select) }),
  };
}
