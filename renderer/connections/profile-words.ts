import type { AwsProfile, AwsProfileKind } from '../../shared/aws-profile.ts';

export const PROFILE_KINDS: Readonly<Record<AwsProfileKind, string>> = {
  keys: 'keys',
  sso: 'SSO',
  role: 'role',
  process: 'program',
  'web-identity': 'web identity',
  machine: 'this machine',
  broken: 'cannot be used',
};

/** What a profile is and what it takes now, in a sentence. */
export function profileWords(profile: AwsProfile): string {
  const { description, problem } = profile;
  if (problem !== null) return problem;
  const place = profile.endpoint?.replace(/^https?:\/\//, '') ?? profile.region;
  const sentence = `${description.charAt(0).toUpperCase()}${description.slice(1)}${place === null ? '' : `, ${place}`}`;
  return profile.signIn === null ? `${sentence}.` : `${sentence}. ${signInWords(profile)}.`;
}

/** What a person has to do first; empty for nothing. */
export function signInWords({ signIn }: AwsProfile): string {
  switch (signIn) {
    case 'browser':
      return 'Needs a sign-in in the browser';
    case 'code':
      return 'Needs a code';
    case null:
      return '';
  }
}
