import { useId, useMemo, useRef, useState } from 'react';
import type { Collection } from '../../shared/collection.ts';
import type { Connection } from '../../shared/connection.ts';
import {
  EXPORT_FORMATS,
  reasonAgainstRows,
  type ExportCompression,
  type ExportedStatement,
} from '../../shared/export.ts';
import type { FieldSummary } from '../../shared/page.ts';
import { useFields } from '../api/search-queries.ts';
import { useApplicationState } from '../api/settings-queries.ts';
import type { ChosenRecords } from '../jobs/chosen-records.ts';
import { useWrite } from '../record/use-write.ts';
import { Button } from '../ui/Button.tsx';
import { Checkbox } from '../ui/Checkbox.tsx';
import { Combobox } from '../ui/Combobox.tsx';
import { Dialog } from '../ui/Dialog.tsx';
import { CollectionSubject } from '../ui/CollectionSubject.tsx';
import { failureTitle } from '../ui/failure-texts.ts';
import { countOf } from '../ui/format.ts';
import { FormRow } from '../ui/FormRow.tsx';
import { Notice } from '../ui/Notice.tsx';
import { NumberField } from '../ui/NumberField.tsx';
import { Segments, type Segment } from '../ui/Segments.tsx';
import styles from './ExportDialog.module.css';
import { FIRST_CHOICE, FORMAT_WORDS, formOf, problemOf, suggestedName, type ExportChoice } from './export-form.ts';
import { exportQuery, startExport } from './export-query.ts';

export interface ExportDialogProps {
  readonly collection: Collection;
  readonly connection: Connection;
  readonly chosen: ChosenRecords;
  /** JSON text of the query that found them. */
  readonly query: string;
  /** The rows are those of a statement; null where they are records. */
  readonly sql: ExportedStatement | null;
  readonly onClose: () => void;
}

const NO_FIELDS: readonly never[] = [];

const COMPRESSIONS: readonly Segment<ExportCompression>[] = [
  { value: 'none', label: 'None' },
  { value: 'gzip', label: 'gzip' },
  { value: 'zstd', label: 'Zstandard' },
];

const SPLITS: readonly Segment<ExportChoice['split']>[] = [
  { value: 'none', label: 'One file' },
  { value: 'size', label: 'By size' },
  { value: 'field', label: 'By field' },
];

/** Writes records into files of this machine: how, and what of them. Where, the system's own dialog asks. */
export function ExportDialog({ collection, connection, chosen, query, sql, onClose }: ExportDialogProps) {
  const ids = useId();
  const go = useRef<HTMLButtonElement>(null);
  const [choice, setChoice] = useState(FIRST_CHOICE);
  const { working, error, send } = useWrite();
  const hasDialogs = useApplicationState().data?.shell === 'desktop';
  const summaries = useFields(collection.id).data ?? NO_FIELDS;
  const names = useMemo(() => topLevelNames(summaries), [summaries]);
  const change = (next: Partial<ExportChoice>): void => setChoice((before) => ({ ...before, ...next }));
  const { format } = choice;
  const name = suggestedName(collection.name, choice);
  const reason = working ? 'The export is being started' : problemOf(choice);

  const start = (): Promise<void> =>
    send(async (signal) => {
      const asked = sql === null ? await exportQuery(query, chosen, choice.fields, signal) : query;
      const rows = sql === null ? {} : { sql };
      const task = { collection: collection.id, query: asked, form: formOf(choice), ...rows };
      // The jobs bar says the rest: a small export has ended by now, and what it came to must not be said over.
      if (await startExport(task, name, signal)) onClose();
    });

  return (
    <Dialog
      open
      title={sql === null ? 'Export records' : 'Export the rows of a statement'}
      subject={<CollectionSubject collection={collection} connection={connection} />}
      initialFocus={go}
      onClose={onClose}
      footer={
        <>
          <span className={styles.target}>
            {hasDialogs ? 'The next step asks where.' : 'Goes to the downloads as '}
            {hasDialogs ? null : <span className={styles.mono}>{name}</span>}
          </span>
          <Button onClick={onClose}>Cancel</Button>
          <Button ref={go} kind="primary" icon="download" disabledReason={reason} onClick={() => void start()}>
            {`Export ${countOf(chosen.count, sql === null ? 'record' : 'row')}${hasDialogs ? '…' : ''}`}
          </Button>
        </>
      }
    >
      {error === null ? null : (
        <Notice kind="error" title={failureTitle(error.code, connection.name)} className={styles.notice}>
          {error.message}
        </Notice>
      )}
      <FormRow label="Format" htmlFor={`${ids}-format`} hint={FORMAT_WORDS[format].hint}>
        <Segments
          id={`${ids}-format`}
          label="Format"
          segments={EXPORT_FORMATS.filter((value) => sql === null || reasonAgainstRows({ format: value }) === null).map(
            (value) => ({ value, label: FORMAT_WORDS[value].label }),
          )}
          value={format}
          onChange={(value) => change({ format: value })}
        />
      </FormRow>
      {format === 'files' ? null : (
        <FormRow label="Compression" htmlFor={`${ids}-compression`}>
          <Segments
            id={`${ids}-compression`}
            label="Compression"
            segments={format === 'parquet' ? COMPRESSIONS.map(asInParquet) : COMPRESSIONS}
            value={choice.compression}
            onChange={(compression) => change({ compression })}
          />
        </FormRow>
      )}
      {sql === null ? (
        <RecordParts choice={choice} names={names} hasMetadata={collection.codec === 'dataknobs'} onChange={change} />
      ) : (
        <>
          <p className={styles.words}>
            The statement is run again, over what the index holds then; all of its columns are written, in the order
            that is shown.
          </p>
          {format === 'csv' ? (
            <div className={styles.checks}>
              <FormulaGuard choice={choice} onChange={change} />
            </div>
          ) : null}
        </>
      )}
      {format === 'files' ? null : (
        <FormRow label="Split" htmlFor={`${ids}-split`}>
          <div className={styles.split}>
            <Segments
              id={`${ids}-split`}
              label="Split"
              segments={sql === null ? SPLITS : SPLITS.filter(({ value }) => value !== 'field')}
              value={choice.split}
              onChange={(split) => change({ split })}
            />
            {choice.split === 'size' ? (
              <span className={styles.size}>
                <NumberField
                  label="Megabytes of a file"
                  value={choice.megabytes}
                  onChange={(megabytes) => change({ megabytes })}
                />
                MB each, before they are compressed
              </span>
            ) : null}
            {choice.split === 'field' ? (
              <Combobox
                label="Field to split by"
                placeholder="field"
                options={names.map((value) => ({ value, label: value }))}
                value={choice.field}
                onChange={(field) => change({ field })}
              />
            ) : null}
          </div>
        </FormRow>
      )}
    </Dialog>
  );
}

interface ChoiceProps {
  readonly choice: ExportChoice;
  readonly onChange: (next: Partial<ExportChoice>) => void;
}

function FormulaGuard({ choice, onChange }: ChoiceProps) {
  return (
    <Checkbox
      label="An apostrophe before texts that a spreadsheet takes for formulas"
      checked={choice.formulaGuard}
      onChange={(formulaGuard) => onChange({ formulaGuard })}
    />
  );
}

interface RecordPartsProps extends ChoiceProps {
  readonly names: readonly string[];
  readonly hasMetadata: boolean;
}

/** What of each record is written. */
function RecordParts({ choice, names, hasMetadata, onChange }: RecordPartsProps) {
  const ids = useId();
  const { format } = choice;
  return (
    <>
      <FormRow label="Fields" htmlFor={`${ids}-fields`}>
        <Segments
          id={`${ids}-fields`}
          label="Fields"
          segments={[
            { value: 'all', label: 'All' },
            { value: 'chosen', label: 'Choose' },
          ]}
          value={choice.fields === null ? 'all' : 'chosen'}
          onChange={(value) => onChange({ fields: value === 'all' ? null : names })}
        />
        {choice.fields === null ? null : (
          <FieldChecklist names={names} chosen={choice.fields} onChange={(fields) => onChange({ fields })} />
        )}
      </FormRow>
      <FormRow label="Beside them" htmlFor={`${ids}-id`}>
        {format === 'files' ? (
          <p className={styles.words}>A list of the files with their keys, by which an import finds them again.</p>
        ) : (
          <div className={styles.checks}>
            <Checkbox
              id={`${ids}-id`}
              label="Id of the record"
              checked={choice.withId}
              onChange={(withId) => onChange({ withId })}
            />
            {hasMetadata ? (
              <Checkbox
                label="Metadata of the record"
                checked={choice.withMetadata}
                onChange={(withMetadata) => onChange({ withMetadata })}
              />
            ) : null}
            {format === 'csv' ? <FormulaGuard choice={choice} onChange={onChange} /> : null}
          </div>
        )}
      </FormRow>
    </>
  );
}

interface FieldChecklistProps {
  readonly names: readonly string[];
  readonly chosen: readonly string[];
  readonly onChange: (chosen: readonly string[]) => void;
}

function FieldChecklist({ names, chosen, onChange }: FieldChecklistProps) {
  const set = new Set(chosen);
  return (
    <div className={styles.fields} role="group" aria-label="Fields that are exported">
      {names.map((name) => (
        <Checkbox
          key={name}
          label={name}
          checked={set.has(name)}
          onChange={(checked) => onChange(names.filter((each) => (each === name ? checked : set.has(each))))}
        />
      ))}
    </div>
  );
}

/** A Parquet file is compressed inside, with Snappy where nothing else is wanted. */
function asInParquet(segment: Segment<ExportCompression>): Segment<ExportCompression> {
  return segment.value === 'none' ? { ...segment, label: 'Snappy' } : segment;
}

function topLevelNames(fields: readonly FieldSummary[]): readonly string[] {
  return [...new Set(fields.map(({ path: [name = ''] }) => name))].filter((name) => name !== '');
}
