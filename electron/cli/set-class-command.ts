import { Argument } from 'commander';
import { STORAGE_CLASSES } from '../../shared/storage-classes.ts';
import { OBJECT_RULE_FACTS, type StorageRule } from '../../shared/storage-rules.ts';
import { addServerOptions } from './global-options.ts';
import { addRecordOptions, changeMany, type ManyOptions } from './many-records.ts';
import { storageRuleOf } from './storage-rule.ts';
import { UsageError } from './usage-error.ts';
import { describeVerb, URL_ARGUMENT, type AddVerb } from './verb.ts';

interface SetClassOptions extends ManyOptions {
  readonly storageClassRule: readonly StorageRule[];
}

export const addSetClassCommand: AddVerb = (program, run) => {
  const classes = STORAGE_CLASSES.map(({ name }) => name);
  const command = program
    .command('set-class')
    .argument(...URL_ARGUMENT)
    .addArgument(
      new Argument('[class]', 'storage class; with rules that of all others, which stay without it').choices(classes),
    )
    .option(
      '--storage-class-rule <rule>',
      "class of what conditions are true of, such as 'STANDARD_IA if @size > 131072'; can be given again, the first counts",
      (text: string, before: readonly StorageRule[]) => [...before, storageRuleOf(text, OBJECT_RULE_FACTS)],
      [],
    );
  addRecordOptions(command).action((url: string, storageClass: string | undefined, options: SetClassOptions, self) =>
    run(self, (context) => {
      const { storageClassRule: rules } = options;
      if (storageClass === undefined && rules.length === 0) {
        throw new UsageError('Into which class? Name one, or give --storage-class-rule.');
      }
      if (rules.length > 0 && options.key.length > 0) {
        throw new UsageError(
          '--storage-class-rule is asked of the index: name the records by --where or --query, not --key.',
        );
      }
      return changeMany(context, url, options, {
        verb: rules.length === 0 ? `move into ${String(storageClass)}` : 'give classes to',
        allByDefault: rules.length > 0,
        request: ({ collection }, { records }) =>
          Promise.resolve({
            kind: 'set-class',
            collection,
            records,
            ...(storageClass === undefined ? {} : { storageClass }),
            ...(rules.length === 0 ? {} : { storageRules: rules }),
          }),
      });
    }),
  );
  addServerOptions(command);
  describeVerb(command, {
    summary: 'put many records into another storage class',
    details:
      'The server copies each object onto itself, with its headers, user metadata, tags and encryption. Rules ask for fields, and for its size and age.',
    examples: [
      `dipper set-class s3://samples/movies/ STANDARD_IA --connection Sandbox --where 'rating < 2' --yes`,
      'dipper set-class s3://samples/cars/ GLACIER_IR --connection Sandbox --key car-003 --yes --json',
      `dipper set-class s3://samples/cars/ --connection Sandbox --yes \\\n  --storage-class-rule 'STANDARD_IA if @size > 131072' \\\n  --storage-class-rule 'GLACIER_IR if not (@last_modified within_last 90 days)'`,
    ],
    json: 'the job at its end: {"id", "state", "counts": {"total", "done", "unchanged", "failed"}, …}',
  });
};
