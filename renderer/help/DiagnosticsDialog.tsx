import { useRef, useState } from 'react';
import { toAppError } from '../api/call.ts';
import { useDiagnostics } from '../api/help-queries.ts';
import { Button } from '../ui/Button.tsx';
import { Checkbox } from '../ui/Checkbox.tsx';
import { Dialog } from '../ui/Dialog.tsx';
import { failureTitle } from '../ui/failure-texts.ts';
import { Notice } from '../ui/Notice.tsx';
import { saveText } from '../ui/save-text.ts';
import { TextBlock } from '../ui/TextBlock.tsx';
import styles from './help.module.css';

/** What is saved is what is shown: nothing else goes into the file, and nothing is sent anywhere. */
export function DiagnosticsDialog({ onClose }: { readonly onClose: () => void }) {
  const [withNames, setWithNames] = useState(false);
  const shown = useRef<HTMLPreElement>(null);
  const { data, error } = useDiagnostics(withNames);
  const failure = error === null ? null : toAppError(error);

  function save(): void {
    if (data === undefined) return;
    const day = new Date().toISOString().slice(0, 10);
    saveText(`dipper-diagnostics-${day}.json`, 'application/json', [data.text]);
    onClose();
  }

  return (
    <Dialog
      open
      wide
      title="Diagnostics for a report of a bug"
      initialFocus={shown}
      onClose={onClose}
      onSubmit={save}
      footer={
        <>
          <Button onClick={onClose}>Cancel</Button>
          <Button
            kind="primary"
            type="submit"
            disabledReason={data === undefined ? 'The diagnostics are still being written.' : null}
          >
            Save as a file
          </Button>
        </>
      }
    >
      <p className={styles.said}>
        Versions, settings, connections, collections, jobs, the last requests and mistakes. No secret and no content of
        a record is in it. Dipper sends it to nobody: read it, save it, and send it yourself.
      </p>
      <Checkbox
        label="With the names of buckets, keys, servers and files"
        checked={withNames}
        onChange={setWithNames}
      />
      {failure === null ? null : (
        <Notice kind="error" title={failureTitle(failure.code, null)}>
          {failure.message}
        </Notice>
      )}
      <TextBlock ref={shown} className={styles.text} label="Diagnostics" busy={data === undefined}>
        {data?.text ?? ''}
      </TextBlock>
    </Dialog>
  );
}
