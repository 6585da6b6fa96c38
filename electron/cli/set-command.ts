import { AppFailure } from '../../shared/result.ts';
import { editOf, parseAssignment } from './assignment.ts';
import { addServerOptions } from './global-options.ts';
import { givenId, orStopped, withCollection } from './session.ts';
import { UsageError } from './usage-error.ts';
import { describeVerb, ID_TEXT, URL_ARGUMENT, WITHOUT_TAGS, type AddVerb } from './verb.ts';

export const addSetCommand: AddVerb = (program, run) => {
  const command = program
    .command('set')
    .argument(...URL_ARGUMENT)
    .argument('<id>', ID_TEXT)
    .argument('<field=json...>', `such as rating=8.5 title='"Casablanca"' address.city=null`)
    .option(...WITHOUT_TAGS)
    .action((url: string, id: string, changes: readonly string[], given: { readonly withoutTags?: boolean }, self) =>
      run(self, async (context) => {
        const { terminal, messages, options } = context;
        const address = { id: givenId(id) };
        const assignments = changes.map(parseAssignment);
        const twice = assignments.find(
          ({ field }, index) => assignments.findIndex((other) => other.field === field) < index,
        );
        if (twice !== undefined) throw new UsageError(`"${twice.field}" is given twice.`);
        return await withCollection(context, url, async ({ caller, collection, signal }) => {
          const record = await caller.call('record:read', { collection, address }, signal);
          if (record.problem !== null) {
            throw new AppFailure(
              'record-unreadable',
              `Object "${record.facts.key}" is no record: ${record.problem.message}`,
            );
          }
          const edits = assignments.map((assignment) => editOf(record, assignment));
          const { key, etag } = record.facts;
          const withoutTags = given.withoutTags === true;
          const updating = caller.call(
            'record:update',
            { collection, key, etag, change: { edits }, withoutTags },
            signal,
          );
          const written = await orStopped(updating, signal, 'The record may be changed or not; "dipper get" shows it.');
          for (const note of written.notes) messages.note(note);
          if (options.json === true) {
            await terminal.write(`${JSON.stringify({ id: written.id, key: written.key, etag: written.etag })}\n`);
          }
          return 0;
        });
      }),
    );
  addServerOptions(command);
  describeVerb(command, {
    summary: 'change fields of one record, and nothing else of it',
    details:
      'All bytes of the object outside the changed values stay as they are. Where somebody else changes the record meanwhile, nothing is written.',
    examples: [
      'dipper set s3://samples/movies/ movie-0001 rating=8.5 --connection Sandbox',
      `dipper set s3://samples/movies/ movie-0001 title='"Casablanca"' --connection Sandbox`,
    ],
    json: '{"id", "key", "etag"}',
  });
};
