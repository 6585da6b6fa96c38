import { AppFailure } from '../../../shared/result.ts';
import type { CredentialProvider, Credentials, ExpiringCredentials } from '../s3/s3-client.ts';
import { assumeRoleWithWebIdentity } from './assume-role.ts';
import { containerCredentials, containerVariable } from './container-credentials.ts';
import { instanceCredentials } from './instance-credentials.ts';
import { pathOf, readProfileFiles, type Variables } from './profile-files.ts';
import type { MachineSource } from './profile-plan.ts';
import { endpointOf, type ServiceClients } from './service-clients.ts';

/** AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY; null where they are not set. */
export function variableKeys(environment: Variables): Credentials | null {
  const accessKeyId = environment['AWS_ACCESS_KEY_ID'];
  const secretAccessKey = environment['AWS_SECRET_ACCESS_KEY'];
  if (!accessKeyId || !secretAccessKey) return null;
  return { accessKeyId, secretAccessKey, sessionToken: environment['AWS_SESSION_TOKEN'] || null };
}

/**
 * What variables and machine give, in the order of Amazon's own tools: keys in variables, a token in a file that variables
 * name, the container's role, the instance's.
 */
export function environmentCredentials(
  environment: Variables,
  clients: ServiceClients,
  connection: string,
): Credentials | CredentialProvider {
  const keys = variableKeys(environment);
  if (keys !== null) return keys;
  const { AWS_WEB_IDENTITY_TOKEN_FILE: tokenFile, AWS_ROLE_ARN: role } = environment;
  if (tokenFile && role) {
    return {
      name: `AWS_WEB_IDENTITY_TOKEN_FILE=${tokenFile} ${role}`,
      fetch: async () =>
        await assumeRoleWithWebIdentity(
          clients,
          {
            region: regionOf(environment) ?? 'us-east-1',
            endpoint: endpointOf('sts', await readProfileFiles(environment), null, environment),
          },
          {
            role,
            sessionName: environment['AWS_ROLE_SESSION_NAME'] || 'dipper',
            tokenFile: pathOf(tokenFile, environment),
            namedBy: 'AWS_WEB_IDENTITY_TOKEN_FILE',
            profile: null,
          },
        ),
    };
  }
  const asker = `The connection ${connection}`;
  const variable = containerVariable(environment);
  if (variable !== null) {
    return {
      name: `${variable}=${environment[variable] ?? ''}`,
      fetch: () => containerCredentials(environment, asker),
    };
  }
  return {
    name: 'instance',
    fetch: async () => {
      const found = await instanceCredentials(environment);
      if (found !== null) return found;
      throw new AppFailure(
        'credentials-missing',
        `${asker} takes its keys from AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY, which are not set where Dipper was started, and this machine has no role of its own. Set them and start Dipper again, or give the connection a profile or keys of its own.`,
      );
    },
  };
}

/** What `credential_source` of a profile names. */
export async function machineCredentials(
  source: MachineSource,
  environment: Variables,
  profile: string,
): Promise<ExpiringCredentials> {
  const asker = `The profile "${profile}"`;
  switch (source) {
    case 'Environment': {
      const keys = variableKeys(environment);
      if (keys !== null) return { credentials: keys, expiresAt: null };
      throw new AppFailure(
        'credentials-missing',
        `${asker} takes its keys from AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY, which are not set where Dipper was started.`,
      );
    }
    case 'EcsContainer':
      return await containerCredentials(environment, asker);
    case 'Ec2InstanceMetadata': {
      const found = await instanceCredentials(environment);
      if (found !== null) return found;
      throw new AppFailure(
        'credentials-missing',
        `${asker} takes its keys from the instance that Dipper runs on, which gives none. Run Dipper on one that has a role.`,
      );
    }
  }
}

export function regionOf(environment: Variables): string | null {
  return environment['AWS_REGION'] || environment['AWS_DEFAULT_REGION'] || null;
}
