import { useId, useRef, useState } from 'react';
import { formatBytes } from '../../shared/byte-size.ts';
import type { Settings } from '../../shared/settings.ts';
import { useIndexesOnDisk, useSaveSettings, useSettings } from '../api/settings-queries.ts';
import { toAppError } from '../api/call.ts';
import { Button } from '../ui/Button.tsx';
import { Dialog } from '../ui/Dialog.tsx';
import { failureTitle } from '../ui/failure-texts.ts';
import { countOf } from '../ui/format.ts';
import { FormRow } from '../ui/FormRow.tsx';
import { Notice } from '../ui/Notice.tsx';
import { NumberField } from '../ui/NumberField.tsx';
import { Segments } from '../ui/Segments.tsx';
import { capOf, capProblem, capText } from './settings-form.ts';
import styles from './SettingsDialog.module.css';

const THEMES = [
  { value: 'system', label: 'As the system' },
  { value: 'light', label: 'Light' },
  { value: 'dark', label: 'Dark' },
] as const;

/** What holds for all collections. */
export function SettingsDialog({ onClose }: { readonly onClose: () => void }) {
  const ids = useId();
  const settings = useSettings();
  const indexes = useIndexesOnDisk();
  const { mutate: save, isPending: saving, error } = useSaveSettings();
  const [theme, setTheme] = useState<Settings['theme']>(settings.theme);
  const [cap, setCap] = useState(() => capText(settings.mostIndexBytes));
  const field = useRef<HTMLInputElement>(null);
  const problem = capProblem(cap);

  function submit(): void {
    if (problem !== null || saving) return;
    // What was not touched is not rounded.
    const mostIndexBytes = cap === capText(settings.mostIndexBytes) ? settings.mostIndexBytes : capOf(cap);
    save({ theme, mostIndexBytes }, { onSuccess: onClose });
  }

  const failure = error === null ? null : toAppError(error);
  return (
    <Dialog
      open
      title="Settings"
      keepOpen={theme !== settings.theme || cap !== capText(settings.mostIndexBytes)}
      onClose={onClose}
      onSubmit={submit}
      initialFocus={field}
      footer={
        <>
          <Button onClick={onClose}>Cancel</Button>
          <Button kind="primary" type="submit" disabledReason={saving ? 'The settings are being saved.' : problem}>
            Save settings
          </Button>
        </>
      }
    >
      {failure === null ? null : (
        <Notice kind="error" title={failureTitle(failure.code, null)} className={styles.notice}>
          {failure.message}
        </Notice>
      )}
      <FormRow label="Theme" htmlFor={`${ids}-theme`}>
        <Segments id={`${ids}-theme`} label="Theme" segments={THEMES} value={theme} onChange={setTheme} />
      </FormRow>
      <FormRow
        label="Cap of all indexes"
        htmlFor={`${ids}-cap`}
        error={problem}
        hint={
          <>
            {indexes === null
              ? null
              : `${countOf(indexes.count, 'index', 'indexes')} on this disk, ${formatBytes(indexes.bytes)} together. `}
            Above the cap those go first that were not used for longest; one that is open stays, and one that went is
            read from S3 again when it is opened.
          </>
        }
      >
        <span className={styles.cap}>
          <NumberField
            ref={field}
            id={`${ids}-cap`}
            aria-describedby={`${ids}-cap-note`}
            className={styles.short}
            value={cap}
            wrong={problem !== null}
            onChange={setCap}
          />
          GB
        </span>
      </FormRow>
    </Dialog>
  );
}
