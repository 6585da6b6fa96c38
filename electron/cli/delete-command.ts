import { AppFailure, type ErrorCode } from '../../shared/result.ts';
import type { ExitCode } from './exit-code.ts';
import { addServerOptions } from './global-options.ts';
import { changeMany, type ManyOptions } from './many-records.ts';
import type { Messages } from './messages.ts';
import { givenId, orStopped, withCollection, type OpenCollection } from './session.ts';
import { UsageError } from './usage-error.ts';
import { describeVerb, ID_TEXT, QUERY_FILE, URL_ARGUMENT, WHERE, type AddVerb } from './verb.ts';

export const addDeleteCommand: AddVerb = (program, run) => {
  const command = program
    .command('delete')
    .argument(...URL_ARGUMENT)
    .argument('[id...]', ID_TEXT)
    .option(...QUERY_FILE)
    .option(...WHERE)
    .option('--undo', 'with --query or --where: keep what is deleted in the journal, so that it can be undone')
    .option('--no-undo', 'delete by a thousand, which only the versions of a bucket can bring back')
    .option('--yes', 'with --query or --where: do it; without it the records are only counted')
    .action((url: string, ids: readonly string[], given: DeleteOptions, self) =>
      run(self, async (context) => {
        const { terminal, messages, options } = context;
        if ((given.query ?? given.where) !== undefined) {
          if (ids.length > 0) throw new UsageError('Ids exclude --query and --where. Leave one out.');
          return await changeMany(
            context,
            url,
            { ...given, key: [] },
            {
              verb: 'delete',
              request: ({ collection }, { records, total }) =>
                Promise.resolve({ kind: 'delete', collection, records, undoable: isUndoable(given, total) }),
            },
          );
        }
        if (ids.length === 0) throw new UsageError('Nothing is named to be deleted: give ids, --where or --query.');
        for (const id of ids) givenId(id);
        return await withCollection(context, url, async (open) => {
          let exitCode: ExitCode = 0;
          for (const [place, id] of ids.entries()) {
            try {
              const whatBecame = `The first ${place} of ${ids.length} were dealt with; "${id}" may be deleted or not.`;
              const key = await orStopped(deleteOne(messages, open, id), open.signal, whatBecame);
              if (options.json === true) await terminal.write(`${JSON.stringify({ id, key })}\n`);
            } catch (error) {
              if (!(error instanceof AppFailure) || !CONCERNS_ONE_RECORD.has(error.error.code)) throw error;
              messages.failure(error, { id });
              exitCode = 3;
            }
          }
          return exitCode;
        });
      }),
    );
  addServerOptions(command);
  describeVerb(command, {
    summary: 'delete records',
    details:
      'Each is deleted as it was read: one that somebody else changes meanwhile stays. What a query finds is deleted by a job, which "dipper jobs undo" takes back.',
    examples: [
      'dipper delete s3://samples/movies/ movie-0003 --connection Sandbox',
      'dipper delete s3://samples/cars/ car-001 car-002 --connection Sandbox --json',
      `dipper delete s3://samples/cars/ --connection Sandbox --where 'year < 1971' --yes`,
    ],
    json: '{"id", "key"}, a line for each record that was deleted; with --query or --where the job at its end',
  });
};

interface DeleteOptions extends Omit<ManyOptions, 'key'> {
  readonly undo?: boolean;
}

/** Records that are kept in a journal unasked. */
const KEPT_UNASKED = 10_000;

/** To keep them they have to be read, one by one: of many that is asked first. */
function isUndoable({ undo }: DeleteOptions, total: number): boolean {
  if (undo !== undefined) return undo;
  if (total <= KEPT_UNASKED) return true;
  throw new UsageError(
    `Should ${total.toLocaleString('en-US')} records be kept in a journal on this machine, so that it can be undone? Add --undo, or --no-undo.`,
  );
}

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
  messages: Messages,
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
  for (const note of notes) messages.note(note);
  return key;
}

const UNREADABLE: ReadonlySet<ErrorCode> = new Set(['record-archived', 'record-too-large', 'record-unreadable']);
