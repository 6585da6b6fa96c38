import { useId } from 'react';
import type { OfferedRecords } from '../../../shared/class-offer.ts';
import type { Collection } from '../../../shared/collection.ts';
import { ON_CONFLICT, TEMPLATE_PARTS, type OnConflict } from '../../../shared/import.ts';
import { EncryptionFields } from '../../storage/EncryptionFields.tsx';
import { StorageClassPicker } from '../../storage/StorageClassPicker.tsx';
import { storageClassName } from '../../ui/format.ts';
import { FormRow } from '../../ui/FormRow.tsx';
import { NumberField } from '../../ui/NumberField.tsx';
import { Segments } from '../../ui/Segments.tsx';
import { TextField } from '../../ui/TextField.tsx';
import styles from './ImportDialog.module.css';
import type { ImportEdits, ImportProblems } from './import-edits.ts';

const CONFLICTS: Readonly<Record<OnConflict, { readonly label: string; readonly about: string }>> = {
  skip: { label: 'skip', about: 'The record that is there stays, and the row is done.' },
  overwrite: { label: 'overwrite', about: 'The row takes the place of the record that is there.' },
  fail: { label: 'fail', about: 'The record that is there stays, and the row is a bad row.' },
  newer: { label: 'keep newer', about: 'The row is written where its file is newer than the record.' },
  merge: { label: 'merge fields', about: 'The fields of the row are set in the record; its others stay.' },
};

export interface WritingFieldsProps {
  readonly collection: Collection;
  readonly edits: ImportEdits;
  /** As it was found. */
  readonly foundKey: string;
  readonly problems: ImportProblems;
  /** What is written, by size, as far as that is known. */
  readonly written: OfferedRecords;
  /** `the first 50 rows` */
  readonly writtenWords: string;
  readonly onChange: (change: Partial<ImportEdits>) => void;
}

/** How the records are written. */
export function WritingFields(props: WritingFieldsProps) {
  const { collection, edits, foundKey, problems, written, writtenWords, onChange } = props;
  const id = useId();
  const control = (field: string) => ({ id: `${id}-${field}`, 'aria-describedby': `${id}-${field}-note` });
  return (
    <>
      <FormRow label="Id of a record" htmlFor={`${id}-key`} error={problems.key} hint={TEMPLATE_PARTS}>
        <TextField
          {...control('key')}
          wide
          mono
          value={edits.key ?? foundKey}
          wrong={problems.key !== undefined}
          onChange={(key) => onChange({ key })}
        />
      </FormRow>
      <FormRow label="Codec" htmlFor={`${id}-codec`}>
        <span id={`${id}-codec`}>
          {collection.codec === 'dataknobs' ? 'dataknobs' : 'plain JSON'}, as in all of {collection.name}
        </span>
      </FormRow>
      <FormRow
        label="User metadata"
        htmlFor={`${id}-metadata`}
        error={problems.metadata}
        hint="Of every object: name=value, with commas between"
      >
        <TextField
          {...control('metadata')}
          wide
          mono
          value={edits.metadata}
          wrong={problems.metadata !== undefined}
          onChange={(metadata) => onChange({ metadata })}
        />
      </FormRow>
      <FormRow label="Storage class" htmlFor={`${id}-class`}>
        <StorageClassPicker
          id={`${id}-class`}
          collection={collection.id}
          records={written}
          use="create"
          isNear
          value={edits.storageClass ?? ''}
          onChange={(name) => onChange({ storageClass: name === '' ? null : name })}
          rules={{ rules: edits.storageRules, onChange: (storageRules) => onChange({ storageRules }) }}
          inherited={inheritedClass(collection)}
          about={writtenWords}
        />
      </FormRow>
      <EncryptionFields
        choice={edits}
        inherited={{ label: 'As the collection says', about: 'As all new records of the collection.' }}
        keyProblem={problems.encryptionKey}
        onChange={onChange}
      />
      <FormRow label="If it is there" htmlFor={`${id}-conflict`} hint={CONFLICTS[edits.onConflict].about}>
        <Segments
          id={`${id}-conflict`}
          label="If a record with the key is there"
          segments={ON_CONFLICT.map((value) => ({ value, label: CONFLICTS[value].label }))}
          value={edits.onConflict}
          onChange={(onConflict) => onChange({ onConflict })}
        />
      </FormRow>
      <FormRow
        label="Stop after"
        htmlFor={`${id}-stop`}
        error={problems.stopAfter}
        hint="Bad rows; the job pauses then. Empty: bad rows stop nothing."
      >
        <NumberField
          {...control('stop')}
          className={styles.short}
          value={edits.stopAfter}
          wrong={problems.stopAfter !== undefined}
          onChange={(stopAfter) => onChange({ stopAfter })}
        />
      </FormRow>
    </>
  );
}

function inheritedClass({ storageRules = [], defaultStorageClass }: Collection): string {
  if (storageRules.length > 0) return 'As the rules of the collection say';
  return defaultStorageClass === null
    ? 'As the server says'
    : `As the collection says: ${storageClassName(defaultStorageClass)}`;
}
