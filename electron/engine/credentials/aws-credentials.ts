import type { NetworkSettings } from '../s3/network-settings.ts';
import type { CredentialProvider, Credentials } from '../s3/s3-client.ts';
import { createProfileSource, type ProfileSource } from './create-profile-source.ts';
import { environmentCredentials } from './machine-credentials.ts';
import type { Variables } from './profile-files.ts';
import { createServiceClients } from './service-clients.ts';
import { createSsoSessions } from './sso-sessions.ts';
import { createSsoTokens } from './sso-tokens.ts';

/** Credentials that nobody types in: as Amazon's own tools find them on this machine. */
export interface AwsCredentials {
  readonly profiles: ProfileSource;
  /** Of variables, container or instance; `connection` is a name, for messages. */
  ofEnvironment(connection: string): Credentials | CredentialProvider;
}

/** Reads nothing and loads nothing before somebody asks. */
export function createAwsCredentials(environment: Variables, network: NetworkSettings): AwsCredentials {
  const clients = createServiceClients(network);
  const sessions = createSsoSessions(createSsoTokens(environment));
  return {
    profiles: createProfileSource({ environment, clients, sessions }),
    ofEnvironment: (connection) => environmentCredentials(environment, clients, connection),
  };
}
