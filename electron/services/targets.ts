import type { Connection, ConnectionNetwork } from '../../shared/connection.ts';
import type { Secret } from '../../shared/contract.ts';
import { knownServer, serverOf } from '../../shared/known-servers.ts';
import { AppFailure } from '../../shared/result.ts';
import type { AwsCredentials } from '../engine/credentials/aws-credentials.ts';
import { ALL_CAPABILITIES } from '../engine/s3/capabilities.ts';
import { readCertificates } from '../engine/s3/certificates.ts';
import { ANONYMOUS, type S3Target, type TargetNetwork } from '../engine/s3/s3-client.ts';
import type { RunningSandbox } from '../sandbox/sandbox-process.ts';
import type { SecretStore } from '../store/secrets.ts';
import { isUrlConnection } from '../store/url-collections.ts';

/** Finds endpoint and credentials of connections. */
export interface Targets {
  /** Throws `credentials-missing`, `sandbox-unavailable`. */
  resolve(connection: Connection): Promise<S3Target>;
  /** For a connection that is not saved (yet): `secret` where given, else what is kept for its id. */
  resolveDraft(connection: Connection, secret: Secret | undefined): Promise<S3Target>;
  /** For the connection behind a URL: in memory only. Answers whether it is another one than before. */
  rememberSecret(connection: string, secret: Secret): boolean;
}

export interface TargetSources {
  readonly secrets: SecretStore;
  readonly environment: Readonly<Record<string, string | undefined>>;
  readonly aws: AwsCredentials;
  /** Whether this process is a command, whose environment is that of the person who asks. */
  readonly isCommand: boolean;
  /** Starts the sandbox if it does not run. Throws `sandbox-unavailable`. */
  readonly sandbox: () => Promise<RunningSandbox>;
}

export function createTargets({ secrets, environment, aws, isCommand, sandbox }: TargetSources): Targets {
  const remembered = new Map<string, Secret>();

  const resolveDraft = async (connection: Connection, secret: Secret | undefined): Promise<S3Target> => {
    const target = await withCredentials(connection, secret);
    return connection.network === undefined
      ? target
      : { ...target, network: await networkOf(connection.network, connection) };
  };

  const withCredentials = async (connection: Connection, secret: Secret | undefined): Promise<S3Target> => {
    const { credentials } = connection;
    if (credentials.source === 'sandbox') {
      const running = await sandbox();
      return targetOf(
        connection,
        { accessKeyId: running.accessKeyId, secretAccessKey: running.secretAccessKey, sessionToken: null },
        { endpoint: running.endpoint, region: running.region, pathStyle: true },
      );
    }
    if (credentials.source === 'anonymous') return targetOf(connection, ANONYMOUS);
    if (credentials.source === 'environment') {
      return targetOf(connection, aws.ofEnvironment(connection.name));
    }
    if (credentials.source === 'profile') {
      return targetOf(connection, aws.profiles.provider(credentials.profile));
    }
    const { accessKeyId } = credentials;
    const isOfCommand = isUrlConnection(connection.id);
    const found =
      secret ??
      remembered.get(connection.id) ??
      (await secrets.read(connection.id)) ??
      (isOfCommand && !isCommand ? null : secretOfEnvironment(accessKeyId, environment)) ??
      (connection.kind === 'localstack' ? ANY_SECRET : null);
    if (!found) throw isOfCommand ? secretOfCommandMissing(connection) : secretMissing(connection, secrets.kind);
    return targetOf(connection, { accessKeyId, ...found });
  };

  return {
    resolve: (connection) => resolveDraft(connection, undefined),
    resolveDraft,
    rememberSecret: (connection, secret) => {
      const before = remembered.get(connection);
      remembered.set(connection, secret);
      return before?.secretAccessKey !== secret.secretAccessKey || before.sessionToken !== secret.sessionToken;
    },
  };
}

/** LocalStack signs in everybody: where the secret is kept in memory only, nobody has to type one again. */
const ANY_SECRET: Secret = { secretAccessKey: 'test', sessionToken: null };

function targetOf(
  connection: Connection,
  credentials: S3Target['credentials'],
  place: Pick<S3Target, 'endpoint' | 'region' | 'pathStyle'> = connection,
): S3Target {
  const server = serverOf(connection);
  return {
    endpoint: place.endpoint,
    region: place.region,
    pathStyle: place.pathStyle,
    credentials,
    name: connection.name,
    maxWorkers: connection.maxWorkers,
    ...(connection.readOnly ? { readOnly: true } : {}),
    ...(connection.kind === 'aws' || connection.kind === 'sandbox' ? { capabilities: ALL_CAPABILITIES } : {}),
    ...(server === null ? {} : { lacks: knownServer(server).lacks }),
    ...(connection.requesterPays === true ? { requesterPays: true } : {}),
    ...(connection.kind === 'aws' && connection.amazon !== undefined ? { amazon: connection.amazon } : {}),
  };
}

async function networkOf(network: ConnectionNetwork, { name }: Connection): Promise<TargetNetwork> {
  const { proxy, certificateAuthority, unsignedBodies } = network;
  return {
    proxy,
    certificates: certificateAuthority === null ? null : await readCertificates(certificateAuthority, name),
    unsignedBodies,
  };
}

/**
 * The secret of the same access key: how a Dipper that cannot read the keychain is given that of a saved connection, and
 * how a command goes on with the job of an earlier one. A window or `serve` does not: its environment is not a command's.
 */
function secretOfEnvironment(accessKeyId: string, environment: TargetSources['environment']): Secret | null {
  const secretAccessKey = environment['AWS_SECRET_ACCESS_KEY'];
  if (environment['AWS_ACCESS_KEY_ID'] !== accessKeyId || !secretAccessKey) return null;
  return { secretAccessKey, sessionToken: environment['AWS_SESSION_TOKEN'] || null };
}

function secretOfCommandMissing({ name }: Connection): AppFailure {
  return new AppFailure(
    'credentials-missing',
    `The keys for ${name} came with a command, and are not kept. Run a command with the same URL and the same keys, then try again.`,
  );
}

function secretMissing(connection: Connection, kind: SecretStore['kind']): AppFailure {
  const message =
    kind === 'keychain'
      ? `The keychain holds no secret key for the connection ${connection.name}. Enter it in the connection's settings.`
      : `The secret key of the connection ${connection.name} is not known here: only the desktop app reads the keychain, and this Dipper keeps secrets in memory until it ends. Enter it in the connection's settings, start the desktop app, or set AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY to this connection's keys where Dipper is started.`;
  return new AppFailure('credentials-missing', message);
}
