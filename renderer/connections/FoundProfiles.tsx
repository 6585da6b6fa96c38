import { useState } from 'react';
import type { AwsProfile } from '../../shared/aws-profile.ts';
import type { Connection } from '../../shared/connection.ts';
import type { AppError } from '../../shared/result.ts';
import { toAppError } from '../api/call.ts';
import { useProfiles } from '../api/collection-queries.ts';
import { failureTitle } from '../ui/failure-texts.ts';
import { countOf } from '../ui/format.ts';
import { Notice } from '../ui/Notice.tsx';
import { addProfile, unusedProfiles } from './add-profile.ts';
import styles from './FoundProfiles.module.css';
import { profileWords } from './profile-words.ts';
import { Way } from './Way.tsx';

export interface FoundProfilesProps {
  readonly connections: readonly Connection[];
  /** The connection that was made, with what a person has to do before it answers. */
  readonly onMade: (connection: Connection, profile: AwsProfile) => void;
}

/** Profiles of Amazon's tools that no connection uses yet: a press makes one. Nothing where there are none. */
export function FoundProfiles({ connections, onMade }: FoundProfilesProps) {
  const { data } = useProfiles();
  const [error, setError] = useState<AppError | null>(null);
  const profiles = unusedProfiles(data, connections);
  const problems = data?.problems ?? [];
  if (profiles.length === 0 && problems.length === 0) return null;

  async function make(profile: AwsProfile): Promise<void> {
    try {
      onMade(await addProfile(profile, connections), profile);
    } catch (thrown) {
      setError(toAppError(thrown));
    }
  }

  return (
    <section className={styles.found} aria-label="Profiles found on this machine">
      <h2 className={styles.title}>{`${countOf(profiles.length, 'profile')} in ${data?.files.config ?? ''}`}</h2>
      {error === null ? null : (
        <Notice kind="error" title={failureTitle(error.code, null)}>
          {error.message}
        </Notice>
      )}
      {problems.map((problem) => (
        <Notice key={problem} kind="warn">
          {problem}
        </Notice>
      ))}
      <ul className={styles.list}>
        {profiles.map((profile) => (
          <Way
            key={profile.name}
            icon={profile.problem === null ? 'key' : 'warn'}
            title={profile.name}
            text={profileWords(profile)}
            onPress={profile.problem === null ? () => void make(profile) : null}
          />
        ))}
      </ul>
    </section>
  );
}
