import { CONVERSIONS, type BulkEdit, type RecordDetail, type RecordPatch } from '../../shared/record.ts';
import { editOf, fieldPath, parseAssignment } from './assignment.ts';
import { addServerOptions } from './global-options.ts';
import { addUndoOption, undoableOf, type UndoOptions } from './kept-for-undo.ts';
import { addRecordOptions, changeMany, type ManyOptions } from './many-records.ts';
import { readTextFile } from './query-text.ts';
import type { Terminal } from './terminal.ts';
import { UsageError } from './usage-error.ts';
import { describeVerb, gather, URL_ARGUMENT, type AddVerb } from './verb.ts';

interface UpdateOptions extends ManyOptions, UndoOptions {
  readonly set: readonly string[];
  readonly remove: readonly string[];
  readonly rename: readonly string[];
  readonly convert: readonly string[];
  readonly mergePatch?: string;
  readonly jsonPatch?: string;
  readonly contentType?: string;
}

export const addUpdateCommand: AddVerb = (program, run) => {
  const command = program
    .command('update')
    .argument(...URL_ARGUMENT)
    .option('--set <assignment>', 'field=json, such as reviewed=true; can be given again', gather, [])
    .option('--remove <field>', 'a field to be removed; can be given again', gather, [])
    .option('--rename <old=new>', 'another name for a field, in its place; can be given again', gather, [])
    .option('--convert <field=type>', `a field as ${CONVERSIONS.join(', ')}; can be given again`, gather, [])
    .option('--merge-patch <file>', 'a JSON Merge Patch of the fields (RFC 7396); - is standard input')
    .option('--json-patch <file>', 'a JSON Patch of the fields (RFC 6902); - is standard input')
    .option('--content-type <type>', 'content type of the objects, such as application/json');
  addUndoOption(addRecordOptions(command)).action((url: string, options: UpdateOptions, self) =>
    run(self, async (context) => {
      const changesOf = parseChanges(options);
      const patch = await readPatch(context.terminal, options);
      const { contentType } = options;
      if (changesOf === null && patch === null && contentType === undefined) {
        throw new UsageError(
          'Nothing is to be changed: give --set, --remove, --rename, --convert, a patch or --content-type.',
        );
      }
      return await changeMany(context, url, options, {
        verb: 'change',
        request: async ({ collection }, chosen) => ({
          kind: 'update',
          collection,
          records: chosen.records,
          edits: changesOf === null ? [] : changesOf({ id: url, ...(await chosen.example()) }),
          ...(patch === null ? {} : { patch }),
          ...(contentType === undefined ? {} : { contentType }),
          ...undoableOf(options),
        }),
      });
    }),
  );
  addServerOptions(command);
  describeVerb(command, {
    summary: 'change fields of many records: set, remove, rename, convert, patch',
    details:
      'Nothing else of them changes; a record that somebody else changes meanwhile is left alone and said. It is a job: Ctrl-C pauses it, "dipper jobs" shows it and "dipper jobs undo" takes it back.',
    examples: [
      `dipper update s3://samples/movies/ --connection Sandbox \\\n  --where 'title = "Casablanca"' --set reviewed=true --yes`,
      `dipper update s3://samples/cars/ --connection Sandbox --where 'year < 1975' \\\n  --rename name=model --convert year=string --yes`,
      `echo '{"where": {"field": "origin", "operator": "=", "value": "Europe"}}' |\n  dipper update s3://samples/cars/ --connection Sandbox --query - --remove acceleration --yes --json`,
      `echo '{"origin": null, "seen": {"by": "me"}}' |\n  dipper update s3://samples/cars/ --connection Sandbox --key car-003 --merge-patch - --yes`,
    ],
    json: 'the job at its end: {"id", "state", "counts": {"total", "done", "unchanged", "failed"}, …}',
  });
};

type ChangesOf = (example: Pick<RecordDetail, 'id' | 'form' | 'fields'>) => readonly BulkEdit[];

/**
 * In the order set, remove, convert, rename: a field is named as it is before. Names mean what they mean in `dipper set`, by
 * the fields that the records have together. Null where nothing is asked for.
 */
function parseChanges({ set, remove, rename, convert }: UpdateOptions): ChangesOf | null {
  const assignments = set.map(parseAssignment);
  const conversions = convert.map(parseConversion);
  const renamings = rename.map(parseRenaming);
  const changed = [...assignments.map(({ field }) => field), ...remove];
  const twice = changed.find((field, place) => changed.indexOf(field) < place);
  if (twice !== undefined) throw new UsageError(`"${twice}" is given twice.`);
  if (changed.length + conversions.length + renamings.length === 0) return null;
  return (example) => [
    ...assignments.map((assignment) => editOf(example, assignment)),
    ...remove.map((field) => ({ ...fieldPath(example, field), text: null })),
    ...conversions.map(({ field, to }) => ({ ...fieldPath(example, field), convert: to })),
    ...renamings.map(({ field, name }) => ({ ...fieldPath(example, field), rename: name })),
  ];
}

function parseConversion(text: string) {
  const cut = text.lastIndexOf('=');
  const to = CONVERSIONS.find((name) => name === text.slice(cut + 1));
  if (cut < 1 || to === undefined) {
    throw new UsageError(
      `"${text}" is no conversion. Write it like year=integer, with one of ${CONVERSIONS.join(', ')}.`,
    );
  }
  return { field: text.slice(0, cut), to };
}

function parseRenaming(text: string) {
  const cut = text.indexOf('=');
  const name = text.slice(cut + 1);
  if (cut < 1 || name === '') throw new UsageError(`"${text}" is no new name. Write it like old=new.`);
  return { field: text.slice(0, cut), name };
}

async function readPatch(terminal: Terminal, { mergePatch, jsonPatch }: UpdateOptions): Promise<RecordPatch | null> {
  if (mergePatch !== undefined && jsonPatch !== undefined) {
    throw new UsageError('--merge-patch and --json-patch exclude each other. Leave one out.');
  }
  if (mergePatch !== undefined) return { merge: await readTextFile(terminal, mergePatch, 'patch') };
  return jsonPatch === undefined ? null : { operations: await readTextFile(terminal, jsonPatch, 'patch') };
}
