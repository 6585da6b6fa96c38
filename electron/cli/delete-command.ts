import { AppFailure, type ErrorCode } from '../../shared/result.ts';
import type { ExitCode } from './exit-code.ts';
import { sayNotes, withCollection, type OpenCollection } from './session.ts';
import type { Terminal } from './terminal.ts';
import { URL_ARGUMENT, type AddVerb } from './verb.ts';

export const addDeleteCommand: AddVerb = (program, run) => {
  program
    .command('delete')
    .description('delete records')
    .argument(...URL_ARGUMENT)
    .argument('<id...>', 'ids of the records, or their keys below the prefix')
    .action((url: string, ids: readonly string[], _: object, command) =>
      run(command, async (context) => {
        const { terminal, options } = context;
        return await withCollection(context, url, async (open) => {
          let exitCode: ExitCode = 0;
          for (const id of ids) {
            try {
              const key = await deleteOne(terminal, open, id);
              if (options.json === true) await terminal.write(`${JSON.stringify({ id, key })}\n`);
            } catch (error) {
              if (!(error instanceof AppFailure) || !CONCERNS_ONE_RECORD.has(error.error.code)) throw error;
              terminal.say(`dipper: ${error.message}`);
              exitCode = 3;
            }
          }
          return exitCode;
        });
      }),
    );
};

/** After these the other records can still be deleted; every other failure would meet them too. */
const CONCERNS_ONE_RECORD: ReadonlySet<ErrorCode> = new Set([
  'record-not-found',
  'record-changed',
  'record-archived',
  'record-too-large',
  'record-unreadable',
  'invalid-key',
  'access-denied',
]);

/** Answers the key of the deleted object. */
async function deleteOne(
  terminal: Terminal,
  { caller, collection, signal }: OpenCollection,
  id: string,
): Promise<string> {
  let key: string;
  let etag: string | null;
  try {
    ({ key, etag } = (await caller.call('record:read', { collection, address: { id } }, signal)).facts);
  } catch (error) {
    // What cannot be read can be deleted all the same.
    const found = error instanceof AppFailure && UNREADABLE.has(error.error.code) ? error.error.detail?.key : undefined;
    if (found === undefined) throw error;
    key = found;
    etag = null;
  }
  const { notes } = await caller.call('record:delete', { collection, key, etag }, signal);
  sayNotes(terminal, notes);
  return key;
}

const UNREADABLE: ReadonlySet<ErrorCode> = new Set(['record-archived', 'record-too-large', 'record-unreadable']);
