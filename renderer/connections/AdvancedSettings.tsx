import { useId } from 'react';
import { Checkbox } from '../ui/Checkbox.tsx';
import { FormRow } from '../ui/FormRow.tsx';
import { NumberField } from '../ui/NumberField.tsx';
import { Segments } from '../ui/Segments.tsx';
import { TextField } from '../ui/TextField.tsx';
import { CertificateRow } from './CertificateRow.tsx';
import type { ConnectionForm, FormProblems } from './connection-form.ts';
import styles from './dialogs.module.css';

/** Fields of the form whose problems are said here. */
export const ADVANCED_FIELDS = [
  'maxWorkers',
  'budgetRequests',
  'budgetDollars',
  'proxyAddress',
  'certificateAuthority',
] as const;

export interface AdvancedSettingsProps {
  readonly form: ConnectionForm;
  readonly said: FormProblems;
  readonly onChange: (change: Partial<ConnectionForm>) => void;
}

/** What most connections leave as it is: how the server is reached, how hard it is asked, and what a run may take. */
export function AdvancedSettings({ form, said, onChange }: AdvancedSettingsProps) {
  const ids = useId();
  const row = (field: string) => ({ htmlFor: `${ids}-${field}` });
  const control = (field: string) => ({ id: `${ids}-${field}`, 'aria-describedby': `${ids}-${field}-note` });
  return (
    <div className={styles.more}>
      <FormRow
        label="Requests at once"
        {...row('workers')}
        error={said.maxWorkers}
        hint="Empty: as many as the server answers well."
      >
        <NumberField
          {...control('workers')}
          className={styles.short}
          value={form.maxWorkers}
          wrong={said.maxWorkers !== undefined}
          onChange={(maxWorkers) => onChange({ maxWorkers })}
        />
      </FormRow>
      <FormRow
        label="Requests a run"
        {...row('budget-requests')}
        error={said.budgetRequests}
        hint="A query that would send more asks first. Empty: any number."
      >
        <NumberField
          {...control('budget-requests')}
          className={styles.short}
          value={form.budgetRequests}
          wrong={said.budgetRequests !== undefined}
          onChange={(budgetRequests) => onChange({ budgetRequests })}
        />
      </FormRow>
      {form.kind !== 'aws' && form.kind !== 'custom' ? null : (
        <FormRow
          label="Dollars a run"
          {...row('budget-dollars')}
          error={said.budgetDollars}
          hint="The same for what Amazon takes for the requests. Empty: any amount."
        >
          <NumberField
            {...control('budget-dollars')}
            className={styles.short}
            value={form.budgetDollars}
            wrong={said.budgetDollars !== undefined}
            onChange={(budgetDollars) => onChange({ budgetDollars })}
          />
        </FormRow>
      )}
      {form.kind === 'sandbox' ? null : (
        <>
          <FormRow
            label="Proxy"
            {...row('proxy')}
            hint={
              form.proxy === 'system'
                ? 'HTTP_PROXY, HTTPS_PROXY and NO_PROXY of the Dipper that runs; without them the settings of this computer, where it is the desktop app.'
                : undefined
            }
          >
            <Segments
              id={`${ids}-proxy`}
              label="Proxy"
              segments={[
                { value: 'system', label: 'As the system' },
                { value: 'none', label: 'None' },
                { value: 'own', label: 'Another' },
              ]}
              value={form.proxy}
              onChange={(proxy) => onChange({ proxy })}
            />
          </FormRow>
          {form.proxy !== 'own' ? null : (
            <FormRow
              label="Address of the proxy"
              {...row('proxy-address')}
              error={said.proxyAddress}
              hint="http://host:port; one that asks for a password has to be named by HTTPS_PROXY."
            >
              <TextField
                {...control('proxy-address')}
                wide
                mono
                value={form.proxyAddress}
                wrong={said.proxyAddress !== undefined}
                onChange={(proxyAddress) => onChange({ proxyAddress })}
              />
            </FormRow>
          )}
          <CertificateRow
            value={form.certificateAuthority}
            error={said.certificateAuthority}
            onChange={(certificateAuthority) => onChange({ certificateAuthority })}
          />
          {form.kind !== 'aws' ? null : (
            <FormRow label="Addresses" {...row('accelerate')} hint="A bucket may also be the ARN of an access point.">
              <div className={styles.choices}>
                <Checkbox
                  id={`${ids}-accelerate`}
                  label="Transfer acceleration, in buckets that have it on"
                  checked={form.amazon.accelerate}
                  disabledReason={form.amazon.fips ? 'Amazon has no acceleration with FIPS.' : null}
                  onChange={(accelerate) => onChange({ amazon: { ...form.amazon, accelerate } })}
                />
                <Checkbox
                  id={`${ids}-dual`}
                  label="IPv6 too (dual-stack)"
                  checked={form.amazon.dualStack}
                  onChange={(dualStack) => onChange({ amazon: { ...form.amazon, dualStack } })}
                />
                <Checkbox
                  id={`${ids}-fips`}
                  label="FIPS"
                  checked={form.amazon.fips}
                  disabledReason={form.amazon.accelerate ? 'Amazon has no FIPS with acceleration.' : null}
                  onChange={(fips) => onChange({ amazon: { ...form.amazon, fips } })}
                />
              </div>
            </FormRow>
          )}
          <FormRow label="Requester pays" {...row('payer')}>
            <Checkbox
              id={`${ids}-payer`}
              label="Pay for requests to buckets of others that are set up so"
              checked={form.requesterPays}
              onChange={(requesterPays) => onChange({ requesterPays })}
            />
          </FormRow>
          <FormRow label="Large bodies" {...row('unsigned')}>
            <Checkbox
              id={`${ids}-unsigned`}
              label="Leave bodies of 1 MiB and more out of the signature where TLS guards them"
              checked={form.unsignedBodies}
              onChange={(unsignedBodies) => onChange({ unsignedBodies })}
            />
          </FormRow>
        </>
      )}
    </div>
  );
}
