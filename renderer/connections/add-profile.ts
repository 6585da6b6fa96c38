import type { AwsProfile, AwsProfiles } from '../../shared/aws-profile.ts';
import type { Connection } from '../../shared/connection.ts';
import { call } from '../api/call.ts';
import { connectionOfProfile } from './connection-form.ts';

/** Profiles of Amazon's tools that no connection uses; none while they are not known. */
export function unusedProfiles(
  found: AwsProfiles | undefined,
  connections: readonly Connection[],
): readonly AwsProfile[] {
  const used = new Set(
    connections.map(({ credentials }) => (credentials.source === 'profile' ? credentials.profile : null)),
  );
  return found?.profiles.filter(({ name }) => !used.has(name)) ?? [];
}

/** Makes a connection of a profile and answers it. */
export function addProfile(profile: AwsProfile, connections: readonly Connection[]): Promise<Connection> {
  const taken = connections.map(({ name }) => name);
  return call('connections:save', { connection: connectionOfProfile(crypto.randomUUID(), profile, taken) });
}
