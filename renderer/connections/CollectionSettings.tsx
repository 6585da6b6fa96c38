import { useId } from 'react';
import type { CodecDetection, CodecName } from '../../shared/collection.ts';
import { formatBytes } from '../../shared/byte-size.ts';
import { idOfKey } from '../../shared/record-key.ts';
import type { OfferedRecords } from '../../shared/class-offer.ts';
import { useCollectionTraces } from '../api/collection-queries.ts';
import { Checkbox } from '../ui/Checkbox.tsx';
import { FormRow } from '../ui/FormRow.tsx';
import { NumberField } from '../ui/NumberField.tsx';
import { EncryptionFields } from '../storage/EncryptionFields.tsx';
import { StorageClassPicker } from '../storage/StorageClassPicker.tsx';
import { TextField } from '../ui/TextField.tsx';
import {
  type CollectionForm,
  type CollectionProblems,
  EXAMPLE_ID,
  keyOfNew,
  usualTagMapping,
  wholePrefix,
} from './collection-form.ts';
import styles from './dialogs.module.css';

const ALL_RECORDS: OfferedRecords = { of: 'collection' };

export interface CollectionSettingsProps {
  readonly form: CollectionForm;
  readonly codec: CodecName;
  readonly detection: CodecDetection | null;
  readonly said: CollectionProblems;
  /** Null while it is not saved yet. */
  readonly collection: string | null;
  readonly onChange: (change: Partial<CollectionForm>) => void;
}

/** What most collections leave as it is. */
export function CollectionSettings({ form, codec, detection, said, collection, onChange }: CollectionSettingsProps) {
  const ids = useId();
  const control = (field: string) => ({ id: `${ids}-${field}`, 'aria-describedby': `${ids}-${field}-note` });
  return (
    <div className={styles.more}>
      <FormRow
        label="Key of a new record"
        htmlFor={`${ids}-key`}
        error={said.keyTemplate}
        hint={<KeyPreview form={form} codec={codec} />}
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
      <FormRow label="Class of new objects" htmlFor={`${ids}-class`}>
        <StorageClassPicker
          id={`${ids}-class`}
          collection={collection}
          records={ALL_RECORDS}
          use="create"
          isNear={false}
          value={form.storageClass}
          onChange={(name) => onChange({ storageClass: name })}
          rules={{ rules: form.storageRules, onChange: (storageRules) => onChange({ storageRules }) }}
          inherited="As the server says"
          about="records like those that are there"
        />
      </FormRow>
      <EncryptionFields
        choice={form}
        inherited={{ label: 'As the bucket says', about: 'The bucket decides; S3 itself encrypts with its own keys.' }}
        keyProblem={said.encryptionKey}
        onChange={onChange}
      />
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
      <FormRow
        label="Index"
        htmlFor={`${ids}-memory`}
        hint={collection === null ? undefined : <IndexSize collection={collection} />}
      >
        <Checkbox
          id={`${ids}-memory`}
          describedBy={collection === null ? undefined : `${ids}-memory-note`}
          label="In memory only: nothing of the records is written to this machine’s disk"
          checked={form.memoryOnly}
          onChange={(memoryOnly) => onChange({ memoryOnly })}
        />
      </FormRow>
    </div>
  );
}

/** What the index of the collection, as it is saved, takes of this machine's disk. */
function IndexSize({ collection }: { readonly collection: string }) {
  const traces = useCollectionTraces(collection);
  if (traces === null) return 'Its size on the disk is being read …';
  return traces.indexBytes === 0
    ? 'Nothing of it is on the disk.'
    : `It takes ${formatBytes(traces.indexBytes)} of the disk.`;
}

/** The key of the next record, with an id as Dipper makes them, and the id it would be listed under where that differs. */
function KeyPreview({ form, codec }: { readonly form: CollectionForm; readonly codec: CodecName }) {
  const key = keyOfNew(form, codec, EXAMPLE_ID);
  const listed = idOfKey(wholePrefix(form.prefix), key);
  return (
    <>
      A new record is saved as{' '}
      <span className={styles.mono}>{form.bucket === '' ? key : `s3://${form.bucket}/${key}`}</span>
      {listed === EXAMPLE_ID ? null : (
        <>
          {' '}
          and listed as <span className={styles.mono}>{listed}</span>
        </>
      )}
    </>
  );
}
