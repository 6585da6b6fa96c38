import { AppFailure } from '../../shared/result.ts';
import { workText } from '../../shared/plan-text.ts';
import { SQL_ASKS_OF, SQL_SECONDS } from '../../shared/sql.ts';
import { sayStatistics, sayUnreadable } from './answer-facts.ts';
import { addServerOptions } from './global-options.ts';
import { markedPlace } from './marked-place.ts';
import { allowed, SPEND, type SpendOptions } from './open-query.ts';
import { readTextFile } from './query-text.ts';
import { orStopped, withCollection } from './session.ts';
import { choiceOption, describeVerb, REFRESH, STATS, URL_ARGUMENT, type AddVerb } from './verb.ts';
import { FORMATS, writeSqlAnswer, type Format } from './write-answer.ts';

interface SqlOptions extends SpendOptions {
  readonly format?: Format;
  /** False with `--no-formula-guard`. */
  readonly formulaGuard: boolean;
  readonly refresh?: boolean;
  readonly stats?: boolean;
}

export const addSqlCommand: AddVerb = (program, run) => {
  const command = program
    .command('sql')
    .argument(...URL_ARGUMENT)
    .argument('<statement>', 'one SELECT over records, or S3Object, which is the same; - is standard input')
    .addOption(choiceOption('--format <format>', 'table, or json with --json', FORMATS))
    .option('--no-formula-guard', 'with --format csv: texts that a spreadsheet takes for formulas as they are')
    .option(...SPEND)
    .option(...REFRESH)
    .option(...STATS)
    .action((url: string, given: string, options: SqlOptions, self) =>
      run(self, async (context) => {
        const { terminal } = context;
        const statement = given === '-' ? await readTextFile(terminal, given, 'statement') : given;
        const format = options.format ?? (context.options.json === true ? 'json' : 'table');
        return await withCollection(context, url, async (open) => {
          const { caller, collection, signal } = open;
          const spending = options.yes === true ? 'anything' : 'within-budget';
          const freshness = options.refresh === true ? 'forced' : 'complete';
          const opening = caller.call('sql:open', { collection, statement, freshness, spending }, signal);
          const takes = async (): Promise<string> =>
            workText(await caller.call('query:plan', { collection, query: SQL_ASKS_OF, freshness }, signal));
          const answer = orStopped(opening, signal, 'What was read stays in the index.');
          const opened = await allowed(withPlace(statement, answer), takes);
          const shown = writeSqlAnswer(terminal, open, opened, { format, formulaGuard: options.formulaGuard });
          await orStopped(shown, signal, 'Not all rows were shown.');
          if (options.stats === true) await sayStatistics(terminal, open, opened.statistics);
          return sayUnreadable(context, opened);
        });
      }),
    );
  addServerOptions(command);
  describeVerb(command, {
    summary: 'ask the records below a prefix in SQL',
    details: `A statement reads the index of this machine, in DuckDB's SQL, and changes nothing. It is stopped after ${String(SQL_SECONDS)} seconds. docs/sql.md has the columns and what is refused.`,
    examples: [
      `dipper sql s3://samples/movies/ --connection Sandbox \\\n  "SELECT title, rating FROM S3Object s WHERE s.genre = 'Drama' LIMIT 5"`,
      `dipper sql s3://samples/movies/ --connection Sandbox --format csv \\\n  'SELECT genre, count(*) AS movies, avg(rating) AS rating FROM records GROUP BY ALL ORDER BY ALL'`,
      `echo 'DESCRIBE records' | dipper sql s3://samples/movies/ - --connection Sandbox`,
    ],
    json: 'a list of rows, each an object of its columns',
  });
};

/** Shows the statement's line, with a mark below the place that is wrong. */
async function withPlace<T>(statement: string, answer: Promise<T>): Promise<T> {
  try {
    return await answer;
  } catch (error) {
    if (!(error instanceof AppFailure)) throw error;
    const { code, message, detail } = error.error;
    const { line, column } = detail ?? {};
    if (code !== 'invalid-query' || line === undefined || column === undefined) throw error;
    const before = statement.split('\n').slice(0, line - 1);
    const offset = before.reduce((length, text) => length + text.length + 1, 0) + column - 1;
    throw new AppFailure(code, `${message}\n${markedPlace(statement, offset)}`, { ...error.error, cause: error });
  }
}
