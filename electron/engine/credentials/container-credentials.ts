import { AppFailure } from '../../../shared/result.ts';
import type { ExpiringCredentials } from '../s3/s3-client.ts';
import type { Variables } from './profile-files.ts';

/** Names of variables, as ECS, EKS Pod Identity and Greengrass set them where they start a program. */
const PLACES = ['AWS_CONTAINER_CREDENTIALS_RELATIVE_URI', 'AWS_CONTAINER_CREDENTIALS_FULL_URI'] as const;

/** The variable that names where the container's keys are; null where none does. */
export function containerVariable(environment: Variables): (typeof PLACES)[number] | null {
  return PLACES.find((name) => environment[name]) ?? null;
}

/** Temporary keys of the role that this process runs under, from the address that its environment names. */
export async function containerCredentials(environment: Variables, asker: string): Promise<ExpiringCredentials> {
  const variable = containerVariable(environment);
  const [relative, full] = PLACES.map((name) => (name === variable ? (environment[name] ?? '') : ''));
  // Few need it, so few wait for it to load.
  const { fromHttp } = await import('@aws-sdk/credential-provider-http');
  try {
    const found = await fromHttp({
      // Empty rather than left out: it looks into the variables of this process otherwise.
      awsContainerCredentialsRelativeUri: relative ?? '',
      awsContainerCredentialsFullUri: full ?? '',
      awsContainerAuthorizationToken: environment['AWS_CONTAINER_AUTHORIZATION_TOKEN'] ?? '',
      awsContainerAuthorizationTokenFile: environment['AWS_CONTAINER_AUTHORIZATION_TOKEN_FILE'] ?? '',
      maxRetries: 1,
    })();
    return {
      credentials: {
        accessKeyId: found.accessKeyId,
        secretAccessKey: found.secretAccessKey,
        sessionToken: found.sessionToken ?? null,
      },
      expiresAt: found.expiration?.getTime() ?? null,
    };
  } catch (cause) {
    const reason = cause instanceof Error ? cause.message.split('\n', 1)[0] : String(cause);
    throw new AppFailure(
      'credentials-missing',
      `${asker} takes its keys from where ${variable ?? PLACES[0]} points, which gives none: ${reason}. Try again, or set AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY and start Dipper again.`,
      { retryable: true, cause },
    );
  }
}
