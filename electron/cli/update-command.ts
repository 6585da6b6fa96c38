import type { OpenedQuery } from '../../shared/page.ts';
import type { RecordEdit } from '../../shared/record.ts';
import { editOf, fieldPath, parseAssignment, type Assignment } from './assignment.ts';
import { addServerOptions } from './global-options.ts';
import { changeMany, YES, type ManyOptions } from './many-records.ts';
import type { OpenCollection } from './session.ts';
import { UsageError } from './usage-error.ts';
import { describeVerb, QUERY_FILE, URL_ARGUMENT, WHERE, type AddVerb } from './verb.ts';

interface UpdateOptions extends ManyOptions {
  readonly set: readonly string[];
  readonly remove: readonly string[];
}

export const addUpdateCommand: AddVerb = (program, run) => {
  const command = program
    .command('update')
    .argument(...URL_ARGUMENT)
    .option(...QUERY_FILE)
    .option(...WHERE)
    .option('--set <assignment>', `field=json, such as reviewed=true; can be given again`, gather, [])
    .option('--remove <field>', 'a field to be removed; can be given again', gather, [])
    .option(...YES)
    .action((url: string, options: UpdateOptions, self) =>
      run(self, async (context) => {
        const assignments = options.set.map(parseAssignment);
        const changed = [...assignments.map(({ field }) => field), ...options.remove];
        if (changed.length === 0) throw new UsageError('Nothing is to be changed: give --set or --remove.');
        const twice = changed.find((field, place) => changed.indexOf(field) < place);
        if (twice !== undefined) throw new UsageError(`"${twice}" is given twice.`);
        return await changeMany(context, url, 'change', options, async (open, opened) => ({
          kind: 'update',
          collection: open.collection,
          records: { result: opened.result },
          edits: await editsOf(open, opened, url, assignments, options.remove),
        }));
      }),
    );
  addServerOptions(command);
  describeVerb(command, {
    summary: 'change fields of all records that a query finds',
    details:
      'Nothing else of them changes; a record that somebody else changes meanwhile is left alone and said. It is a job: Ctrl-C pauses it, "dipper jobs" shows it.',
    examples: [
      `dipper update s3://samples/movies/ --connection Sandbox \\\n  --where 'title = "Casablanca"' --set reviewed=true --yes`,
      `echo '{"where": {"field": "origin", "operator": "=", "value": "Europe"}}' |\n  dipper update s3://samples/cars/ --connection Sandbox --query - --remove acceleration --yes --json`,
    ],
    json: 'the job at its end: {"id", "state", "counts": {"total", "done", "unchanged", "failed"}, …}',
  });
};

function gather(value: string, before: readonly string[]): readonly string[] {
  return [...before, value];
}

/** Field names mean what they mean in `dipper set`, by the fields that the records have together. */
async function editsOf(
  { caller, collection, signal }: OpenCollection,
  { result }: OpenedQuery,
  url: string,
  assignments: readonly Assignment[],
  removed: readonly string[],
): Promise<readonly RecordEdit[]> {
  const summaries = await caller.call('collections:fields', { collection }, signal);
  const [form = 'plain'] = (await caller.call('query:page', { result, from: 0, count: 1 }, signal)).forms;
  const fields = summaries.map(({ path: [name = ''] }) => ({ name, text: '' }));
  const records = { id: url, form, fields };
  return [
    ...assignments.map((assignment) => editOf(records, assignment)),
    ...removed.map((field) => ({ ...fieldPath(records, field), text: null })),
  ];
}
