import { useId, useRef, useState } from 'react';
import { certificatesIn, LONGEST_CERTIFICATES } from '../../shared/certificate-text.ts';
import { Button } from '../ui/Button.tsx';
import { FormRow } from '../ui/FormRow.tsx';
import styles from './CertificateRow.module.css';

export interface CertificateRowProps {
  /** Certificates as PEM text; empty for none. */
  readonly value: string;
  readonly error: string | undefined;
  readonly onChange: (value: string) => void;
}

/** The authority that a connection trusts: a file is chosen, and its text is what is kept. */
export function CertificateRow({ value, error, onChange }: CertificateRowProps) {
  const id = useId();
  const input = useRef<HTMLInputElement>(null);
  const [refused, setRefused] = useState<string | null>(null);
  const count = certificatesIn(value).length;

  function change(next: string): void {
    setRefused(null);
    onChange(next);
  }

  async function choose(file: File): Promise<void> {
    const read = await readCertificateFile(file);
    if (read.problem === null) change(read.text);
    else setRefused(read.problem);
  }

  return (
    <FormRow
      label="Trusted authority"
      htmlFor={id}
      error={refused ?? error}
      hint="The certificate (PEM) of an authority of your own, trusted besides the usual ones. Its text is kept; the file may go."
    >
      <div className={styles.row}>
        {count === 0 ? null : <span>{count === 1 ? '1 certificate' : `${count} certificates`}</span>}
        <Button id={id} aria-describedby={`${id}-note`} icon="file" onClick={() => input.current?.click()}>
          {value === '' ? 'Choose a file' : 'Choose another file'}
        </Button>
        {value === '' ? null : <Button onClick={() => change('')}>Remove</Button>}
        <input
          ref={input}
          type="file"
          hidden
          aria-label="File with certificates"
          onChange={(event) => {
            const [chosen] = event.currentTarget.files ?? [];
            if (chosen !== undefined) void choose(chosen);
            event.currentTarget.value = '';
          }}
        />
      </div>
    </FormRow>
  );
}

type ReadFile = { readonly problem: null; readonly text: string } | { readonly problem: string };

async function readCertificateFile(file: File): Promise<ReadFile> {
  if (file.size > LONGEST_CERTIFICATES) return { problem: `${file.name} is larger than any file of certificates.` };
  try {
    // A private key may stand beside them, and is no business of a connection.
    const text = certificatesIn(await file.text()).join('\n');
    if (text !== '') return { problem: null, text };
  } catch {
    return { problem: `${file.name} cannot be read. See whether it is still there, then choose it again.` };
  }
  return { problem: `${file.name} holds no certificate in PEM form, which begins with -----BEGIN CERTIFICATE-----.` };
}
