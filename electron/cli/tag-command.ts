import type { Tag, TagChange } from '../../shared/record.ts';
import { addServerOptions } from './global-options.ts';
import { addRecordOptions, changeMany, type ManyOptions } from './many-records.ts';
import { UsageError } from './usage-error.ts';
import { describeVerb, gather, URL_ARGUMENT, type AddVerb } from './verb.ts';

interface TagOptions extends ManyOptions {
  readonly add: readonly string[];
  readonly remove: readonly string[];
  readonly replace: readonly string[];
  readonly clear?: boolean;
}

export const addTagCommand: AddVerb = (program, run) => {
  const command = program
    .command('tag')
    .argument(...URL_ARGUMENT)
    .option('--add <key=value>', 'a tag to be added, or set; can be given again', gather, [])
    .option('--remove <tag>', 'key of a tag to be removed; can be given again', gather, [])
    .option('--replace <key=value>', 'these tags in the place of all others; can be given again', gather, [])
    .option('--clear', 'remove all tags');
  addRecordOptions(command).action((url: string, options: TagOptions, self) =>
    run(self, async (context) => {
      const change = changeOf(options);
      return await changeMany(context, url, options, {
        verb: 'tag',
        request: ({ collection }, { records }) => Promise.resolve({ kind: 'tag', collection, records, change }),
      });
    }),
  );
  addServerOptions(command);
  describeVerb(command, {
    summary: 'add, remove or replace tags of many records',
    details: 'Bodies stay as they are. It is a job: Ctrl-C pauses it, "dipper jobs undo" takes it back.',
    examples: [
      `dipper tag s3://samples/movies/ --connection Sandbox --where 'rating > 8.9' --add shelf=best --yes`,
      'dipper tag s3://samples/cars/ --connection Sandbox --key car-003 --replace seen=yes --yes --json',
    ],
    json: 'the job at its end: {"id", "state", "counts": {"total", "done", "unchanged", "failed"}, …}',
  });
};

function changeOf({ add, remove, replace, clear = false }: TagOptions): TagChange {
  if (replace.length > 0 || clear) {
    if (add.length + remove.length > 0) throw new UsageError('--replace and --clear exclude --add and --remove.');
    return { replace: replace.map(parseTag) };
  }
  if (add.length + remove.length === 0) {
    throw new UsageError('No tag is to be changed: give --add, --remove, --replace or --clear.');
  }
  return { add: add.map(parseTag), remove };
}

function parseTag(text: string): Tag {
  const cut = text.indexOf('=');
  if (cut < 1) throw new UsageError(`"${text}" is no tag. Write it like reviewed=yes.`);
  return { key: text.slice(0, cut), value: text.slice(cut + 1) };
}
