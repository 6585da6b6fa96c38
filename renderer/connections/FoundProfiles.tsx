import { useState } from 'react';
import type { AwsProfile } from '../../shared/aws-profile.ts';
import type { Connection } from '../../shared/connection.ts';
import type { AppError } from '../../shared/result.ts';
import { call, toAppError } from '../api/call.ts';
import { useProfiles } from '../api/collection-queries.ts';
import { failureTitle } from '../ui/failure-texts.ts';
import { countOf } from '../ui/format.ts';
import { Icon } from '../ui/Icon.tsx';
import { Notice } from '../ui/Notice.tsx';
import { connectionOfProfile } from './connection-form.ts';
import styles from './FoundProfiles.module.css';
import { profileWords } from './profile-words.ts';

export interface FoundProfilesProps {
  readonly connections: readonly Connection[];
  /** The connection that was made, with what a person has to do before it answers. */
  readonly onMade: (connection: Connection, profile: AwsProfile) => void;
}

/** Profiles of Amazon's tools that no connection uses yet: a press makes one. Nothing where there are none. */
export function FoundProfiles({ connections, onMade }: FoundProfilesProps) {
  const { data } = useProfiles();
  const [error, setError] = useState<AppError | null>(null);
  const used = new Set(
    connections.map(({ credentials }) => (credentials.source === 'profile' ? credentials.profile : null)),
  );
  const profiles = data?.profiles.filter(({ name }) => !used.has(name)) ?? [];
  const problems = data?.problems ?? [];
  if (profiles.length === 0 && problems.length === 0) return null;

  async function make(profile: AwsProfile): Promise<void> {
    try {
      const names = connections.map(({ name }) => name);
      const connection = connectionOfProfile(crypto.randomUUID(), profile, names);
      onMade(await call('connections:save', { connection }), profile);
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
        {profiles.map((profile) => {
          const words = profileWords(profile);
          const inside = (
            <>
              <Icon name={profile.problem === null ? 'key' : 'warn'} />
              <span>
                <b>{profile.name}</b>
                <span>{words}</span>
              </span>
            </>
          );
          return (
            <li key={profile.name}>
              {profile.problem === null ? (
                <button type="button" className={styles.profile} onClick={() => void make(profile)}>
                  {inside}
                </button>
              ) : (
                <div className={styles.broken}>{inside}</div>
              )}
            </li>
          );
        })}
      </ul>
    </section>
  );
}
