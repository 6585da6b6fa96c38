import { AppFailure } from '../../shared/result.ts';
import { addServerOptions } from './global-options.ts';
import { givenId, orStopped, withCollection } from './session.ts';
import { describeVerb, ID_TEXT, URL_ARGUMENT, WITHOUT_TAGS, type AddVerb } from './verb.ts';

interface PutOptions {
  readonly replace?: boolean;
  readonly withoutTags?: boolean;
}

export const addPutCommand: AddVerb = (program, run) => {
  const command = program
    .command('put')
    .argument(...URL_ARGUMENT)
    .argument('[id]', `${ID_TEXT}; without it from the record, or a new one`)
    .option('--replace', 'replace the record if it is there already')
    .option(...WITHOUT_TAGS)
    .action((url: string, id: string | undefined, options: PutOptions, self) =>
      run(self, async (context) => {
        const { terminal, messages, options: global } = context;
        const newId = id === undefined ? null : givenId(id);
        const record = textOf(await terminal.readInput());
        return await withCollection(context, url, async ({ caller, collection, signal }) => {
          const ifExists = options.replace === true ? 'replace' : 'fail';
          const withoutTags = options.withoutTags === true;
          const creating = caller.call(
            'record:create',
            { collection, id: newId, record, ifExists, withoutTags },
            signal,
          );
          const written = await orStopped(creating, signal, 'The record may be there or not; "dipper get" shows it.');
          for (const note of written.notes) messages.note(note);
          const { id: writtenId, key, etag } = written;
          await terminal.write(`${global.json === true ? JSON.stringify({ id: writtenId, key, etag }) : writtenId}\n`);
          return 0;
        });
      }),
    );
  addServerOptions(command);
  describeVerb(command, {
    summary: 'create a record from the JSON object on standard input',
    details:
      'Prints its id. A record that is there already is left as it is, unless --replace is given. In a plain collection the bytes become the object as they are.',
    examples: [
      `echo '{"title": "Tonight", "rating": 7.5}' |\n  dipper put s3://samples/movies/ tonight --connection Sandbox`,
      `echo '{"title": "Tonight", "rating": 8}' |\n  dipper put s3://samples/movies/ tonight --connection Sandbox --replace`,
    ],
    json: '{"id", "key", "etag"}',
  });
};

/** Verbatim, a byte order mark included: in a plain collection the text becomes the object. */
function textOf(bytes: Buffer): string {
  try {
    return new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes);
  } catch {
    throw new AppFailure('invalid-record', 'Standard input is no UTF-8 text. Give the record as a JSON object.');
  }
}
