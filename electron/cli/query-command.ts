import { Option } from 'commander';
import type { OpenedQuery } from '../../shared/page.ts';
import { sayStatistics, sayUnreadable } from './answer-facts.ts';
import { mergeQuery, parseCount, parseSelect, parseSort, readQueryFile, type QueryOverrides } from './query-text.ts';
import { rowLine } from './row-line.ts';
import { withCollection, type OpenCollection } from './session.ts';
import { createTableWriter } from './table.ts';
import type { Terminal } from './terminal.ts';
import { URL_ARGUMENT, type AddVerb } from './verb.ts';

type Format = 'table' | 'json' | 'ndjson';

interface QueryOptions {
  readonly query?: string;
  readonly sort?: string;
  readonly limit?: string;
  readonly offset?: string;
  readonly select?: string;
  readonly format?: Format;
  readonly refresh?: boolean;
  readonly stats?: boolean;
}

/** As many as a call answers at most. */
const ROWS = 1000;

export const addQueryCommand: AddVerb = (program, run) => {
  program
    .command('query')
    .description('show the records that a query finds')
    .argument(...URL_ARGUMENT)
    .option('--query <file>', 'a query as JSON; - is standard input')
    .option('--sort <fields>', 'such as rating,-title')
    .option('--limit <count>', 'at most so many records')
    .option('--offset <count>', 'leave out so many first')
    .option('--select <fields>', 'only these fields, in this order')
    .addOption(new Option('--format <format>', 'table, or json with --json').choices(['table', 'json', 'ndjson']))
    .option('--refresh', 'list the bucket even if that was done just now')
    .option('--stats', 'requests, bytes and time as a line of JSON on standard error')
    .action((url: string, options: QueryOptions, command) =>
      run(command, async (context) => {
        const { terminal } = context;
        const query = mergeQuery(await readQueryFile(terminal, options.query), overridesOf(options));
        const format = options.format ?? (context.options.json === true ? 'json' : 'table');
        return await withCollection(context, url, async (open) => {
          const { caller, collection, signal } = open;
          const freshness = options.refresh === true ? 'forced' : 'complete';
          const opened = await caller.call('query:open', { collection, query, freshness }, signal);
          if (format === 'table') await writeTable(terminal, open, opened);
          else await writeRows(terminal, open, opened, format);
          if (options.stats === true) sayStatistics(terminal, opened.statistics);
          return sayUnreadable(terminal, opened);
        });
      }),
    );
};

function overridesOf(options: QueryOptions): QueryOverrides {
  return {
    ...(options.sort === undefined ? {} : { sort: parseSort(options.sort) }),
    ...(options.limit === undefined ? {} : { limit: parseCount(options.limit, '--limit') }),
    ...(options.offset === undefined ? {} : { offset: parseCount(options.offset, '--offset') }),
    ...(options.select === undefined ? {} : { select: parseSelect(options.select) }),
  };
}

async function writeTable(terminal: Terminal, { caller, signal }: OpenCollection, opened: OpenedQuery): Promise<void> {
  const table = createTableWriter(opened);
  let from = 0;
  do {
    const page = await caller.call('query:page', { result: opened.result, from, count: ROWS }, signal);
    await terminal.write(table.lines(page));
    if (page.keys.length === 0) break;
    from += page.keys.length;
  } while (from < opened.total);
}

async function writeRows(
  terminal: Terminal,
  { caller, signal }: OpenCollection,
  opened: OpenedQuery,
  format: 'json' | 'ndjson',
): Promise<void> {
  let from = 0;
  while (from < opened.total) {
    const rows = await caller.call('query:rows', { result: opened.result, from, count: ROWS }, signal);
    if (rows.length === 0) break;
    const lines = rows.map(rowLine);
    if (format === 'ndjson') await terminal.write(`${lines.join('\n')}\n`);
    else await terminal.write(`${from === 0 ? '[\n' : ',\n'}${lines.join(',\n')}`);
    from += rows.length;
  }
  if (format === 'json') await terminal.write(from === 0 ? '[]\n' : '\n]\n');
}
