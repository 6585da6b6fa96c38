import type { Command } from 'commander';
import type { CodecName } from '../../shared/collection.ts';
import type { AwsProfiles } from '../../shared/aws-profile.ts';
import type { Connection } from '../../shared/connection.ts';
import type { CallerCredentials, CollectionUrl, ServerTarget } from '../../shared/contract.ts';
import { AppFailure } from '../../shared/result.ts';
import { profileTarget } from './choose-profile.ts';
import { chosenEndpoint, serverWays } from './server-ways.ts';
import { didYouMean } from '../../shared/nearest.ts';
import { UsageError } from './usage-error.ts';
import { choiceOption } from './verb.ts';

type NamedConnection = Pick<Connection, 'id' | 'name' | 'credentials'>;

/** Options that stand before a verb or after it. */
export interface GlobalOptions {
  readonly endpoint?: string;
  readonly region?: string;
  /** False with `--no-path-style`. */
  readonly pathStyle?: boolean;
  readonly accelerate?: boolean;
  readonly dualStack?: boolean;
  readonly fips?: boolean;
  readonly requesterPays?: boolean;
  readonly anonymous?: boolean;
  readonly connection?: string;
  readonly profile?: string;
  readonly codec?: CodecName;
  readonly dataDir?: string;
  readonly json?: boolean;
  readonly quiet?: boolean;
  /** False with `--no-progress`. */
  readonly progress?: boolean;
}

/** What has to be known of the data folder and this machine; asked where it matters. */
export interface TargetQuestions {
  connections(): Promise<readonly NamedConnection[]>;
  profiles(): Promise<Pick<AwsProfiles, 'profiles'>>;
}

/** For the verbs whose URL names records. */
export function addServerOptions(command: Command): Command {
  return command
    .optionsGroup('Where the records are:')
    .option('--connection <connection>', 'a connection saved in Dipper, by its name')
    .option('--profile <profile>', 'a profile of ~/.aws/config and ~/.aws/credentials (AWS_PROFILE)')
    .option('--endpoint <url>', 'S3 server, such as http://127.0.0.1:9000 (AWS_ENDPOINT_URL_S3); without it AWS')
    .option('--region <region>', 'region (AWS_REGION, AWS_DEFAULT_REGION); without it us-east-1')
    .option('--path-style', 'https://host/bucket/key rather than https://bucket.host/key')
    .option('--no-path-style', 'https://bucket.host/key, whatever the profile says')
    .option('--accelerate', 'of AWS: objects go by the edge that is nearest, in buckets that have that on')
    .option('--dual-stack', 'of AWS: over IPv6 too')
    .option('--fips', 'of AWS: with cryptography that US authorities have validated')
    .option('--requester-pays', 'pay for requests to buckets of others that are set up so')
    .option('--anonymous', 'without keys: requests are not signed, for buckets that anybody may read')
    .addOption(
      choiceOption('--codec <codec>', 'how records are written; without it found from the first ones', CODECS),
    );
}

/** For every verb. */
export function addGlobalOptions(command: Command): Command {
  return command
    .optionsGroup('Global options:')
    .option('--data-dir <folder>', 'the data folder (DIPPER_DATA_DIR)')
    .option('--json', 'results, notes and failures as JSON')
    .option('--quiet', 'no notes and no progress on standard error, failures alone')
    .option('--no-progress', 'no progress line while records are read');
}

/** Options of a verb and those before it; what was given to the verb itself counts. */
export function mergedOptions(command: Command): GlobalOptions {
  const own = command.opts<Record<string, unknown>>();
  const given = Object.entries(own).filter(([name]) => command.getOptionValueSource(name) !== 'default');
  return { ...own, ...command.parent?.opts<GlobalOptions>(), ...Object.fromEntries(given) };
}

const CODECS: readonly CodecName[] = ['dataknobs', 'plain'];

/**
 * Where records are read: what `--connection` names, or the server that options and AWS_* variables name, with the
 * keys of this command's own environment. The owner of the data folder may run in another one.
 */
export async function chooseTarget(
  options: GlobalOptions,
  environment: Readonly<Record<string, string | undefined>>,
  ask: TargetQuestions,
): Promise<CollectionUrl['target']> {
  if (options.connection !== undefined) {
    if (options.profile !== undefined)
      throw new UsageError('--connection and --profile name one server each. Leave one out.');
    if (OF_SERVERS.some((name) => options[name] !== undefined)) {
      throw new UsageError('--connection brings its endpoint, region and the way to them along. Leave the others out.');
    }
    const { id, name, credentials } = findConnection(options.connection, await ask.connections());
    if (credentials.source !== 'environment') return { connection: id };
    const own = ownCredentials(environment);
    if (own !== null) return { connection: id, credentials: own };
    throw new AppFailure(
      'credentials-missing',
      `The connection "${name}" takes its keys from the environment. Set AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY.`,
    );
  }
  if (options.anonymous === true) {
    if (options.profile !== undefined)
      throw new UsageError('--anonymous takes no keys, and --profile names some. Leave one out.');
    return { ...serverTarget(options, environment), anonymous: true };
  }
  if (options.profile !== undefined) return profileTarget(options.profile, options, environment);
  const own = ownCredentials(environment);
  if (own === null) {
    // As Amazon's own tools: without keys in variables, the profile that one names, and else the default one.
    const profile = environment['AWS_PROFILE'] || (await defaultProfile(ask));
    if (profile !== null) return profileTarget(profile, options, environment);
    throw new AppFailure(
      'credentials-missing',
      'There are no credentials. Set AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY, or name a profile with --profile or a connection with --connection. A bucket that anybody may read takes --anonymous.',
    );
  }
  return { ...serverTarget(options, environment), ...own };
}

const OF_SERVERS = [
  'endpoint',
  'region',
  'pathStyle',
  'accelerate',
  'dualStack',
  'fips',
  'requesterPays',
  'anonymous',
] as const satisfies readonly (keyof GlobalOptions)[];

function serverTarget(options: GlobalOptions, environment: Readonly<Record<string, string | undefined>>): ServerTarget {
  const endpoint = chosenEndpoint(options, environment);
  return {
    endpoint,
    region: options.region ?? (environment['AWS_REGION'] || environment['AWS_DEFAULT_REGION'] || 'us-east-1'),
    pathStyle: options.pathStyle ?? false,
    ...serverWays(options, endpoint),
  };
}

async function defaultProfile(ask: TargetQuestions): Promise<string | null> {
  const { profiles } = await ask.profiles();
  return profiles.some(({ name, problem }) => name === 'default' && problem === null) ? 'default' : null;
}

function ownCredentials(environment: Readonly<Record<string, string | undefined>>): CallerCredentials | null {
  const accessKeyId = environment['AWS_ACCESS_KEY_ID'];
  const secretAccessKey = environment['AWS_SECRET_ACCESS_KEY'];
  if (!accessKeyId || !secretAccessKey) return null;
  return { accessKeyId, secret: { secretAccessKey, sessionToken: environment['AWS_SESSION_TOKEN'] || null } };
}

function findConnection(name: string, connections: readonly NamedConnection[]): NamedConnection {
  const named = connections.filter((connection) => connection.name === name);
  const [found, second] = named.length > 0 ? named : connections.filter((connection) => connection.id === name);
  if (found === undefined) {
    const names = connections.map((connection) => `"${connection.name}"`);
    const guess = didYouMean(`"${name}"`, names);
    throw new UsageError(`There is no connection "${name}".${guess} There is: ${names.join(', ') || 'none yet'}.`);
  }
  if (second !== undefined) {
    const ids = named.map((connection) => connection.id).join(', ');
    throw new UsageError(`Several connections are called "${name}". Use the id of one: ${ids}.`);
  }
  return found;
}
