import { useId, useState } from 'react';
import type { JobRecords, JobRequest } from '../../shared/job.ts';
import type { PlannedTask } from '../../shared/planned-job.ts';
import { useFields } from '../api/search-queries.ts';
import { offeredRecords, startOn } from '../jobs/chosen-records.ts';
import { undoWords } from '../jobs/undo-words.ts';
import type { JobDialogProps } from '../jobs/DeleteRecordsDialog.tsx';
import { StartJobDialog } from '../jobs/StartJobDialog.tsx';
import startStyles from '../jobs/StartJobDialog.module.css';
import { TagsTable } from '../record/TagsTable.tsx';
import { FormRow } from '../ui/FormRow.tsx';
import { formatCount } from '../ui/format.ts';
import { Segments, type Segment } from '../ui/Segments.tsx';
import { TextArea } from '../ui/TextArea.tsx';
import { TextField } from '../ui/TextField.tsx';
import styles from './ChangeDialog.module.css';
import { FIRST_FORM, taskOf, type ChangeForm, type ChangeTask } from './change-form.ts';
import { FieldChanges } from './FieldChanges.tsx';
import { PreviewedRecords } from './PreviewedRecords.tsx';
import { useChosenPreview } from './use-chosen-preview.ts';

const NO_FIELDS: readonly never[] = [];

const WHAT: readonly Segment<ChangeForm['what']>[] = [
  { value: 'fields', label: 'Fields' },
  { value: 'patch', label: 'Patch' },
  { value: 'tags', label: 'Tags' },
  { value: 'content-type', label: 'Content type' },
];

const PATCHES: readonly Segment<ChangeForm['patchForm']>[] = [
  { value: 'merge', label: 'Merge patch' },
  { value: 'operations', label: 'JSON Patch' },
];

const TAG_FORMS: readonly Segment<ChangeForm['tagForm']>[] = [
  { value: 'add', label: 'Add or set' },
  { value: 'remove', label: 'Remove' },
  { value: 'replace', label: 'Replace all' },
];

/** Changes many records in one way, shown on the first of them before it is done. */
export function ChangeRecordsDialog({ collection, connection, chosen, onClose }: JobDialogProps) {
  const ids = useId();
  const [form, setForm] = useState(FIRST_FORM);
  const fields = useFields(collection.id).data ?? NO_FIELDS;
  const change = (next: Partial<ChangeForm>): void => setForm((before) => ({ ...before, ...next }));
  const asked = taskOf(form, fields);
  const task = 'task' in asked ? asked.task : null;
  const missing = 'missing' in asked ? asked.missing : null;
  const { what } = form;
  const planned: PlannedTask = {
    collection: collection.id,
    kind: what === 'tags' ? 'tag' : 'update',
    records: chosen.count,
    of: offeredRecords(chosen),
  };
  const requestOf = (of: ChangeTask, records: JobRecords): JobRequest => ({
    ...of,
    collection: collection.id,
    records,
  });
  const preview = useChosenPreview(chosen, task, requestOf);
  return (
    <StartJobDialog
      title="Change records"
      verb="Change"
      planned={planned}
      write="update"
      collection={collection}
      connection={connection}
      count={chosen.count}
      ofAll={chosen.ofAll}
      missing={missing}
      start={({ spending, ...kept }, signal) => {
        if (task === null) throw new Error('nothing is to be done');
        return startOn(chosen, (records) => requestOf({ ...task, ...kept }, records), spending, signal);
      }}
      onClose={onClose}
      aside={<PreviewedRecords preview={preview} missing={missing} collection={collection} />}
    >
      <div className={styles.what}>
        <Segments label="What to change" segments={WHAT} value={what} onChange={(value) => change({ what: value })} />
      </div>
      {what === 'fields' ? (
        <FieldChanges
          changes={form.fields}
          fields={fields}
          hasMetadata={collection.codec === 'dataknobs'}
          onChange={(changes) => change({ fields: changes })}
          onCancel={onClose}
        />
      ) : null}
      {what === 'patch' ? (
        <div className={styles.form}>
          <Segments
            label="Kind of patch"
            segments={PATCHES}
            value={form.patchForm}
            onChange={(patchForm) => change({ patchForm })}
          />
          <TextArea
            label="Patch"
            mono
            className={styles.patch}
            placeholder={
              form.patchForm === 'merge'
                ? '{"reviewed": true, "draft": null}'
                : '[{"op": "replace", "path": "/state", "value": "done"}]'
            }
            value={form.patch}
            onChange={(patch) => change({ patch })}
          />
          <p className={styles.soft}>
            {form.patchForm === 'merge'
              ? 'RFC 7396: each value is set, null removes, objects go into each other.'
              : 'RFC 6902: operations one after the other; a record that one does not fit stays as it is.'}
          </p>
        </div>
      ) : null}
      {what === 'tags' ? (
        <div className={styles.form}>
          <Segments
            label="What to do with tags"
            segments={TAG_FORMS}
            value={form.tagForm}
            onChange={(tagForm) => change({ tagForm })}
          />
          {form.tagForm === 'remove' ? (
            <FormRow label="Keys" htmlFor={`${ids}-removed`} hint="With commas between them.">
              <TextField
                id={`${ids}-removed`}
                wide
                value={form.removedTags}
                onChange={(removedTags) => change({ removedTags })}
              />
            </FormRow>
          ) : (
            <div className={styles.tags}>
              <TagsTable
                tags={form.tags}
                lockedReason={null}
                emptyText={form.tagForm === 'replace' ? 'All tags go.' : 'No tag is named yet.'}
                onChange={(tags) => change({ tags })}
              />
            </div>
          )}
        </div>
      ) : null}
      {what === 'content-type' ? (
        <FormRow label="Content type" htmlFor={`${ids}-type`} hint="Bodies stay as they are.">
          <TextField
            id={`${ids}-type`}
            wide
            mono
            value={form.contentType}
            onChange={(contentType) => change({ contentType })}
          />
        </FormRow>
      ) : null}
      <p className={startStyles.foot}>{`${footOf(what, chosen.count)} ${undoWords(collection)}`}</p>
    </StartJobDialog>
  );
}

function footOf(what: ChangeForm['what'], count: number): string {
  const always =
    'A record that somebody changes meanwhile stays as it is, and is in the report; one that is so already is not written.';
  switch (what) {
    case 'fields':
    case 'patch':
    case 'content-type':
      return `Each record is read and written: 2 or 3 requests each, at most ${formatCount(count * 3)}. ${always}`;
    case 'tags':
      return `S3 has no condition for tags: each record is looked at right before. ${always}`;
  }
}
