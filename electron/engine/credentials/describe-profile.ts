import type { AwsProfile, AwsProfileKind } from '../../../shared/aws-profile.ts';
import { programOf } from './credential-process.ts';
import { regionOf } from './machine-credentials.ts';
import type { ProfileFiles, Variables } from './profile-files.ts';
import { planProfile, ProfileProblem, type MachineSource, type ProfilePlan } from './profile-plan.ts';
import { endpointOf } from './service-clients.ts';

/** A profile without what a person has to do: that depends on the time. */
export interface DescribedProfile extends Omit<AwsProfile, 'signIn'> {
  /** Null where it is broken. */
  readonly plan: ProfilePlan | null;
}

const STYLES: Readonly<Record<string, boolean>> = { path: true, virtual: false };

const MACHINES: Readonly<Record<MachineSource, string>> = {
  Environment: 'the AWS_ variables',
  Ec2InstanceMetadata: 'the role of this instance',
  EcsContainer: 'the role of this container',
};

/** No secrets: of keys their id, of a program its name. */
export function describeProfile(files: ProfileFiles, name: string, environment: Variables): DescribedProfile {
  const section = files.profiles.get(name) ?? new Map<string, string>();
  const place = {
    name,
    region: section.get('region') ?? regionOf(environment),
    endpoint: originOf(endpointOf('s3', files, section, environment)),
    pathStyle: STYLES[section.get('s3.addressing_style') ?? ''] ?? null,
  };
  try {
    const plan = planProfile(files, name);
    return { ...place, ...words(plan), problem: null, plan };
  } catch (error) {
    if (!(error instanceof ProfileProblem)) throw error;
    return { ...place, kind: 'broken', description: 'cannot be used', problem: error.message, plan: null };
  }
}

/** Without a final `/`; what is no base URL is left as it is, for whoever connects to say so. */
function originOf(endpoint: string | null): string | null {
  if (endpoint === null || !URL.canParse(endpoint)) return endpoint;
  const url = new URL(endpoint);
  return url.pathname === '/' && url.search === '' && url.hash === '' ? url.origin : endpoint;
}

function words(plan: ProfilePlan): { readonly kind: AwsProfileKind; readonly description: string } {
  switch (plan.way) {
    case 'keys': {
      const { accessKeyId, sessionToken } = plan.credentials;
      return { kind: 'keys', description: `${sessionToken === null ? 'access key' : 'temporary key'} ${accessKeyId}` };
    }
    case 'sso':
      return { kind: 'sso', description: `SSO, ${plan.role} in ${plan.account}` };
    case 'role': {
      const asks = plan.mfaDevice === null ? '' : ', asks for an MFA code';
      return { kind: 'role', description: `assumes ${roleName(plan.role)} from ${sourceName(plan)}${asks}` };
    }
    case 'web-identity':
      return { kind: 'web-identity', description: `web identity, ${roleName(plan.role)}` };
    case 'process':
      return { kind: 'process', description: `process ${programOf(plan.command)}` };
    case 'machine':
      return { kind: 'machine', description: MACHINES[plan.source] };
  }
}

function sourceName({ fromProfile, from }: Extract<ProfilePlan, { way: 'role' }>): string {
  if (fromProfile !== null) return fromProfile;
  return from.way === 'machine' ? MACHINES[from.source] : 'another source';
}

/** `deploy in 123456789012` of `arn:aws:iam::123456789012:role/path/deploy`. */
function roleName(arn: string): string {
  const [, account, path] = /^arn:[^:]*:iam::(\d+):role\/(.+)$/.exec(arn) ?? [];
  return account === undefined || path === undefined ? arn : `${path.replace(/^.*\//, '')} in ${account}`;
}
