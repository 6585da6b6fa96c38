import type { Credentials } from '../s3/s3-client.ts';
import type { ProfileFiles, Section } from './profile-files.ts';

/** How a profile comes to its credentials; a role has the way before it. */
export type ProfilePlan =
  | { readonly way: 'keys'; readonly credentials: Credentials }
  | { readonly way: 'sso'; readonly session: SsoSession; readonly account: string; readonly role: string }
  | RolePlan
  | {
      readonly way: 'web-identity';
      readonly profile: string;
      readonly role: string;
      readonly tokenFile: string;
      readonly sessionName: string;
    }
  | { readonly way: 'process'; readonly profile: string; readonly command: string }
  | { readonly way: 'machine'; readonly source: MachineSource };

export interface RolePlan {
  readonly way: 'role';
  readonly profile: string;
  /** ARN. */
  readonly role: string;
  readonly from: ProfilePlan;
  /** Name of the profile before it; null where it is the machine. */
  readonly fromProfile: string | null;
  readonly externalId: string | null;
  readonly sessionName: string;
  readonly seconds: number;
  /** Serial number or ARN of the device whose code it takes. */
  readonly mfaDevice: string | null;
}

export interface SsoSession {
  /** What its file in the cache is named after: the name of the session or, where it has none, its address. */
  readonly id: string;
  readonly startUrl: string;
  readonly region: string;
  /** Asked for where a session has a name; it can then be renewed. */
  readonly scopes: readonly string[] | null;
}

/** As the setting `credential_source` has them. */
export const MACHINE_SOURCES = ['Environment', 'Ec2InstanceMetadata', 'EcsContainer'] as const;
export type MachineSource = (typeof MACHINE_SOURCES)[number];

/** What is wrong with a profile, in sentences that say what to do. */
export class ProfileProblem extends Error {}

class CircleProblem extends ProfileProblem {}

/**
 * In the order of Amazon's own tools: a role with a source goes before keys, web identity, a program and SSO. Throws
 * `ProfileProblem`.
 */
export function planProfile(files: ProfileFiles, name: string, sources: readonly string[] = []): ProfilePlan {
  const section = files.profiles.get(name);
  if (section === undefined) throw new ProfileProblem(`There is no profile "${name}" in ${files.paths.config}.`);
  const keys = keysOf(section);
  // A profile may take a role with its own keys.
  if (sources.length > 0 && keys !== null) return keys;
  const role = section.get('role_arn');
  const sourceProfile = section.get('source_profile');
  const machine = section.get('credential_source');
  if (role !== undefined && (sourceProfile !== undefined || machine !== undefined)) {
    return {
      way: 'role',
      profile: name,
      role,
      ...sourceOf(files, name, { sourceProfile, machine }, sources),
      externalId: section.get('external_id') ?? null,
      sessionName: section.get('role_session_name') ?? 'dipper',
      seconds: secondsOf(section.get('duration_seconds')),
      mfaDevice: section.get('mfa_serial') ?? null,
    };
  }
  if (keys !== null) return keys;
  const tokenFile = section.get('web_identity_token_file');
  if (tokenFile !== undefined) {
    if (role === undefined)
      throw new ProfileProblem('It names web_identity_token_file without role_arn. Add role_arn.');
    const sessionName = section.get('role_session_name') ?? 'dipper';
    return { way: 'web-identity', profile: name, role, tokenFile, sessionName };
  }
  const command = section.get('credential_process');
  if (command !== undefined) return { way: 'process', profile: name, command };
  if (SSO_SETTINGS.some((setting) => section.has(setting))) return ssoPlan(files, section);
  throw new ProfileProblem(whatIsMissing(section));
}

const SSO_SETTINGS = ['sso_session', 'sso_start_url', 'sso_account_id', 'sso_role_name'];

function sourceOf(
  files: ProfileFiles,
  name: string,
  source: { readonly sourceProfile: string | undefined; readonly machine: string | undefined },
  sources: readonly string[],
): Pick<RolePlan, 'from' | 'fromProfile'> {
  const { sourceProfile, machine } = source;
  if (sourceProfile !== undefined && machine !== undefined) {
    throw new ProfileProblem('It names both source_profile and credential_source. Keep one of them.');
  }
  if (machine !== undefined) {
    const known = MACHINE_SOURCES.find((each) => each === machine);
    if (known !== undefined) return { from: { way: 'machine', source: known }, fromProfile: null };
    throw new ProfileProblem(`Its credential_source is ${machine}; there are ${MACHINE_SOURCES.join(', ')}.`);
  }
  const next = sourceProfile ?? '';
  const way = [...sources, name];
  const nextSection = files.profiles.get(next);
  if (nextSection === undefined) throw new ProfileProblem(`Its source_profile "${next}" is not there.`);
  if (sources.includes(next) && keysOf(nextSection) === null) {
    throw new CircleProblem(`Its source_profile leads in a circle: ${[...way, next].join(', ')}.`);
  }
  try {
    return { from: planProfile(files, next, way), fromProfile: next };
  } catch (error) {
    // A circle is named once, whichever of its profiles is looked at.
    if (!(error instanceof ProfileProblem) || error instanceof CircleProblem || sources.length > 0) throw error;
    throw new ProfileProblem(`Its source_profile "${next}" cannot be used. ${error.message}`, { cause: error });
  }
}

function keysOf(section: Section): ProfilePlan | null {
  const accessKeyId = section.get('aws_access_key_id');
  const secretAccessKey = section.get('aws_secret_access_key');
  if (accessKeyId === undefined || secretAccessKey === undefined) return null;
  const sessionToken = section.get('aws_session_token') ?? null;
  return { way: 'keys', credentials: { accessKeyId, secretAccessKey, sessionToken } };
}

function ssoPlan(files: ProfileFiles, section: Section): ProfilePlan {
  const name = section.get('sso_session');
  const session = name === undefined ? section : files.sessions.get(name);
  if (session === undefined) throw new ProfileProblem(`Its sso_session "${name ?? ''}" is not there.`);
  const needed = (from: Section, setting: string): string => {
    const value = from.get(setting);
    if (value !== undefined) return value;
    const place = name !== undefined && from === session ? `the sso-session "${name}"` : 'it';
    throw new ProfileProblem(`For SSO, ${setting} is missing in ${place}. "aws configure sso" asks for all of it.`);
  };
  const startUrl = needed(session, 'sso_start_url');
  return {
    way: 'sso',
    session: {
      id: name ?? startUrl,
      startUrl,
      region: needed(session, 'sso_region'),
      scopes: name === undefined ? null : scopesOf(session.get('sso_registration_scopes')),
    },
    account: needed(section, 'sso_account_id'),
    role: needed(section, 'sso_role_name'),
  };
}

function scopesOf(text: string | undefined): readonly string[] {
  const scopes = (text ?? '').split(',').map((scope) => scope.trim());
  const named = scopes.filter((scope) => scope !== '');
  return named.length === 0 ? ['sso:account:access'] : named;
}

/** From 15 minutes to 12 hours; the role itself may allow less. */
function secondsOf(text: string | undefined): number {
  if (text === undefined) return 3600;
  const seconds = /^\d{1,6}$/.test(text) ? Number(text) : 0;
  if (seconds >= 900 && seconds <= 43_200) return seconds;
  throw new ProfileProblem(`Its duration_seconds is ${text}; a role can be taken for 900 to 43200 seconds.`);
}

function whatIsMissing(section: Section): string {
  if (section.has('login_session')) {
    return 'It signs in with "aws login", which Dipper cannot do. A profile with credential_process = aws configure export-credentials --profile NAME passes its credentials on.';
  }
  if (section.has('aws_access_key_id')) return 'It has aws_access_key_id without aws_secret_access_key. Add that.';
  if (section.has('aws_secret_access_key')) return 'It has aws_secret_access_key without aws_access_key_id. Add that.';
  if (section.has('role_arn')) {
    return 'It names role_arn, but not whose credentials may take the role. Add source_profile or credential_source.';
  }
  return 'It says nothing of credentials. Add keys, sso_session, role_arn or credential_process to it.';
}
