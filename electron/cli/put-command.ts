import { AppFailure } from '../../shared/result.ts';
import { sayNotes, withCollection } from './session.ts';
import { URL_ARGUMENT, type AddVerb } from './verb.ts';

interface PutOptions {
  readonly replace?: boolean;
  readonly withoutTags?: boolean;
}

export const addPutCommand: AddVerb = (program, run) => {
  program
    .command('put')
    .description('create a record from the JSON object on standard input, and print its id')
    .argument(...URL_ARGUMENT)
    .argument('[id]', 'id of the record; without it from the record, or a new one')
    .option('--replace', 'replace the record if it is there already')
    .option('--without-tags', 'save although the tags of the object cannot be kept')
    .action((url: string, id: string | undefined, options: PutOptions, command) =>
      run(command, async (context) => {
        const { terminal, options: global } = context;
        const record = textOf(await terminal.readInput());
        return await withCollection(context, url, async ({ caller, collection, signal }) => {
          const ifExists = options.replace === true ? 'replace' : 'fail';
          const withoutTags = options.withoutTags === true;
          const created = { collection, id: id ?? null, record, ifExists, withoutTags } as const;
          const written = await caller.call('record:create', created, signal);
          sayNotes(terminal, written.notes);
          const { id: newId, key, etag } = written;
          await terminal.write(`${global.json === true ? JSON.stringify({ id: newId, key, etag }) : newId}\n`);
          return 0;
        });
      }),
    );
};

/** Verbatim, a byte order mark included: in a plain collection the text becomes the object. */
function textOf(bytes: Buffer): string {
  try {
    return new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes);
  } catch {
    throw new AppFailure('invalid-record', 'Standard input is no UTF-8 text. Give the record as a JSON object.');
  }
}
