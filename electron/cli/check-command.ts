import {
  CHECK_TITLES,
  type CheckVerdict,
  type ConnectionCheck,
  type ConnectionTest,
  type TrialPlace,
} from '../../shared/connection-check.ts';
import type { Connection } from '../../shared/connection.ts';
import type { AwsProfiles } from '../../shared/aws-profile.ts';
import type { Args, CollectionUrl, ProfileTarget, ServerTarget } from '../../shared/contract.ts';
import { addServerOptions, chooseTarget } from './global-options.ts';
import { parseS3Url } from './s3-url.ts';
import { targetQuestions, withDipper } from './session.ts';
import { textTable } from './text-table.ts';
import { visibleText } from './text-width.ts';
import { describeVerb, type AddVerb } from './verb.ts';

interface CheckOptions {
  readonly readOnly?: boolean;
}

const WORDS: Readonly<Record<CheckVerdict, string>> = {
  passed: 'works',
  limited: 'limited',
  failed: 'fails',
  'not-run': 'not tried',
};

export const addCheckCommand: AddVerb = (program, run) => {
  const command = program
    .command('check')
    .argument('[url]', 's3://bucket/prefix/, where to list and to try a write; without it beside a collection')
    .option('--read-only', 'write nothing')
    .action((url: string | undefined, { readOnly = false }: CheckOptions, self) =>
      run(self, (context) =>
        withDipper(context, async (open) => {
          const { caller, signal } = open;
          const { terminal, options } = context;
          const connections = (): Promise<readonly Connection[]> => caller.call('connections:list', {}, signal);
          const target = await chooseTarget(options, terminal.environment, targetQuestions(open));
          const args =
            'profile' in target
              ? { draft: profileDraft(target, readOnly, await caller.call('profiles:list', {}, signal)) }
              : testArgs(target, readOnly, await connections());
          const place = url === undefined ? {} : { place: placeOf(url) };
          const test = await caller.call('connections:test', { ...args, ...place }, signal);
          await terminal.write(options.json === true ? `${JSON.stringify(test)}\n` : checkTable(test));
          return test.checks.some(({ verdict }) => verdict === 'failed') ? 1 : 0;
        }),
      ),
    );
  addServerOptions(command);
  describeVerb(command, {
    summary: 'try a server out: name, TLS, clock, keys, and what it does in a bucket',
    details:
      'One object with a name of its own is written below the prefix and deleted again, unless the connection is read-only. Fails where a check does.',
    examples: [
      'dipper check s3://samples/movies/ --connection Sandbox',
      'dipper check s3://samples/movies/ --connection Sandbox --read-only --json',
    ],
    json: '{"checks": [{"check", "verdict", "reason", "remedy", "error"}], "place", "milliseconds", "buckets", "serverHeader"}',
  });
};

function placeOf(url: string): TrialPlace {
  const { bucket, prefix } = parseS3Url(url);
  return { bucket, prefix: prefix === '' || prefix.endsWith('/') ? prefix : `${prefix}/` };
}

/** A saved connection as it is, or one made of what the command was given. */
function testArgs(
  target: Exclude<CollectionUrl['target'], ProfileTarget>,
  readOnly: boolean,
  connections: readonly Connection[],
): Args<'connections:test'> {
  if ('connection' in target) {
    const saved = connections.find(({ id }) => id === target.connection);
    const { credentials } = target;
    if (saved === undefined || (credentials === undefined && !readOnly)) return { connection: target.connection };
    if (credentials === undefined) return { draft: { ...saved, readOnly: true } };
    const { accessKeyId, secret } = credentials;
    const draft: Connection = {
      ...saved,
      credentials: { source: 'keys', accessKeyId },
      readOnly: readOnly || saved.readOnly,
    };
    return { draft, secret };
  }
  if ('anonymous' in target) {
    const { anonymous: _, ...server } = target;
    return { draft: draftOf({ ...server, credentials: { source: 'anonymous' }, readOnly }) };
  }
  const { accessKeyId, secret, ...server } = target;
  return { draft: draftOf({ ...server, credentials: { source: 'keys', accessKeyId }, readOnly }), secret };
}

/** What the command says goes before what the profile does. */
function profileDraft(target: ProfileTarget, readOnly: boolean, { profiles }: AwsProfiles): Connection {
  const found = profiles.find(({ name }) => name === target.profile);
  const { profile, files: _, ...server } = target;
  const endpoint = server.endpoint ?? found?.endpoint ?? null;
  return draftOf({
    ...server,
    endpoint,
    region: server.region ?? found?.region ?? 'us-east-1',
    pathStyle: server.pathStyle ?? found?.pathStyle ?? endpoint !== null,
    credentials: { source: 'profile', profile },
    readOnly,
  });
}

function draftOf(server: ServerTarget & Pick<Connection, 'credentials' | 'readOnly'>): Connection {
  const { endpoint } = server;
  return {
    ...server,
    id: 'check',
    name: endpoint ?? 'AWS',
    kind: endpoint === null ? 'aws' : 'custom',
    environment: 'test',
    maxWorkers: null,
  };
}

function checkTable({ checks }: ConnectionTest): string {
  return textTable(
    ['check', 'verdict', 'reason'].map((title) => ({ title })),
    checks.map(({ check, verdict, reason, remedy }: ConnectionCheck) => [
      CHECK_TITLES[check],
      WORDS[verdict],
      visibleText(remedy === null ? reason : `${reason} ${remedy}`),
    ]),
  );
}
