import { useId, useRef, useState, type ChangeEvent } from 'react';
import { formatBytes } from '../../../shared/byte-size.ts';
import { Button } from '../../ui/Button.tsx';
import { DropArea } from '../../ui/DropArea.tsx';
import { FormRow } from '../../ui/FormRow.tsx';
import { Notice } from '../../ui/Notice.tsx';
import { ProgressLine } from '../../ui/ProgressLine.tsx';
import { TextArea } from '../../ui/TextArea.tsx';
import { TextField } from '../../ui/TextField.tsx';
import styles from './ImportDialog.module.css';
import { pickedFiles, pickedFolder, pickedObject, pickedText } from './picked-source.ts';
import type { SourceControl } from './use-given-source.ts';

export interface SourcePartProps {
  readonly control: SourceControl;
  /** Of the collection: where an object is looked for at first. */
  readonly bucket: string;
  readonly connection: string;
}

/** Where the rows come from, while that is not known: a file, a folder, pasted text, an object. */
export function SourcePart({ control, bucket, connection }: SourcePartProps) {
  const { given } = control;
  if (given.state === 'sending') {
    const { name, sent, total } = given;
    return (
      <div className={styles.sending}>
        <span role="status">
          {`Reading ${name}: ${formatBytes(sent)}${total === null ? '' : ` of ${formatBytes(total)}`}`}
        </span>
        <ProgressLine label={`Reading ${name}`} done={sent} total={total} />
        <Button onClick={control.leave}>Stop</Button>
      </div>
    );
  }
  return (
    <>
      {given.state === 'none' && given.error !== null ? (
        <Notice kind="error" title="The file was not read" className={styles.notice}>
          {given.error.message}
        </Notice>
      ) : null}
      <ChooseFiles control={control} />
      <PastedRows control={control} />
      <ObjectFields control={control} bucket={bucket} connection={connection} />
    </>
  );
}

function ChooseFiles({ control }: Pick<SourcePartProps, 'control'>) {
  const file = useRef<HTMLInputElement>(null);
  const folder = useRef<HTMLInputElement>(null);
  function choose(event: ChangeEvent<HTMLInputElement>, isFolder: boolean): void {
    const files = [...(event.currentTarget.files ?? [])];
    // The same file can be chosen again.
    event.currentTarget.value = '';
    const picked = isFolder ? pickedFolder(files) : pickedFiles(files);
    if (picked !== null) control.pick(picked);
  }
  return (
    <DropArea words="Drop a file, several of one shape, or a folder here, or paste rows. CSV, NDJSON, JSON, Parquet, also gzip or zstd; of a folder its .json files.">
      <Button kind="primary" icon="file" onClick={() => file.current?.click()}>
        Choose files
      </Button>
      <Button icon="folder" onClick={() => folder.current?.click()}>
        Choose a folder
      </Button>
      {/* Behind the buttons, so that the dialog begins at one. */}
      <input
        ref={file}
        type="file"
        hidden
        multiple
        aria-label="Files to import"
        onChange={(event) => choose(event, false)}
      />
      <input
        ref={folder}
        type="file"
        hidden
        aria-label="Folder to import"
        {...{ webkitdirectory: '' }}
        onChange={(event) => choose(event, true)}
      />
    </DropArea>
  );
}

function PastedRows({ control }: Pick<SourcePartProps, 'control'>) {
  const id = useId();
  const [text, setText] = useState('');
  return (
    <section className={styles.section} aria-labelledby={`${id}-title`}>
      <h3 id={`${id}-title`} className={styles.sectionTitle}>
        Pasted rows
      </h3>
      <FormRow label="Rows" htmlFor={`${id}-rows`} hint="With a first row of names, or JSON objects.">
        <TextArea id={`${id}-rows`} mono rows={3} value={text} onChange={setText} />
      </FormRow>
      <div className={styles.sectionFoot}>
        <Button
          disabledReason={text.trim() === '' ? 'Paste or type rows first' : null}
          onClick={() => control.pick(pickedText(text))}
        >
          Take these rows
        </Button>
      </div>
    </section>
  );
}

function ObjectFields({ control, bucket: own, connection }: SourcePartProps) {
  const id = useId();
  const [bucket, setBucket] = useState(own);
  const [key, setKey] = useState('');
  const missing = bucket.trim() === '' || key.trim() === '' ? 'Name bucket and key first' : null;
  return (
    <section className={styles.section} aria-labelledby={`${id}-title`}>
      <h3 id={`${id}-title`} className={styles.sectionTitle}>
        An object in {connection}
      </h3>
      <FormRow label="Bucket" htmlFor={`${id}-bucket`}>
        <TextField id={`${id}-bucket`} wide mono value={bucket} onChange={setBucket} />
      </FormRow>
      <FormRow label="Key" htmlFor={`${id}-key`} hint="Of one object in a format as above, such as exports/2026.csv.gz">
        <TextField id={`${id}-key`} wide mono value={key} onChange={setKey} />
      </FormRow>
      <div className={styles.sectionFoot}>
        <Button disabledReason={missing} onClick={() => control.pick(pickedObject(bucket.trim(), key.trim()))}>
          Take this object
        </Button>
      </div>
    </section>
  );
}
