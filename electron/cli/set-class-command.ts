import { Argument } from 'commander';
import { STORAGE_CLASSES } from '../../shared/storage-classes.ts';
import { addServerOptions } from './global-options.ts';
import { addRecordOptions, changeMany, type ManyOptions } from './many-records.ts';
import { describeVerb, URL_ARGUMENT, type AddVerb } from './verb.ts';

export const addSetClassCommand: AddVerb = (program, run) => {
  const classes = STORAGE_CLASSES.map(({ name }) => name);
  const command = program
    .command('set-class')
    .argument(...URL_ARGUMENT)
    .addArgument(new Argument('<class>', 'storage class').choices(classes));
  addRecordOptions(command).action((url: string, storageClass: string, options: ManyOptions, self) =>
    run(self, (context) =>
      changeMany(context, url, options, {
        verb: `move into ${storageClass}`,
        request: ({ collection }, { records }) =>
          Promise.resolve({ kind: 'set-class', collection, records, storageClass }),
      }),
    ),
  );
  addServerOptions(command);
  describeVerb(command, {
    summary: 'put many records into another storage class',
    details:
      'The server copies each object onto itself, with its headers, user metadata, tags and encryption. S3 bills a copy for each, and most classes a minimum of days and bytes.',
    examples: [
      `dipper set-class s3://samples/movies/ STANDARD_IA --connection Sandbox --where 'rating < 2' --yes`,
      'dipper set-class s3://samples/cars/ GLACIER_IR --connection Sandbox --key car-003 --yes --json',
    ],
    json: 'the job at its end: {"id", "state", "counts": {"total", "done", "unchanged", "failed"}, …}',
  });
};
