import type {
  AwsProfile,
  AwsProfiles,
  NamedProfileFiles,
  ProfileFilePaths,
  SignInKind,
  SignInStep,
} from '../../../shared/aws-profile.ts';
import { AppFailure } from '../../../shared/result.ts';
import { hasCode } from '../records/write-failures.ts';
import { sameCredentials } from '../s3/credentials.ts';
import type { CredentialProvider, Credentials, ExpiringCredentials } from '../s3/s3-client.ts';
import { assumeRole, assumeRoleWithWebIdentity, type StsPlace } from './assume-role.ts';
import { runCredentialProcess } from './credential-process.ts';
import { describeProfile } from './describe-profile.ts';
import { machineCredentials, regionOf } from './machine-credentials.ts';
import { pathOf, profileFilePaths, readProfileFiles, type ProfileFiles, type Variables } from './profile-files.ts';
import { planProfile, ProfileProblem, type ProfilePlan, type RolePlan, type SsoSession } from './profile-plan.ts';
import { endpointOf, type ServiceClients } from './service-clients.ts';
import { roleCredentials } from './sso-role.ts';
import type { OpenOidc, SsoSessions } from './sso-sessions.ts';

/** The profiles of this machine: what they are, their credentials, and the way to sign in. Every failure is an `AppFailure`. */
export interface ProfileSource {
  list(): Promise<AwsProfiles>;
  /** Where somebody looks whose variables name these files. */
  pathsOf(named: NamedProfileFiles): ProfileFilePaths;
  /** Null where there is none of this name. */
  find(name: string): Promise<AwsProfile | null>;
  /** Its `fetch` throws `sign-in-needed` where a person has to do something first, with the profile in its detail. */
  provider(name: string): CredentialProvider;
  /** What comes first; begins a sign-in through the browser. */
  beginSignIn(name: string, signal: AbortSignal): Promise<SignInStep>;
  /** Waits for the person in the browser, or uses the code that is given, and answers what comes next. */
  continueSignIn(name: string, code: string | null, signal: AbortSignal): Promise<SignInStep>;
}

interface Ways {
  readonly environment: Variables;
  readonly clients: ServiceClients;
  readonly sessions: SsoSessions;
  readonly now?: () => number;
}

/** What stands between a profile and its credentials. */
type Obstacle =
  | { readonly kind: 'browser'; readonly session: SsoSession; readonly profile: string }
  | { readonly kind: 'code'; readonly plan: RolePlan; readonly device: string };

export function createProfileSource({ environment, clients, sessions, now = Date.now }: Ways): ProfileSource {
  /** Roles that were taken with a code, while they last: a code can be used once. In memory only. */
  const taken = new Map<string, ExpiringCredentials>();

  const takenFor = (plan: RolePlan): ExpiringCredentials | null => {
    const found = taken.get(JSON.stringify(plan));
    if (found === undefined || found.expiresAt === null || found.expiresAt > now()) return found ?? null;
    taken.delete(JSON.stringify(plan));
    return null;
  };

  /** Answers whether they were those of a code. */
  const forget = (refused: Credentials): boolean => {
    const found = [...taken].find(([, { credentials }]) => sameCredentials(credentials, refused));
    return found !== undefined && taken.delete(found[0]);
  };

  const openOidc =
    (files: ProfileFiles, profile: string, { region }: SsoSession): OpenOidc =>
    () =>
      clients.ssoOidc(region, endpointOf('sso_oidc', files, files.profiles.get(profile) ?? null, environment));

  const stsPlace = (files: ProfileFiles, profile: string): StsPlace => {
    const section = files.profiles.get(profile) ?? null;
    const region = section?.get('region') ?? regionOf(environment) ?? 'us-east-1';
    return { region, endpoint: endpointOf('sts', files, section, environment) };
  };

  /** Sends nothing. `owner`: the profile that `plan` is written in. */
  const obstacleOf = async (plan: ProfilePlan, owner: string): Promise<Obstacle | null> => {
    if (plan.way === 'sso') {
      const { session } = plan;
      return (await sessions.isSignedIn(session)) ? null : { kind: 'browser', session, profile: owner };
    }
    if (plan.way !== 'role' || takenFor(plan) !== null) return null;
    const before = await obstacleOf(plan.from, plan.fromProfile ?? owner);
    if (before !== null) return before;
    return plan.mfaDevice === null ? null : { kind: 'code', plan, device: plan.mfaDevice };
  };

  const resolve = async (
    files: ProfileFiles,
    plan: ProfilePlan,
    owner: string,
    asked: string,
  ): Promise<ExpiringCredentials> => {
    switch (plan.way) {
      case 'keys':
        return { credentials: plan.credentials, expiresAt: null };
      case 'process':
        return await runCredentialProcess(plan.profile, plan.command, environment);
      case 'machine':
        return await machineCredentials(plan.source, environment, owner);
      case 'web-identity':
        return await assumeRoleWithWebIdentity(clients, stsPlace(files, owner), {
          role: plan.role,
          sessionName: plan.sessionName,
          tokenFile: pathOf(plan.tokenFile, environment),
          namedBy: `the profile "${owner}"`,
          profile: owner,
        });
      case 'sso': {
        const { session } = plan;
        const token = await sessions.token(session, openOidc(files, owner, session));
        if (token === null) throw signInNeeded({ kind: 'browser', session, profile: owner }, asked);
        const endpoint = endpointOf('sso', files, files.profiles.get(owner) ?? null, environment);
        const found = await roleCredentials(await clients.sso(session.region, endpoint), plan, token, owner);
        if (found !== null) return found;
        sessions.refuse(token);
        throw signInNeeded({ kind: 'browser', session, profile: owner }, asked);
      }
      case 'role': {
        const kept = takenFor(plan);
        if (kept !== null) return kept;
        const from = await resolve(files, plan.from, plan.fromProfile ?? owner, asked);
        if (plan.mfaDevice !== null) throw signInNeeded({ kind: 'code', plan, device: plan.mfaDevice }, asked);
        try {
          return await assumeRole(clients, stsPlace(files, owner), from.credentials, { ...plan, mfa: null });
        } catch (error) {
          if (!hasCode(error, 'token-expired') || !forget(from.credentials)) throw error;
          return await resolve(files, plan, owner, asked);
        }
      }
    }
  };

  const stepFor = async (files: ProfileFiles, name: string, signal: AbortSignal): Promise<SignInStep> => {
    const obstacle = await obstacleOf(planOf(files, name), name);
    if (obstacle === null) return { step: 'done' };
    if (obstacle.kind === 'code') {
      return { step: 'code', profile: obstacle.plan.profile, device: obstacle.device };
    }
    const { session, profile } = obstacle;
    return await sessions.begin(session, openOidc(files, profile, session), signal);
  };

  const describe = async (files: ProfileFiles, name: string): Promise<AwsProfile> => {
    const { plan, ...described } = describeProfile(files, name, environment);
    const obstacle = plan === null ? null : await obstacleOf(plan, name);
    const signIn: SignInKind | null = obstacle?.kind ?? null;
    return { ...described, signIn };
  };

  return {
    list: async () => {
      const files = await readProfileFiles(environment);
      const profiles = await Promise.all(Array.from(files.profiles.keys(), (name) => describe(files, name)));
      return { files: files.paths, profiles, problems: files.problems };
    },
    pathsOf: ({ config, credentials }) =>
      profileFilePaths({
        ...environment,
        AWS_CONFIG_FILE: config ?? undefined,
        AWS_SHARED_CREDENTIALS_FILE: credentials ?? undefined,
      }),
    find: async (name) => {
      const files = await readProfileFiles(environment);
      return files.profiles.has(name) ? await describe(files, name) : null;
    },
    provider: (name) => ({
      name: `profile ${name}`,
      fetch: async (refused) => {
        if (refused !== undefined) forget(refused);
        const files = await readProfileFiles(environment);
        return await resolve(files, planOf(files, name), name, name);
      },
    }),
    beginSignIn: async (name, signal) => {
      const files = await readProfileFiles(environment);
      const step = await stepFor(files, name, signal);
      // What the files and the cache say may be out of date: whether it is done, the service says.
      if (step.step !== 'done') return step;
      try {
        await resolve(files, planOf(files, name), name, name);
        return step;
      } catch (error) {
        if (!hasCode(error, 'sign-in-needed')) throw error;
        return await stepFor(files, name, signal);
      }
    },
    continueSignIn: async (name, code, signal) => {
      const files = await readProfileFiles(environment);
      const obstacle = await obstacleOf(planOf(files, name), name);
      if (obstacle?.kind === 'browser') {
        await sessions.finish(obstacle.session, openOidc(files, obstacle.profile, obstacle.session), signal);
      } else if (obstacle?.kind === 'code' && code !== null) {
        const { plan, device } = obstacle;
        const owner = plan.profile;
        const from = await resolve(files, plan.from, plan.fromProfile ?? owner, name);
        const mfa = { device, code };
        const found = await assumeRole(clients, stsPlace(files, owner), from.credentials, { ...plan, mfa });
        taken.set(JSON.stringify(plan), found);
      }
      return await stepFor(files, name, signal);
    },
  };
}

/** Throws `credentials-missing` where the profile is not there or broken. */
function planOf(files: ProfileFiles, name: string): ProfilePlan {
  try {
    return planProfile(files, name);
  } catch (error) {
    if (!(error instanceof ProfileProblem)) throw error;
    throw new AppFailure('credentials-missing', `The profile "${name}" cannot be used. ${error.message}`, {
      cause: error,
      detail: { profile: name },
    });
  }
}

function signInNeeded(obstacle: Obstacle, profile: string): AppFailure {
  const why =
    obstacle.kind === 'browser'
      ? `its session at ${obstacle.session.startUrl} has not begun or has ended`
      : `the role ${obstacle.plan.role} takes a code of ${obstacle.device}`;
  return new AppFailure(
    'sign-in-needed',
    `The profile "${profile}" needs a person: ${why}. Sign in (on a command line: dipper sign-in ${profile}), then try again.`,
    { detail: { profile } },
  );
}
