import { resolve } from 'node:path';
import { AppFailure } from '../../shared/result.ts';
import type { ExitCode } from './exit-code.ts';
import { addServerOptions } from './global-options.ts';
import { givenId, orStopped, withCollection, type CommandContext } from './session.ts';
import { UsageError } from './usage-error.ts';
import { describeVerb, ID_TEXT, URL_ARGUMENT, WITHOUT_TAGS, type AddVerb } from './verb.ts';

interface PutOptions {
  readonly file?: string;
  readonly replace?: boolean;
  readonly withoutTags?: boolean;
}

export const addPutCommand: AddVerb = (program, run) => {
  const command = program
    .command('put')
    .argument(...URL_ARGUMENT)
    .argument('[id]', `${ID_TEXT}; without it from the record, or a new one`)
    .option('--file <file>', 'in place of standard input, of any size; in plain collections')
    .option('--replace', 'replace the record if it is there already')
    .option(...WITHOUT_TAGS)
    .action((url: string, id: string | undefined, options: PutOptions, self) =>
      run(self, async (context) => {
        const { terminal, messages, options: global } = context;
        const newId = id === undefined ? null : givenId(id);
        if (options.file !== undefined) return await putFile(context, url, newId, options.file, options);
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
      'Prints its id. A record that is there already stays as it is, unless --replace is given. In a plain collection the bytes become the object; --file given again goes on where it was broken off.',
    examples: [
      `echo '{"title": "Tonight", "rating": 7.5}' |\n  dipper put s3://samples/movies/ tonight --connection Sandbox`,
      `echo '{"title": "Tonight", "rating": 8}' |\n  dipper put s3://samples/movies/ tonight --connection Sandbox --replace`,
    ],
    json: '{"id", "key", "etag"}',
  });
};

/** In parts, so that a command that was broken off goes on where it was when it is given again. */
async function putFile(
  context: CommandContext,
  url: string,
  id: string | null,
  file: string,
  { replace, withoutTags }: PutOptions,
): Promise<ExitCode> {
  if (id === null) throw new UsageError('A file is not read as a record: give its id.');
  if (withoutTags === true)
    throw new UsageError('--without-tags is not for --file, which keeps the tags that are there.');
  const { terminal, messages, options: global } = context;
  return await withCollection(context, url, async ({ caller, collection, signal }) => {
    const ifExists = replace === true ? 'replace' : 'fail';
    const uploading = caller.call('record:upload', { collection, id, path: resolve(file), ifExists }, signal);
    const {
      key,
      etag,
      id: writtenId,
      notes,
    } = await orStopped(
      uploading,
      signal,
      'What was uploaded is kept: the same command goes on with it within seven days.',
    );
    for (const note of notes) messages.note(note);
    await terminal.write(`${global.json === true ? JSON.stringify({ id: writtenId, key, etag }) : writtenId}\n`);
    return 0;
  });
}

/** Verbatim, a byte order mark included: in a plain collection the text becomes the object. */
function textOf(bytes: Buffer): string {
  try {
    return new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes);
  } catch {
    throw new AppFailure('invalid-record', 'Standard input is no UTF-8 text. Give the record as a JSON object.');
  }
}
