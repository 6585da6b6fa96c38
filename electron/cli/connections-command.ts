import { Argument } from 'commander';
import type { Connection } from '../../shared/connection.ts';
import type { ExitCode } from './exit-code.ts';
import { ENVIRONMENTS, importConnections, type ImportConnectionsOptions } from './import-connections.ts';
import { didYouMean } from '../../shared/nearest.ts';
import { withDipper, type CommandContext } from './session.ts';
import { textTable } from './text-table.ts';
import { visibleText } from './text-width.ts';
import { UsageError } from './usage-error.ts';
import { choiceOption, describeVerb, type AddVerb } from './verb.ts';

const ACTIONS = ['list', 'export', 'import'] as const;
type Action = (typeof ACTIONS)[number];

export const DRY_RUN = ['--dry-run', 'only say what would be added'] as const;
export const READ_ONLY = ['--read-only', 'with a configuration: nothing is written through its connections'] as const;
export const ENVIRONMENT = [
  '--environment <environment>',
  'with a configuration: what its servers are; without it test',
] as const;

export const addConnectionsCommand: AddVerb = (program, run) => {
  const command = program
    .command('connections')
    .addArgument(new Argument('[action]', `what to do, without it list: ${ACTIONS.join(', ')}`).choices(ACTIONS))
    .argument('[connection...]', 'with export: some, by name; with import: the file, - for standard input')
    .option(...DRY_RUN)
    .addOption(choiceOption(...ENVIRONMENT, ENVIRONMENTS))
    .option(...READ_ONLY)
    .action((action: Action | undefined, names: readonly string[], options: ImportConnectionsOptions, self) =>
      run(self, (context) => {
        if (action === 'export') return exportConnections(context, names);
        if (action === 'import')
          return importConnections(context, oneFile(names, 'dipper connections import'), options);
        if (names.length > 0) throw new UsageError('dipper connections list takes no names: it lists all.');
        return listConnections(context);
      }),
    );
  describeVerb(command, {
    summary: 'list connections, write them to standard output, or add those of a file',
    details:
      'What is exported holds the collections too, and no secret: whoever imports it enters the keys. import takes such a file and a dataknobs configuration alike; nothing that is there is changed.',
    examples: [
      'dipper connections',
      `printf 'databases: [{name: films, backend: s3, bucket: films, endpoint_url: "http://127.0.0.1:9000"}]' |\n  dipper connections import - --environment development`,
      'dipper connections export films > films-connection.json',
    ],
    json: 'for list a list of connections; for import {"connections", "collections", "omitted", "variables"}, each connection and collection with its fate, "new" or "there"',
  });
};

/** Throws UsageError. */
export function oneFile(names: readonly string[], verb: string): string {
  const [file, second] = names;
  if (file !== undefined && second === undefined) return file;
  throw new UsageError(`${verb} takes one file; - is standard input.`);
}

async function listConnections(context: CommandContext): Promise<ExitCode> {
  const { terminal, options } = context;
  return await withDipper(context, async ({ caller, signal }) => {
    const connections = await caller.call('connections:list', {}, signal);
    if (options.json === true) {
      await terminal.write(`${JSON.stringify(connections)}\n`);
      return 0;
    }
    await terminal.write(connections.length === 0 ? 'There are no connections.\n' : connectionTable(connections));
    return 0;
  });
}

function connectionTable(connections: readonly Connection[]): string {
  return textTable(
    ['name', 'kind', 'server', 'region', 'environment', 'group'].map((title) => ({ title })),
    connections.map(({ name, kind, endpoint, region, environment, readOnly, group }) => [
      visibleText(name),
      kind,
      visibleText(endpoint ?? '-'),
      region,
      readOnly ? `${environment}, read-only` : environment,
      visibleText(group ?? '-'),
    ]),
  );
}

async function exportConnections(context: CommandContext, names: readonly string[]): Promise<ExitCode> {
  const { terminal } = context;
  return await withDipper(context, async ({ caller, signal }) => {
    const all = await caller.call('connections:list', {}, signal);
    const connections = names.length === 0 ? null : names.flatMap((name) => idsOf(name, all));
    const { text } = await caller.call('connections:export', { connections }, signal);
    await terminal.write(text);
    return 0;
  });
}

function idsOf(name: string, connections: readonly Connection[]): readonly string[] {
  const named = connections.filter((connection) => connection.name === name);
  if (named.length > 0) return named.map(({ id }) => id);
  const guess = didYouMean(
    name,
    connections.map((connection) => connection.name),
  );
  throw new UsageError(`There is no connection "${name}".${guess} "dipper connections" lists them.`);
}
