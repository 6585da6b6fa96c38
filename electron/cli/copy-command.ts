import type { IfCopyExists } from '../../shared/job.ts';
import { STORAGE_CLASSES } from '../../shared/storage-classes.ts';
import {
  addDestinationOptions,
  DESTINATION_ARGUMENT,
  openDestination,
  type DestinationOptions,
} from './destination.ts';
import { addServerOptions } from './global-options.ts';
import { addUndoOption, undoableOf, type UndoOptions } from './kept-for-undo.ts';
import { addRecordOptions, changeMany, type ManyOptions } from './many-records.ts';
import { choiceOption, describeVerb, URL_ARGUMENT, type AddVerb, type VerbText } from './verb.ts';

interface CopyOptions extends ManyOptions, DestinationOptions, UndoOptions {
  readonly ifExists?: IfCopyExists;
  readonly storageClass?: string;
}

export const addCopyCommand: AddVerb = addTransfer('copy', {
  summary: 'copy records to another prefix, bucket or server',
  details:
    'Objects are copied as they are, with headers, user metadata and tags: by the server where one has both, else through this process. Without --where, --query or --key all of them.',
  examples: [
    `dipper copy s3://samples/movies/ s3://samples/best/ --connection Sandbox --where 'rating > 8.8' --yes`,
    'dipper copy s3://samples/cars/ s3://samples/cars-2/ --connection Sandbox --if-exists skip --yes --json',
  ],
  json: 'the job at its end: {"id", "state", "to", "counts": {"total", "done", "unchanged", "failed"}, …}',
});

export const addMoveCommand: AddVerb = addTransfer('move', {
  summary: 'move records to another prefix, bucket or server',
  details:
    'As "dipper copy", and each source is deleted once its copy was looked at. It is a job: Ctrl-C pauses it, "dipper jobs undo" takes it back.',
  examples: [
    `dipper move s3://samples/movies/ s3://samples/worst/ --connection Sandbox --where 'rating < 1.5' --yes`,
    `dipper move s3://samples/cars/ s3://samples/cars-old/ --connection Sandbox --where 'year > 1981' --yes --json`,
  ],
  json: 'the job at its end: {"id", "state", "to", "counts": {"total", "done", "unchanged", "failed"}, …}',
});

function addTransfer(kind: 'copy' | 'move', text: VerbText): AddVerb {
  return (program, run) => {
    const command = program
      .command(kind)
      .argument(...URL_ARGUMENT)
      .argument(...DESTINATION_ARGUMENT)
      .addOption(
        choiceOption('--if-exists <what>', 'where there is an object already; without it fail', [
          'fail',
          'skip',
          'overwrite',
        ]),
      )
      .addOption(
        choiceOption(
          '--storage-class <class>',
          'storage class of the copies; without it that of the source',
          STORAGE_CLASSES.map(({ name }) => name),
        ),
      );
    addUndoOption(addRecordOptions(addDestinationOptions(command))).action(
      (url: string, to: string, options: CopyOptions, self) =>
        run(self, (context) =>
          changeMany(context, url, options, {
            verb: kind,
            allByDefault: true,
            request: async (open, { records }) => ({
              kind,
              collection: open.collection,
              records,
              to: await openDestination(context, open, to, options),
              ifExists: options.ifExists ?? 'fail',
              ...(options.storageClass === undefined ? {} : { storageClass: options.storageClass }),
              ...undoableOf(options),
            }),
          }),
        ),
    );
    addServerOptions(command);
    describeVerb(command, text);
  };
}
