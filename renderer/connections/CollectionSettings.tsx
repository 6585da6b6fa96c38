import { useId } from 'react';
import type { CodecDetection, CodecName } from '../../shared/collection.ts';
import { Checkbox } from '../ui/Checkbox.tsx';
import { storageClassName } from '../ui/format.ts';
import { FormRow } from '../ui/FormRow.tsx';
import { NumberField } from '../ui/NumberField.tsx';
import type { Option } from '../ui/option.ts';
import { Select } from '../ui/Select.tsx';
import { TextField } from '../ui/TextField.tsx';
import { type CollectionForm, type CollectionProblems, usualTagMapping } from './collection-form.ts';
import styles from './dialogs.module.css';

const CLASSES: readonly Option[] = [
  { value: '', label: 'As the server says' },
  ...['STANDARD', 'STANDARD_IA', 'ONEZONE_IA', 'INTELLIGENT_TIERING', 'GLACIER_IR', 'GLACIER', 'DEEP_ARCHIVE'].map(
    (name) => ({ value: name, label: storageClassName(name), detail: name }),
  ),
];

const ENCRYPTIONS: readonly Option<CollectionForm['encryption']>[] = [
  { value: 'bucket', label: 'As the bucket says' },
  { value: 'AES256', label: 'AES-256 with keys of S3', detail: 'AES256' },
  { value: 'aws:kms', label: 'A key of KMS', detail: 'aws:kms' },
  { value: 'aws:kms:dsse', label: 'A key of KMS, twice', detail: 'aws:kms:dsse' },
];

export interface CollectionSettingsProps {
  readonly form: CollectionForm;
  readonly codec: CodecName;
  readonly detection: CodecDetection | null;
  readonly said: CollectionProblems;
  readonly onChange: (change: Partial<CollectionForm>) => void;
}

/** What most collections leave as it is. */
export function CollectionSettings({ form, codec, detection, said, onChange }: CollectionSettingsProps) {
  const ids = useId();
  const control = (field: string) => ({ id: `${ids}-${field}`, 'aria-describedby': `${ids}-${field}-note` });
  const archived = form.storageClass === 'GLACIER' || form.storageClass === 'DEEP_ARCHIVE';
  return (
    <div className={styles.more}>
      <FormRow
        label="Key of a new record"
        htmlFor={`${ids}-key`}
        error={said.keyTemplate}
        hint="Below the prefix; {id} stands for the record’s id."
      >
        <TextField
          {...control('key')}
          wide
          mono
          value={codec === 'dataknobs' ? '{id}.json' : form.keyTemplate}
          disabledReason={codec === 'dataknobs' ? 'dataknobs always writes {id}.json.' : null}
          wrong={said.keyTemplate !== undefined}
          onChange={(keyTemplate) => onChange({ keyTemplate })}
        />
      </FormRow>
      <FormRow label="Tags" htmlFor={`${ids}-tags`}>
        <Checkbox
          id={`${ids}-tags`}
          label="Mirror id, times and metadata in the object’s tags"
          checked={form.tagMapping ?? usualTagMapping(codec, detection)}
          onChange={(tagMapping) => onChange({ tagMapping })}
        />
      </FormRow>
      <FormRow
        label="Class of new objects"
        htmlFor={`${ids}-class`}
        hint={archived ? 'Records of this class must be restored before they can be read again.' : undefined}
      >
        <Select
          id={`${ids}-class`}
          wide
          options={CLASSES}
          value={form.storageClass}
          onChange={(storageClass) => onChange({ storageClass })}
        />
      </FormRow>
      <FormRow label="Encryption" htmlFor={`${ids}-encryption`}>
        <Select
          id={`${ids}-encryption`}
          wide
          options={ENCRYPTIONS}
          value={form.encryption}
          onChange={(encryption) => onChange({ encryption })}
        />
      </FormRow>
      {form.encryption !== 'aws:kms' && form.encryption !== 'aws:kms:dsse' ? null : (
        <FormRow label="KMS key" htmlFor={`${ids}-kms`} hint="Id or ARN; empty: the key of the bucket.">
          <TextField
            {...control('kms')}
            wide
            mono
            value={form.encryptionKey}
            onChange={(encryptionKey) => onChange({ encryptionKey })}
          />
        </FormRow>
      )}
      <FormRow
        label="Listing is fresh for"
        htmlFor={`${ids}-ttl`}
        error={said.ttl}
        hint="Seconds. Within them a query sends no request at all."
      >
        <NumberField
          {...control('ttl')}
          className={styles.short}
          value={form.ttl}
          wrong={said.ttl !== undefined}
          onChange={(ttl) => onChange({ ttl })}
        />
      </FormRow>
      <FormRow
        label="Size cap"
        htmlFor={`${ids}-cap`}
        error={said.sizeCap}
        hint="MiB. A larger object is a row with its reason and is read when opened."
      >
        <NumberField
          {...control('cap')}
          className={styles.short}
          value={form.sizeCap}
          wrong={said.sizeCap !== undefined}
          onChange={(sizeCap) => onChange({ sizeCap })}
        />
      </FormRow>
      <FormRow
        label="Requests at once"
        htmlFor={`${ids}-workers`}
        error={said.maxWorkers}
        hint="Empty: as many as the connection allows."
      >
        <NumberField
          {...control('workers')}
          className={styles.short}
          value={form.maxWorkers}
          wrong={said.maxWorkers !== undefined}
          onChange={(maxWorkers) => onChange({ maxWorkers })}
        />
      </FormRow>
      <FormRow label="Index" htmlFor={`${ids}-memory`}>
        <Checkbox
          id={`${ids}-memory`}
          label="In memory only: nothing of the records is written to this machine’s disk"
          checked={form.memoryOnly}
          onChange={(memoryOnly) => onChange({ memoryOnly })}
        />
      </FormRow>
    </div>
  );
}
