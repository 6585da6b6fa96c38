import { useId, useState } from 'react';
import { useProfiles } from '../api/collection-queries.ts';
import { useApplicationState } from '../api/settings-queries.ts';
import { Button } from '../ui/Button.tsx';
import { FormRow } from '../ui/FormRow.tsx';
import { Segments } from '../ui/Segments.tsx';
import { Select } from '../ui/Select.tsx';
import { TextField } from '../ui/TextField.tsx';
import { type ConnectionForm, type FormProblems, withProfile } from './connection-form.ts';
import { PROFILE_KINDS, profileWords } from './profile-words.ts';
import { SignInSteps } from './SignInSteps.tsx';

export interface CredentialsFieldsProps {
  readonly form: ConnectionForm;
  /** Problems that are said by now. */
  readonly said: FormProblems;
  /** A secret of this access key is kept already. */
  readonly secretKept: boolean;
  readonly onChange: (change: Partial<ConnectionForm>) => void;
}

/** Where the credentials of a connection come from. */
export function CredentialsFields({ form, said, secretKept, onChange }: CredentialsFieldsProps) {
  const ids = useId();
  const secrets = useApplicationState().data?.secrets ?? null;
  const row = (field: string) => ({ htmlFor: `${ids}-${field}` });
  const control = (field: string) => ({ id: `${ids}-${field}`, 'aria-describedby': `${ids}-${field}-note` });
  return (
    <>
      <FormRow
        label="Credentials"
        {...row('source')}
        hint={
          form.source === 'environment'
            ? 'AWS_ACCESS_KEY_ID, AWS_SECRET_ACCESS_KEY and AWS_SESSION_TOKEN of the Dipper that runs; without them the role of its container or instance.'
            : form.source === 'anonymous'
              ? 'Requests are not signed: for buckets that anybody may read. They are opened by name.'
              : undefined
        }
      >
        <Segments
          id={`${ids}-source`}
          label="Source of the credentials"
          segments={[
            { value: 'keys', label: 'Access key' },
            { value: 'profile', label: 'Profile' },
            { value: 'environment', label: 'AWS_ variables' },
            { value: 'anonymous', label: 'Anonymous' },
          ]}
          value={form.source === 'sandbox' ? 'keys' : form.source}
          onChange={(source) => onChange({ source })}
        />
      </FormRow>
      {form.source !== 'profile' ? null : <ProfileField form={form} said={said} onChange={onChange} />}
      {form.source !== 'keys' ? null : (
        <>
          <FormRow label="Access key" {...row('key')} error={said.accessKeyId}>
            <TextField
              {...control('key')}
              wide
              mono
              value={form.accessKeyId}
              wrong={said.accessKeyId !== undefined}
              onChange={(accessKeyId) => onChange({ accessKeyId })}
            />
          </FormRow>
          <FormRow
            label="Secret key"
            {...row('secret')}
            error={said.secretAccessKey}
            hint={secretHint(secrets, secretKept)}
          >
            <TextField
              {...control('secret')}
              type="password"
              autoComplete="new-password"
              wide
              mono
              placeholder={secretKept ? 'the one kept before' : ''}
              value={form.secretAccessKey}
              wrong={said.secretAccessKey !== undefined}
              onChange={(secretAccessKey) => onChange({ secretAccessKey })}
            />
          </FormRow>
          <FormRow label="Session token" {...row('token')} hint="For temporary keys only.">
            <TextField
              {...control('token')}
              type="password"
              autoComplete="new-password"
              wide
              mono
              value={form.sessionToken}
              disabledReason={
                form.secretAccessKey === '' ? 'A token is kept together with its secret key: type that first.' : null
              }
              onChange={(sessionToken) => onChange({ sessionToken })}
            />
          </FormRow>
        </>
      )}
    </>
  );
}

function ProfileField({ form, said, onChange }: Omit<CredentialsFieldsProps, 'secretKept'>) {
  const id = useId();
  const { data } = useProfiles();
  const [signingIn, setSigningIn] = useState(false);
  const profiles = data?.profiles ?? [];
  const chosen = profiles.find(({ name }) => name === form.profile);
  const isMissing = data !== undefined && form.profile !== '' && chosen === undefined;
  const options = profiles.map((profile) => ({
    value: profile.name,
    label: profile.name,
    detail: PROFILE_KINDS[profile.kind],
  }));
  const none = { value: '', label: profiles.length === 0 ? 'None found' : 'Choose a profile' };
  return (
    <>
      <FormRow
        label="Profile"
        htmlFor={id}
        error={
          said.profile ?? chosen?.problem ?? (isMissing ? `“${form.profile}” is not in the files any more.` : null)
        }
        hint={
          chosen === undefined
            ? data && `Those of ${data.files.config} and ${data.files.credentials}.`
            : profileWords(chosen)
        }
      >
        <Select
          id={id}
          describedBy={`${id}-note`}
          wide
          options={[
            ...(form.profile === '' ? [none] : isMissing ? [{ value: form.profile, label: form.profile }] : []),
            ...options,
          ]}
          value={form.profile}
          onChange={(name) => {
            const profile = profiles.find((each) => each.name === name);
            if (profile !== undefined) onChange(withProfile(form, profile));
          }}
        />
      </FormRow>
      {chosen === undefined || chosen.signIn === null ? null : (
        <FormRow label="Sign in" htmlFor={`${id}-sign-in`}>
          {signingIn ? (
            <SignInSteps key={chosen.name} profile={chosen.name} onDone={() => setSigningIn(false)} />
          ) : (
            <Button id={`${id}-sign-in`} icon="key" onClick={() => setSigningIn(true)}>
              Sign in
            </Button>
          )}
        </FormRow>
      )}
    </>
  );
}

function secretHint(secrets: 'keychain' | 'memory' | null, kept: boolean): string | undefined {
  if (secrets === null) return undefined;
  const place =
    secrets === 'keychain'
      ? 'Kept in the keychain of this system.'
      : 'Kept in memory only: it is asked for again after Dipper was closed.';
  return kept ? `${place} Leave it empty to go on with the one kept before.` : place;
}
