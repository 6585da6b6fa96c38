import { useId } from 'react';
import { Checkbox } from '../ui/Checkbox.tsx';
import { FormRow } from '../ui/FormRow.tsx';
import type { Option } from '../ui/option.ts';
import { Select } from '../ui/Select.tsx';
import { TextField } from '../ui/TextField.tsx';
import { usesKmsKey, type EncryptionChoice } from './encryption-choice.ts';

type EncryptionOption = Option<EncryptionChoice['encryption']> & { readonly about: string };

const ALGORITHMS: readonly EncryptionOption[] = [
  {
    value: 'AES256',
    label: 'With keys of S3',
    detail: 'SSE-S3',
    about: 'S3 keeps the keys. Whoever may read the object reads it.',
  },
  {
    value: 'aws:kms',
    label: 'With a key of KMS',
    detail: 'SSE-KMS',
    about: 'Readers also need the right to use the key; each use is a request to KMS.',
  },
  {
    value: 'aws:kms:dsse',
    label: 'With a key of KMS, twice',
    detail: 'DSSE-KMS',
    about: 'Two layers, for rules that ask for them. Readers also need the right to use the key.',
  },
];

export interface EncryptionFieldsProps {
  readonly choice: EncryptionChoice;
  /** What no choice of one's own means, and what comes of that. */
  readonly inherited: { readonly label: string; readonly about: string };
  readonly keyProblem: string | undefined;
  readonly onChange: (change: Partial<EncryptionChoice>) => void;
}

/** How objects are encrypted: rows of a form. */
export function EncryptionFields({ choice, inherited, keyProblem, onChange }: EncryptionFieldsProps) {
  const id = useId();
  const options: readonly EncryptionOption[] = [{ value: 'inherited', ...inherited }, ...ALGORITHMS];
  return (
    <>
      <FormRow
        label="Encryption"
        htmlFor={`${id}-encryption`}
        hint={options.find(({ value }) => value === choice.encryption)?.about}
      >
        <Select
          id={`${id}-encryption`}
          wide
          options={options}
          describedBy={`${id}-encryption-note`}
          value={choice.encryption}
          onChange={(encryption) => onChange({ encryption })}
        />
      </FormRow>
      {usesKmsKey(choice) ? (
        <FormRow
          label="KMS key"
          htmlFor={`${id}-kms`}
          error={keyProblem}
          hint="Id, alias or ARN; empty: the key of the bucket, or Amazon’s own."
        >
          <TextField
            id={`${id}-kms`}
            aria-describedby={`${id}-kms-note`}
            wide
            mono
            value={choice.encryptionKey}
            wrong={keyProblem !== undefined}
            onChange={(encryptionKey) => onChange({ encryptionKey })}
          />
        </FormRow>
      ) : null}
      {choice.encryption === 'aws:kms' ? (
        <FormRow label="Bucket key" htmlFor={`${id}-bucket-key`}>
          <Checkbox
            id={`${id}-bucket-key`}
            label="Use a bucket key: fewer requests to KMS"
            checked={choice.bucketKey}
            onChange={(bucketKey) => onChange({ bucketKey })}
          />
        </FormRow>
      ) : null}
    </>
  );
}
