import { useEffect, useId, useRef, useState } from 'react';
import type { Connection, ConnectionKind } from '../../shared/connection.ts';
import { serverOfHeader } from '../../shared/known-servers.ts';
import type { AppError } from '../../shared/result.ts';
import { call, toAppError } from '../api/call.ts';
import { Button } from '../ui/Button.tsx';
import { Checkbox } from '../ui/Checkbox.tsx';
import { Combobox } from '../ui/Combobox.tsx';
import { Dialog } from '../ui/Dialog.tsx';
import { failureTitle } from '../ui/failure-texts.ts';
import { FormRow } from '../ui/FormRow.tsx';
import { Notice } from '../ui/Notice.tsx';
import { Segments } from '../ui/Segments.tsx';
import { TextField } from '../ui/TextField.tsx';
import { ADVANCED_FIELDS, AdvancedSettings } from './AdvancedSettings.tsx';
import {
  type ConnectionForm,
  connectionOf,
  formOf,
  formProblems,
  hasAdvanced,
  knownOf,
  newForm,
  secretOf,
  trialPlaceOf,
  withKind,
} from './connection-form.ts';
import { groupNames } from './connection-groups.ts';
import { ENVIRONMENTS, KIND_NAMES } from './connection-words.ts';
import { CredentialsFields } from './CredentialsFields.tsx';
import styles from './dialogs.module.css';
import { TestOutcome } from './TestOutcome.tsx';
import { useConnectionTest } from './use-connection-test.ts';

const KINDS: readonly Exclude<ConnectionKind, 'sandbox'>[] = ['aws', 'localstack', 'minio', 'custom'];
const TRIAL_HINT =
  'bucket or bucket/prefix/, where Test lists and, unless the connection is read-only, writes one object and deletes it again. Empty: beside a collection of this connection.';

export interface ConnectionDialogProps {
  /** Null makes a new one. */
  readonly connection: Connection | null;
  readonly connections: readonly Connection[];
  readonly onClose: () => void;
  readonly onSaved: (connection: Connection) => void;
}

export function ConnectionDialog({ connection, connections, onClose, onSaved }: ConnectionDialogProps) {
  const ids = useId();
  const name = useRef<HTMLInputElement>(null);
  const [first] = useState(() => (connection === null ? newForm(crypto.randomUUID(), 'aws') : formOf(connection)));
  const [form, setForm] = useState<ConnectionForm>(first);
  const [asked, setAsked] = useState(false);
  const [advanced, setAdvanced] = useState(() => hasAdvanced(first));
  const [saving, setSaving] = useState(false);
  const [error, setError] = useState<AppError | null>(null);
  const { outcome, test, forget } = useConnectionTest();
  const [trial, setTrial] = useState('');
  const wantsPlace = outcome.state === 'tested' && outcome.test.place === null;
  const outcomePlace = useRef<HTMLDivElement>(null);
  // The answer stands at the end of a form that may be longer than the window.
  useEffect(() => {
    if (outcome.state !== 'untested') outcomePlace.current?.scrollIntoView({ block: 'nearest' });
  }, [outcome]);

  const secretKept =
    connection?.credentials.source === 'keys' && connection.credentials.accessKeyId === form.accessKeyId.trim();
  const taken = connections.filter((other) => other.id !== form.id).map((other) => other.name);
  const problems = formProblems(form, taken, secretKept);
  const firstProblem = Object.values(problems)[0] ?? null;
  /** Problems are said once somebody tried to go on, not while the form is still being filled in. */
  const said = asked ? problems : {};
  const secret = secretOf(form);

  // What answered is part of the connection: what it lacks is known without another test.
  const recognised = outcome.state === 'tested' ? serverOfHeader(outcome.test.serverHeader) : null;
  const whole = recognised === null ? form : { ...form, server: recognised };
  const known = knownOf(whole);

  function set(change: Partial<ConnectionForm>): void {
    setForm({ ...form, ...change });
    forget();
  }

  function handleTest(): void {
    setAsked(true);
    if (firstProblem !== null) return;
    const place = trialPlaceOf(trial);
    test({
      draft: connectionOf(form),
      ...(secret === null ? {} : { secret }),
      ...(place === null ? {} : { place }),
    });
  }

  async function save(): Promise<void> {
    setAsked(true);
    if (firstProblem !== null || saving) return;
    setSaving(true);
    setError(null);
    try {
      onSaved(
        await call('connections:save', { connection: connectionOf(whole), ...(secret === null ? {} : { secret }) }),
      );
    } catch (thrown) {
      setError(toAppError(thrown));
    } finally {
      setSaving(false);
    }
  }

  const row = (field: string) => ({ htmlFor: `${ids}-${field}` });
  const control = (field: string) => ({ id: `${ids}-${field}`, 'aria-describedby': `${ids}-${field}-note` });
  return (
    <Dialog
      open
      title={connection === null ? 'New connection' : 'Edit connection'}
      subject={connection?.name}
      keepOpen={form !== first}
      initialFocus={name}
      onClose={onClose}
      onSubmit={() => void save()}
      footer={
        <>
          <Button
            className={styles.left}
            icon="refresh"
            disabledReason={outcome.state === 'testing' ? 'The test is under way.' : null}
            onClick={handleTest}
          >
            Test connection
          </Button>
          <Button onClick={onClose}>Cancel</Button>
          <Button
            kind="primary"
            type="submit"
            disabledReason={saving ? 'The connection is being saved.' : asked ? firstProblem : null}
          >
            {connection === null ? 'Add connection' : 'Save connection'}
          </Button>
        </>
      }
    >
      {error === null ? null : (
        <Notice kind="error" title={failureTitle(error.code, form.name)} className={styles.notice}>
          {error.message}
        </Notice>
      )}
      {form.kind === 'sandbox' ? null : (
        <FormRow label="Server" {...row('kind')}>
          <Segments
            id={`${ids}-kind`}
            label="Kind of server"
            segments={KINDS.map((kind) => ({ value: kind, label: KIND_NAMES[kind] }))}
            value={form.kind}
            onChange={(kind) => {
              setForm(withKind(form, kind));
              forget();
            }}
          />
        </FormRow>
      )}
      <FormRow label="Name" {...row('name')} error={said.name}>
        <TextField
          ref={name}
          {...control('name')}
          wide
          value={form.name}
          wrong={said.name !== undefined}
          onChange={(text) => set({ name: text })}
        />
      </FormRow>
      {form.kind === 'sandbox' ? null : (
        <>
          {form.kind === 'aws' ? null : (
            <FormRow label="Endpoint" {...row('endpoint')} error={said.endpoint} hint={known?.text}>
              <TextField
                {...control('endpoint')}
                wide
                mono
                value={form.endpoint}
                wrong={said.endpoint !== undefined}
                onChange={(endpoint) => set({ endpoint })}
              />
            </FormRow>
          )}
          <FormRow
            label="Region"
            {...row('region')}
            error={said.region}
            hint={
              known === null || known.region === null || known.region === form.region.trim()
                ? undefined
                : `The region of this endpoint is ${known.region}.`
            }
          >
            <TextField
              {...control('region')}
              wide
              value={form.region}
              wrong={said.region !== undefined}
              onChange={(region) => set({ region })}
            />
          </FormRow>
          <FormRow
            label="Address style"
            {...row('style')}
            hint={form.kind === 'aws' ? undefined : 'Most servers besides AWS need the path style.'}
          >
            <Checkbox
              id={`${ids}-style`}
              describedBy={`${ids}-style-note`}
              label={
                <>
                  Path style: <span className={styles.mono}>host/bucket/key</span>
                </>
              }
              checked={form.pathStyle}
              onChange={(pathStyle) => set({ pathStyle })}
            />
          </FormRow>
          <CredentialsFields form={form} said={said} secretKept={secretKept} onChange={set} />
        </>
      )}
      <FormRow
        label="Environment"
        {...row('environment')}
        hint={form.environment === 'production' ? 'Every write says that it is one to production.' : undefined}
      >
        <Segments
          id={`${ids}-environment`}
          label="Environment"
          segments={ENVIRONMENTS.map((environment) => ({ value: environment, label: environment }))}
          value={form.environment}
          onChange={(environment) => set({ environment })}
        />
      </FormRow>
      <FormRow label="Group" {...row('group')} hint="Connections of one group stand together. Empty: none.">
        <Combobox
          id={`${ids}-group`}
          describedBy={`${ids}-group-note`}
          allowOther
          emptyText="A name of your own makes a group"
          options={groupNames(connections).map((group) => ({ value: group, label: group }))}
          value={form.group}
          onChange={(group) => set({ group })}
        />
      </FormRow>
      <FormRow label="Writing" {...row('read-only')}>
        <Checkbox
          id={`${ids}-read-only`}
          label="Read-only: nothing is written through this connection"
          checked={form.readOnly}
          onChange={(readOnly) => set({ readOnly })}
        />
      </FormRow>
      {advanced || ADVANCED_FIELDS.some((field) => said[field] !== undefined) ? (
        <AdvancedSettings form={form} said={said} onChange={set} />
      ) : (
        <Button kind="quiet" icon="chevron-right" onClick={() => setAdvanced(true)}>
          Advanced
        </Button>
      )}
      {advanced || trial !== '' || wantsPlace ? (
        <FormRow label="Bucket to test in" {...row('trial')} hint={TRIAL_HINT}>
          <TextField {...control('trial')} wide mono value={trial} onChange={setTrial} />
        </FormRow>
      ) : null}
      <div ref={outcomePlace} className={styles.outcome}>
        <TestOutcome outcome={outcome} name={form.name.trim()} onUseRegion={(region) => set({ region })} />
      </div>
    </Dialog>
  );
}
