import { useId, useRef, useState } from 'react';
import { formatBytes } from '../../shared/byte-size.ts';
import { useApplicationState, useIndexesOnDisk, useSaveSettings, useSettings } from '../api/settings-queries.ts';
import { toAppError } from '../api/call.ts';
import { Button } from '../ui/Button.tsx';
import { Checkbox } from '../ui/Checkbox.tsx';
import { Dialog } from '../ui/Dialog.tsx';
import { failureTitle } from '../ui/failure-texts.ts';
import { countOf } from '../ui/format.ts';
import { FormRow } from '../ui/FormRow.tsx';
import { Notice } from '../ui/Notice.tsx';
import { NumberField } from '../ui/NumberField.tsx';
import { Segments } from '../ui/Segments.tsx';
import { changesOf, formOf, problemsOf, type SettingsForm } from './settings-form.ts';
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
  const [form, setForm] = useState(() => formOf(settings));
  const shell = useApplicationState().data?.shell;
  const field = useRef<HTMLInputElement>(null);
  const change = (next: Partial<SettingsForm>): void => setForm((before) => ({ ...before, ...next }));
  const problems = problemsOf(form);
  const problem = problems.indexCap ?? problems.journal;

  function submit(): void {
    if (problem === null && !saving) save(changesOf(form, settings), { onSuccess: onClose });
  }

  const failure = error === null ? null : toAppError(error);
  return (
    <Dialog
      open
      title="Settings"
      keepOpen={JSON.stringify(form) !== JSON.stringify(formOf(settings))}
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
        <Segments
          id={`${ids}-theme`}
          label="Theme"
          segments={THEMES}
          value={form.theme}
          onChange={(theme) => change({ theme })}
        />
      </FormRow>
      <FormRow
        label="Cap of all indexes"
        htmlFor={`${ids}-cap`}
        error={problems.indexCap}
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
            value={form.indexCap}
            wrong={problems.indexCap !== null}
            onChange={(indexCap) => change({ indexCap })}
          />
          GB
        </span>
      </FormRow>
      <FormRow
        label="Undo of jobs"
        htmlFor={`${ids}-days`}
        error={problems.journal}
        hint="A job that has ended stays in the list, with what was there before it, for so long and while all of them take no more. The oldest go first."
      >
        <span className={styles.cap}>
          <NumberField
            id={`${ids}-days`}
            aria-describedby={`${ids}-days-note`}
            className={styles.short}
            value={form.journalDays}
            wrong={problems.journal !== null}
            onChange={(journalDays) => change({ journalDays })}
          />
          days, at most
          <NumberField
            label="Gigabytes of all journals"
            className={styles.short}
            value={form.journalCap}
            wrong={problems.journal !== null}
            onChange={(journalCap) => change({ journalCap })}
          />
          GB
        </span>
      </FormRow>
      <FormRow label="Notifications" htmlFor={`${ids}-notify`}>
        <Checkbox
          id={`${ids}-notify`}
          label="Say when a job has ended or stands still, while no window is in front"
          checked={form.notifyOfJobs}
          disabledReason={shell === 'browser' ? 'Dipper runs in a browser, where it notifies of nothing' : null}
          onChange={(notifyOfJobs) => change({ notifyOfJobs })}
        />
      </FormRow>
    </Dialog>
  );
}
