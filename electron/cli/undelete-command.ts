import { runJob } from './follow-job.ts';
import { addServerOptions } from './global-options.ts';
import { withCollection } from './session.ts';
import { UsageError } from './usage-error.ts';
import { describeVerb, gather, URL_ARGUMENT, type AddVerb } from './verb.ts';

interface UndeleteOptions {
  readonly since?: number;
  readonly key: readonly string[];
  readonly yes?: boolean;
}

export const addUndeleteCommand: AddVerb = (program, run) => {
  const command = program
    .command('undelete')
    .argument(...URL_ARGUMENT)
    .option('--since <time>', 'what was deleted since then, such as 2026-11-29T10:00Z', parseTime)
    .option('--key <name>', 'this key below the prefix; can be given again', gather, [])
    .option('--yes', 'do it')
    .action((url: string, { since = 0, key, yes }: UndeleteOptions, self) =>
      run(self, async (context) => {
        if (yes !== true) {
          const some = key.length === 1 ? 'a record' : `${key.length} records`;
          const what = key.length === 0 ? 'what was deleted' : some;
          throw new UsageError(`This would bring back ${what} below ${url}. Add --yes to do it.`);
        }
        return await withCollection(context, url, (open) => {
          const names = key.length === 0 ? {} : { names: key };
          return runJob(context, open, { kind: 'undelete', collection: open.collection, since, ...names });
        });
      }),
    );
  addServerOptions(command);
  describeVerb(command, {
    summary: 'bring back what was deleted in a bucket that keeps versions',
    details:
      'The marks of the deletions are removed, whoever made them; what was written since stays. Elsewhere "dipper jobs undo" brings back what a job of Dipper deleted.',
    examples: [
      'dipper undelete s3://samples/cars/ --connection Sandbox --since 2026-11-29T10:00Z --yes',
      'dipper undelete s3://samples/cars/ --connection Sandbox --key car-001.json --yes --json',
    ],
    json: 'the job at its end: {"id", "state", "counts": {"total", "done", "unchanged", "failed"}, …}',
  });
};

function parseTime(text: string): number {
  const time = Date.parse(text);
  if (Number.isNaN(time)) throw new UsageError(`"${text}" is no time. Write it like 2026-11-29T10:00Z.`);
  return time;
}
