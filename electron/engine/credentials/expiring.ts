import { AppFailure } from '../../../shared/result.ts';
import type { ExpiringCredentials } from '../s3/s3-client.ts';
import type { FailedUse } from './service-failure.ts';

/** As STS names its parts. */
interface GivenCredentials {
  readonly AccessKeyId?: string | undefined;
  readonly SecretAccessKey?: string | undefined;
  readonly SessionToken?: string | undefined;
  readonly Expiration?: Date | undefined;
}

/** Throws `credentials-missing` where a part of them is missing. */
export function expiringOf(given: GivenCredentials | undefined, { what }: FailedUse): ExpiringCredentials {
  const { AccessKeyId: accessKeyId, SecretAccessKey: secretAccessKey, SessionToken, Expiration } = given ?? {};
  if (!accessKeyId || !secretAccessKey) throw new AppFailure('credentials-missing', `${what}. Try again.`);
  const credentials = { accessKeyId, secretAccessKey, sessionToken: SessionToken ?? null };
  return { credentials, expiresAt: Expiration?.getTime() ?? null };
}
