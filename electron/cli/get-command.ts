import { resolve } from 'node:path';
import { formatBytes } from '../../shared/byte-size.ts';
import { AppFailure } from '../../shared/result.ts';
import type { RecordDetail } from '../../shared/record.ts';
import { addServerOptions } from './global-options.ts';
import { namedTextsLine } from './json-output.ts';
import { givenId, withCollection } from './session.ts';
import { describeVerb, ID_TEXT, URL_ARGUMENT, type AddVerb } from './verb.ts';

interface GetOptions {
  readonly raw?: boolean;
  readonly output?: string;
}

const COMPARED_BY = { etag: 'its checksum', size: 'its size, because its ETag is no checksum' } as const;

export const addGetCommand: AddVerb = (program, run) => {
  const command = program
    .command('get')
    .argument(...URL_ARGUMENT)
    .argument('<id>', ID_TEXT)
    .option('--raw', 'the text of the object as it is')
    .option('--output <file>', 'write the object as it is to this file, whatever its size')
    .action((url: string, id: string, options: GetOptions, self) =>
      run(self, async (context) => {
        const { terminal, messages, options: global } = context;
        const address = { id: givenId(id) };
        return await withCollection(context, url, async ({ caller, collection, signal }) => {
          if (options.output !== undefined) {
            const path = resolve(options.output);
            const { key, size, verified } = await caller.call('record:download', { collection, address, path }, signal);
            if (global.json === true) await terminal.write(`${JSON.stringify({ key, size, verified, path })}\n`);
            else messages.note(`${path} was written: ${formatBytes(size)}, compared by ${COMPARED_BY[verified]}.`);
            return 0;
          }
          const record = await caller.call('record:read', { collection, address }, signal);
          for (const note of record.notes) messages.note(note);
          await terminal.write(options.raw === true ? rawText(record) : `${recordLine(record)}\n`);
          return 0;
        });
      }),
    );
  addServerOptions(command);
  describeVerb(command, {
    summary: 'print one record',
    details:
      'It is read from S3, not from the index, and printed as a line of JSON; --raw prints the object itself. --output writes it to a file, compared with its ETag.',
    examples: [
      'dipper get s3://samples/movies/ movie-0001 --connection Sandbox',
      'dipper get s3://samples/movies/ movie-0001 --connection Sandbox --raw',
      'dipper get s3://samples/movies/ movie-0001 --connection Sandbox --output movie.json',
    ],
    json: '{"id", "key", "fields", "metadata"}, as without it; with --raw the object, with --output {"key", "size", "verified", "path"}',
  });
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
    `Object "${record.facts.key}" is no text and is not printed. Write it to a file with --output.`,
    { detail: { key: record.facts.key } },
  );
}
