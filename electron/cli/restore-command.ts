import { RESTORE_TIERS, type RestoreTier } from '../../shared/job.ts';
import { addServerOptions } from './global-options.ts';
import { addRecordOptions, changeMany, type ManyOptions } from './many-records.ts';
import { UsageError } from './usage-error.ts';
import { choiceOption, describeVerb, URL_ARGUMENT, type AddVerb } from './verb.ts';

interface RestoreOptions extends ManyOptions {
  readonly days: number;
  readonly tier?: RestoreTier;
}

export const addRestoreCommand: AddVerb = (program, run) => {
  const command = program
    .command('restore')
    .argument(...URL_ARGUMENT)
    .option('--days <count>', 'how long the readable copies stay', wholeDays, 7)
    .addOption(choiceOption('--tier <tier>', 'how soon, and how dear; without it Standard', RESTORE_TIERS));
  addRecordOptions(command).action((url: string, options: RestoreOptions, self) =>
    run(self, (context) =>
      changeMany(context, url, options, {
        verb: 'ask for readable copies of',
        request: ({ collection }, { records }) => {
          const { days, tier = 'Standard' } = options;
          return Promise.resolve({ kind: 'restore', collection, records, days, tier });
        },
      }),
    ),
  );
  addServerOptions(command);
  describeVerb(command, {
    summary: 'ask for readable copies of archived records',
    details:
      'S3 makes them in minutes to days, by the tier, and keeps them for so many days; the records stay in their class. What can be read already is left alone.',
    examples: [
      `dipper restore s3://samples/movies/ --connection Sandbox --where 'rating > 9' --tier Bulk --yes`,
      'dipper restore s3://samples/cars/ --connection Sandbox --key car-003 --days 3 --yes --json',
    ],
    json: 'the job at its end: {"id", "state", "counts": {"total", "done", "unchanged", "failed"}, …}',
  });
};

function wholeDays(text: string): number {
  const days = Number(text);
  if (!Number.isInteger(days) || days < 1) throw new UsageError(`"${text}" is no number of days.`);
  return days;
}
