import { editOf, parseAssignment } from './assignment.ts';
import { AppFailure } from '../../shared/result.ts';
import { sayNotes, withCollection } from './session.ts';
import { UsageError } from './usage-error.ts';
import { URL_ARGUMENT, type AddVerb } from './verb.ts';

export const addSetCommand: AddVerb = (program, run) => {
  program
    .command('set')
    .description('change fields of one record, and nothing else of it')
    .argument(...URL_ARGUMENT)
    .argument('<id>', 'id of the record, or its key below the prefix')
    .argument('<field=json...>', `such as rating=8.5 title='"Casablanca"' address.city=null`)
    .option('--without-tags', 'save although the tags of the object cannot be kept')
    .action((url: string, id: string, changes: readonly string[], given: { readonly withoutTags?: boolean }, command) =>
      run(command, async (context) => {
        const { terminal, options } = context;
        const assignments = changes.map(parseAssignment);
        const twice = assignments.find(
          ({ field }, index) => assignments.findIndex((other) => other.field === field) < index,
        );
        if (twice !== undefined) throw new UsageError(`"${twice.field}" is given twice.`);
        return await withCollection(context, url, async ({ caller, collection, signal }) => {
          const record = await caller.call('record:read', { collection, address: { id } }, signal);
          if (record.problem !== null) {
            throw new AppFailure(
              'record-unreadable',
              `Object "${record.facts.key}" is no record: ${record.problem.message}`,
            );
          }
          const edits = assignments.map((assignment) => editOf(record, assignment));
          const { key, etag } = record.facts;
          const withoutTags = given.withoutTags === true;
          const update = { collection, key, etag, change: { edits }, withoutTags };
          const written = await caller.call('record:update', update, signal);
          sayNotes(terminal, written.notes);
          if (options.json === true) {
            await terminal.write(`${JSON.stringify({ id: written.id, key: written.key, etag: written.etag })}\n`);
          }
          return 0;
        });
      }),
    );
};
