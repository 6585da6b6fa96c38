import { AppFailure } from '../../shared/result.ts';
import type { RecordDetail } from '../../shared/record.ts';
import { namedTextsLine } from './json-output.ts';
import { sayNotes, withCollection } from './session.ts';
import { URL_ARGUMENT, type AddVerb } from './verb.ts';

export const addGetCommand: AddVerb = (program, run) => {
  program
    .command('get')
    .description('print one record')
    .argument(...URL_ARGUMENT)
    .argument('<id>', 'id of the record, or its key below the prefix')
    .option('--raw', 'the text of the object as it is')
    .action((url: string, id: string, options: { readonly raw?: boolean }, command) =>
      run(command, async (context) => {
        const { terminal } = context;
        return await withCollection(context, url, async ({ caller, collection, signal }) => {
          const record = await caller.call('record:read', { collection, address: { id } }, signal);
          sayNotes(terminal, record.notes);
          await terminal.write(options.raw === true ? rawText(record) : `${recordLine(record)}\n`);
          return 0;
        });
      }),
    );
};

function recordLine(record: RecordDetail): string {
  if (record.problem !== null) {
    const { message, line, column } = record.problem;
    const place = line === null ? '' : ` (line ${line}, column ${column ?? 1})`;
    throw new AppFailure(
      'record-unreadable',
      `Object "${record.facts.key}" is no record: ${message}${place} See it as it is with --raw.`,
      { detail: { key: record.facts.key } },
    );
  }
  const metadata = record.form === 'plain' ? 'null' : namedTextsLine(record.metadata);
  return `{"id":${JSON.stringify(record.id)},"key":${JSON.stringify(record.facts.key)},"fields":${namedTextsLine(record.fields)},"metadata":${metadata}}`;
}

function rawText(record: RecordDetail): string {
  if (record.body !== null) return record.body;
  throw new AppFailure(
    'record-unreadable',
    `Object "${record.facts.key}" is no text and is not printed. Fetch it with an S3 client.`,
    { detail: { key: record.facts.key } },
  );
}
