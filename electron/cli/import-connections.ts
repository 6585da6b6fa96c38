import { isOverride, REGION_VARIABLE, variablesIn, type ConnectionImport } from '../../shared/connection-file.ts';
import { connectionNotes, newText, placeOf } from '../../shared/connection-import-text.ts';
import type { Environment } from '../../shared/connection.ts';
import { AppFailure } from '../../shared/result.ts';
import type { ExitCode } from './exit-code.ts';
import { readTextFile } from './query-text.ts';
import { orStopped, withDipper, type CommandContext } from './session.ts';
import { textTable } from './text-table.ts';
import { visibleText } from './text-width.ts';

export const ENVIRONMENTS: readonly Environment[] = ['development', 'test', 'production'];

export interface ImportConnectionsOptions {
  readonly dryRun?: boolean;
  readonly environment?: Environment;
  readonly readOnly?: boolean;
}

/** Connections and collections of a file, `-` for standard input. Its variables are those of this command's environment. */
export async function importConnections(
  context: CommandContext,
  path: string,
  { dryRun = false, environment = 'test', readOnly = false }: ImportConnectionsOptions,
): Promise<ExitCode> {
  const { terminal, options } = context;
  const text = await readTextFile(terminal, path, 'file');
  const file = {
    source: { text },
    variables: variablesOf(text, terminal.environment),
    ownEnvironment: false,
    filesFrom: process.cwd(),
    environment,
    readOnly,
  };
  return await withDipper(context, async ({ caller, signal, ownerEnded }) => {
    const channel = dryRun ? 'connections:preview-import' : 'connections:import';
    const found = await orStopped(
      caller.call(channel, { file }, signal),
      signal,
      'Some of it may have been imported; the same command does the rest.',
    );
    await terminal.write(options.json === true ? `${JSON.stringify(found)}\n` : tableOf(found));
    const { secrets } = await caller.call('application:state', {}, signal);
    sayNotes(context, found, secrets, dryRun, ownerEnded === null);
    return exitOf(found);
  });
}

/** A command's own, whoever owns the data folder. */
function variablesOf(
  text: string,
  environment: Readonly<Record<string, string | undefined>>,
): Readonly<Record<string, string>> {
  return Object.fromEntries(
    [...variablesIn(text), REGION_VARIABLE, ...Object.keys(environment).filter(isOverride)].flatMap(
      (name): [string, string][] => {
        const value = environment[name];
        return value === undefined ? [] : [[name, value]];
      },
    ),
  );
}

function tableOf({ collections, connections }: ConnectionImport): string {
  const rows = [
    ...collections.map(({ collection, connectionName, fate }) => [
      visibleText(collection.name),
      visibleText(placeOf(collection)),
      visibleText(connectionName),
      fate,
    ]),
    ...connections
      .filter(({ connection }) => !collections.some(({ collection }) => collection.connectionId === connection.id))
      .map(({ connection, fate }) => ['-', '-', visibleText(connection.name), fate]),
  ];
  if (rows.length === 0) return '';
  return textTable(
    ['collection', 'place', 'connection', 'was'].map((title) => ({ title })),
    rows,
  );
}

function sayNotes(
  { messages }: CommandContext,
  found: ConnectionImport,
  secrets: 'keychain' | 'memory',
  isDryRun: boolean,
  isOwner: boolean,
): void {
  for (const imported of found.connections) {
    const isLost = isOwner && secrets === 'memory' && imported.keys === 'brought';
    const said: typeof imported = isLost ? { ...imported, keys: 'not-needed' } : imported;
    for (const note of connectionNotes(said, secrets, !isDryRun)) messages.note(`${imported.connection.name}: ${note}`);
    if (isLost) {
      messages.note(
        `${imported.connection.name}: Its secret key is kept by nobody, because no Dipper runs that could keep it. Import the file in the window, or enter the key in the connection's settings there.`,
      );
    }
  }
  for (const { collection, notes } of found.collections) {
    for (const note of notes) messages.note(`${collection.name}: ${note}`);
  }
  for (const { name, why, reason } of found.omitted) {
    if (why === 'left-out') messages.note(`${name} is left out. ${reason}`);
    else messages.failure(new AppFailure('invalid-arguments', `${name} cannot be taken. ${reason}`), { name });
  }
  messages.note(isDryRun ? `${newText(found)} would be added. Nothing was written.` : `Added: ${newText(found)}.`);
}

function exitOf({ connections, omitted }: ConnectionImport): ExitCode {
  if (omitted.every(({ why }) => why === 'left-out')) return 0;
  return connections.length === 0 ? 1 : 3;
}
