import type { AwsProfile } from '../../shared/aws-profile.ts';
import type { Connection } from '../../shared/connection.ts';
import { useProfiles } from '../api/collection-queries.ts';
import { useLocalServers } from '../api/server-queries.ts';
import { addLocalServer } from './add-local-server.ts';
import { addProfile, unusedProfiles } from './add-profile.ts';
import { profileWords } from './profile-words.ts';
import { foundTitle, foundWhere } from './server-words.ts';

/** Something of this machine that a connection can be made of without typing. */
export interface FoundHere {
  readonly id: string;
  readonly icon: 'server' | 'key';
  readonly title: string;
  readonly about: string;
  /** Why none can be made of it; null where one can. */
  readonly problem: string | null;
  readonly add: () => Promise<Connection>;
  /** Where it is one. */
  readonly profile: AwsProfile | null;
}

/** Servers that answer and that no connection leads to. */
export function useFoundServers(connections: readonly Connection[]): readonly FoundHere[] {
  return useLocalServers().map((server): FoundHere => ({
    id: server.endpoint,
    icon: 'server',
    title: foundTitle(server),
    about: foundWhere(server),
    problem: null,
    add: () => addLocalServer(server, connections),
    profile: null,
  }));
}

/** Profiles of Amazon's tools that no connection uses. */
export function useFoundProfiles(connections: readonly Connection[]): readonly FoundHere[] {
  return unusedProfiles(useProfiles().data, connections).map((profile): FoundHere => ({
    id: `profile ${profile.name}`,
    icon: 'key',
    title: profile.name,
    about: profileWords(profile),
    problem: profile.problem,
    add: () => addProfile(profile, connections),
    profile,
  }));
}
