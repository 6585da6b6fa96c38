import { AppFailure } from '../../../shared/result.ts';
import type { CredentialProvider } from './s3-client.ts';

/** Names of variables, as ECS, EKS Pod Identity and Greengrass set them where they start a program. */
const PLACES = ['AWS_CONTAINER_CREDENTIALS_RELATIVE_URI', 'AWS_CONTAINER_CREDENTIALS_FULL_URI'] as const;

/**
 * Temporary keys of the role that this process runs under, from the address that its environment names: what Amazon's own
 * tools take where no keys are set. Null where it names none.
 */
export function containerCredentials(
  environment: Readonly<Record<string, string | undefined>>,
  connection: string,
): CredentialProvider | null {
  const variable = PLACES.find((name) => environment[name]);
  if (variable === undefined) return null;
  const [relative, full] = PLACES.map((name) => (name === variable ? (environment[name] ?? '') : ''));
  return {
    name: `${variable}=${environment[variable] ?? ''}`,
    async fetch() {
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
          `The connection ${connection} takes its keys from where ${variable} points, which gives none: ${reason}. Try again, or set AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY and start Dipper again.`,
          { retryable: true, cause },
        );
      }
    },
  };
}
