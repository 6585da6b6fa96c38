import type { SSOClient } from '@aws-sdk/client-sso';
import type { ExpiringCredentials } from '../s3/s3-client.ts';
import { expiringOf } from './expiring.ts';
import type { ProfilePlan } from './profile-plan.ts';
import { serviceFailure } from './service-failure.ts';
import type { SsoToken } from './sso-tokens.ts';

/** Credentials of the account and role that a profile names; null where the portal does not take the token any more. */
export async function roleCredentials(
  sso: SSOClient,
  { account, role }: Extract<ProfilePlan, { way: 'sso' }>,
  { accessToken }: SsoToken,
  profile: string,
): Promise<ExpiringCredentials | null> {
  try {
    const { GetRoleCredentialsCommand } = await import('@aws-sdk/client-sso');
    const { roleCredentials: given } = await sso.send(
      new GetRoleCredentialsCommand({ accountId: account, roleName: role, accessToken }),
    );
    return expiringOf(
      {
        AccessKeyId: given?.accessKeyId,
        SecretAccessKey: given?.secretAccessKey,
        SessionToken: given?.sessionToken,
        Expiration: given?.expiration === undefined ? undefined : new Date(given.expiration),
      },
      { what: `SSO gave the profile "${profile}" no credentials`, profile },
    );
  } catch (error) {
    if (error instanceof Error && error.name === 'UnauthorizedException') return null;
    throw serviceFailure(error, { what: `SSO gives the profile "${profile}" no ${role} in ${account}`, profile });
  }
}
