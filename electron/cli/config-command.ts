import { Argument } from 'commander';
import { DRY_RUN, ENVIRONMENT, oneFile, READ_ONLY } from './connections-command.ts';
import { ENVIRONMENTS, importConnections, type ImportConnectionsOptions } from './import-connections.ts';
import { choiceOption, describeVerb, type AddVerb } from './verb.ts';

export const addConfigCommand: AddVerb = (program, run) => {
  const command = program
    .command('config')
    .addArgument(new Argument('<action>', 'import').choices(['import']))
    .argument('<file>', 'YAML or JSON with a list "databases"; - is standard input')
    .option(...DRY_RUN)
    .addOption(choiceOption(...ENVIRONMENT, ENVIRONMENTS))
    .option(...READ_ONLY)
    .action((_: string, file: string, options: ImportConnectionsOptions, self) =>
      run(self, (context) => importConnections(context, oneFile([file], 'dipper config import'), options)),
    );
  describeVerb(command, {
    summary: 'add the databases of a dataknobs configuration as connections and collections',
    details:
      'Variables such as ${S3_PREFIX:data/} are those of the environment, else their defaults. Equal servers and keys share a connection; other backends than s3 are left out.',
    examples: [
      `printf 'databases:\\n  - name: people\\n    backend: s3\\n    bucket: people\\n    prefix: \${S3_PREFIX:data/}\\n' > databases.yaml &&\n  dipper config import databases.yaml --dry-run`,
      'dipper config import databases.yaml --read-only',
    ],
    json: '{"connections", "collections", "omitted", "variables"}, each connection and collection with its fate, "new" or "there"',
  });
};
