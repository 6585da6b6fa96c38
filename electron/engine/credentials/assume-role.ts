import { readFile } from 'node:fs/promises';
import { fileErrorCode } from '../../../shared/file-failure.ts';
import { AppFailure } from '../../../shared/result.ts';
import type { Credentials, ExpiringCredentials } from '../s3/s3-client.ts';
import { expiringOf } from './expiring.ts';
import type { ServiceClients } from './service-clients.ts';
import { serviceFailure } from './service-failure.ts';

/** Where STS is asked. */
export interface StsPlace {
  readonly region: string;
  readonly endpoint: string | null;
}

export interface RoleRequest {
  /** ARN. */
  readonly role: string;
  readonly sessionName: string;
  readonly seconds: number;
  readonly externalId: string | null;
  readonly mfa: { readonly device: string; readonly code: string } | null;
  /** For messages. */
  readonly profile: string;
}

export async function assumeRole(
  clients: ServiceClients,
  place: StsPlace,
  from: Credentials,
  request: RoleRequest,
): Promise<ExpiringCredentials> {
  const { role, sessionName, seconds, externalId, mfa, profile } = request;
  try {
    const { AssumeRoleCommand } = await import('@aws-sdk/client-sts');
    const sts = await clients.sts(place.region, place.endpoint, from);
    const { Credentials: given } = await sts.send(
      new AssumeRoleCommand({
        RoleArn: role,
        RoleSessionName: sessionName,
        DurationSeconds: seconds,
        ...(externalId === null ? {} : { ExternalId: externalId }),
        ...(mfa === null ? {} : { SerialNumber: mfa.device, TokenCode: mfa.code }),
      }),
    );
    return expiringOf(given, { what: `STS gave the profile "${profile}" no credentials for ${role}`, profile });
  } catch (error) {
    throw serviceFailure(error, {
      what: `The profile "${profile}" may not take the role ${role}`,
      profile,
      ...(mfa === null ? {} : { remedy: 'Type the code that the device shows now: each can be used once.' }),
    });
  }
}

export interface WebIdentityRequest {
  readonly role: string;
  readonly sessionName: string;
  /** Absolute path; read anew each time, because who gives the tokens writes a new one in time. */
  readonly tokenFile: string;
  /** What names the file: a profile, or the variables. */
  readonly namedBy: string;
  readonly profile: string | null;
}

export async function assumeRoleWithWebIdentity(
  clients: ServiceClients,
  place: StsPlace,
  request: WebIdentityRequest,
): Promise<ExpiringCredentials> {
  const { role, sessionName, tokenFile, namedBy, profile } = request;
  let token: string;
  try {
    token = (await readFile(tokenFile, 'utf8')).trim();
  } catch (cause) {
    throw new AppFailure(
      'credentials-missing',
      `The token of ${tokenFile}, which ${namedBy} names, cannot be read (${fileErrorCode(cause) ?? 'unknown error'}). Put it there, then try again.`,
      { cause },
    );
  }
  try {
    const { AssumeRoleWithWebIdentityCommand } = await import('@aws-sdk/client-sts');
    const sts = await clients.sts(place.region, place.endpoint, null);
    const { Credentials: given } = await sts.send(
      new AssumeRoleWithWebIdentityCommand({ RoleArn: role, RoleSessionName: sessionName, WebIdentityToken: token }),
    );
    return expiringOf(given, { what: `STS gave no credentials for ${role}`, profile });
  } catch (error) {
    throw serviceFailure(error, { what: `The token of ${namedBy} does not give the role ${role}`, profile });
  }
}
